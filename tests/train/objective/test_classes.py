import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from sidelight.train.objective.classes import labelled
from sidelight.train.term import reduce_term


def test_one_label_is_softmax_and_several_are_sigmoids(draw):
    drawn = draw()
    outputs, batch = drawn.outputs, drawn.batch()
    single = labelled(outputs, batch, labels="single", label_smoothing=0.2)
    expected = cross_entropy(outputs.logits, torch.tensor(drawn.labels), label_smoothing=0.2)
    torch.testing.assert_close(reduce_term(single), expected)
    multi = labelled(outputs, batch, labels="multi")
    torch.testing.assert_close(reduce_term(multi), binary_cross_entropy_with_logits(outputs.logits, batch.targets))
