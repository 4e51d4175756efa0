"""What holds for every objective."""

from dataclasses import replace

import pytest
import torch

from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.records.errors import UserFault
from sidelight.train.objective.luab import Luab
from sidelight.train.objective.table import OBJECTIVES, objective_named
from sidelight.train.term import reduce_term

WIDTH, CLASSES, IMAGES = 6, 4, 8
VARIANTS = {
    "luab": [{}, {"head": "sigmoid", "coordinates": "mean"}, {"labels": "multi"}],
    "cross_entropy": [{}, {"label_smoothing": 0.1}],
}


@pytest.fixture(
    params=[(name, knobs) for name in OBJECTIVES for knobs in VARIANTS.get(name, [{}])],
    ids=lambda row: f"{row[0]}-{row[1]}",
)
def objective(request):
    name, knobs = request.param
    return objective_named(name)(**knobs)


@pytest.fixture
def heads(objective):
    torch.manual_seed(1)
    return objective.heads(WIDTH, CLASSES)


@pytest.fixture
def classifier():
    torch.manual_seed(2)
    return torch.nn.Linear(WIDTH, CLASSES)


def forward(pooled, classifier):
    return Outputs(
        logits=classifier(pooled),
        features=pooled[..., None],
        pooled=pooled,
        weight=classifier.weight,
        bias=classifier.bias,
    )


@pytest.fixture
def given(objective):
    """Pooled features and a batch, single-label, every second picture without a point."""
    torch.manual_seed(0)
    k = CLASSES if getattr(objective, "labels", "single") == "multi" else 1
    has_point = torch.tensor([1.0, 0.0]).repeat(IMAGES // 2)[:, None].expand(IMAGES, k)
    batch = Batch(
        ids=tuple("abcdefgh"),
        images=torch.zeros(IMAGES, 3, 1, 1),
        targets=torch.eye(CLASSES)[torch.arange(IMAGES) % CLASSES],
        points=torch.rand(IMAGES, k, 2),
        has_point=has_point,
    )
    return torch.randn(IMAGES, WIDTH), batch


def chosen(batch, rows):
    return Batch(
        ids=tuple(batch.ids[row] for row in rows),
        **{part: getattr(batch, part)[rows] for part in ("images", "targets", "points", "has_point")},
    )


def test_terms_are_finite_not_negative_and_one_per_image(objective, heads, classifier, given):
    pooled, batch = given
    terms = objective(forward(pooled, classifier), batch, heads)
    assert set(terms) == {"class"} | ({objective.guidance} if objective.guidance else set())
    for term in terms.values():
        assert term.value.shape == term.weight.shape == (IMAGES,)
        assert term.value.isfinite().all()
        assert (term.value >= 0).all()
        assert ((term.weight >= 0) & (term.weight <= 1)).all()


def test_gradients_are_finite_and_reach_the_features(objective, heads, classifier, given):
    pooled, batch = given
    pooled.requires_grad_()
    for term in objective(forward(pooled, classifier), batch, heads).values():
        (gradient,) = torch.autograd.grad(reduce_term(term), pooled, retain_graph=True)
        assert gradient.isfinite().all()
        assert (gradient != 0).any()


def test_the_order_of_the_images_does_not_matter(objective, heads, classifier, given):
    pooled, batch = given
    order = torch.randperm(IMAGES).tolist()
    terms = objective(forward(pooled, classifier), batch, heads)
    shuffled = objective(forward(pooled[order], classifier), chosen(batch, order), heads)
    for name, term in terms.items():
        torch.testing.assert_close(term.value[order], shuffled[name].value)
        torch.testing.assert_close(term.weight[order], shuffled[name].weight)


def test_guidance_over_a_batch_is_guidance_over_its_annotated_part(objective, heads, classifier, given):
    pooled, batch = given
    annotated = list(range(0, IMAGES, 2))
    whole = objective(forward(pooled, classifier), batch, heads)
    part = objective(forward(pooled[annotated], classifier), chosen(batch, annotated), heads)
    for name in whole.keys() - {"class"}:
        torch.testing.assert_close(reduce_term(whole[name]), reduce_term(part[name]))


@pytest.mark.parametrize("rubbish", [torch.nan, torch.inf])
def test_points_that_are_not_there_may_hold_anything(objective, heads, classifier, given, rubbish):
    pooled, batch = given
    pooled.requires_grad_()
    soiled = replace(batch, points=torch.where(batch.has_point[..., None] > 0, batch.points, rubbish))
    for name, term in objective(forward(pooled, classifier), batch, heads).items():
        other = objective(forward(pooled, classifier), soiled, heads)[name]
        expected, found = (torch.autograd.grad(reduce_term(each), pooled)[0] for each in (term, other))
        assert torch.equal(term.value, other.value)
        assert torch.equal(expected, found)


def test_a_batch_without_annotations_trains_the_classes_and_gives_the_rest_a_zero(objective, heads, classifier, given):
    pooled, batch = given
    pooled.requires_grad_()
    terms = objective(forward(pooled, classifier), replace(batch, has_point=torch.zeros_like(batch.has_point)), heads)
    for name in terms.keys() - {"class"}:
        reduced = reduce_term(terms[name])
        assert reduced == 0
        assert torch.equal(torch.autograd.grad(reduced, pooled)[0], torch.zeros_like(pooled))


@pytest.mark.parametrize("inside", [True, False], ids=["objective under autocast", "objective after autocast"])
def test_half_precision_gives_nearly_the_same_in_full_precision(objective, heads, classifier, given, inside):
    pooled, batch = given
    full = objective(forward(pooled, classifier), batch, heads)
    with torch.autocast("cpu", torch.bfloat16):
        outputs = forward(pooled.bfloat16(), classifier)
        under = objective(outputs, batch, heads)
    half = under if inside else objective(outputs, batch, heads)
    for name, term in half.items():
        assert term.value.dtype == torch.float32
        torch.testing.assert_close(term.value, full[name].value, rtol=0.1, atol=0.02)


def test_equal_knobs_are_equal_objectives_and_hash_alike(objective):
    again = replace(objective)
    assert again == objective
    assert hash(again) == hash(objective)


def test_what_guidance_reaches_is_the_backbone_and_its_own_heads(objective, heads):
    expected = {"backbone", *(f"{name}_head" for name in heads)} if objective.guidance else set()
    assert objective.reaches == expected


def test_an_unknown_name_is_answered_with_the_closest():
    with pytest.raises(UserFault, match="Did you mean 'luab'"):
        objective_named("luba")


def test_luab_is_in_the_table():
    assert OBJECTIVES["luab"] is Luab
