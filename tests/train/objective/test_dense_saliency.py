import numpy as np
import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from sidelight.model.heads import SaliencyHead, build_head
from sidelight.model.outputs import Outputs
from sidelight.records.errors import UserFault
from sidelight.train.objective.dense_saliency import DenseSaliency
from sidelight.train.term import reduce_term

SEVERAL = np.array([[1, 1, 0], [0, 0, 1], [1, 1, 1], [0, 0, 0], [1, 0, 1]])


@pytest.mark.parametrize("distance", ["bce", "mse"])
def test_it_is_the_mean_distance_of_the_drawn_map_over_known_cells(draw, distance):
    drawn = draw()
    objective = DenseSaliency(distance=distance, scale=1)
    torch.manual_seed(0)
    heads = objective.heads(6, 3)
    outputs = drawn.outputs
    term = objective(outputs, drawn.batch(), heads)["map"]
    logits = heads["saliency"](outputs.features).detach().double().numpy()[:, 0]
    for image in np.flatnonzero(drawn.has[:, 0]):
        known = drawn.known[image, 0] > 0
        human = drawn.saliency[image, 0][known]
        wanted = (human - human.min()) / np.ptp(human)
        p = 1 / (1 + np.exp(-logits[image][known]))
        each = (p - wanted) ** 2 if distance == "mse" else -wanted * np.log(p) - (1 - wanted) * np.log(1 - p)
        assert term.value[image].item() == pytest.approx(
            np.average(each, weights=drawn.known[image, 0][known]), rel=1e-4
        )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("distance", ["bce", "mse"])
def test_with_several_labels_it_is_the_mean_over_the_classes_told_of(draw, distance, seed):
    drawn, objective = draw(seed, k=3), DenseSaliency(distance=distance, scale=1, labels="multi")
    torch.manual_seed(0)
    heads = objective.heads(6, 3)
    outputs = drawn.outputs
    terms = objective(outputs, drawn.batch(SEVERAL), heads)
    logits = heads["saliency"](outputs.features).detach().double().numpy()
    for image, present in enumerate(SEVERAL):
        shares, each = present * drawn.has[image], np.zeros(3)
        for k in np.flatnonzero(shares):
            known = drawn.known[image, k]
            human = drawn.saliency[image, k]
            wanted = (human - human[known > 0].min()) / np.ptp(human[known > 0])
            p = 1 / (1 + np.exp(-logits[image, k]))
            cells = (p - wanted) ** 2 if distance == "mse" else -wanted * np.log(p) - (1 - wanted) * np.log(1 - p)
            each[k] = (known * cells).sum() / known.sum()
        assert terms["map"].weight[image].item() == shares.max()
        if shares.max():
            assert terms["map"].value[image].item() == pytest.approx(np.average(each, weights=shares), rel=1e-4)
    expected = binary_cross_entropy_with_logits(outputs.logits, torch.tensor(SEVERAL, dtype=torch.float32))
    torch.testing.assert_close(reduce_term(terms["class"]), expected)


def test_a_class_without_a_map_and_one_that_is_not_there_are_drawn_as_they_like(draw):
    drawn, objective = draw(1, k=3), DenseSaliency(labels="multi")
    drawn.has[:] = (1, 0, 1)
    torch.manual_seed(0)
    heads = objective.heads(6, 3)
    term = objective(drawn.outputs, drawn.batch(np.array([[1, 1, 0]] * 5)), heads)["map"]
    assert term.weight.tolist() == [1.0] * 5
    gradient, bias = torch.autograd.grad(reduce_term(term), [heads["saliency"].map.weight, heads["saliency"].map.bias])
    assert gradient.isfinite().all()
    assert gradient.flatten(1).abs().amax(dim=1).gt(0).tolist() == bias.ne(0).tolist() == [True, False, False]


def test_one_class_is_told_as_one_label_is(draw):
    drawn = draw()
    drawn.weight, drawn.bias = drawn.weight[:1], drawn.bias[:1]
    batch, outputs = drawn.batch(np.ones((5, 1))), drawn.outputs
    torch.manual_seed(0)
    heads = DenseSaliency().heads(6, 1)
    one, several = (DenseSaliency(labels=labels)(outputs, batch, heads)["map"] for labels in ("single", "multi"))
    assert torch.equal(one.value, several.value)
    assert torch.equal(one.weight, several.weight)


def test_the_map_may_be_finer_than_the_features(draw):
    drawn = draw()
    objective = DenseSaliency(hidden=3, scale=4)
    head = objective.heads(6, 3)["saliency"]
    assert head(drawn.outputs.features).shape == (5, 1, 16, 28)
    assert objective(drawn.outputs, drawn.batch(), {"saliency": head})["map"].value.isfinite().all()


def test_tokens_are_put_on_their_grid(draw):
    drawn, objective = draw(), DenseSaliency()
    torch.manual_seed(0)
    heads = objective.heads(6, 3)
    as_map = drawn.outputs
    tokens = torch.cat([torch.full((5, 1, 6), 9.0), as_map.features.flatten(2).transpose(1, 2)], dim=1)
    as_tokens = Outputs(as_map.logits, tokens, as_map.pooled, as_map.weight, as_map.bias, prefix=1, aspect=4 / 7)
    one, other = (objective(outputs, drawn.batch(), heads)["map"].value for outputs in (as_map, as_tokens))
    torch.testing.assert_close(one, other)


def test_its_head_can_be_made_again_from_what_a_checkpoint_says():
    head = build_head(SaliencyHead(8, hidden=3, scale=4).settings())
    assert (head.width, head.hidden, head.scale, head.maps) == (8, 3, 4, 1)
    assert build_head(SaliencyHead(8, maps=5).settings())(torch.zeros(1, 8, 2, 2)).shape == (1, 5, 4, 4)


def test_a_head_from_before_there_were_several_maps_draws_one():
    head = build_head({"kind": "saliency", "width": 8, "hidden": 3, "scale": 4})
    assert head(torch.zeros(1, 8, 2, 2)).shape == (1, 1, 8, 8)


@pytest.mark.parametrize("fields", [{"hidden": 0}, {"scale": 0}, {"log_only": True}], ids=str)
def test_knobs_that_make_no_sense_are_refused(fields):
    with pytest.raises(UserFault, match=f"DenseSaliency, {next(iter(fields))}"):
        DenseSaliency(**fields)
