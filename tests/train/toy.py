"""A training of a second, made of functions that another process can be told to run."""

import csv
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.records.batch import Batch
from sidelight.train.devices import launch
from sidelight.train.loop import StepReport, fit
from sidelight.train.objective.luab import Luab
from sidelight.train.optimise import Optimiser
from sidelight.train.schedule import Schedule
from sidelight.train.term import Objective
from sidelight.train.training import Training

CLASSES, SIDE = 3, 16
TRAINING = Training(
    epochs=3,
    batch_size=8,
    optimiser=Optimiser("sgd", lr=0.05, momentum=0.9, clip=5.0),
    schedule=Schedule("cosine", warmup_epochs=0.5),
    calibration_batches=3,
    ratio_every=2,
    checkpoint_every=2,
)


def toy_backbone(*, drop_path: float = 0.2) -> Backbone:
    shape = Network("resnet18", width=0.0625, stem_stride=1, first_pool=False, drop_path=drop_path, image_size=SIDE)
    return Backbone(shape, CLASSES, generator_seed=0)


def without_batch_norm(module: nn.Module) -> nn.Module:
    """Every sample for itself: batch norm sees its own process's share of a batch only."""
    for name, part in module.named_children():
        is_norm = isinstance(part, nn.BatchNorm2d)
        setattr(module, name, nn.GroupNorm(1, part.num_features) if is_norm else without_batch_norm(part))
    return module


class ToySource:
    """Pictures whose class is the colour of a square; point and map say where it is: a pure function of its place."""

    def __init__(
        self, *, seed: int = 0, batches: int = 5, annotated: float = 0.7, rank: int = 0, world: int = 1
    ) -> None:
        self.seed, self.batches, self.annotated, self.mine = seed, batches, annotated, slice(rank, None, world)

    def __len__(self) -> int:
        return self.batches

    def epoch(self, number: int, *, first: int = 0) -> Iterator[Batch]:
        for place in range(first, self.batches):
            yield self.batch(np.random.default_rng([self.seed, number, place]))

    def batch(self, rng: np.random.Generator, size: int = 8) -> Batch:
        images = rng.normal(0, 0.3, (size, 3, SIDE, SIDE)).astype(np.float32)
        labels, corners = rng.integers(CLASSES, size=size), rng.integers(SIDE - 4, size=(size, 2))
        for image, label, (x, y) in zip(images, labels, corners, strict=True):
            image[label, y : y + 4, x : x + 4] += 1
        known = torch.from_numpy((rng.random((size, 1)) < self.annotated).astype(np.float32))
        maps = np.zeros((size, 1, SIDE, SIDE), dtype=np.float32)
        for square, (x, y) in zip(maps, corners, strict=True):
            square[0, y : y + 4, x : x + 4] = 1
        return Batch(
            ids=tuple(map(str, range(size)))[self.mine],
            images=torch.from_numpy(images[self.mine]),
            targets=torch.eye(CLASSES)[torch.from_numpy(labels)][self.mine],
            points=torch.from_numpy((corners[:, None] + 2).astype(np.float32) / SIDE)[self.mine],
            has_point=known[self.mine],
            saliency=torch.from_numpy(maps[self.mine]),
            weight=torch.ones(size, 1, SIDE, SIDE)[self.mine],
            has_saliency=known[self.mine],
        )


def rows_of(run: Path) -> list[dict[str, str]]:
    """What metrics.csv says, but for times."""
    with (run / "metrics.csv").open() as file:
        return [
            {k: text for k, text in row.items() if k not in ("seconds", "images_per_s")} for row in csv.DictReader(file)
        ]


def noisy_assess(backbone: Backbone, heads: Mapping[str, nn.Module], epoch: int) -> dict[str, float]:
    """A number that depends on the weights, from a measurement that draws random numbers of its own."""
    torch.rand(epoch)
    images = torch.rand(4, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(epoch))
    return {"val_accuracy": float(backbone(images).logits.mean())}


def train_alone(run: Path) -> None:
    """Train or resume, and write the number of steps taken to a file, for the process that watches."""
    torch.set_num_threads(1)

    def tell(step: StepReport) -> None:
        (run / "step").write_text(str(step.step))

    training = replace(TRAINING, keep="best_val")
    fit_toy(run, toy_backbone(), Luab(ratio=0.3), ToySource(), training, report=tell, assess=noisy_assess)


def train_as_one_of_two(run: Path, objective: Objective, rank: int, port: int) -> None:
    """One of the two processes that torchrun would start."""
    torch.set_num_threads(1)
    place = {"RANK": rank, "LOCAL_RANK": rank, "GROUP_RANK": 0, "WORLD_SIZE": 2, "LOCAL_WORLD_SIZE": 2}
    os.environ.update({name: str(value) for name, value in place.items()})
    os.environ.update({"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)})
    fabric = launch(replace(TRAINING, devices=2))
    source = ToySource(rank=fabric.global_rank, world=fabric.world_size)
    train_without_batch_norm(run, objective, fabric=fabric, source=source)


def train_without_batch_norm(run: Path, objective: Objective, *, source: ToySource, **options: Any) -> None:
    backbone = without_batch_norm(toy_backbone(drop_path=0.0))
    fit_toy(run, backbone, objective, source, replace(TRAINING, devices=source.mine.step, epochs=2), **options)


def fit_toy(
    run: Path, backbone: nn.Module, objective: Objective, source: ToySource, training: Training, **options: Any
) -> None:
    fit(backbone, objective, source, training, run=run, seed=1, resume=True, fingerprint="toy", **options)
