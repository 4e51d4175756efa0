"""How long, how fast and how exactly a model is trained: the recipe's part for the loop."""

from dataclasses import dataclass, field
from typing import Literal

from sidelight.records.errors import UserFault
from sidelight.train.optimise import Optimiser
from sidelight.train.schedule import Schedule

COUNTS = (
    "epochs",
    "batch_size",
    "devices",
    "calibration_batches",
    "ratio_every",
    "assess_every",
    "checkpoint_every",
)
"""Values that are whole numbers from 1 on, where they are given."""


@dataclass(frozen=True)
class Training:
    """What the training loop needs to know besides the model, the objective and the batches.

    Raises:
        UserFault: if a count is not positive or the warm-up is as long as the training.

    >>> Training(epochs=20, batch_size=64).keep
    'last'
    """

    epochs: int = 90
    """Passes over the training pictures."""
    batch_size: int = 256
    """Pictures a step, over all devices together."""
    optimiser: Optimiser = field(default_factory=Optimiser)
    """The rule of the update."""
    schedule: Schedule = field(default_factory=Schedule)
    """How the learning rate moves."""
    precision: Literal["32-true", "bf16-mixed"] = "32-true"
    """Number format of the forward pass; weights and sums are always float32."""
    channels_last: bool = True
    """Memory layout in which convolutions are faster on most devices."""
    keep: Literal["last", "best_val"] = "last"
    """Which weights are the model: the last, or those of the epoch of best validation accuracy (first of equals)."""
    devices: int = 1
    """Number of processes, one a device; every one takes its share of each batch."""
    calibration_batches: int = 8
    """Batches from which lambda is set when the objective names a gradient ratio."""
    ratio_every: int = 20
    """Steps between two looks at the losses and the gradient ratio; a look makes a GPU wait."""
    assess_every: int = 1
    """Epochs between two looks at the validation pictures; the last epoch is always looked at."""
    checkpoint_every: int | None = None
    """Steps between two checkpoints within an epoch; one is always written at its end."""

    def __post_init__(self) -> None:
        for name in COUNTS:
            value = getattr(self, name)
            if value is not None and value < 1:
                raise UserFault(f"training's {name}", seen=str(value), allowed="1 or more", remedy="Choose another")
        if self.keep == "best_val" and self.assess_every > 1:
            raise UserFault(
                "training's assess_every",
                seen=f"{self.assess_every} with keep 'best_val'",
                allowed="1: the best epoch is chosen among all",
                remedy="Set assess_every to 1, or keep to 'last'",
            )
        if self.batch_size < self.devices:
            raise UserFault(
                "training's batch_size",
                seen=f"{self.batch_size} pictures for {self.devices} devices",
                allowed="at least one a device",
                remedy="Raise batch_size or lower devices",
            )
        if self.schedule.warmup_epochs >= self.epochs:
            raise UserFault(
                "training's warm-up",
                seen=f"{self.schedule.warmup_epochs} of {self.epochs} epochs",
                allowed="shorter than the training",
                remedy="Lower schedule.warmup_epochs or raise epochs",
            )
