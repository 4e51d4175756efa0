"""What MaxBoxAcc costs, against a plain loop: `python benchmarks/localisation_speed.py [--maps 100]`.

Random score maps (smooth noise of 7 x 7 cells, as of a ResNet's last features, with others on request) are enlarged to
224 x 224 and turned into boxes at thresholds .001 apart. The plain loop thresholds each map and follows its contours
with OpenCV at every threshold; the evaluator walks over each map once. Both give MaxBoxAcc, MaxBoxAccV2 and Top-1
localisation, and the values must be equal to the last digit. The maps are taken in chunks, each by both in turn, so
that whatever else slows the machine slows both; the ratio is that of the total times of the one thread that each uses.
The aim is 10.
"""

import time
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import tyro

from sidelight.evaluate.contour_boxes import BoxLaw, level_boxes
from sidelight.evaluate.localisation import CLASSIC_THRESHOLD, box_accuracies

Array = npt.NDArray[np.float64]
Hits = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class LocalisationSpeed:
    """Time the localisation evaluator against a plain loop over images and thresholds."""

    maps: int = 1000
    """How many."""
    cells: int = 7
    """Side of a map before it is enlarged."""
    blur: float = 1.0
    """Of the noise, in cells."""
    step: float = 0.001
    """Between thresholds."""
    chunk: int = 10
    """Maps that one takes before it is the other's turn."""


def main(asked: LocalisationSpeed) -> None:
    cv2.setNumThreads(1)
    _free_once(24_000_000)
    law, rng = BoxLaw(step=asked.step), np.random.default_rng(0)
    noise = rng.normal(size=(asked.maps, asked.cells, asked.cells))
    maps = np.stack([cv2.GaussianBlur(each, (0, 0), asked.blur) for each in noise])
    boxes = [np.sort(rng.random((int(rng.integers(1, 4)), 2, 2)), axis=1).reshape(-1, 4) for _ in range(asked.maps)]
    named = rng.random(asked.maps) < 0.7
    seconds = {"plain": 0.0, "ours": 0.0}
    counted: list[tuple[Hits, Hits, bool]] = []
    for start in range(0, asked.maps, asked.chunk):
        part = slice(start, start + asked.chunk)
        began = time.thread_time()
        counted += [plain(found, truth, law) for found, truth in zip(maps[part], boxes[part], strict=True)]
        between = time.thread_time()
        box_accuracies((level_boxes(found, law) for found in maps[part]), boxes[part], law)
        seconds["plain"] += between - began
        seconds["ours"] += time.thread_time() - between
    found = box_accuracies((level_boxes(each, law) for each in maps), boxes, law, named=named)
    expected = plain_accuracies(counted, named, law)
    print(f"{asked.maps} maps of {asked.cells} x {asked.cells}, {len(law.thresholds)} thresholds")
    for name, value in found.items():
        same = "equal" if value == expected[name] else f"NOT EQUAL to {expected[name]!r}"
        print(f"  {name:<24} {value!r}  {same}")
    ms = {name: total / asked.maps * 1e3 for name, total in seconds.items()}
    print(f"plain {ms['plain']:.1f} ms a map, ours {ms['ours']:.1f} ms: {ms['plain'] / ms['ours']:.1f} times")


def _free_once(size: int) -> None:
    """After this malloc keeps what is freed, as in any process that has held a model: else every array is a new one."""
    np.ones(size, np.uint8)


def plain(found: Array, truth: Array, law: BoxLaw) -> tuple[Hits, Hits, bool]:
    """Of one map: [T] whether the largest contour's box is right, [3, T] whether any contour's is, and at one fifth."""
    side = law.grid
    large = cv2.resize(found.astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
    low, high = large.min(), large.max()
    grey = ((large - low) / (high - low) * 255).astype(np.uint8)
    highest = int(grey.max())
    corners = [[min(int(x * side), side - 1) for x in box] for box in truth.tolist()]
    one, best = [], []
    for tau in law.thresholds.tolist():
        iou = plain_overlaps(grey, int(tau * highest), corners)
        one.append(iou[0] >= 0.5)
        best.append([max(iou) >= delta for delta in (0.3, 0.5, 0.7)])
    classic = plain_overlaps(grey, int(CLASSIC_THRESHOLD * highest), corners)[0] >= 0.5
    return np.array(one), np.array(best).T, classic


def plain_overlaps(grey: npt.NDArray[np.uint8], level: int, truth: list[list[int]]) -> list[float]:
    """Best overlap with a person's box, of the largest contour's box and of every contour's."""
    side = grey.shape[0]
    _, binary = cv2.threshold(grey, level, 255, cv2.THRESH_BINARY)
    contours = cv2.findContours(binary, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE)[0]
    overlaps = []
    for contour in (max(contours, key=cv2.contourArea), *contours):
        x, y, width, height = cv2.boundingRect(contour)
        x1, y1 = min(x + width, side - 1), min(y + height, side - 1)
        best = 0.0
        for a0, b0, a1, b1 in truth:
            across, down = min(x1, a1) - max(x, a0) + 1, min(y1, b1) - max(y, b0) + 1
            shared = across * down if across > 0 and down > 0 else 0
            areas = (x1 - x + 1) * (y1 - y + 1) + (a1 - a0 + 1) * (b1 - b0 + 1)
            best = max(best, shared / (areas - shared))
        overlaps.append(best)
    return overlaps


def plain_accuracies(counted: list[tuple[Hits, Hits, bool]], named: Hits, law: BoxLaw) -> dict[str, float]:
    """The four numbers of the hits of all maps."""
    n, steps = len(counted), len(law.thresholds)
    one, best, classic = (np.array(each) for each in zip(*counted, strict=True))
    assert one.shape == (n, steps)
    return {
        "max_box_accuracy": float(one.sum(axis=0).max() / n),
        "max_box_accuracy_v2": float(best.sum(axis=0).max(axis=1).mean() / n),
        "top1_localisation": float((one & named[:, None]).sum(axis=0).max() / n),
        "top1_localisation_fixed": int((classic & named).sum()) / n,
    }


if __name__ == "__main__":
    main(tyro.cli(LocalisationSpeed))
