"""Which optimiser moves which parameters, and which of them decay."""

from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import nn

from sidelight.records.errors import UserFault


@dataclass(frozen=True)
class Optimiser:
    """Stochastic gradient descent or AdamW, with the usual exemption from weight decay.

    Weight decay pulls weights, not offsets: biases, the gains of norms (any parameter of one axis) and what a network
    itself exempts by a method `no_weight_decay` (class token and position embeddings of timm's vision transformers) are
    left alone unless `decay_norm_and_bias` is set, as it was in the first ResNets.

    Source: he2016resnet section 3.4 (SGD), loshchilov2019adamw algorithm 2 (AdamW), touvron2021deit (exemptions).

    Raises:
        UserFault: if a number is out of range or the parts contradict each other.

    >>> optimiser = Optimiser("sgd", lr=0.5, momentum=0.0).build(nn.Linear(2, 1))
    >>> [(group["lr"], group["weight_decay"]) for group in optimiser.param_groups]
    [(0.5, 0.0001), (0.5, 0.0)]
    """

    name: Literal["sgd", "adamw"] = "sgd"
    """The rule of the update."""
    lr: float = 0.1
    """Peak learning rate, for the whole batch as it is (nothing is scaled by its size)."""
    momentum: float = 0.9
    """Of sgd; the first beta of adamw (its second is .999)."""
    nesterov: bool = False
    """Look-ahead momentum; sgd only."""
    weight_decay: float = 1e-4
    """Decay of the weights: an L2 term for sgd, decoupled for adamw."""
    decay_norm_and_bias: bool = False
    """Decay norms and biases too."""
    clip: float | None = None
    """Largest gradient norm over all parameters; None for no limit."""

    def __post_init__(self) -> None:
        if not (self.lr > 0 and self.weight_decay >= 0 and 0 <= self.momentum < 1):
            raise UserFault(
                "optimiser",
                seen=f"lr={self.lr}, weight_decay={self.weight_decay}, momentum={self.momentum}",
                allowed="lr > 0, weight_decay >= 0 and 0 <= momentum < 1",
                remedy="Choose other values",
            )
        if self.nesterov and (self.name != "sgd" or self.momentum == 0):
            raise UserFault(
                "optimiser's nesterov",
                seen=f"true with {self.name} and momentum {self.momentum}",
                allowed="true only with sgd and a momentum above 0",
                remedy="Turn nesterov off",
            )
        if self.clip is not None and not self.clip > 0:
            raise UserFault(
                "optimiser's clip", seen=str(self.clip), allowed="a norm above 0", remedy="Use None for none"
            )

    def build(self, module: nn.Module) -> torch.optim.Optimizer:
        """The optimiser of a module's trainable parameters, decaying ones first."""
        decaying, exempt = _split(module, everything=self.decay_norm_and_bias)
        groups: list[dict[str, Any]] = [
            {"params": parameters, "weight_decay": decay}
            for parameters, decay in ((decaying, self.weight_decay), (exempt, 0.0))
            if parameters
        ]
        if self.name == "adamw":
            return torch.optim.AdamW(groups, lr=self.lr, betas=(self.momentum, 0.999))
        return torch.optim.SGD(groups, lr=self.lr, momentum=self.momentum, nesterov=self.nesterov)


def _split(module: nn.Module, *, everything: bool) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Parameters that decay and parameters that do not, each in the module's order."""
    named = {name: p for name, p in module.named_parameters() if p.requires_grad}
    exempt = set() if everything else {name for name, p in named.items() if p.ndim <= 1} | _exempted(module)
    return [p for name, p in named.items() if name not in exempt], [p for name, p in named.items() if name in exempt]


def _exempted(module: nn.Module) -> set[str]:
    """Full names of the parameters that any part of the module exempts by its own `no_weight_decay()`."""
    found = set()
    for prefix, part in module.named_modules():
        if callable(exempt := getattr(part, "no_weight_decay", None)):
            found |= {f"{prefix}.{name}" if prefix else name for name in exempt()}
    return found
