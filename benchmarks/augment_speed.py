"""What one photo costs, from stored pixels to a model's input, against torchvision's transforms on the same work.

Run it with `OMP_NUM_THREADS=1 python benchmarks/augment_speed.py`. Prints microseconds of processor time a photo on one
thread (the best of several rounds, taken in turn, so that a busy machine matters little) and their ratio.
"""

import timeit
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time

import cv2
import numpy as np
import torch
from torchvision.transforms import v2

from sidelight.data.augment.augment import augment
from sidelight.data.augment.config import Augmentation
from sidelight.data.augment.sample import Sample, to_tensor

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Case:
    """Photos of one size, resized to another by random crop and flip."""

    name: str
    height: int
    width: int
    size: int
    repeats: int


CASES = (
    Case("64x64 photo to 64", 64, 64, 64, repeats=2000),
    Case("500x375 photo to 224", 375, 500, 224, repeats=300),
)


def ours(case: Case) -> Callable[[], object]:
    rng = np.random.default_rng(0)
    photo = rng.integers(0, 256, (case.height, case.width, 3), dtype=np.uint8)
    sample, config = Sample(photo, points=np.array([[0.4, 0.6]])), Augmentation(size=case.size)
    return lambda: to_tensor(augment(sample, config, rng).image, MEAN, STD)


def torchvisions(case: Case) -> Callable[[], object]:
    photo = torch.randint(0, 256, (3, case.height, case.width), dtype=torch.uint8)
    transform = v2.Compose(
        [
            v2.RandomResizedCrop(case.size, antialias=True),
            v2.RandomHorizontalFlip(),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize(list(MEAN), list(STD)),
        ]
    )
    return lambda: transform(photo)


def microseconds(case: Case, *, rounds: int = 7) -> tuple[float, float]:
    both = (ours(case), torchvisions(case))
    times = [[timeit.timeit(work, number=case.repeats, timer=process_time) for work in both] for _ in range(rounds)]
    best = np.array(times).min(axis=0) / case.repeats * 1e6
    return float(best[0]), float(best[1])


def main() -> None:
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    for case in CASES:
        own, other = microseconds(case)
        print(f"{case.name:22s} sidelight {own:7.1f} us   torchvision {other:7.1f} us   {other / own:.2f} x faster")


if __name__ == "__main__":
    main()
