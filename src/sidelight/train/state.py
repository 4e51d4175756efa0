"""The whole state of a training, on disk, in one piece or not at all.

Layout of `checkpoint/` in a run's folder:

    step-00000420/state.safetensors   learner.* (weights, batch norm's statistics), optimiser.INDEX.*, sums.*
    step-00000420/state.json          the numbers of `Progress`
    best-0003.safetensors             weights after epoch 3, the best so far (only when the best are kept)

A state is written to a folder of another name, synchronised, and renamed: a name `step-*` is always complete. Older
ones go only then, so that at any instant there is a whole one. There are no random states to keep: every step seeds its
own.
"""

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from sidelight.records.errors import UserFault

STEP_NAME = re.compile(r"step-(\d+)")
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Progress:
    """How far a training is: the numbers of its state.

    Attributes:
        seed: of the run.
        fingerprint: of the recipe and data; a state is only continued under the same.
        step: steps taken.
        lambda_: weight of the guidance term; 0 for a plain objective.
        rows: of metrics.csv, an epoch each.
        ratios: gradient ratios seen in the epoch that is under way.
        images: pictures seen in the epoch that is under way, by all ranks.
        seconds: spent on its training steps.
        best_epoch: the epoch (from 1) with the best validation accuracy so far; 0 before the first.
        best_value: that accuracy; None before the first.
    """

    seed: int
    fingerprint: str
    step: int = 0
    lambda_: float = 0.0
    rows: tuple[dict[str, float], ...] = ()
    ratios: tuple[float, ...] = ()
    images: int = 0
    seconds: float = 0.0
    best_epoch: int = 0
    best_value: float | None = None


def pack(learner: nn.Module, optimizer: torch.optim.Optimizer, sums: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Every tensor of a training's state, copied to the CPU under one flat set of names."""
    named = {f"learner.{name}": value for name, value in learner.state_dict().items()}
    named |= {f"sums.{name}": value for name, value in sums.items()}
    for index, parameter in enumerate(_parameters(optimizer)):
        held = optimizer.state.get(parameter, {})
        named |= {f"optimiser.{index}.{key}": value for key, value in held.items() if value is not None}
    return {name: _copied(value) for name, value in named.items()}


def unpack(tensors: Mapping[str, Tensor], learner: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Put a packed state back; the inverse of `pack`.

    Moments take the memory layout of their parameters, so that a resumed training is as fast as it was.

    Returns:
        The epoch's sums, on the learner's device.
    """
    learner.load_state_dict(_under("learner.", tensors))
    parameters = _parameters(optimizer)
    for name, value in _under("optimiser.", tensors).items():
        index, _, key = name.partition(".")
        parameter = parameters[int(index)]
        own = torch.empty_like(parameter, requires_grad=False).copy_(value) if key != "step" else value.clone()
        optimizer.state[parameter][key] = own
    device = next(learner.parameters()).device
    return {name: value.to(device) for name, value in _under("sums.", tensors).items()}


class Checkpoints:
    """The folder of a training's states.

    Args:
        folder: `checkpoint/` of the run; made when the first state is saved.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, progress: Progress, tensors: Mapping[str, Tensor]) -> None:
        """Make this the state to continue from."""
        final = self._folder / f"step-{progress.step:08d}"
        partial = self._folder / "partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        save_file(dict(tensors), partial / "state.safetensors")
        text = json.dumps({"schema_version": SCHEMA_VERSION, **asdict(progress)}, indent=1)
        (partial / "state.json").write_text(text, encoding="utf-8")
        for file in partial.iterdir():
            _synchronise(file)
        partial.replace(final)
        _synchronise(self._folder)
        self._forget_all_but(final, self._best(progress.best_epoch))

    def save_best(self, epoch: int, learner: nn.Module) -> None:
        """Keep the weights after an epoch; the state saved next says that they are the best."""
        self._folder.mkdir(parents=True, exist_ok=True)
        partial = self._folder / "best.partial"
        save_file({name: _copied(value) for name, value in learner.state_dict().items()}, partial)
        _synchronise(partial)
        partial.replace(self._best(epoch))

    def progress(self) -> Progress | None:
        """The numbers of the newest state, or None where there is no state yet.

        Raises:
            UserFault: if it was written by another version.
        """
        newest = self._newest()
        if newest is None:
            return None
        numbers = json.loads((newest / "state.json").read_text(encoding="utf-8"))
        version = numbers.pop("schema_version", None)
        if version != SCHEMA_VERSION:
            raise UserFault(
                f"checkpoint {newest}",
                seen=f"schema version {version}",
                allowed=str(SCHEMA_VERSION),
                remedy="Continue it with the version of sidelight that wrote it",
            )
        numbers |= {"rows": tuple(numbers["rows"]), "ratios": tuple(numbers["ratios"])}
        return Progress(**numbers)

    def begun(self, *, resume: bool, seed: int, fingerprint: str) -> Progress | None:
        """How far the training in this run's folder is; None where none has begun.

        Raises:
            UserFault: if there is one and it is not to be resumed, or has another seed or fingerprint.
        """
        found, thing = self.progress(), f"run {self._folder.parent}"
        if found is None:
            return None
        if not resume:
            raise UserFault(
                thing,
                seen="a run is already there",
                allowed="a new folder",
                remedy="Resume it, or choose another folder",
            )
        if (found.seed, found.fingerprint) != (seed, fingerprint):
            raise UserFault(
                thing,
                seen=f"it has seed {found.seed} and fingerprint '{found.fingerprint}'",
                allowed=f"seed {seed} and fingerprint '{fingerprint}', as this training has",
                remedy="Resume it with its own recipe, data and seed, or choose another folder",
            )
        return found

    def tensors(self) -> dict[str, Tensor]:
        """The tensors of the newest state, as `pack` named them; empty where there is no state yet."""
        newest = self._newest()
        return load_file(newest / "state.safetensors") if newest else {}

    def load_best(self, epoch: int) -> dict[str, Tensor]:
        """The learner's state after the best epoch."""
        return load_file(self._best(epoch))

    def _best(self, epoch: int) -> Path:
        return self._folder / f"best-{epoch:04d}.safetensors"

    def _newest(self) -> Path | None:
        found = {
            int(match[1]): path for path in self._folder.glob("step-*") if (match := STEP_NAME.fullmatch(path.name))
        }
        return found[max(found)] if found else None

    def _forget_all_but(self, *kept: Path) -> None:
        for path in self._folder.iterdir():
            if path not in kept:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _parameters(optimizer: torch.optim.Optimizer) -> list[Tensor]:
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _copied(value: Tensor) -> Tensor:
    return value.detach().to("cpu", copy=True).contiguous()


def _synchronise(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
