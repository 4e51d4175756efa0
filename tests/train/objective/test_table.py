"""What holds for every objective."""

import copy
from dataclasses import replace

import msgspec
import pytest
import torch
from torch import nn

from sidelight.explain.gradcam import grad_cam
from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.records.errors import UserFault
from sidelight.train.alive import GuidanceDead, assert_guidance_alive
from sidelight.train.look import look
from sidelight.train.objective import map_guided
from sidelight.train.objective.table import OBJECTIVES, objective_named
from sidelight.train.term import GuidedObjective, Term, reduce_term

WIDTH, CLASSES, IMAGES, GRID = 6, 4, 8, (3, 4)
MAPPED = [{}, {"labels": "multi"}, {"layer": "conv4"}]
VARIANTS = {
    "luab": [{}, {"head": "sigmoid", "coordinates": "mean"}, {"labels": "multi"}],
    "cross_entropy": [{}, {"label_smoothing": 0.1}],
    "cyborg": [*MAPPED, {"distance": "mse", "cam_class": "predicted", "alpha": 0.01}, {"compat": "cyborg"}],
    "map_match": [*MAPPED, {"distance": "mse"}, {"distance": "bce"}],
    "energy": [*MAPPED, {"positive": "softplus"}],
    "dense_saliency": [{}, {"distance": "mse", "scale": 1}, {"labels": "multi"}],
    "attention_pooling": [{}, {"labels": "multi"}],
    "rrr": [{}, {"labels": "multi"}],
}
EVERY = [(name, knobs) for name in OBJECTIVES for knobs in VARIANTS.get(name, [{}])]
GUIDED = [row for row in EVERY if objective_named(row[0])(**row[1]).guidance]


def named(row):
    return f"{row[0]}-{row[1]}"


