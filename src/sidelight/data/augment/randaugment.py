"""RandAugment with its geometric operations tracked: what turns the photo turns the points too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sidelight.data.augment import photometric
from sidelight.data.augment.config import RandAugment
from sidelight.data.augment.geometry import Matrix, affine, rotate_matrix
from sidelight.data.augment.photometric import Image

_LARGEST = 10.0  # magnitudes count in tenths of the largest severity


@dataclass(frozen=True)
class Operation:
    """One drawn operation: its name in `GEOMETRIC` or `PHOTOMETRIC`, and how strongly.

    Attributes:
        name: of the operation.
        severity: in [0, 1] of the largest.
        sign: +1 or -1: which way, where there are two.
    """

    name: str
    severity: float
    sign: int


def _enhance(change: Callable[[Image, float], Image]) -> Callable[[Image, Operation], Image]:
    # Away from 1 (no change) by up to 0.9 either way, never below 0.1.
    return lambda image, op: change(image, max(0.1, 1 + op.sign * 0.9 * op.severity))


GEOMETRIC: dict[str, Callable[[Operation], Matrix]] = {
    "rotate": lambda op: rotate_matrix(op.sign * 30 * op.severity),
    "shear_x": lambda op: affine((1.0, op.sign * 0.3 * op.severity, 0.0), (0.0, 1.0, 0.0)),
    "shear_y": lambda op: affine((1.0, 0.0, 0.0), (op.sign * 0.3 * op.severity, 1.0, 0.0)),
    "translate_x": lambda op: affine((1.0, 0.0, op.sign * 0.45 * op.severity), (0.0, 1.0, 0.0)),
    "translate_y": lambda op: affine((1.0, 0.0, 0.0), (0.0, 1.0, op.sign * 0.45 * op.severity)),
}
"""What moves pixels, as a matrix of the square photo that comes out. Shears keep the top (left) edge where it is."""

PHOTOMETRIC: dict[str, Callable[[Image, Operation], Image]] = {
    "autocontrast": lambda image, _: photometric.autocontrast(image),
    "equalize": lambda image, _: photometric.equalize(image),
    "invert": lambda image, _: photometric.invert(image),
    "posterize": lambda image, op: photometric.posterize(image, max(1, 4 - int(4 * op.severity))),
    "solarize": lambda image, op: photometric.solarize(image, 256 - int(256 * op.severity)),
    "solarize_add": lambda image, op: photometric.solarize_add(image, int(110 * op.severity)),
    "color": _enhance(photometric.saturation),
    "contrast": _enhance(photometric.contrast),
    "brightness": _enhance(photometric.brightness),
    "sharpness": _enhance(photometric.sharpness),
}
"""What changes pixels in place."""

OPERATIONS = (*GEOMETRIC, *PHOTOMETRIC)


def draw_operations(config: RandAugment, rng: np.random.Generator) -> tuple[Operation, ...]:
    """Draw what is to be done to one photo: `layers` operations with replacement, each kept with `probability`.

    Severity is normal around `magnitude`, clipped to [0, 10], in tenths; directions are even chances.

    >>> draw_operations(RandAugment(std=0.0, probability=1.0, layers=1), np.random.default_rng(0))
    (Operation(name='contrast', severity=0.9, sign=1),)
    """
    drawn = []
    for _ in range(config.layers):
        name = OPERATIONS[rng.integers(len(OPERATIONS))]
        magnitude = float(np.clip(rng.normal(config.magnitude, config.std), 0, _LARGEST))
        operation = Operation(name, magnitude / _LARGEST, 1 if rng.random() < 0.5 else -1)
        if rng.random() < config.probability:
            drawn.append(operation)
    return tuple(drawn)


def turn_of(operations: Sequence[Operation]) -> Matrix | None:
    """The matrix of all geometric operations, one after the other; None if there are none."""
    matrix = None
    for operation in operations:
        if operation.name in GEOMETRIC:
            step = GEOMETRIC[operation.name](operation)
            matrix = step if matrix is None else step @ matrix
    return matrix


def paint(image: Image, operations: Sequence[Operation]) -> Image:
    """Apply all photometric operations, one after the other."""
    for operation in operations:
        if operation.name in PHOTOMETRIC:
            image = PHOTOMETRIC[operation.name](image, operation)
    return image
