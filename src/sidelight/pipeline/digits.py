"""Small pictures that sidelight draws itself: real handwritten digits on textures that go with the class.

In the training pictures a digit lies on its class's own texture seven times out of ten; in the test pictures the
texture is drawn uniformly. A model that reads the texture is right seven times out of ten while it trains, and one
time in ten after. The digits are scikit-learn's (1,797 scans of 8 x 8, from the UCI repository); their ink gives
exact masks and boxes.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from sklearn.datasets import load_digits

from sidelight.data.format.writer import DatasetWriter
from sidelight.records.example import Box, Example, Split

SIDE, DIGIT = 40, 24
"""Pixels: of a picture, and of the digit on it."""
CLASSES = tuple("0123456789")
INK = 0.35
"""Share of full ink above which a pixel belongs to the digit."""

Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Digits:
    """How many pictures, and how strongly the texture tells the class."""

    pictures: int = 1797
    """At most 1,797; the first half trains, then 1/6 validates, 1/3 tests."""
    rate: float = 0.7
    """How often a training digit lies on its own class's texture."""
    seed: int = 0
    """Of places, textures and noise."""


def draw_digits(digits: Digits, out: Path, *, overwrite: bool = False) -> Path:
    """Draw the pictures and write them as a dataset with exact masks and boxes.

    Args:
        digits: what to draw.
        out: folder of the dataset; the pictures lie in its `images`.
        overwrite: replace what is there.

    Returns:
        `out`.
    """
    with (
        tempfile.TemporaryDirectory() as drawing,
        DatasetWriter(
            out,
            name="digits",
            task="single_label",
            classes=CLASSES,
            image_root="images",
            source="digits",
            provenance={"pictures": str(digits.pictures), "rate": str(digits.rate), "seed": str(digits.seed)},
            licence="digits: UCI, CC-BY-4.0; textures: drawn by sidelight",
            overwrite=overwrite,
        ) as writer,
    ):
        drawn = Path(drawing) / "picture.png"
        for example, picture, mask in _pictures(digits):
            cv2.imwrite(str(drawn), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
            writer.add(example, mask=mask, image=drawn)
    return out


def _pictures(digits: Digits) -> Iterator[tuple[Example, Picture, Picture]]:
    loaded = load_digits()
    order = np.random.default_rng([digits.seed, 1]).permutation(len(loaded.images))[: digits.pictures]
    for place, row in enumerate(order.tolist()):
        rng = np.random.default_rng([digits.seed, 2, row])
        label = int(loaded.target[row])
        split = _split(place, len(order))
        own = rng.random() < (digits.rate if split != "test" else 1 / len(CLASSES))
        texture = label if own else int(rng.choice([c for c in range(len(CLASSES)) if c != label]))
        picture, ink, corner = _compose(loaded.images[row], texture, rng)
        mask = np.zeros((SIDE, SIDE), dtype=np.uint8)
        mask[corner[1] : corner[1] + DIGIT, corner[0] : corner[0] + DIGIT][ink > INK] = label + 1
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        box = Box(columns[0] / SIDE, rows[0] / SIDE, (columns[-1] + 1) / SIDE, (rows[-1] + 1) / SIDE, label=label)
        name = f"{row:04d}"
        example = Example(
            id=name,
            path=f"{name}.png",
            split=split,
            width=SIDE,
            height=SIDE,
            labels=(label,),
            boxes=(box,),
            group=f"texture {texture}",
        )
        yield example, picture, mask


def _split(place: int, total: int) -> Split:
    if place < total // 2:
        return "train"
    return "validation" if place < total * 2 // 3 else "test"


def _compose(
    scan: npt.NDArray[np.float64], texture: int, rng: np.random.Generator
) -> tuple[Picture, npt.NDArray[np.float32], tuple[int, int]]:
    """A digit somewhere on a texture: the picture, the digit's ink [DIGIT, DIGIT] in [0, 1], and its corner (x, y)."""
    ink = cv2.resize((scan / 16).astype(np.float32), (DIGIT, DIGIT), interpolation=cv2.INTER_CUBIC).clip(0, 1)
    x, y = (int(value) for value in rng.integers(1, SIDE - DIGIT, size=2))
    picture = draw_texture(texture, rng)
    patch = picture[y : y + DIGIT, x : x + DIGIT]
    patch[:] = patch * (1 - ink[..., None]) + ink[..., None]
    picture += rng.normal(0, 0.02, picture.shape)
    return (picture.clip(0, 1) * 255).round().astype(np.uint8), ink, (x, y)


def draw_texture(kind: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """One of ten textures: five orientations of stripes, in a coarse and a fine width, in colours drawn at random.

    Args:
        kind: 0 to 9; the class it belongs to.
        rng: for phase and colours, which tell nothing of the class.

    Returns:
        [SIDE, SIDE, 3] in [0.1, 0.6].
    """
    angle, waves = np.pi * (kind % 5) / 5, (4.0, 8.0)[kind // 5]
    grid = np.arange(SIDE) / SIDE
    along = np.cos(angle) * grid[None, :] + np.sin(angle) * grid[:, None]
    wave = 0.5 + 0.5 * np.sin(2 * np.pi * (waves * along + rng.random()))
    low, high = rng.uniform(0.1, 0.6, size=(2, 3))
    return low + wave[..., None] * (high - low)
