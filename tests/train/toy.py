"""A training of a few seconds; as a script, one that can be killed."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.records.batch import Batch
from sidelight.train.devices import launch
from sidelight.train.loop import StepReport, fit
from sidelight.train.objective.luab import Luab
from sidelight.train.optimise import Optimiser
from sidelight.train.schedule import Schedule
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


def toy_backbone(*, drop_path: float = 0.2, seed: int = 0) -> Backbone:
    shape = Network("resnet18", width=0.0625, stem_stride=1, first_pool=False, drop_path=drop_path, image_size=SIDE)
    return Backbone(shape, CLASSES, generator_seed=seed)


class ToySource:
    """Pictures whose class is the colour of a square, and whose point is the square: a pure function of its place."""

    def __init__(self, *, seed: int = 0, batches: int = 5, size: int = 8, annotated: float = 0.7) -> None:
        self.seed, self.batches, self.size, self.annotated = seed, batches, size, annotated

    def __len__(self) -> int:
        return self.batches

    def epoch(self, number: int, *, first: int = 0) -> Iterator[Batch]:
        for place in range(first, self.batches):
            yield self.batch(np.random.default_rng([self.seed, number, place]), f"{number}-{place}")

    def batch(self, rng: np.random.Generator, name: str) -> Batch:
        images = rng.normal(0, 0.3, (self.size, 3, SIDE, SIDE)).astype(np.float32)
        labels, corners = rng.integers(CLASSES, size=self.size), rng.integers(SIDE - 4, size=(self.size, 2))
        for image, label, (x, y) in zip(images, labels, corners, strict=True):
            image[label, y : y + 4, x : x + 4] += 1
        return Batch(
            ids=tuple(f"{name}-{i}" for i in range(self.size)),
            images=torch.from_numpy(images),
            targets=torch.eye(CLASSES)[torch.from_numpy(labels)],
            points=torch.from_numpy((corners[:, None] + 2).astype(np.float32) / SIDE),
            has_point=torch.from_numpy((rng.random((self.size, 1)) < self.annotated).astype(np.float32)),
        )


class Share(ToySource):
    """What one of several processes sees of a source."""

    def __init__(self, rank: int, world: int, **toy: float) -> None:
        super().__init__(**toy)
        self.rank, self.world = rank, world

    def batch(self, rng: np.random.Generator, name: str) -> Batch:
        mine = slice(self.rank, None, self.world)
        return Batch(**{key: value[mine] for key, value in vars(super().batch(rng, name)).items() if value is not None})


def noisy_assess(backbone: Backbone, heads: object, epoch: int) -> dict[str, float]:
    """Numbers that depend on the weights, from a measurement that draws random numbers."""
    images = torch.rand(4, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(epoch))
    torch.rand(epoch)
    return {"val_accuracy": float(backbone(images).logits.mean())}


def count_steps(file: Path, step: StepReport) -> None:
    """Tell the process that watches how far the training is."""
    file.write_text(str(step.step))


def train(run: Path, *, keep: str = "last", devices: int = 1) -> None:
    torch.set_num_threads(1)
    training = replace(TRAINING, keep=keep, devices=devices)
    fabric = launch(training)
    source = Share(fabric.global_rank, fabric.world_size) if devices > 1 else ToySource()
    fit(
        toy_backbone(drop_path=0.2 if devices == 1 else 0.0),
        Luab(ratio=0.3),
        source,
        training,
        run=run,
        seed=1,
        resume=True,
        fingerprint="toy",
        assess=noisy_assess,
        report=lambda step: count_steps(run / "step", step) if devices == 1 else None,
        fabric=fabric,
    )


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    train(Path(sys.argv[1]), keep=sys.argv[2], devices=int(sys.argv[3]))
