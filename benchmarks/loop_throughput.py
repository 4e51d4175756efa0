"""What the training loop costs beside the training: `python benchmarks/loop_throughput.py [--small]`.

The same network on the same pictures in memory, trained by `fit` (seeding, logging, sums, looks at the losses, hooks)
and by the shortest loop one could write. One epoch of each in turn, several times; the ratio of a pair is free of
whatever slows the machine for longer than that. On a CPU the processor time of all threads is counted, so that other
work on the machine is not; on a GPU the wall clock. What follows an epoch (a checkpoint, at the end the model) is
printed beside it. The aim is 0.95.
"""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import tyro
from torch.nn.functional import cross_entropy

from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.records.batch import Batch
from sidelight.train.loop import StepReport, fit
from sidelight.train.objective.cross_entropy import CrossEntropy
from sidelight.train.optimise import Optimiser
from sidelight.train.schedule import Schedule
from sidelight.train.training import Training

CLASSES = 9


@dataclass(frozen=True)
class LoopThroughput:
    """Time the training loop against a bare one."""

    width: float = 0.5
    """Of a ResNet-18 without its first pooling."""
    size: int = 64
    """Side of the pictures."""
    batch_size: int = 64
    """Pictures a step."""
    steps: int = 20
    """Steps an epoch."""
    pairs: int = 5
    """Pairs of epochs that count, after one that does not."""
    threads: int = 1
    """Of torch."""
    small: bool = False
    """A quick look: a network an eighth as wide, 32 pixels."""


class InMemory:
    """The same few batches, over and over."""

    def __init__(self, settings: LoopThroughput, device: torch.device) -> None:
        self.steps, generator = settings.steps, torch.Generator().manual_seed(0)
        size, pictures = settings.size, settings.batch_size
        self.batches = [
            Batch(
                ids=tuple(str(number) for number in range(pictures)),
                images=torch.randn(pictures, 3, size, size, generator=generator),
                targets=torch.eye(CLASSES)[torch.randint(CLASSES, (pictures,), generator=generator)],
                points=torch.rand(pictures, 1, 2, generator=generator),
                has_point=torch.zeros(pictures, 1),
            ).to(device, channels_last=True)
            for _ in range(4)
        ]

    def __len__(self) -> int:
        return self.steps

    def epoch(self, number: int, *, first: int = 0) -> Iterator[Batch]:
        """See `EpochSource`."""
        del number
        for place in range(first, self.steps):
            yield self.batches[place % len(self.batches)]


def backbone_of(settings: LoopThroughput) -> Backbone:
    return Backbone(Network("resnet18", width=settings.width, first_pool=False), CLASSES, generator_seed=0)


class Stopwatch:
    """Of the loop: from before the first batch to after the last step, and from there to the end of `fit`."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.taken: list[float] = []

    def now(self) -> float:
        """Seconds."""
        if self.device.type == "cpu":
            return time.process_time()
        torch.cuda.synchronize(self.device)
        return time.perf_counter()

    def tell(self, step: StepReport) -> None:
        """The hook that a progress bar would use."""
        if step.step == step.total_steps:
            self.taken.append(self.now())


def by_fit(source: InMemory, settings: LoopThroughput, device: torch.device) -> tuple[float, float]:
    """Seconds of an epoch's steps, and of what follows it: a checkpoint, and the model."""
    training = Training(
        epochs=1,
        batch_size=settings.batch_size,
        optimiser=Optimiser("sgd", lr=0.01),
        schedule=Schedule("cosine"),
        precision="bf16-mixed",
    )
    watch = Stopwatch(device)

    class Timed(InMemory):
        def __init__(self) -> None:
            self.steps, self.batches = source.steps, source.batches

        def epoch(self, number: int, *, first: int = 0) -> Iterator[Batch]:
            watch.taken.append(watch.now())
            return super().epoch(number, first=first)

    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        fit(backbone_of(settings), CrossEntropy(), Timed(), training, run=run, seed=0, report=watch.tell)
        ended = watch.now()
    begun, stepped = watch.taken
    return stepped - begun, ended - stepped


def by_hand(source: InMemory, settings: LoopThroughput, device: torch.device) -> float:
    """Seconds of an epoch of the bare loop."""
    watch = Stopwatch(device)
    backbone = backbone_of(settings).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.SGD(backbone.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
    backbone.train()
    begun = watch.now()
    for batch in source.epoch(0):
        with torch.autocast(device.type, torch.bfloat16):
            loss = cross_entropy(backbone(batch.images).logits, batch.targets)
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        optimizer.step()
    return watch.now() - begun


def main(settings: LoopThroughput) -> None:
    if settings.small:
        settings = replace(settings, width=0.125, size=32)
    torch.set_num_threads(settings.threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    source = InMemory(settings, device)
    pairs = []
    for _ in range(settings.pairs + 1):
        bare = by_hand(source, settings, device)
        pairs.append((bare, *by_fit(source, settings, device)))
    bare_s, loop_s, after_s = np.array(pairs[1:]).T
    pictures = settings.steps * settings.batch_size
    shape = f"width {settings.width}, {settings.size} pixels, batches of {settings.batch_size}, bf16"
    print(f"torch {torch.__version__}, {device}, {settings.threads} threads; ResNet-18, {shape}")
    print(f"bare loop   {np.median(pictures / bare_s):8.1f} images/s")
    print(f"fit         {np.median(pictures / loop_s):8.1f} images/s")
    ratios = bare_s / loop_s
    print(f"ratio       {np.median(ratios):8.3f}   pairs: {np.array2string(np.sort(ratios), precision=3)}")
    print(f"end of an epoch and of the training: {1000 * np.median(after_s):.0f} ms")


if __name__ == "__main__":
    main(tyro.cli(LoopThroughput))
