import math

import torch

from sidelight.train.meter import Meter, means
from sidelight.train.term import Term


def still() -> float:
    return 0.0


def test_a_term_counts_samples_and_not_batches():
    meter = Meter(still)
    meter.add(torch.tensor(0.0), {"point": Term(torch.tensor([1.0, 2.0, 3.0]), torch.ones(3))}, images=3)
    one_of_three = Term(torch.tensor([10.0, 99.0, 99.0]), torch.tensor([1.0, 0.0, 0.0]))
    meter.add(torch.tensor(0.0), {"point": one_of_three}, images=3)
    assert means(meter.sums)["loss_point"] == 4.0


def test_an_epoch_without_annotations_has_no_mean():
    meter = Meter(still)
    meter.add(torch.tensor(1.0), {"point": Term(torch.zeros(2), torch.zeros(2))}, images=2)
    assert math.isnan(means(meter.sums)["loss_point"])


def test_an_interrupted_epoch_goes_on_from_where_it_was():
    clock = iter([100.0, 103.0, 200.0, 201.0]).__next__
    first = Meter(clock)
    first.add(torch.tensor(2.0), {}, images=4)
    first.add_ratio(0.1)
    first.look()
    second = Meter(clock, sums=first.sums, ratios=first.ratios, images=first.images, seconds=first.seconds)
    second.add(torch.tensor(6.0), {}, images=4)
    second.add_ratio(0.3)
    assert second.look() == [6.0]
    assert means(second.sums) == {"loss": 4.0}
    assert (second.seconds, second.images_per_s, second.gradient_ratio) == (4.0, 2.0, 0.2)


def test_each_loss_is_read_once():
    meter = Meter(still)
    meter.add(torch.tensor(1.0), {}, images=1)
    meter.add(torch.tensor(2.0), {}, images=1)
    assert (meter.look(), meter.look(), meter.loss) == ([1.0, 2.0], [], 2.0)


def test_nothing_measured_is_not_a_number():
    meter = Meter(still)
    assert all(math.isnan(value) for value in (meter.loss, meter.images_per_s, meter.gradient_ratio))


def test_sums_hold_no_graph():
    value = torch.ones(2, requires_grad=True)
    meter = Meter(still)
    meter.add(value.sum(), {"class": Term(value * 2, torch.ones(2))}, images=2)
    assert not any(pair.requires_grad for pair in meter.sums.values())
