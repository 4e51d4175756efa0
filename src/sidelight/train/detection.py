"""Fine-tuning of a detector: pictures with their objects to weights, with exact resume."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import torch
from lightning_fabric import Fabric
from torch import Tensor

from sidelight.model.detector import DetectorNet, targets_of
from sidelight.records.errors import UserFault
from sidelight.records.objects import Objects
from sidelight.train.loop import StepReport, TrainingDiverged
from sidelight.train.meter import Meter, means
from sidelight.train.metrics_log import MetricsLog
from sidelight.train.optimise import Optimiser
from sidelight.train.state import Checkpoints, Progress, pack, unpack
from sidelight.train.step import STEP, seed_draws, seed_of, update
from sidelight.train.term import Term

REFERENCE_BATCH = 16
"""Pictures a step for which `DetectionTraining.lr` is meant."""
WARMUP_FACTOR = 0.001


@dataclass(frozen=True)
class DetectionTraining:
    """The schedule of torchvision's reference for Faster R-CNN and Mask R-CNN with a ResNet-50 FPN.

    Raises:
        UserFault: if a number is out of range.

    >>> schedule = DetectionTraining(batch_size=8, warmup_steps=0)
    >>> [round(schedule.lr_at(step, steps_per_epoch=10), 5) for step in (0, 160, 220)]
    [0.01, 0.001, 0.0001]
    """

    epochs: int = 26
    """Passes over the training pictures."""
    batch_size: int = 16
    """Pictures a step, over all devices together."""
    lr: float = 0.02
    """Learning rate for 16 pictures a step; it is scaled in proportion to `batch_size`."""
    drop_epochs: tuple[int, ...] = (16, 22)
    """After each of these epochs the learning rate is divided by ten."""
    warmup_steps: int = 1000
    """Steps over which the learning rate rises from a thousandth, within the first epoch."""
    momentum: float = 0.9
    """Of stochastic gradient descent."""
    weight_decay: float = 1e-4
    """Of all that is trained."""
    devices: int = 1
    """Number of processes, one a device; every one takes its share of each batch."""
    look_every: int = 20
    """Steps between two looks at the loss; a look makes a GPU wait."""
    checkpoint_every: int | None = 1000
    """Steps between two checkpoints within an epoch; one is always written at its end."""

    def __post_init__(self) -> None:
        counts = ("epochs", "batch_size", "devices", "look_every", "checkpoint_every")
        bad = [name for name in counts if (value := getattr(self, name)) is not None and value < 1]
        bad += [] if self.batch_size >= self.devices else ["batch_size"]
        bad += ["warmup_steps"] if self.warmup_steps < 0 else []
        for name in bad:
            allowed = f"{self.devices} or more, one a device" if name == "batch_size" else "1 or more"
            raise UserFault(
                f"training's {name}",
                seen=str(getattr(self, name)),
                allowed="0 or more" if name == "warmup_steps" else allowed,
                remedy="Choose another",
            )

    @property
    def rule(self) -> Optimiser:
        """Stochastic gradient descent; biases decay as well, as in the reference."""
        lr = self.lr * self.batch_size / REFERENCE_BATCH
        return Optimiser("sgd", lr=lr, momentum=self.momentum, weight_decay=self.weight_decay, decay_norm_and_bias=True)

    def lr_at(self, step: int, *, steps_per_epoch: int) -> float:
        """The learning rate of one step (from 0)."""
        epoch = step // steps_per_epoch
        dropped = self.rule.lr * 0.1 ** sum(epoch >= drop for drop in self.drop_epochs)
        rising = min(self.warmup_steps, steps_per_epoch - 1)
        if step >= rising:
            return dropped
        return dropped * (WARMUP_FACTOR + (1 - WARMUP_FACTOR) * step / rising)


class DetectionSource(Protocol):
    """Where batches come from: a pure function of (seed, epoch, place); see `loop.EpochSource`."""

    def __len__(self) -> int:
        """Batches an epoch."""
        ...

    def epoch(self, number: int, *, first: int = 0) -> Iterator[Sequence[tuple[Tensor, Objects]]]:
        """Batches of an epoch (from 0), from the `first` on: pictures [3, H, W] in [0, 1] with their objects."""
        ...


class _Loop:
    """A fine-tuning under way."""

    def __init__(
        self,
        net: DetectorNet,
        source: DetectionSource,
        training: DetectionTraining,
        progress: Progress,
        *,
        checkpoints: Checkpoints,
        log: MetricsLog | None,
        fabric: Fabric,
        clock: Callable[[], float],
    ) -> None:
        self.net, self.source, self.training, self.progress = net, source, training, progress
        self.checkpoints, self.log, self.fabric, self.clock = checkpoints, log, fabric, clock
        self.optimizer = training.rule.build(net)
        self.wrapped, self.wrapped_optimizer = fabric.setup(net, self.optimizer)
        self.sums: dict[str, Tensor] = {}

    def restore(self) -> None:
        sums = unpack(self.checkpoints.tensors(), self.net, self.optimizer)
        self.sums = sums if self.fabric.is_global_zero else {}  # they were summed over ranks when they were saved

    def run(self, report: Callable[[StepReport], None] | None) -> None:
        self.wrapped.train()
        size = len(self.source)
        for number in range(self.progress.step // size, self.training.epochs):
            held = self.progress
            meter = Meter(self.clock, sums=self.sums, images=held.images, seconds=held.seconds)
            for batch in self.source.epoch(number, first=held.step - number * size):
                self._step(batch, meter)
                taken, total = self.progress.step, self.training.epochs * size
                if report is not None:
                    report(StepReport(number + 1, taken, total, meter.loss, meter.images_per_s))
                every = self.training.checkpoint_every
                if every is not None and taken % every == 0 and taken % size:
                    self._look(meter)
                    self._save(meter)
            self._close_epoch(number + 1, meter)

    def _lr(self, step: int) -> float:
        return self.training.lr_at(step, steps_per_epoch=len(self.source))

    def _step(self, batch: Sequence[tuple[Tensor, Objects]], meter: Meter) -> None:
        step, device = self.progress.step, self.fabric.device
        seed_draws(device, seed_of(self.progress.seed, STEP, step, self.fabric.global_rank))
        images = [image.to(device) for image, _ in batch]
        losses: dict[str, Tensor] = self.wrapped(images, [targets_of(objects, device) for _, objects in batch])
        loss = torch.stack(list(losses.values())).sum()
        update(self.fabric, self.wrapped, self.wrapped_optimizer, loss, rule=self.training.rule, lr=self._lr(step))
        one = torch.ones(1, device=device)
        terms = {name.removeprefix("loss_"): Term(value.reshape(1), one) for name, value in losses.items()}
        meter.add(loss, terms, images=len(batch) * self.fabric.world_size)
        self.progress = replace(self.progress, step=step + 1)
        if step % len(self.source) % self.training.look_every == 0:
            self._look(meter)

    def _look(self, meter: Meter) -> None:
        losses, step = meter.look(), self.progress.step
        if self.log:
            self.log.losses(losses, last_step=step)
        for at, loss in enumerate(losses, start=step - len(losses) + 1):
            if not math.isfinite(loss):
                raise TrainingDiverged(
                    f"step {at} of the fine-tuning, at learning rate {self._lr(at - 1):.3g}",
                    seen=f"the loss is {loss}",
                    allowed="a finite loss",
                    remedy="Lower the learning rate or lengthen the warm-up; the last checkpoint is kept",
                )

    def _over_ranks(self, meter: Meter) -> dict[str, Tensor]:
        own = {name: pair.clone() for name, pair in meter.sums.items()}  # the reduction works in place
        return {name: torch.as_tensor(self.fabric.all_reduce(pair, reduce_op="sum")) for name, pair in own.items()}

    def _save(self, meter: Meter) -> None:
        sums = self._over_ranks(meter)
        if self.log:
            self.log.flush()
            held = replace(self.progress, images=meter.images, seconds=meter.seconds)
            self.checkpoints.save(held, pack(self.net, self.optimizer, sums))
        self.fabric.barrier()

    def _close_epoch(self, epoch: int, meter: Meter) -> None:
        self._look(meter)
        step = self.progress.step
        row = {"epoch": epoch, "step": step, "lr": self._lr(step - 1), **means(self._over_ranks(meter))}
        row |= {"images_per_s": meter.images_per_s, "seconds": meter.seconds}
        self.sums = {}
        self.progress = replace(self.progress, rows=(*self.progress.rows, row), images=0, seconds=0.0)
        if self.log:
            self.log.rows(self.progress.rows)
            self.log.epoch(row, step=step)
        self._save(Meter(self.clock))


def fit_detector(
    net: DetectorNet,
    source: DetectionSource,
    training: DetectionTraining,
    *,
    run: Path,
    seed: int,
    fabric: Fabric,
    resume: bool = False,
    fingerprint: str = "",
    report: Callable[[StepReport], None] | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[dict[str, float], ...]:
    """Fine-tune a detector; the sum of its losses is minimised.

    The folder gets `checkpoint/`, `metrics.csv` (a row an epoch) and `tensorboard/`. Which regions a step is trained on
    is drawn anew from (seed, step, rank), so that a training that was killed and resumed takes the same steps.

    Args:
        net: as `build_detector` made it; changed in place, moved to the fabric's device.
        source: of the batches; of this process's share of them where there are several.
        training: how long and how fast.
        run: folder; made if missing.
        seed: of the regions that are drawn.
        fabric: launched.
        resume: continue what is in the folder, if anything is.
        fingerprint: of all that must be the same for a resume to make sense.
        report: told after every step.
        clock: seconds, monotonic.

    Returns:
        The rows of metrics.csv.

    Raises:
        UserFault: if the folder holds a training and `resume` is false, or one of another seed or fingerprint; or if
            there is not one batch.
        TrainingDiverged: when the loss is not finite any more. The last state is kept.
    """
    if not len(source):
        raise UserFault(
            "training pictures",
            seen="none with an object on it",
            allowed="one or more",
            remedy="Convert the dataset from a source with boxes",
        )
    checkpoints = Checkpoints(run / "checkpoint")
    begun = checkpoints.begun(resume=resume, seed=seed, fingerprint=fingerprint)
    fabric.barrier()  # nobody writes before everybody has read
    start = begun or Progress(seed=seed, fingerprint=fingerprint)
    log = MetricsLog(run, step=start.step) if fabric.is_global_zero else None
    gpus = [fabric.device] if fabric.device.type == "cuda" else []
    with torch.random.fork_rng(devices=gpus), log or nullcontext():
        loop = _Loop(net, source, training, start, checkpoints=checkpoints, log=log, fabric=fabric, clock=clock)
        if begun:
            loop.restore()
        loop.run(report)
    net.eval()
    return loop.progress.rows
