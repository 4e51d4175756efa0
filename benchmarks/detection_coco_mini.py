"""Both detectors on COCO photos, a few steps each: every number against pycocotools on the files that were written.

    python benchmarks/detection_coco_mini.py COCO-FOLDER OUT [--model RUN] [--steps N]

First the arithmetic alone: every photo's objects, moved a little, with random scores, are taken for detections. Then a
few steps of training of each detector from a backbone, and its own detections.

COCO-FOLDER holds `annotations/instances.json` and `images/`. What comes out says that the way works from a backbone to
a checked average precision. It says nothing about detection: for that there are 26 epochs of 118,287 photos.
"""

import contextlib
import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, get_args

import numpy as np
import tyro
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from sidelight.data.format.reader import Dataset
from sidelight.data.instances import read_instances
from sidelight.data.selection import Selection
from sidelight.data.source.coco import Coco
from sidelight.data.source.progress import silent
from sidelight.evaluate.detection import IOU_TYPE, NUMBERS, detection_ap
from sidelight.model.detector import Kind, Looking
from sidelight.pipeline.detect import DETECTIONS, SHAPES, FineTuning, Place, detect
from sidelight.pipeline.detect_files import DetectionsFile
from sidelight.records.example import Example
from sidelight.records.objects import Detections, Objects
from sidelight.train.detection import DetectionTraining


@dataclass(frozen=True)
class Check:
    """Small detectors, whose numbers are computed twice."""

    coco: Annotated[Path, tyro.conf.Positional]
    """Folder of the photos and their instances JSON."""
    out: Annotated[Path, tyro.conf.Positional]
    """Folder for the dataset and the detectors."""
    model: str = "none"
    """The backbone: a run, a file of weights, timm:NAME or none."""
    network: str = "resnet50"
    """Architecture of none and of a bare file."""
    steps: int = 4
    """About so many steps of training, of two photos each, drawn by their ids; 0 leaves the detectors out."""
    min_size: int = 160
    """Shorter side of a photo as the detector sees it."""


def official(file: Path, detections: Path, measured: list[Example], *, iou_type: str) -> list[float]:
    """The first six numbers of pycocotools, of these photos."""
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(str(file))
        found: Any = json.loads(detections.read_text())
        if iou_type == "segm":  # with boxes beside them, pycocotools would take the boxes' areas for the masks'
            found = [{name: value for name, value in each.items() if name != "bbox"} for each in found]
        evaluation = COCOeval(truth, truth.loadRes(found), iou_type)
        evaluation.params.imgIds = [int(example.id) for example in measured]
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return [float(value) for value in evaluation.stats[:6]]


def moved(there: Objects, rng: np.random.Generator) -> Detections:
    """The objects as if they had been found, a few pixels away, one in ten under another class."""
    assert there.masks is not None
    n = len(there.labels)
    away = rng.integers(-6, 7, size=(n, 2))
    masks = [np.roll(mask, (y, x), axis=(0, 1)) for mask, (x, y) in zip(there.masks, away, strict=True)]
    return Detections(
        there.id,
        there.boxes + np.tile(away, 2),
        np.where(rng.random(n) < 0.1, 0, there.labels),
        rng.random(n).astype(np.float32),
        masks=np.array(masks, np.bool_).reshape(there.masks.shape),
    )


def compare(values: dict[str, float], file: Path, detections: Path, measured: list[Example], shape: str) -> None:
    """Print each number beside pycocotools'."""
    reference = official(file, detections, measured, iou_type=IOU_TYPE[shape])
    for name, there in zip(NUMBERS, reference, strict=True):
        here = values.get(f"{shape}_{name}", -1.0)
        print(f"  {shape}_{name:9} {here:.6f}  pycocotools {there:.6f}  apart {abs(here - there):.1e}")


def check_arithmetic(dataset: Dataset, file: Path, measured: list[Example], out: Path) -> None:
    """Objects that were moved a little, scored twice."""
    known = read_instances([file], dataset.manifest.classes, measured, masks=True)
    rng, written = np.random.default_rng(0), DetectionsFile(known.category_ids)

    def pairs() -> Iterator[tuple[Detections, Objects]]:
        for example in measured:
            there = known.objects(example)
            found = moved(there, rng)
            written.add(found)
            yield found, there

    values = detection_ap(pairs(), ("box", "mask"))
    written.write(out)
    print(f"objects of {len(measured)} photos, moved:")
    for shape in ("box", "mask"):
        compare(values, file, out, measured, shape)


def main(asked: Check) -> None:
    """Convert, fine-tune, measure, compare."""
    file, data = asked.coco / "annotations" / "instances.json", asked.out / "dataset"
    if not data.is_dir():
        Coco().convert(file, data, progress=silent)
    dataset = Dataset.open(data)
    examples = dataset.examples()
    tested = [example for example in examples if example.split == "test"]
    check_arithmetic(dataset, file, tested, asked.out / "moved.json")
    share = asked.steps * 2 / sum(example.split == "train" for example in examples)
    selection = Selection(training_share=min(1.0, max(share, 1e-6)))
    measured = [example for example in examples if example.split == "validation"]
    for kind in get_args(Kind) if asked.steps else ():
        began = time.perf_counter()
        tuning = FineTuning(
            kind=kind,
            looking=Looking(asked.min_size, 2 * asked.min_size, training_proposals=200, proposals=100, min_score=0.0),
            training=DetectionTraining(epochs=1, batch_size=2, look_every=1),
            selection=selection,
        )
        out = asked.out / kind
        results = detect(asked.model, Place(data, out, (file,), "validation"), tuning, network=asked.network)
        print(f"{kind}: {time.perf_counter() - began:.0f} s, {(out / 'metrics.csv').read_text().splitlines()[1]}")
        values = {result.metric.removeprefix("mask_rcnn_"): result.value for result in results}
        for shape in SHAPES[kind]:
            compare(values, file, out / DETECTIONS, measured, shape)


if __name__ == "__main__":
    main(tyro.cli(Check))
