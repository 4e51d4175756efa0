"""Several labels a photo, end to end by the command line: `python benchmarks/coco_mini.py COCO --work DIR`.

COCO is a folder with `annotations/instances*.json` and `images/` (a few hundred photos will do). The photos are
converted, simulated people put icons on the objects, LUAB trains a small network from scratch for a few minutes on one
core, and it is measured on held-out photos: mAP beside its baselines, mPxAP, V^min and V^avg under each way of
removing objects. mAP and mPxAP are computed again by scikit-learn from the same scores and maps, and must agree.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import msgspec
import numpy as np
import numpy.typing as npt
import tyro
from sklearn.metrics import average_precision_score

from sidelight.data.format.reader import Dataset
from sidelight.data.source.progress import silent
from sidelight.pipeline.measurement import Measurement, Options
from sidelight.pipeline.subject import load_subject
from sidelight.records.result import Result

TRAINING = (
    "--network.name resnet10t --network.width 0.5 --network.no-first-pool --network.image-size 64 "
    "--augmentation.size 64 --augmentation.eval-resize 72 --augmentation.crop-scale 0.35 1.0 --training.batch-size 32 "
    "--training.precision 32-true --training.optimiser.name adamw --training.optimiser.lr 0.003 "
    "--training.optimiser.weight-decay 0.05 --training.schedule.name cosine --training.schedule.warmup-epochs 3 "
    "--workers 0"
)


@dataclass(frozen=True)
class CocoMini:
    """Train and measure on a small part of COCO, by the command line."""

    coco: tyro.conf.Positional[Path]
    """Folder with annotations/ and images/."""
    work: Path
    """Folder for the datasets, the run and the results."""
    epochs: int = 30
    """Of the training."""
    seed: int = 0
    """Of the training."""


def main(asked: CocoMini) -> None:
    photos, tagged, run = (asked.work / name for name in ("photos", "tagged", "run"))
    sidelight("data", "convert", str(asked.coco), "--from", "coco", "--out", str(photos), "--overwrite")
    sidelight("data", "simulate", str(photos), "--out", str(tagged), "--found-share", "1.0", "--overwrite")
    train = ["train", "luab_coco_resnet", "--data", str(tagged), "--out", str(run), "--seed", str(asked.seed)]
    sidelight(*train, "--training.epochs", str(asked.epochs), *TRAINING.split())
    found: list[Result] = []
    for backend in ("telea", "ns", "mean"):
        on = ["object_removal"] if found else ["average_precision", "pixel_ap", "object_removal"]
        file = asked.work / f"{backend}.json"
        measure = ["evaluate", str(run), "--data", str(tagged), "--out", str(file), "--object-removal.backend", backend]
        sidelight(*measure, "--on", *on)
        here = msgspec.json.decode(file.read_bytes(), type=list[Result])
        found += [msgspec.structs.replace(r, subset=backend) if r.benchmark == "object_removal" else r for r in here]
    for r in found:
        print(f"{r.benchmark}/{r.metric} ({r.subset}, {r.n} photos): {r.value:.4f}")
    agree(found, tagged, run)


def sidelight(*words: str) -> None:
    """Run a command as a person would."""
    print("$ sidelight", *words, flush=True)
    subprocess.run([sys.executable, "-m", "sidelight", *words], check=True)


def agree(found: list[Result], data: Path, run: Path) -> None:
    """Compute mAP and mPxAP again, by scikit-learn."""
    dataset = Dataset.open(data)
    examples = [example for example in dataset.examples() if example.split == "test"]
    m = Measurement(load_subject(str(run)), dataset, examples, Options(), silent)
    there: npt.NDArray[np.bool_] = np.any(m.targets, axis=0)
    mean = average_precision_score(m.targets[:, there], m.seen.scores[:, there].astype(np.float64), average="macro")
    values = {f"{r.benchmark}/{r.metric}": r.value for r in found if r.subset == "all"}
    each = [average for label in range(len(there)) if (average := pixel_ap(m, label)) is not None]
    for name, other in (("average_precision/map", mean), ("pixel_ap/mpxap", np.mean(each))):
        print(f"{name}: ours {values[name]:.10f}, scikit-learn {other:.10f}")
        assert abs(values[name] - other) < 1e-7


def pixel_ap(m: Measurement, label: int) -> float | None:
    """Average precision over the pixels of the photos with that label; None without a pixel on an object."""
    assert m.seen.maps is not None
    borders, side = [*np.arange(0, 1, 0.001), 1.0], m.subject.augmentation.size
    on, scores = [np.zeros(0, bool)], [np.zeros(0, np.int64)]
    for place in np.flatnonzero(m.seen.label == label):
        row = int(m.seen.row[place])
        mask = m.viewed_mask(row, side)
        if mask is not None:
            large = cv2.resize(m.seen.maps[place], (side, side), interpolation=cv2.INTER_CUBIC)
            counted = ~m.crowd(row, label, mask)
            on.append((mask == label + 1)[counted])
            scores.append(np.digitize((large - large.min()) / (large.max() - large.min()), borders)[counted])
    mask = np.concatenate(on)
    return float(average_precision_score(mask, np.concatenate(scores))) if mask.any() else None


if __name__ == "__main__":
    main(tyro.cli(CocoMini))