class Small(nn.Module):
    """Two smooth convolutions, a pooling by attention, and a classifier."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(2)
        self.conv4 = nn.Conv2d(3, WIDTH, 3, stride=2, padding=1)
        self.last = nn.Conv2d(WIDTH, WIDTH, 3, padding=1)
        self.score = nn.Conv2d(WIDTH, 1, 1)
        self.classifier = nn.Linear(WIDTH, CLASSES)
        self.net = nn.ModuleDict({"conv4": self.conv4})

    def forward(self, images, layers=()):
        deep = self.conv4(images)
        features = self.last(deep.tanh()).tanh()
        attention = self.score(features).float().flatten(1).softmax(dim=1).unflatten(1, GRID)
        pooled = (attention[:, None] * features).sum(dim=(2, 3))
        return Outputs(
            logits=self.classifier(pooled),
            features=features,
            pooled=pooled,
            weight=self.classifier.weight,
            bias=self.classifier.bias,
            pooling="attention",
            attention=attention,
            inner=dict.fromkeys(layers, deep),
        )


@pytest.fixture(params=EVERY, ids=named)
def objective(request):
    name, knobs = request.param
    return objective_named(name)(**knobs)


@pytest.fixture
def heads(objective):
    torch.manual_seed(1)
    return objective.heads(WIDTH, CLASSES)


@pytest.fixture
def net():
    return Small()


@pytest.fixture
def batch(objective):
    """Single-label; every second picture without a point and without a map; a corner of each map is unknown."""
    torch.manual_seed(0)
    k = CLASSES if objective.labels == "multi" else 1
    has = torch.tensor([1.0, 0.0]).repeat(IMAGES // 2)[:, None].expand(IMAGES, k)
    weight = torch.ones(IMAGES, k, 5, 7)
    weight[:, :, :2, :3] = 0
    return Batch(
        ids=tuple("abcdefgh"),
        images=torch.randn(IMAGES, 3, 2 * GRID[0], 2 * GRID[1]),
        targets=torch.eye(CLASSES)[torch.arange(IMAGES) % CLASSES],
        points=torch.rand(IMAGES, k, 2),
        has_point=has,
        saliency=torch.rand(IMAGES, k, 5, 7),
        weight=weight,
        has_saliency=has,
    )


def answer(objective, net, batch, heads):
    return objective(*look(objective, net, batch), heads)


def chosen(batch, rows):
    parts = {name: value[rows] for name, value in vars(batch).items() if name != "ids"}
    return Batch(ids=tuple(batch.ids[row] for row in rows), **parts)


def without_annotations(batch):
    return replace(
        batch, has_point=torch.zeros_like(batch.has_point), has_saliency=torch.zeros_like(batch.has_saliency)
    )


def gradients(term, net):
    """Of the reduced term, with respect to every parameter of the net."""
    found = torch.autograd.grad(reduce_term(term), list(net.parameters()), allow_unused=True, retain_graph=True)
    return [torch.zeros_like(p) if g is None else g for p, g in zip(net.parameters(), found, strict=True)]


def test_terms_are_finite_not_negative_and_one_per_image(objective, heads, net, batch):
    terms = answer(objective, net, batch, heads)
    assert set(terms) == {"class"} | ({objective.guidance} if objective.guidance else set())
    for term in terms.values():
        assert term.value.shape == term.weight.shape == (IMAGES,)
        assert term.value.isfinite().all()
        assert (term.value >= 0).all()
        assert ((term.weight >= 0) & (term.weight <= 1)).all()


def test_gradients_are_finite_and_reach_the_first_layer(objective, heads, net, batch):
    for term in answer(objective, net, batch, heads).values():
        found = gradients(term, net)
        assert all(gradient.isfinite().all() for gradient in found)
        assert (found[0] != 0).any()


def test_the_order_of_the_images_does_not_matter(objective, heads, net, batch):
    order = torch.randperm(IMAGES).tolist()
    terms = answer(objective, net, batch, heads)
    shuffled = answer(objective, net, chosen(batch, order), heads)
    for name, term in terms.items():
        torch.testing.assert_close(term.value[order], shuffled[name].value)
        torch.testing.assert_close(term.weight[order], shuffled[name].weight)


def test_guidance_over_a_batch_is_guidance_over_its_annotated_part(objective, heads, net, batch):
    whole = answer(objective, net, batch, heads)
    part = answer(objective, net, chosen(batch, list(range(0, IMAGES, 2))), heads)
    for name in whole.keys() - {"class"}:
        torch.testing.assert_close(reduce_term(whole[name]), reduce_term(part[name]))


@pytest.mark.parametrize("rubbish", [torch.nan, torch.inf])
def test_annotations_that_are_not_there_may_hold_anything(objective, heads, net, batch, rubbish):
    known = (batch.has_saliency[..., None, None] > 0) & (batch.weight > 0)
    soiled = replace(
        batch,
        points=torch.where(batch.has_point[..., None] > 0, batch.points, rubbish),
        saliency=torch.where(known, batch.saliency, rubbish),
        weight=torch.where(batch.has_saliency[..., None, None] > 0, batch.weight, rubbish),
    )
    terms, others = (answer(objective, net, each, heads) for each in (batch, soiled))
    for name, term in terms.items():
        assert torch.equal(term.value, others[name].value)
        assert all(map(torch.equal, gradients(term, net), gradients(others[name], net)))


def test_a_batch_without_annotations_trains_the_classes_and_gives_the_rest_a_zero(objective, heads, net, batch):
    terms = answer(objective, net, without_annotations(batch), heads)
    for name in terms.keys() - {"class"}:
        assert reduce_term(terms[name]) == 0
        assert reduce_term(terms[name]).requires_grad
        assert all((gradient == 0).all() for gradient in gradients(terms[name], net))


@pytest.mark.parametrize(("told", "flat"), [(0.0, False), (0.3, False), (None, True), (0.3, True)])
def test_maps_that_are_the_same_everywhere_give_finite_numbers(objective, heads, net, batch, told, flat):
    """`told`: of people's maps, blank or constant; `flat`: of the network's."""
    if told is not None:
        batch = replace(batch, saliency=torch.full_like(batch.saliency, told))
    if flat:
        nn.init.zeros_(net.last.weight)
    for term in answer(objective, net, batch, heads).values():
        assert term.value.isfinite().all()
        assert all(gradient.isfinite().all() for gradient in gradients(term, net))


def test_a_map_of_which_nothing_is_known_counts_as_none(objective, heads, net, batch):
    unknown = replace(batch, weight=torch.zeros_like(batch.weight), has_point=torch.zeros_like(batch.has_point))
    terms = answer(objective, net, unknown, heads)
    for name in terms.keys() - {"class"}:
        assert reduce_term(terms[name]) == 0


def test_how_finely_a_map_was_drawn_does_not_matter(objective, heads, net, batch):
    fine = {
        name: getattr(batch, name).repeat_interleave(3, dim=2).repeat_interleave(2, dim=3)
        for name in ("saliency", "weight")
    }
    terms, others = (answer(objective, net, each, heads) for each in (batch, replace(batch, **fine)))
    for name, term in terms.items():
        torch.testing.assert_close(term.value, others[name].value)


@pytest.mark.parametrize("inside", [True, False], ids=["objective under autocast", "objective after autocast"])
def test_half_precision_gives_nearly_the_same_in_full_precision(objective, heads, net, batch, inside):
    full = answer(objective, net, batch, heads)
    with torch.autocast("cpu", torch.bfloat16):
        seen = look(objective, net, batch)
        under = objective(*seen, heads)
    half = under if inside else objective(*look_again(objective, net, batch), heads)
    for name, term in half.items():
        assert term.value.dtype == torch.float32
        torch.testing.assert_close(term.value, full[name].value, rtol=0.1, atol=0.03)


def look_again(objective, net, batch):
    """A forward pass of its own: inner gradients may be taken once only."""
    with torch.autocast("cpu", torch.bfloat16):
        return look(objective, net, batch)


def test_the_order_of_the_classes_does_not_matter(objective, heads, net, batch):
    if objective.labels == "single":
        return
    order = torch.tensor([2, 0, 3, 1])
    torch.manual_seed(3)
    several = replace(
        batch,
        targets=(torch.rand(IMAGES, CLASSES) < 0.6).float(),
        has_saliency=(torch.rand(IMAGES, CLASSES) < 0.8).float(),
    )
    parts = ("targets", "points", "has_point", "saliency", "weight", "has_saliency")
    first = answer(objective, net, several, heads)
    permuted = replace(several, **{name: getattr(several, name)[:, order] for name in parts})
    net.classifier = permuted_outputs(net.classifier, order)
    for head in heads.values():
        layer = "linear" if hasattr(head, "linear") else "map"
        pairs = (2 * order[:, None] + torch.arange(2)).flatten() if layer == "linear" else order
        setattr(head, layer, permuted_outputs(getattr(head, layer), pairs))
    second = answer(objective, net, permuted, heads)
    for name, term in first.items():
        torch.testing.assert_close(term.value, second[name].value)
        assert torch.equal(term.weight, second[name].weight)


def permuted_outputs(layer, order):
    """The layer with its outputs in another order."""
    other = copy.deepcopy(layer)
    other.weight, other.bias = (nn.Parameter(part.detach()[order]) for part in (layer.weight, layer.bias))
    return other


def test_equal_knobs_are_equal_objectives_and_hash_alike(objective):
    again = replace(objective)
    assert again == objective
    assert hash(again) == hash(objective)


def test_guidance_reaches_the_backbone_and_its_own_heads(objective, heads):
    if objective.guidance is None:
        assert objective.reaches == frozenset()
        return
    own = {f"{name}_head" for name in heads}
    assert objective.reaches - {"classifier", "attention"} == {"backbone"} | own


def test_an_objective_says_how_much_its_guidance_counts_exactly_if_it_has_any(objective):
    assert isinstance(objective, GuidedObjective) == (objective.guidance is not None)
    assert (objective.needs == "nothing") == (objective.guidance is None)


def test_an_unknown_name_is_answered_with_the_closest():
    with pytest.raises(UserFault, match="Did you mean 'luab'"):
        objective_named("luba")


# The guidance of every objective is alive on a real network, and a copy that is cut off anywhere is refused.


@pytest.fixture(scope="module")
def backbones():
    """A small ResNet, with its own pooling and by attention."""
    shapes = [Network("resnet18", width=0.125, image_size=64, pooling=pooling) for pooling in ("own", "attention")]
    return {shape.pooling: Backbone(shape, CLASSES, generator_seed=0) for shape in shapes}


def alive(row, backbones, *, kind=None):
    """The gradient norms of an objective, or of a `kind` of it, on random pictures."""
    name, knobs = row
    knobs = {key: "layer3" if value == "conv4" else value for key, value in knobs.items()}
    objective = (kind or objective_named(name))(**knobs)
    backbone = backbones["attention" if name == "attention_pooling" else "own"]
    torch.manual_seed(0)
    k = CLASSES if objective.labels == "multi" else 1
    has = torch.ones(IMAGES, k)
    batch = Batch(
        ids=tuple("abcdefgh"),
        images=torch.randn(IMAGES, 3, 64, 64),
        targets=torch.eye(CLASSES)[torch.arange(IMAGES) % CLASSES],
        points=torch.rand(IMAGES, k, 2),
        has_point=has,
        saliency=torch.rand(IMAGES, k, 8, 8),
        weight=torch.ones(IMAGES, k, 8, 8),
        has_saliency=has,
    )
    return assert_guidance_alive(objective, backbone, objective.heads(backbone.width, CLASSES), batch)


@pytest.mark.parametrize("row", GUIDED, ids=named)
def test_guidance_is_alive(row, backbones):
    norms = alive(row, backbones)
    assert set(norms) == objective_named(row[0]).reaches
    assert all(norm > 0 for norm in norms.values())


def cut(kind, **detached):
    """The same objective, told of tensors that are cut off from the graph."""

    def call(self, outputs, batch, heads):
        parts = {name: how(getattr(outputs, name)) for name, how in detached.items()}
        return kind.__call__(self, msgspec.structs.replace(outputs, **parts), batch, heads)

    return type(f"Cut{kind.__name__}", (kind,), {"__call__": call})


def stored(kind):
    """The same objective, its guidance computed from stored numbers."""

    def call(self, outputs, batch, heads):
        terms = kind.__call__(self, outputs, batch, heads)
        guidance = terms[self.guidance]
        return {**terms, self.guidance: Term(guidance.value.detach(), guidance.weight)}

    return type(f"Stored{kind.__name__}", (kind,), {"__call__": call})


@pytest.mark.parametrize("row", GUIDED, ids=named)
def test_guidance_from_stored_numbers_is_refused(row, backbones):
    with pytest.raises(GuidanceDead, match="the gradient norm of its guidance term is 0"):
        alive(row, backbones, kind=stored(objective_named(row[0])))


MAPS_OF_WEIGHTS = [
    row
    for row in GUIDED
    if "classifier" in objective_named(row[0]).reaches and row[0] != "rrr" and "layer" not in row[1]
]
"""Whose map is the classifier's weights times features; the others' hangs on the logits' gradients."""
MAPS_OF_FEATURES = [row for row in GUIDED if row[0] != "rrr" and "layer" not in row[1]]


