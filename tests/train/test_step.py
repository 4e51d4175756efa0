import torch
from torch import nn

from sidelight.train.devices import launch
from sidelight.train.objective.cross_entropy import CrossEntropy
from sidelight.train.objective.luab import Luab
from sidelight.train.optimise import Optimiser
from sidelight.train.step import Learner, Seen, forward, loss_of, seed_draws, seed_of, update
from sidelight.train.term import Term
from sidelight.train.training import Training


class Spy(Luab):
    """Writes down in which formats the objective sees things."""

    def __call__(self, outputs, batch, heads):
        terms = super().__call__(outputs, batch, heads)
        seen.update(points=batch.points.dtype, logits=outputs.logits.dtype, head=heads["point"](outputs.pooled).dtype)
        return terms


seen: dict[str, torch.dtype] = {}


def test_half_precision_leaves_points_and_heads_alone(toy):
    fabric = launch(Training(precision="bf16-mixed"))
    wrapped = fabric.setup(Learner(toy.toy_backbone(), Spy(), seed=0))
    found = forward(wrapped, next(toy.ToySource().epoch(0)))
    assert seen == {"points": torch.float32, "logits": torch.bfloat16, "head": torch.float32}
    assert {term.value.dtype for term in found.terms.values()} == {torch.float32}
    assert found.outputs.pooled.requires_grad


def test_the_backbones_start_does_not_depend_on_the_heads_nor_theirs_on_what_was_drawn_before(toy):
    plain = Learner(toy.toy_backbone(), CrossEntropy(), seed=0)
    guided = Learner(toy.toy_backbone(), Luab(), seed=0)
    torch.rand(3)
    again = Learner(toy.toy_backbone(), Luab(), seed=0)
    theirs = guided.state_dict()
    assert all(torch.equal(value, theirs[name]) for name, value in plain.state_dict().items())
    assert all(torch.equal(value, theirs[name]) for name, value in again.state_dict().items())
    other = Learner(toy.toy_backbone(), Luab(), seed=1).heads["point"].linear.weight
    assert not torch.equal(other, theirs["heads.point.linear.weight"])


def test_the_loss_is_the_class_term_plus_lambda_times_the_guidance():
    one = torch.ones(2)
    found = Seen(outputs=None, terms={"class": Term(2 * one, one), "point": Term(3 * one, one)})
    assert loss_of(found, Luab(), 0.5).item() == 3.5
    assert loss_of(Seen(None, {"class": found.terms["class"]}), CrossEntropy(), 0.0).item() == 2.0


def one_step(*, clip):
    fabric = launch(Training())
    module = nn.Linear(1, 1, bias=False)
    nn.init.constant_(module.weight, 1.0)
    rule = Optimiser("sgd", lr=99.0, momentum=0, weight_decay=0, clip=clip)
    wrapped, optimizer = fabric.setup(module, rule.build(module))
    update(fabric, wrapped, optimizer, wrapped(torch.full((1, 1), 4.0)).sum(), rule=rule, lr=0.1)
    return round(module.weight.item(), 5)


def test_an_update_moves_by_the_rate_of_its_step_and_a_gradient_no_longer_than_allowed():
    assert one_step(clip=None) == 1 - 0.1 * 4
    assert one_step(clip=2.0) == 1 - 0.1 * 2
    assert one_step(clip=8.0) == 1 - 0.1 * 4


def test_seeds_differ_with_every_word():
    words = [(0, 0), (0, 1), (1, 0), (1, 1), (2**31, 0)]
    assert len({seed_of(seed, *more) for seed in (0, 1) for more in words}) == 2 * len(words)


def test_draws_depend_on_their_seed_alone():
    def drawn(seed):
        seed_draws(torch.device("cpu"), seed)
        return torch.rand(3).tolist()

    assert drawn(1) == drawn(1) != drawn(2)
