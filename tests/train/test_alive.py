from dataclasses import dataclass, replace

import msgspec
import pytest
import torch

from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.records.batch import Batch
from sidelight.train.alive import GuidanceDead, assert_guidance_alive
from sidelight.train.objective.binary_cross_entropy import BinaryCrossEntropy
from sidelight.train.objective.cross_entropy import CrossEntropy
from sidelight.train.objective.luab import Luab
from sidelight.train.term import Term


@pytest.fixture
def backbone():
    return Backbone(Network("resnet18", width=0.125, drop_path=0.3, image_size=32), 3, generator_seed=0)


@pytest.fixture
def batch():
    generator = torch.Generator().manual_seed(0)
    return Batch(
        ids=tuple("abcdef"),
        images=torch.randn(6, 3, 32, 32, generator=generator),
        targets=torch.eye(3)[[0, 1, 2, 0, 1, 2]],
        points=torch.rand(6, 1, 2, generator=generator),
        has_point=torch.tensor([[1.0], [0.0], [1.0], [1.0], [0.0], [1.0]]),
    )


def several_points(batch):
    return replace(batch, points=batch.points.expand(-1, 3, -1), has_point=batch.has_point.expand(-1, 3))


@pytest.mark.parametrize("head", ["linear", "sigmoid"])
@pytest.mark.parametrize("labels", ["single", "multi"])
def test_luab_is_alive(backbone, batch, head, labels):
    objective = Luab(head=head, labels=labels)
    if labels == "multi":
        batch = several_points(batch)
    norms = assert_guidance_alive(objective, backbone, objective.heads(backbone.width, 3), batch)
    assert set(norms) == {"backbone", "point_head"}
    assert all(norm > 0 for norm in norms.values())


@pytest.mark.parametrize("objective", [CrossEntropy(), BinaryCrossEntropy()], ids=lambda o: type(o).__name__)
def test_what_has_no_guidance_has_nothing_to_prove(objective, backbone, batch):
    assert assert_guidance_alive(objective, backbone, {}, batch) == {}


class Detached(Luab):
    """Guidance as it has been published more than once: the head learns, the backbone does not."""

    def __call__(self, outputs, batch, heads):
        return super().__call__(msgspec.structs.replace(outputs, pooled=outputs.pooled.detach()), batch, heads)


class Constant(Luab):
    """The loss is computed from stored arrays."""

    def __call__(self, outputs, batch, heads):
        terms = super().__call__(outputs, batch, heads)
        return {**terms, "point": Term(terms["point"].value.detach(), terms["point"].weight)}


class Infinite(Luab):
    def __call__(self, outputs, batch, heads):
        terms = super().__call__(outputs, batch, heads)
        return {**terms, "point": Term(terms["point"].value * torch.inf, terms["point"].weight)}


@pytest.mark.parametrize("objective", [Detached(), Constant(), Infinite()], ids=lambda o: type(o).__name__)
def test_guidance_that_does_not_reach_the_backbone_is_refused_by_name(objective, backbone, batch):
    with pytest.raises(GuidanceDead, match="'backbone': the gradient norm of its guidance term is") as dead:
        assert_guidance_alive(objective, backbone, objective.heads(backbone.width, 3), batch)
    assert dead.value.group == "backbone"


def test_a_head_that_cannot_learn_is_refused_by_name(backbone, batch):
    heads = Luab().heads(backbone.width, 3)
    heads["point"].requires_grad_(False)
    with pytest.raises(GuidanceDead, match=r"'point_head'.* is 0"):
        assert_guidance_alive(Luab(), backbone, heads, batch)


class Backwards(torch.autograd.Function):
    """A gradient of the wrong sign."""

    @staticmethod
    def forward(context, value):
        return value.clone()

    @staticmethod
    def backward(context, gradient):
        return -gradient


@dataclass(frozen=True)
class Repelled(Luab):
    def __call__(self, outputs, batch, heads):
        terms = super().__call__(outputs, batch, heads)
        return {**terms, "point": Term(Backwards.apply(terms["point"].value), terms["point"].weight)}


def test_guidance_that_pulls_the_wrong_way_is_refused(backbone, batch):
    objective = Repelled()
    with pytest.raises(GuidanceDead, match="a small step"):
        assert_guidance_alive(objective, backbone, objective.heads(backbone.width, 3), batch)


def test_a_batch_without_annotations_proves_nothing(backbone, batch):
    silent = replace(batch, has_point=torch.zeros(6, 1))
    with pytest.raises(ValueError, match="no image of this batch of 6 is annotated"):
        assert_guidance_alive(Luab(), backbone, Luab().heads(backbone.width, 3), silent)


@pytest.mark.parametrize("objective", [Luab(), Detached(), Repelled()], ids=lambda o: type(o).__name__)
@pytest.mark.parametrize("training", [True, False])
def test_the_check_leaves_no_trace_whatever_it_finds(backbone, batch, objective, training):
    heads = objective.heads(backbone.width, 3)
    backbone.train(training)
    first = next(backbone.parameters())
    first.grad = torch.ones_like(first)
    modules = (backbone, heads["point"])
    before = [value.clone() for module in modules for value in module.state_dict().values()]
    random = torch.get_rng_state()
    try:
        assert_guidance_alive(objective, backbone, heads, batch)
    except GuidanceDead:
        assert type(objective) is not Luab
    after = [value for module in modules for value in module.state_dict().values()]
    assert all(torch.equal(*pair) for pair in zip(before, after, strict=True))
    assert torch.equal(torch.get_rng_state(), random)
    assert [p.grad is not None for p in backbone.parameters()].count(True) == 1
    assert torch.equal(first.grad, torch.ones_like(first))
    assert backbone.training == training
