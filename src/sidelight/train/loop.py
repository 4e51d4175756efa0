"""The training loop: model, objective and batches to a checkpoint, with exact resume."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from sidelight.model.backbone import Backbone
from sidelight.model.checkpoint import WEIGHTS, save_model
from sidelight.records.batch import Batch
from sidelight.records.errors import UserFault
from sidelight.train.calibrate import find_lambda
from sidelight.train.devices import launch
from sidelight.train.gradient_ratio import gradient_ratio
from sidelight.train.meter import Meter, Sums, means
from sidelight.train.metrics_log import MetricsLog
from sidelight.train.state import Checkpoints, Progress, pack, unpack
from sidelight.train.step import PREPARE, STEP, Learner, Seen, forward, loss_of, seed_draws, seed_of, update
from sidelight.train.term import GuidedObjective, Objective
from sidelight.train.training import Training

DONE = "model.json"
"""The last file that a training writes."""


class EpochSource(Protocol):
    """Where batches come from: a pure function of (the run's seed, epoch, place), so that any of them can be had again.

    With more than one process every process has a source of its own, which yields the samples rank::world of each batch
    (`rank` and `world` are of the Fabric that `devices.launch` gives).
    """

    def __len__(self) -> int:
        """Batches an epoch."""
        ...

    def epoch(self, number: int, *, first: int = 0) -> Iterator[Batch]:
        """The batches of an epoch (from 0), from the `first` on; as many as `len` says, less `first`."""
        ...


Assess = Callable[[Backbone, Mapping[str, nn.Module], int], Mapping[str, float]]
"""Numbers about the model after an epoch (from 1), in evaluation mode; `val_accuracy` decides what `best_val` keeps."""


@dataclass(frozen=True)
class StepReport:
    """Where a training is, for a progress bar.

    Attributes:
        epoch: under way, from 1.
        step: steps taken.
        total_steps: of the whole training.
        loss: of the step last looked at (see `Training.ratio_every`).
        images_per_s: over the epoch so far, by all devices, as last looked at.
    """

    epoch: int
    step: int
    total_steps: int
    loss: float
    images_per_s: float


class TrainingDiverged(UserFault):
    """The loss stopped being a number: a fault of the optimisation, from which nothing follows about the method."""


@dataclass(frozen=True)
class Fitted:
    """What a training left behind.

    Attributes:
        model: `model.safetensors`, with `model.json` beside it.
        epochs: trained.
        steps: taken.
        best_epoch: the epoch (from 1) whose weights the model has: the last one, or the best.
        lambda_: weight of the guidance term; 0 for a plain objective.
        seconds: of its training steps, over all sittings.
    """

    model: Path
    epochs: int
    steps: int
    best_epoch: int
    lambda_: float
    seconds: float


class Loop:
    """A training under way: what its steps and epochs share. `fit` is the way in.

    Args:
        learner: backbone, heads and objective.
        objective: what is minimised.
        source: of the batches; of this process's share of them where there are several.
        training: the recipe's part.
        progress: how far the training is.
        checkpoints: where states are kept.
        log: where numbers go; None in all processes but the first.
        fabric: launched.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        learner: Learner,
        objective: Objective,
        source: EpochSource,
        training: Training,
        progress: Progress,
        *,
        checkpoints: Checkpoints,
        log: MetricsLog | None,
        fabric: Fabric,
        clock: Callable[[], float],
    ) -> None:
        self.learner, self.objective, self.source, self.training = learner, objective, source, training
        self.progress, self.checkpoints, self.log, self.fabric, self.clock = progress, checkpoints, log, fabric, clock
        if training.channels_last:
            nn.Module.to(learner, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizer = training.optimiser.build(learner)
        self.wrapped, self.wrapped_optimizer = fabric.setup(learner, self.optimizer)
        self.sums: Sums = {}

    @property
    def total_steps(self) -> int:
        """Of the whole training."""
        return self.training.epochs * len(self.source)

    def restore(self) -> None:
        """Take up the state that `progress` belongs to."""
        sums = unpack(self.checkpoints.tensors(), self.learner, self.optimizer)
        self.sums = sums if self.fabric.is_global_zero else {}  # they were summed over ranks when they were saved

    def prepare(self) -> None:
        """Before the first step: see that the guidance is alive, and find its lambda; 0 where it is only logged."""
        if isinstance(self.objective, GuidedObjective) and not self.objective.log_only:
            self._seed_draws(PREPARE)
            self.learner.train()
            lambda_ = find_lambda(
                self.learner,
                self.objective,
                lambda: self._batches(0),
                calibration_batches=self.training.calibration_batches,
                fabric=self.fabric,
            )
            self.progress = replace(self.progress, lambda_=lambda_)

    def run(self, assess: Assess | None, report: Callable[[StepReport], None] | None) -> None:
        """Train to the end."""
        if self.log:
            self.log.rows(self.progress.rows)  # without what an interrupted training wrote after its last state
        for number in range(self.progress.step // len(self.source), self.training.epochs):
            self.learner.train()
            held = self.progress
            meter = Meter(self.clock, sums=self.sums, ratios=held.ratios, images=held.images, seconds=held.seconds)
            for batch in self._batches(number, first=held.step - number * len(self.source)):
                self._step(batch, meter)
                if report is not None:
                    taken = self.progress.step
                    report(StepReport(number + 1, taken, self.total_steps, meter.loss, meter.images_per_s))
                if self._between_epochs_due():
                    self._look(meter)
                    self._save(meter)
            if self.progress.step != (number + 1) * len(self.source):
                raise ValueError(f"epoch {number} ended at step {self.progress.step}, with {len(self.source)} an epoch")
            self._close_epoch(number + 1, meter, assess)

    def _seed_draws(self, *use: int) -> None:
        seed_draws(self.fabric.device, seed_of(self.progress.seed, *use, self.fabric.global_rank))

    def _batches(self, number: int, *, first: int = 0) -> Iterator[Batch]:
        for batch in self.source.epoch(number, first=first):
            yield batch.to(self.fabric.device, channels_last=self.training.channels_last)

    def _lr(self, step: int) -> float:
        peak, epochs = self.training.optimiser.lr, self.training.epochs
        return self.training.schedule.lr(step, peak=peak, steps_per_epoch=len(self.source), epochs=epochs)

    def _step(self, batch: Batch, meter: Meter) -> None:
        step = self.progress.step
        due = step % len(self.source) % self.training.ratio_every == 0
        self._seed_draws(STEP, step)
        seen = forward(self.wrapped, batch)
        loss = loss_of(seen, self.objective, self.progress.lambda_)
        if due:
            self._look_at_ratio(seen, meter)
        rule, lr = self.training.optimiser, self._lr(step)
        update(self.fabric, self.wrapped, self.wrapped_optimizer, loss, rule=rule, lr=lr)
        meter.add(loss, seen.terms, images=len(batch) * self.fabric.world_size)
        self.progress = replace(self.progress, step=step + 1)
        if due:
            self._look(meter)

    def _look_at_ratio(self, seen: Seen, meter: Meter) -> None:
        held, objective = self.progress.lambda_, self.objective
        if not isinstance(objective, GuidedObjective) or held * objective.class_weight == 0:
            return
        at = objective.shared(seen.outputs)
        found = gradient_ratio(seen.outputs, seen.terms, guidance=str(objective.guidance), at=at)
        ratio = held * float(found) / objective.class_weight
        if ratio > 0:  # neither 0 (no picture of this batch is annotated) nor NaN (the class term pulls nowhere)
            meter.add_ratio(ratio)
            if self.log:
                self.log.gradient_ratio(ratio, step=self.progress.step + 1)

    def _look(self, meter: Meter) -> None:
        losses, step = meter.look(), self.progress.step
        if self.log:
            self.log.losses(losses, last_step=step)
        for at, loss in enumerate(losses, start=step - len(losses) + 1):
            if not math.isfinite(loss):
                raise self._diverged(at, loss)

    def _diverged(self, step: int, loss: float) -> TrainingDiverged:
        kept, lambda_ = self.checkpoints.progress(), self.progress.lambda_
        advice = "Lower the learning rate or lambda, lengthen the warm-up, or limit the gradient norm (optimiser.clip)"
        return TrainingDiverged(
            f"step {step} of {self.total_steps}, at learning rate {self._lr(step - 1):.3g} and lambda {lambda_:.3g}",
            seen=f"the loss is {loss}",
            allowed="a finite loss",
            remedy=f"{advice}. " + (f"The state of step {kept.step} is kept" if kept else "There is no earlier state"),
        )

    def _between_epochs_due(self) -> bool:
        every, step = self.training.checkpoint_every, self.progress.step
        ends_epoch = step % len(self.source) == 0  # saved with its row, a little later
        return every is not None and step % every == 0 and not ends_epoch

    def _save(self, meter: Meter) -> None:
        sums = self._over_ranks(meter.sums)
        held = replace(self.progress, ratios=meter.ratios, images=meter.images, seconds=meter.seconds)
        if self.log:
            self.log.flush()
            self.checkpoints.save(held, pack(self.learner, self.optimizer, sums))
        self.fabric.barrier()

    def _over_ranks(self, sums: Sums) -> dict[str, Tensor]:
        own = {name: pair.clone() for name, pair in sums.items()}  # the reduction works in place
        return {name: torch.as_tensor(self.fabric.all_reduce(pair, reduce_op="sum")) for name, pair in own.items()}

    def _close_epoch(self, epoch: int, meter: Meter, assess: Assess | None) -> None:
        self._look(meter)
        row, numbers = self._row(epoch, meter), self._assessed(epoch, assess)
        if clash := sorted(row.keys() & numbers.keys()):
            raise ValueError(f"assess gives {clash}, which are columns of the loop's own")
        rows = (*self.progress.rows, row | numbers)
        self.progress = replace(self.progress, rows=rows, ratios=(), images=0, seconds=0.0)
        self.sums = {}
        if self.training.keep == "best_val":
            self._keep_if_best(epoch, numbers["val_accuracy"])
        if self.log:
            self.log.rows(rows)
            self.log.epoch(rows[-1], step=self.progress.step)
        self._save(Meter(self.clock))

    def _row(self, epoch: int, meter: Meter) -> dict[str, float]:
        step = self.progress.step
        row = {"epoch": epoch, "step": step, "lr": self._lr(step - 1), **means(self._over_ranks(meter.sums))}
        if self.objective.guidance is not None:
            row |= {"lambda": self.progress.lambda_, "gradient_ratio": meter.gradient_ratio}
        return row | {"images_per_s": meter.images_per_s, "seconds": meter.seconds}

    def _assessed(self, epoch: int, assess: Assess | None) -> dict[str, float]:
        """What `assess` says, asked in the first process only."""
        numbers: dict[str, float] = {}
        if assess is not None and self.fabric.is_global_zero:
            self.learner.eval()
            with torch.no_grad():
                measured = assess(self.learner.backbone, self.learner.named_heads(), epoch)
            numbers = {name: float(value) for name, value in measured.items()}
        return self.fabric.broadcast(numbers)

    def _keep_if_best(self, epoch: int, value: float) -> None:
        if not math.isfinite(value):
            raise ValueError(f"val_accuracy of epoch {epoch} is {value}")
        if self.progress.best_value is None or value > self.progress.best_value:
            self.progress = replace(self.progress, best_epoch=epoch, best_value=value)
            if self.fabric.is_global_zero:
                self.checkpoints.save_best(epoch, self.learner)


def fit(
    backbone: Backbone,
    objective: Objective,
    source: EpochSource,
    training: Training,
    *,
    run: Path,
    seed: int,
    resume: bool = False,
    fingerprint: str = "",
    assess: Assess | None = None,
    report: Callable[[StepReport], None] | None = None,
    fabric: Fabric | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Fitted:
    """Train a backbone, and leave a folder from which the training can be continued exactly and the model used.

    The folder holds `checkpoint/` (see `state`), `metrics.csv` (a row an epoch), `tensorboard/`, and at the end
    `model.safetensors` with `model.json`. Every step seeds torch's generator from (seed, step, rank), and batches are a
    pure function of their place, so that a training that was killed at any instant and resumed takes the same steps: on
    a CPU, with the same number of threads, weights and `metrics.csv` (its times apart) are then equal bit for bit.

    Args:
        backbone: changed in place; holds the model's weights at the end (unless the run was already finished).
        objective: what is minimised; see `GuidedObjective` for how lambda is set.
        source: of the batches.
        training: how long and how fast.
        run: folder of the run; made if missing.
        seed: of the heads' initial weights and of every random draw in the model (drop-path, dropout).
        resume: continue the run in the folder, if there is one; a finished one is left as it is.
        fingerprint: of all that must be the same for a resume to make sense (recipe and data).
        assess: measured after every epoch; see `Assess`.
        report: told after every step.
        fabric: as `devices.launch` gives it; None launches one. With several devices it must be given.
        clock: seconds, monotonic.

    Returns:
        What was left behind.

    Raises:
        UserFault: if the folder holds a run and `resume` is false, or a run of another seed or fingerprint; if the best
            epoch is to be kept and nothing says which that is; if there are no batches, or no annotations for guidance.
        GuidanceDead: if the guidance moves nothing.
        TrainingDiverged: when the loss is not finite any more. The last state is kept.
    """
    _refuse_impossible(source, training, assess)
    if fabric is None and training.devices > 1:
        raise ValueError(f"{training.devices} devices: launch them first, as the source must know its rank")
    fabric = fabric or launch(training)
    checkpoints = Checkpoints(run / "checkpoint")
    begun = checkpoints.begun(resume=resume, seed=seed, fingerprint=fingerprint)
    fabric.barrier()  # nobody writes before everybody has read
    if begun is not None and (run / DONE).exists():
        return _fitted(run, begun, training)
    start = begun or Progress(seed=seed, fingerprint=fingerprint)
    log = MetricsLog(run, step=start.step) if fabric.is_global_zero else None
    gpus = [fabric.device] if fabric.device.type == "cuda" else []
    with torch.random.fork_rng(devices=gpus), log or nullcontext():
        learner = Learner(backbone, objective, seed=seed)
        loop = Loop(
            learner, objective, source, training, start, checkpoints=checkpoints, log=log, fabric=fabric, clock=clock
        )
        loop.restore() if begun else loop.prepare()
        loop.run(assess, report)
    return _finish(loop, run)


def _refuse_impossible(source: EpochSource, training: Training, assess: Assess | None) -> None:
    if training.keep == "best_val" and assess is None:
        raise UserFault(
            "training's keep", seen="best_val without a validation", allowed="last", remedy="Give a validation split"
        )
    if not len(source):
        raise UserFault(
            "training pictures", seen="not one batch", allowed="one or more", remedy="Add pictures or lower batch_size"
        )


def _finish(loop: Loop, run: Path) -> Fitted:
    """Write the model; after it, a resume has nothing to do."""
    progress, fabric = loop.progress, loop.fabric
    fitted = _fitted(run, progress, loop.training)
    if loop.training.keep == "best_val":
        loop.learner.load_state_dict(loop.checkpoints.load_best(progress.best_epoch))
    if loop.log:
        heads, name = loop.learner.named_heads(), type(loop.objective).__name__
        save_model(fitted.model, loop.learner.backbone, heads, objective=name)
    fabric.barrier()
    return fitted


def _fitted(run: Path, progress: Progress, training: Training) -> Fitted:
    return Fitted(
        model=run / WEIGHTS,
        epochs=len(progress.rows),
        steps=progress.step,
        best_epoch=progress.best_epoch if training.keep == "best_val" else len(progress.rows),
        lambda_=progress.lambda_,
        seconds=sum(row["seconds"] for row in progress.rows),
    )
