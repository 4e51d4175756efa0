"""The learning rate as a pure function of the step."""

import math
from dataclasses import dataclass
from typing import Literal

from sidelight.records.errors import UserFault


@dataclass(frozen=True)
class Schedule:
    """How the learning rate moves: a linear warm-up, then a cosine, steps, or nothing.

    With s steps an epoch, E epochs, w = warmup_epochs * s and T = E * s, step t (from 0) uses

    - warm-up, t < w: warmup_lr + (lr - warmup_lr) * t / w
    - cosine: min_lr + (lr - min_lr) * (1 + cos(pi * (t - w) / (T - w))) / 2
    - step: lr * step_factor ** floor(t / (s * step_epochs)), never below min_lr
    - constant: lr

    Source: goyal2017warmup section 2.2 (gradual warm-up), loshchilov2017sgdr eq. 5 without restarts, he2016resnet
    section 3.4 (division by ten).
    The cosine starts after the warm-up at the full rate; timm's runs from step 0 underneath it.

    Raises:
        UserFault: if a number is negative or the step's numbers make no sense.

    >>> schedule = Schedule("cosine", warmup_epochs=1)
    >>> [round(schedule.lr(t, peak=1.0, steps_per_epoch=2, epochs=3), 3) for t in range(6)]
    [0.0, 0.5, 1.0, 0.854, 0.5, 0.146]
    """

    name: Literal["cosine", "step", "constant"] = "cosine"
    """What follows the warm-up."""
    warmup_epochs: float = 0.0
    """Length of the linear warm-up; 0 for none."""
    warmup_lr: float = 0.0
    """Learning rate of the very first step when there is a warm-up."""
    min_lr: float = 0.0
    """Where the cosine ends, and the floor of the steps."""
    step_epochs: float = 30.0
    """Epochs between two steps."""
    step_factor: float = 0.1
    """What each step multiplies the learning rate by."""

    def __post_init__(self) -> None:
        for field in ("warmup_epochs", "warmup_lr", "min_lr"):
            if not getattr(self, field) >= 0:
                raise UserFault(
                    f"schedule's {field}", seen=str(getattr(self, field)), allowed="0 or more", remedy="Choose another"
                )
        if not (self.step_epochs > 0 and 0 < self.step_factor <= 1):
            raise UserFault(
                "step schedule",
                seen=f"step_epochs={self.step_epochs}, step_factor={self.step_factor}",
                allowed="step_epochs > 0 and 0 < step_factor <= 1",
                remedy="Choose other values",
            )

    def lr(self, step: int, *, peak: float, steps_per_epoch: int, epochs: int) -> float:
        """The learning rate of one step.

        Args:
            step: number of steps already taken, from 0.
            peak: learning rate at the end of the warm-up.
            steps_per_epoch: batches an epoch.
            epochs: of the whole training.

        Returns:
            The learning rate, >= 0.
        """
        warmup = self.warmup_epochs * steps_per_epoch
        if step < warmup:
            return self.warmup_lr + (peak - self.warmup_lr) * step / warmup
        if self.name == "constant":
            return peak
        if self.name == "step":
            steps = math.floor(step / (steps_per_epoch * self.step_epochs))
            return max(self.min_lr, peak * self.step_factor**steps)
        done = min((step - warmup) / (epochs * steps_per_epoch - warmup), 1.0)
        return self.min_lr + (peak - self.min_lr) * (1 + math.cos(math.pi * done)) / 2