@pytest.mark.parametrize("row", MAPS_OF_WEIGHTS, ids=named)
def test_guidance_that_does_not_reach_the_classifier_is_refused(row, backbones):
    with pytest.raises(GuidanceDead) as dead:
        alive(row, backbones, kind=cut(objective_named(row[0]), weight=torch.Tensor.detach))
    assert dead.value.group == "classifier"


@pytest.mark.parametrize("row", MAPS_OF_FEATURES, ids=named)
def test_guidance_that_does_not_reach_the_features_is_refused(row, backbones):
    def detach(value):
        return {k: v.detach() for k, v in value.items()} if isinstance(value, dict) else value.detach()

    parts = ["features", "pooled", "inner"] + (["attention"] if row[0] == "attention_pooling" else [])
    with pytest.raises(GuidanceDead) as dead:
        alive(row, backbones, kind=cut(objective_named(row[0]), **dict.fromkeys(parts, detach)))
    assert dead.value.group in ("backbone", "attention")


@pytest.mark.parametrize("row", [row for row in GUIDED if "layer" in row[1]], ids=named)
def test_gradient_maps_whose_weights_are_constants_are_refused(row, backbones, monkeypatch):
    def constant_weights(outputs, classes, layer, *, create_graph):
        return grad_cam(outputs, classes, layer)

    monkeypatch.setattr(map_guided, "grad_cam", constant_weights)
    with pytest.raises(GuidanceDead) as dead:
        alive(row, backbones)
    assert dead.value.group == "classifier"
