import numpy as np
import pytest
import torch

from sidelight.model.heads import SaliencyHead, build_head
from sidelight.model.outputs import Outputs
from sidelight.records.errors import UserFault
from sidelight.train.objective.dense_saliency import DenseSaliency


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
    assert (head.width, head.hidden, head.scale) == (8, 3, 4)


@pytest.mark.parametrize("fields", [{"hidden": 0}, {"scale": 0}, {"log_only": True}], ids=str)
def test_knobs_that_make_no_sense_are_refused(fields):
    with pytest.raises(UserFault, match=f"DenseSaliency, {next(iter(fields))}"):
        DenseSaliency(**fields)
