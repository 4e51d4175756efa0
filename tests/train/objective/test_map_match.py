import msgspec
import numpy as np
import pytest
import torch

from sidelight.records.errors import UserFault
from sidelight.train.objective.map_match import MARGIN, MapMatch


def by_hand(model, human, weight, distance):
    """Cell by cell over what is known."""
    known = weight > 0
    m, s = ((v - v[known].min()) / (v[known].max() - v[known].min()) for v in (model, human))
    losses, shares = [], []
    for cell in np.argwhere(known):
        a, b = m[tuple(cell)], s[tuple(cell)]
        p = MARGIN + (1 - 2 * MARGIN) * a
        each = {"l1": abs(a - b), "mse": (a - b) ** 2, "bce": -b * np.log(p) - (1 - b) * np.log(1 - p)}
        losses.append(each[distance])
        shares.append(weight[tuple(cell)])
    return np.average(losses, weights=shares)


@pytest.mark.parametrize("distance", ["l1", "mse", "bce"])
@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_mean_distance_over_known_cells(draw, distance, seed):
    drawn = draw(seed)
    term = MapMatch(distance=distance)(drawn.outputs, drawn.batch(), {})["map"]
    assert term.weight.tolist() == pytest.approx(drawn.has[:, 0])
    for image in np.flatnonzero(drawn.has[:, 0]):
        model = drawn.cams[image, drawn.labels[image]]
        expected = by_hand(model, drawn.saliency[image, 0], drawn.known[image, 0], distance)
        assert term.value[image].item() == pytest.approx(expected, rel=1e-4)


def test_grad_cam_at_the_features_is_the_cam(draw):
    """With mean pooling, scaled to the units of the logits: so one lambda and one least spread fit every layer."""
    drawn = draw()
    outputs = drawn.outputs
    inner = msgspec.structs.replace(outputs, inner={"features": outputs.features})
    exact, by_gradient = MapMatch(), MapMatch(layer="features")
    classes = torch.tensor(drawn.labels)
    torch.testing.assert_close(by_gradient.model_maps(inner, classes), exact.model_maps(outputs, classes))


def test_a_map_and_its_stretch_match_perfectly(draw):
    drawn = draw()
    drawn.saliency[:, 0] = [3 * drawn.cams[i, c] / 100 + 0.5 for i, c in enumerate(drawn.labels)]
    assert MapMatch()(drawn.outputs, drawn.batch(), {})["map"].value.max() < 1e-4


def test_without_a_map_worth_comparing_an_image_does_not_count(draw):
    drawn = draw()
    drawn.saliency[0], drawn.saliency[1] = 0, 0.7
    assert MapMatch()(drawn.outputs, drawn.batch(), {})["map"].weight[:2].tolist() == [0, 0]


def test_a_negative_lambda_is_refused():
    with pytest.raises(UserFault, match="objective MapMatch, weight: -1"):
        MapMatch(weight=-1.0)
