import pytest
import torch
from torch import nn

from sidelight.records.errors import UserFault
from sidelight.train.optimise import Optimiser


class Tokens(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.pos_embed = nn.Parameter(torch.zeros(1, 4, 8))
        self.proj = nn.Linear(8, 8)

    def no_weight_decay(self) -> set[str]:
        return {"pos_embed"}


def network() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4), Tokens())


def decays(optimiser: Optimiser, module: nn.Module) -> dict[str, float]:
    names = {parameter: name for name, parameter in module.named_parameters()}
    built = optimiser.build(module)
    return {names[p]: group["weight_decay"] for group in built.param_groups for p in group["params"]}


def test_only_weights_decay():
    found = decays(Optimiser(weight_decay=0.1), network())
    assert {name for name, decay in found.items() if decay == 0.1} == {"0.weight", "2.proj.weight"}
    assert len(found) == 7


def test_everything_decays_when_asked():
    assert set(decays(Optimiser(weight_decay=0.1, decay_norm_and_bias=True), network()).values()) == {0.1}


def test_what_a_network_exempts_is_exempt_wherever_it_sits():
    assert (
        decays(Optimiser("adamw", weight_decay=0.1), nn.ModuleDict({"backbone": Tokens()}))["backbone.pos_embed"] == 0
    )


def test_frozen_parameters_are_left_out():
    module = nn.Linear(2, 2)
    module.bias.requires_grad_(False)
    assert list(decays(Optimiser(), module)) == ["weight"]


def test_sgd_with_nesterov_takes_the_step_of_its_formula():
    module = nn.Linear(1, 1, bias=False)
    nn.init.constant_(module.weight, 1.0)
    optimizer = Optimiser("sgd", lr=0.1, momentum=0.5, nesterov=True, weight_decay=0).build(module)
    for _ in range(2):
        optimizer.zero_grad()
        module(torch.ones(1, 1)).sum().backward()  # gradient 1: velocity 1, then 1.5
        optimizer.step()
    assert module.weight.item() == pytest.approx(1 - 0.1 * (1 + 0.5 * 1) - 0.1 * (1 + 0.5 * 1.5))


def test_adamw_takes_its_first_beta_from_momentum_and_decouples_the_decay():
    module = nn.Linear(1, 1, bias=False)
    nn.init.constant_(module.weight, 1.0)
    optimizer = Optimiser("adamw", lr=0.1, momentum=0.8, weight_decay=0.5).build(module)
    module(torch.ones(1, 1)).sum().backward()
    optimizer.step()
    assert optimizer.param_groups[0]["betas"] == (0.8, 0.999)
    assert module.weight.item() == pytest.approx(1 * (1 - 0.1 * 0.5) - 0.1)


@pytest.mark.parametrize(
    ("wrong", "seen"),
    [
        ({"lr": 0}, "lr=0"),
        ({"momentum": 1.0}, "momentum=1.0"),
        ({"weight_decay": -1}, "weight_decay=-1"),
        ({"clip": 0}, "0"),
        ({"name": "adamw", "nesterov": True}, "adamw"),
        ({"nesterov": True, "momentum": 0}, "momentum 0"),
    ],
)
def test_impossible_values_and_contradictions_are_refused(wrong, seen):
    with pytest.raises(UserFault, match=seen):
        Optimiser(**wrong)
