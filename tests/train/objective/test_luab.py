import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, smooth_l1_loss

from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.records.errors import UserFault
from sidelight.train.objective.luab import Luab, point_loss
from sidelight.train.term import reduce_term

seeds = st.integers(0, 2**31)


def by_hand(predicted, points, has_point, beta, coordinates):
    """Smooth l1 and the mean over an image's points, number by number."""
    values, weights = [], []
    for image in range(len(points)):
        losses, shares = [], []
        for k in range(len(points[image])):
            if has_point[image][k] == 0:
                continue
            parts = []
            for miss in np.abs(predicted[image][k] - points[image][k]):
                parts.append(miss**2 / (2 * beta) if miss < beta else miss - beta / 2)
            losses.append(sum(parts) if coordinates == "sum" else sum(parts) / 2)
            shares.append(has_point[image][k])
        values.append(np.average(losses, weights=shares) if losses else 0.0)
        weights.append(max(shares, default=0.0))
    return values, weights


def draw(seed, k=3):
    rng = np.random.default_rng(seed)
    predicted, points = rng.normal(0.5, 1, (5, k, 2)), rng.random((5, k, 2))
    return predicted, points, rng.choice([0.0, 0.5, 1.0], (5, k))


def tensors(*arrays):
    return [torch.tensor(array, dtype=torch.float32) for array in arrays]


@given(seeds, st.sampled_from([0.05, 0.5, 1.0]), st.sampled_from(["sum", "mean"]))
def test_the_point_loss_is_the_formula_written_out(seed, beta, coordinates):
    arrays = draw(seed)
    term = point_loss(*tensors(*arrays), beta=beta, coordinates=coordinates)
    values, weights = by_hand(*arrays, beta, coordinates)
    np.testing.assert_allclose(term.value, values, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(term.weight, weights)


@given(seeds, st.sampled_from([0.1, 1.0]))
def test_with_one_point_everywhere_it_is_torchs_smooth_l1(seed, beta):
    predicted, points, _ = tensors(*draw(seed, k=1))
    term = point_loss(predicted, points, torch.ones(5, 1), beta=beta, coordinates="mean")
    torch.testing.assert_close(reduce_term(term), smooth_l1_loss(predicted, points, beta=beta))


def test_an_image_of_many_classes_counts_as_much_as_one_of_few():
    predicted = torch.tensor([[[0.5, 0.5], [0.5, 0.5]], [[0.5, 0.5], [0.5, 0.5]]])
    points = torch.tensor([[[0.5, 0.9], [0.5, 0.7]], [[0.5, 0.6], [0.0, 0.0]]])
    term = point_loss(predicted, points, torch.tensor([[1.0, 1.0], [1.0, 0.0]]))
    assert reduce_term(term).item() == pytest.approx(((0.08 + 0.02) / 2 + 0.005) / 2)


def test_an_uncertain_click_counts_less_beside_a_certain_one():
    predicted, points = torch.zeros(1, 2, 2), torch.tensor([[[0.4, 0.0], [0.2, 0.0]]])
    term = point_loss(predicted, points, torch.tensor([[1.0, 0.5]]))
    assert term.value.item() == pytest.approx((0.08 + 0.5 * 0.02) / 1.5)


@pytest.mark.parametrize("rubbish", [torch.nan, torch.inf, -1e30])
def test_where_there_is_no_point_anything_may_stand(rubbish):
    predicted, points, _ = tensors(*draw(0))
    predicted.requires_grad_()
    has_point = torch.tensor([[1.0, 0.0, 1.0]] * 4 + [[0.0, 0.0, 0.0]])
    clean = point_loss(predicted, points, has_point)
    soiled = point_loss(predicted, torch.where(has_point[..., None] > 0, points, rubbish), has_point)
    assert torch.equal(clean.value, soiled.value)
    (gradient,) = torch.autograd.grad(reduce_term(soiled), predicted)
    assert gradient.isfinite().all()
    assert (gradient[has_point == 0] == 0).all()


@pytest.fixture
def outputs():
    generator = torch.Generator().manual_seed(0)
    pooled, weight = torch.randn(4, 8, generator=generator), torch.randn(3, 8, generator=generator)
    return Outputs(
        logits=pooled @ weight.T, features=pooled[..., None], pooled=pooled, weight=weight, bias=torch.zeros(3)
    )


def batch_of(targets, has_point):
    points = torch.rand(*has_point.shape, 2, generator=torch.Generator().manual_seed(1))
    return Batch(tuple("abcd"), torch.zeros(4, 3, 1, 1), targets, points, has_point)


def test_single_label_is_equation_1(outputs):
    labels = torch.tensor([0, 2, 1, 0])
    batch = batch_of(torch.eye(3)[labels], torch.tensor([[1.0], [0.0], [1.0], [1.0]]))
    objective = Luab(weight=0.3)
    heads = objective.heads(8, 3)
    terms = objective(outputs, batch, heads)
    with torch.no_grad():
        miss = smooth_l1_loss(heads["point"](outputs.pooled), batch.points, reduction="none").sum(dim=-1)
    torch.testing.assert_close(reduce_term(terms["class"]), cross_entropy(outputs.logits, labels))
    torch.testing.assert_close(reduce_term(terms["point"]), miss[[0, 2, 3]].mean())


def test_several_labels_have_a_head_each_and_only_present_classes_speak(outputs):
    targets = torch.tensor([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    clicked = torch.tensor([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0], [1.0, 1.0, 1.0]])
    batch, objective = batch_of(targets, clicked), Luab(labels="multi")
    heads = objective.heads(8, 3)
    terms = objective(outputs, batch, heads)
    with torch.no_grad():
        miss = smooth_l1_loss(heads["point"](outputs.pooled), batch.points, reduction="none").sum(dim=-1)
    expected = torch.stack([(miss[0, 0] + miss[0, 1]) / 2, miss[1, 2]]).mean()
    torch.testing.assert_close(reduce_term(terms["point"]), expected)
    assert terms["point"].weight.tolist() == [1.0, 1.0, 0.0, 0.0]
    torch.testing.assert_close(reduce_term(terms["class"]), binary_cross_entropy_with_logits(outputs.logits, targets))


def test_a_heads_width_follows_the_number_of_points():
    assert Luab().heads(8, 80)["point"].linear.out_features == 2
    assert Luab(labels="multi").heads(8, 80)["point"].linear.out_features == 160


def test_mean_is_half_of_sum():
    predicted, points, has_point = tensors(*draw(0))
    both, mean = (point_loss(predicted, points, has_point, coordinates=c).value for c in ("sum", "mean"))
    torch.testing.assert_close(both, 2 * mean)


def test_points_for_another_number_of_classes_are_refused(outputs):
    batch = batch_of(torch.eye(3)[[0, 1, 2, 0]], torch.ones(4, 3))
    with pytest.raises(ValueError, match=r"\(4, 1, 2\), the batch has \(4, 3, 2\)"):
        Luab()(outputs, batch, Luab().heads(8, 3))


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"weight": -1.0}, "weight"),
        ({"ratio": 0.0}, "ratio"),
        ({"ratio": 0.1, "weight": 2.0}, "a ratio is given"),
        ({"beta": 0.0}, "beta"),
        ({"label_smoothing": 1.0}, "label_smoothing"),
        ({"labels": "multi", "label_smoothing": 0.1}, "several labels"),
    ],
)
def test_knobs_out_of_range_and_contradictions_are_refused(fields, named):
    with pytest.raises(UserFault, match=named):
        Luab(**fields)
