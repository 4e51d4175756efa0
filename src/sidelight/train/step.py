"""One step of training: forward, backward, clip, update."""

from dataclasses import dataclass
from typing import Generic, TypeVar, cast

import numpy as np
import torch
from lightning_fabric import Fabric
from lightning_fabric.wrappers import _FabricModule
from torch import Tensor, nn

from sidelight.model.backbone import Backbone
from sidelight.model.heads import Head, seeded
from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.train.look import look
from sidelight.train.optimise import Optimiser
from sidelight.train.term import GuidedObjective, Objective, Term, total

T = TypeVar("T")
HEADS, PREPARE, STEP = 21, 22, 23
"""What a random draw is for: a word of its seed, so that no two uses share a stream."""


class Sealed(Generic[T]):
    """A value that passes through Fabric and DistributedDataParallel as it is.

    Both walk through arguments and results; mixed precision would cast every float tensor it finds to bfloat16, points
    included (8 bits: half a pixel of 128), and put copies in the place of the results. They do not look into this.
    """

    def __init__(self, value: T) -> None:
        self.value = value


@dataclass(frozen=True)
class Seen:
    """What one forward pass gave: the network's outputs and the objective's terms."""

    outputs: Outputs
    terms: dict[str, Term]


class Learner(nn.Module):
    """Backbone, heads and objective as one module, so that everything with a gradient goes through one `forward`.

    Args:
        backbone: the network.
        objective: what is minimised; it says which heads it needs.
        seed: of the run; the heads' initial weights depend on it alone, and the backbone's not at all on the heads.
    """

    def __init__(self, backbone: Backbone, objective: Objective, *, seed: int) -> None:
        super().__init__()
        self.backbone, self._objective = backbone, objective
        with seeded(seed_of(seed, HEADS)):
            self.heads = nn.ModuleDict(objective.heads(backbone.width, backbone.classes))

    def forward(self, batch: Sealed[Batch]) -> Sealed[Seen]:
        """Outputs under the caller's precision; heads and terms in float32."""
        outputs, seen = look(self._objective, self.backbone, batch.value)
        with torch.autocast(seen.images.device.type, enabled=False):
            return Sealed(Seen(outputs, self._objective(outputs, seen, self.named_heads())))

    def named_heads(self) -> dict[str, Head]:
        """The objective's heads by name."""
        return cast("dict[str, Head]", dict(self.heads.items()))


def seed_of(seed: int, *words: int) -> int:
    """A seed for one use of chance, from the run's seed and what tells this use from others.

    >>> seed_of(0, STEP, 5, 0) == seed_of(0, STEP, 5, 1)
    False
    """
    return int(np.random.SeedSequence([seed, *words]).generate_state(1, np.uint64)[0])


def seed_draws(device: torch.device, seed: int) -> None:
    """Seed what drop-path and dropout draw from.

    `torch.manual_seed` does so for every kind of device at once: without a GPU it remembers each call, with its stack,
    for one that may yet come. That costs a millisecond and is never freed.
    """
    torch.default_generator.manual_seed(seed)
    if device.type == "cuda":
        with torch.cuda.device(device):
            torch.cuda.manual_seed(seed)


def forward(learner: _FabricModule | Learner, batch: Batch) -> Seen:
    """Run a learner, wrapped by Fabric or bare."""
    return learner(Sealed(batch)).value


def update(
    fabric: Fabric,
    learner: _FabricModule,
    optimizer: torch.optim.Optimizer,
    loss: Tensor,
    *,
    rule: Optimiser,
    lr: float,
) -> None:
    """Move the weights once.

    Args:
        fabric: the devices.
        learner: as wrapped by `fabric`.
        optimizer: as wrapped by `fabric`.
        loss: scalar, over the whole batch of all ranks.
        rule: for the limit of the gradient norm.
        lr: learning rate of this step.
    """
    for group in optimizer.param_groups:
        group["lr"] = lr
    optimizer.zero_grad(set_to_none=True)
    fabric.backward(loss)
    if rule.clip is not None:
        fabric.clip_gradients(learner, optimizer, max_norm=rule.clip, error_if_nonfinite=False)
    optimizer.step()


def loss_of(seen: Seen, objective: Objective, lambda_: float) -> Tensor:
    """The class term plus lambda times the guidance, over the whole batch of all ranks; the class term alone where the
    guidance is only logged.
    """
    if not isinstance(objective, GuidedObjective) or objective.log_only:
        return total({"class": seen.terms["class"]}, {})
    return total(seen.terms, {"class": objective.class_weight, str(objective.guidance): lambda_})
