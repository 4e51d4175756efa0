"""What maps cost: `python benchmarks/explain_speed.py [--small]`.

Two questions. *How fast are activation maps written, against prediction alone?* Both read the same JPEG files, prepare
them and run the same network; one keeps the scores, the other also makes the maps and writes them to
teacher_maps.parquet. One pass of each in turn, the order of every pair drawn at random; the ratio of a pair is free of
whatever slows the machine for seconds at a time, the median over the pairs is what counts, and the interval is the
middle 95 % of medians of resampled pairs. The aim is a speed of 0.95 of prediction's. *How much memory does RISE take?*
A process of its own for each number of masks N tells its peak (of the device, on cuda). The aim is 2 GB for any N.
"""

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import torch
import tyro
from PIL import Image

from sidelight.data.augment.config import Augmentation
from sidelight.data.format.reader import Dataset
from sidelight.data.format.teacher_maps import TEACHER_MAPS_FILE, TeacherMapWriter
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.images import read_image
from sidelight.explain.cam import Cam
from sidelight.explain.method import predicted
from sidelight.explain.rise import Rise
from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.pipeline.explain import Asked, look_for
from sidelight.pipeline.subject import Subject
from sidelight.records.example import Example
from sidelight.records.result import Provenance

RESAMPLES = 2000


@dataclass(frozen=True)
class ExplainSpeed:
    """Time the export of activation maps against prediction, and see how much memory RISE takes."""

    networks: tuple[str, ...] = ("resnet50", "densenet121")
    """Of timm."""
    size: int = 224
    """Side of the network's input; files have a seventh more."""
    pictures: int = 256
    """In one pass."""
    pairs: int = 15
    """Pairs of passes that count, after 1 that does not."""
    masks: tuple[int, ...] = (128, 1024)
    """N of RISE, whose memory is told; empty leaves RISE out."""
    threads: int = 2
    """Of torch."""
    device: str = "cpu"
    """Or cuda."""
    clock: Literal["wall", "processor"] = "wall"
    """Seconds as they pass, or of work on the CPU only (for a machine that is busy with other things)."""
    small: bool = False
    """A quick look: 64 pixels, 32 pictures, 3 pairs, one network."""


def drawn(folder: Path, settings: ExplainSpeed) -> Dataset:
    """A dataset of JPEG files of smooth noise."""
    side = settings.size * 8 // 7
    rng = np.random.default_rng(0)
    with DatasetWriter(
        folder / "noise", name="noise", task="single_label", classes=("a", "b"), image_root="images", source="benchmark"
    ) as writer:
        for number in range(settings.pictures):
            coarse = Image.fromarray(rng.integers(0, 255, (16, 16, 3)).astype(np.uint8))
            coarse.resize((side, side), Image.Resampling.BICUBIC).save(folder / "drawn.jpg", quality=90)
            example = Example(str(number), f"{number}.jpg", "train", side, side, (number % 2,), ())
            writer.add(example, image=folder / "drawn.jpg")
    return Dataset.open(folder / "noise")


def subject_of(name: str, settings: ExplainSpeed) -> Subject:
    """A model of random weights."""
    backbone = Backbone(Network(name, image_size=settings.size), 2, generator_seed=0).eval().to(settings.device)
    backbone.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return Subject(backbone, {}, Augmentation(size=settings.size), None, None, Provenance(recipe=name))


def predict(subject: Subject, dataset: Dataset, asked: Sequence[Asked]) -> None:
    """Score every picture."""
    subject.scores(subject.view(read_image(dataset.image_path(example))).image for example, _ in asked)


def export(subject: Subject, dataset: Dataset, asked: Sequence[Asked], file: Path) -> None:
    """Write the map of every picture."""
    with TeacherMapWriter(file) as writer:
        for told in look_for(subject, dataset, asked, method=Cam(), size=16):
            writer.add(told.map)


def paired(subject: Subject, dataset: Dataset, file: Path, settings: ExplainSpeed) -> list[tuple[float, float]]:
    """Seconds of (prediction, export), pair by pair."""
    asked: list[Asked] = [(example, example.labels[0]) for example in dataset.examples()]
    works = (lambda: predict(subject, dataset, asked), lambda: export(subject, dataset, asked, file))
    now = time.perf_counter if settings.clock == "wall" else time.process_time
    order, seconds = np.random.default_rng(0), []
    for _ in range(settings.pairs + 1):
        taken = [0.0, 0.0]
        for which in order.permutation(2):
            begun = now()
            works[which]()
            taken[which] = now() - begun
        seconds.append((taken[0], taken[1]))
    return seconds[1:]


def interval(ratios: Sequence[float]) -> tuple[float, float]:
    """The middle 95 % of medians of resampled pairs."""
    resampled = np.random.default_rng(0).choice(ratios, (RESAMPLES, len(ratios)))
    low, high = np.quantile(np.median(resampled, axis=1), (0.025, 0.975))
    return float(low), float(high)


def peak_of_rise(name: str, masks: int, settings: ExplainSpeed) -> float:
    """GB at most, in a process of its own, for one picture explained by so many masks."""
    torch.set_num_threads(settings.threads)
    backbone = subject_of(name, settings).backbone
    images = torch.rand(1, 3, settings.size, settings.size, device=settings.device)
    Rise(masks=masks)(backbone, images, predicted)
    if settings.device == "cuda":
        return torch.cuda.max_memory_allocated() / 1e9
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def main(settings: ExplainSpeed) -> None:
    if settings.small:
        settings = replace(settings, networks=("resnet18",), size=64, pictures=32, pairs=3, masks=(16, 64))
    torch.set_num_threads(settings.threads)
    print(f"torch {torch.__version__}, {settings.device}, {settings.threads} threads, {settings.pictures} pictures")
    print("network      predict /s  with maps /s  ratio   95 %               bytes a map")
    with tempfile.TemporaryDirectory() as folder:
        dataset, file = drawn(Path(folder), settings), Path(folder) / TEACHER_MAPS_FILE
        for name in settings.networks:
            seconds = paired(subject_of(name, settings), dataset, file, settings)
            ratios = [before / after for before, after in seconds]
            low, high = interval(ratios)
            speeds = [settings.pictures / float(np.median(column)) for column in zip(*seconds, strict=True)]
            spread = f"{np.median(ratios):.4f}  {low:.4f} to {high:.4f}"
            stored = file.stat().st_size / settings.pictures
            print(f"{name:12} {speeds[0]:10.1f}  {speeds[1]:12.1f}  {spread}   {stored:.0f}")
    for name in settings.networks:
        for masks in settings.masks:
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                peak = pool.apply(peak_of_rise, (name, masks, settings))
            print(f"RISE, {name}, N = {masks}: at most {peak:.2f} GB")


if __name__ == "__main__":
    main(tyro.cli(ExplainSpeed))
