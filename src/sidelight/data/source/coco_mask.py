"""COCO's segmentations (polygons and run lengths) painted into one picture of class indices."""

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from sidelight.records.errors import UserFault

Mask = npt.NDArray[np.bool_]


class _RunLengths(msgspec.Struct):
    size: tuple[int, int]
    counts: list[int] | str


def paint(
    objects: Sequence[tuple[int, bool, Mask]], size: tuple[int, int], *, classes: int
) -> npt.NDArray[np.uint8] | npt.NDArray[np.uint16]:
    """Paint objects over each other: crowds lowest, then larger before smaller ones, equal ones in their order.

    Args:
        objects: (class index, whether it is a crowd, [H, W] mask) each.
        size: (height, width).
        classes: number of classes; with more than 255 the picture is of uint16, else of uint8.

    Returns:
        [H, W] class index + 1; 0 where no object is.

    >>> large, small = np.array([[1, 1, 1]], bool), np.array([[0, 1, 0]], bool)
    >>> paint([(4, False, small), (0, False, large)], (1, 3), classes=5).tolist()
    [[1, 5, 1]]
    """
    canvas = np.zeros(size, np.uint8 if classes < 256 else np.uint16)
    for label, _, mask in sorted(objects, key=lambda each: (not each[1], -int(each[2].sum()))):
        canvas[mask] = label + 1
    return canvas


def read_segmentation(raw: msgspec.Raw, size: tuple[int, int]) -> Mask | None:
    """Decode a segmentation to the pixels that the object covers.

    Args:
        raw: JSON: a list of polygons (x, y, x, y ... in pixels), or run lengths, compressed or not.
        size: (height, width) of the picture.

    Returns:
        [H, W] bool; None when there is no segmentation (null, or no polygon).

    Raises:
        ValueError: if it is not of that form, or does not fit the picture.

    Source: lin2014coco; polygons are filled by its authors' own code, so that pixels agree with theirs.
    """
    try:
        decoded = msgspec.json.decode(raw, type=list[list[float]] | _RunLengths | None)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(f"segmentation: {error}") from None
    if not decoded:
        return None
    return _from_runs(decoded, size) if isinstance(decoded, _RunLengths) else _from_polygons(decoded, size)


def require_polygon_filler() -> None:
    """Refuse early when the package that fills polygons is not installed.

    Raises:
        UserFault: if pycocotools is missing.
    """
    try:
        import pycocotools.mask  # noqa: F401, PLC0415  (heavy and optional: extra [train])
    except ImportError:
        raise UserFault(
            "masks of COCO objects",
            seen="pycocotools is not installed",
            allowed="pycocotools >= 2.0.8",
            remedy="Install sidelight[train], or convert without masks (--no-masks)",
        ) from None


def _from_polygons(polygons: list[list[float]], size: tuple[int, int]) -> Mask:
    from pycocotools import mask as coco  # noqa: PLC0415  (see require_polygon_filler)

    height, width = size
    for polygon in polygons:
        if len(polygon) < 6 or len(polygon) % 2:
            raise ValueError(
                f"segmentation: a polygon of {len(polygon)} numbers; x, y of at least 3 corners are expected"
            )
        # Far corners would make the filler walk, and keep, an outline of that length.
        if not (_near(polygon[::2], width) and _near(polygon[1::2], height)):
            raise ValueError(
                f"segmentation: it reaches {max(polygon, key=abs):g}, far outside a picture of {width}x{height}"
            )
    merged = coco.merge(coco.frPyObjects(polygons, height, width))
    return _from_runs(_RunLengths(size, merged["counts"].decode()), size)


def _near(values: Sequence[float], length: int) -> bool:
    return all(-length <= value <= 2 * length for value in values)


def _from_runs(runs: _RunLengths, size: tuple[int, int]) -> Mask:
    if runs.size != size:
        raise ValueError(f"segmentation: run lengths of size {runs.size}; (height, width) {size} is expected")
    counts = _decompress(runs.counts) if isinstance(runs.counts, str) else runs.counts
    height, width = size
    if any(count < 0 for count in counts) or sum(counts) != height * width:
        raise ValueError(f"segmentation: run lengths that do not add up to {height * width} pixels")
    inside = np.repeat(np.arange(len(counts)) % 2 == 1, counts)
    return inside.reshape(width, height).T  # columns come first


def _decompress(text: str) -> list[int]:
    """Run lengths of their compressed form: base-32 digits, lowest first; from the fourth on less the one two before.

    A character's code less 48 holds 5 bits of the number, a bit (32) that says that more follow, and, in the last one,
    the sign (16).
    """
    counts: list[int] = []
    value = shift = 0
    for character in text:
        digit = ord(character) - 48
        if not 0 <= digit < 64 or shift > 30:
            raise ValueError(f"segmentation: {character!r} in compressed run lengths, where it cannot be")
        value |= (digit & 31) << shift
        shift += 5
        if digit & 32:
            continue
        if digit & 16:
            value -= 1 << shift
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
        value = shift = 0
    if shift:
        raise ValueError("segmentation: compressed run lengths that are cut off")
    return counts
