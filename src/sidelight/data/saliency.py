"""Which map a run is told about each picture: where people (or a teacher) looked, or a control in its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from sidelight.data.guidance import example_seed
from sidelight.data.source.split import draw
from sidelight.records.errors import UserFault
from sidelight.records.example import Example
from sidelight.signal.heat_map import gaussian_map, round_sigma

SaliencyKind = Literal["none", "maps", "masks", "boxes", "clicks", "traces"]
SaliencyControl = Literal["none", "shuffled", "mean", "uniform_points", "centre"]
FloatArray = npt.NDArray[np.float64]
HalfArray = npt.NDArray[np.float16]

SHUFFLE, UNIFORM = 4, 5
"""What a random draw is for: a word of its seed, so that no two uses share a stream."""


@dataclass(frozen=True)
class Saliency:
    """Where the maps come from. Every control is present exactly where the annotation is, so that it costs and weighs
    the same.

    Raises:
        UserFault: for a value out of range, or a control of nothing.

    >>> Saliency("maps", share=0.0)
    Traceback (most recent call last):
    ...
    sidelight.records.errors.UserFault: saliency.share: 0.0; allowed: a share in (0, 1]. Choose saliency.kind 'none' \
to have no maps.
    """

    kind: SaliencyKind = "none"
    """Which annotation becomes the map. none; maps: people's heat maps, or a teacher's; masks: 1 on the object; boxes:
    1 in the boxes; clicks: a Gaussian at the point; traces: a Gaussian wherever the pointer was, by time."""
    control: SaliencyControl = "none"
    """What stands in its place. none: the annotation itself; shuffled: the map of another picture; mean: the mean of
    all maps, the same for every picture; uniform_points: a Gaussian at a uniformly random point, drawn once a picture;
    centre: a Gaussian in the middle."""
    share: float = 1.0
    """Of the annotated pictures, how many are told of. Chosen by the pictures' ids, the same for every seed; a smaller
    share is a part of a larger one."""
    blur: float = 0.1
    """Standard deviation of the Gaussian that is drawn for a point, in the shorter side of the picture."""
    size: int = 32
    """Cells a side at which maps are held, drawn by area; augmentation cuts from these."""

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise _refused("share", self.share, "a share in (0, 1]", "Choose saliency.kind 'none' to have no maps")
        if not 0 < self.blur < float("inf"):
            raise _refused("blur", self.blur, "a number > 0", "0.1 is a tenth of the picture's shorter side")
        if self.size < 1:
            raise _refused("size", self.size, ">= 1 cell", "32 is enough for features of 7x7 to 16x16")
        if self.kind == "none" and self.control != "none":
            raise _refused("control", f"'{self.control}' of kind 'none'", "'none'", "Say which annotation it replaces")


def _refused(knob: str, seen: object, allowed: str, remedy: str) -> UserFault:
    return UserFault(f"saliency.{knob}", seen=str(seen), allowed=allowed, remedy=remedy)


@dataclass(frozen=True)
class Drawing:
    """One annotation as a map.

    Attributes:
        row: of its picture.
        k: which of the picture's K maps it is.
        map: [size, size] in [0, 1], somewhere above 0.
        weight: [size, size] in [0, 1], 0 = unknown; None where all is known.
        worth: how much the map counts, in (0, 1].
    """

    row: int
    k: int
    map: npt.NDArray[np.floating]
    weight: npt.NDArray[np.floating] | None = None
    worth: float = 1.0


@dataclass(frozen=True)
class SaliencyTable:
    """Maps of N pictures, K each, of which most may be missing: M maps are held, and which is whose.

    Attributes:
        maps: [M, size, size] float16 in [0, 1]; 2 KB a map at 32 x 32.
        weight: [M, size, size] float16 in [0, 1], 0 = unknown; a view of one number where everything is known.
        place: [N, K] int32, which of `maps` is the picture's; -1 = none.
        worth: [N, K] float32 in [0, 1]; 0 where there is none.
    """

    maps: HalfArray
    weight: HalfArray
    place: npt.NDArray[np.int32]
    worth: npt.NDArray[np.float32]

    @classmethod
    def of(cls, drawings: Iterator[Drawing], pictures: int, *, k: int, size: int) -> "SaliencyTable":
        """Gather maps; of two for the same place the later counts."""
        place = np.full((pictures, k), -1, np.int32)
        worth = np.zeros((pictures, k), np.float32)
        maps: list[HalfArray] = []
        weights: dict[int, npt.NDArray[np.floating]] = {}
        for drawing in drawings:
            place[drawing.row, drawing.k] = len(maps)
            worth[drawing.row, drawing.k] = drawing.worth
            if drawing.weight is not None:
                weights[len(maps)] = drawing.weight
            maps.append(drawing.map.astype(np.float16))
        shape = (len(maps), size, size)
        weight = np.broadcast_to(np.float16(1), shape)
        if weights:
            weight = weight.copy()
            for number, values in weights.items():
                weight[number] = values
        return cls(np.array(maps, np.float16).reshape(shape), weight, place, worth)

    def __len__(self) -> int:
        return len(self.place)

    @property
    def has(self) -> npt.NDArray[np.bool_]:
        """[N, K]: which maps there are."""
        return self.place >= 0

    def classes(self, row: int) -> npt.NDArray[np.intp]:
        """[m]: which of a picture's K maps there are, in order."""
        return np.flatnonzero(self.place[row] >= 0)

    def of_picture(self, row: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """A picture's maps and their weights, each [m, size, size] float32, in the order of `classes`."""
        places = self.place[row, self.classes(row)]
        return self.maps[places].astype(np.float32), self.weight[places].astype(np.float32)


def choose_maps(table: SaliencyTable, examples: Sequence[Example], choice: Saliency, *, seed: int) -> SaliencyTable:
    """Keep the share that is told of, and put the control in its place.

    Args:
        table: the annotations of `examples`, in their order.
        examples: the pictures.
        choice: share and control.
        seed: of the run; shuffled and uniform controls depend on it, the share does not.

    Returns:
        As many maps, present where the kept annotations are, each worth as much.

    Raises:
        UserFault: if no picture has a map.
    """
    if not table.has.any():
        raise UserFault(
            f"saliency '{choice.kind}'",
            seen=f"none of the {len(examples)} pictures has such an annotation",
            allowed=f"data with {choice.kind} on the pictures of the split",
            remedy="Convert them with the data (--from saliency_maps, say), or choose another kind",
        )
    kept = _kept(table, examples, choice.share)
    if choice.control == "none":
        return kept
    if choice.control == "shuffled":
        return _shuffled(kept, seed)
    if choice.control == "mean":
        return _mean(kept)
    return _points(kept, examples, choice, seed)


def _kept(table: SaliencyTable, examples: Sequence[Example], share: float) -> SaliencyTable:
    """The annotations of the pictures that come first in an order drawn from their ids alone."""
    annotated = np.flatnonzero(table.has.any(axis=1)).tolist()
    order = sorted(annotated, key=lambda row: (draw(0, examples[row].id), examples[row].id))
    dropped = order[max(1, round(share * len(order))) :]
    place, worth = table.place.copy(), table.worth.copy()
    place[dropped], worth[dropped] = -1, 0.0
    return replace(table, place=place, worth=worth)


def _shuffled(table: SaliencyTable, seed: int) -> SaliencyTable:
    rng = np.random.default_rng([seed, SHUFFLE])
    place = table.place.copy()
    for k in range(place.shape[1]):
        present = np.flatnonzero(place[:, k] >= 0)
        place[present, k] = place[rng.permutation(present), k]
    return replace(table, place=place)


def _mean(table: SaliencyTable) -> SaliencyTable:
    """One map a k: the mean of those there are, each cell over the maps that know it."""
    place = np.full_like(table.place, -1)
    maps: list[FloatArray] = []
    weights: list[FloatArray] = []
    for k in range(place.shape[1]):
        present = table.place[:, k] >= 0
        if not present.any():
            continue
        mass, known = _sums(table, table.place[present, k])
        place[present, k] = len(maps)
        maps.append(np.divide(mass, known, out=np.zeros_like(mass), where=known > 0))
        weights.append(known / present.sum())
    return replace(table, maps=np.array(maps, np.float16), weight=np.array(weights, np.float16), place=place)


def _sums(table: SaliencyTable, places: npt.NDArray[np.int32]) -> tuple[FloatArray, FloatArray]:
    """Sum of weight times map, and of weights, over these maps: [size, size] each."""
    mass, known = (np.zeros(table.maps.shape[1:]) for _ in range(2))
    for place in places:
        mass += table.maps[place].astype(np.float64) * table.weight[place]
        known += table.weight[place]
    return mass, known


def _points(table: SaliencyTable, examples: Sequence[Example], choice: Saliency, seed: int) -> SaliencyTable:
    """A Gaussian at one point for all, or at a point of each picture's own."""

    def drawings() -> Iterator[Drawing]:
        for row, k in np.argwhere(table.has):
            if choice.control == "centre":
                xy = np.array([[0.5, 0.5]])
            else:
                xy = np.random.default_rng([seed, example_seed(examples[row].id), UNIFORM, k]).random((1, 2))
            worth = float(table.worth[row, k])
            sigma = round_sigma(choice.blur, examples[row].width, examples[row].height)
            yield Drawing(row, k, gaussian_map(xy, (choice.size, choice.size), sigma=sigma), worth=worth)

    return SaliencyTable.of(drawings(), len(table), k=table.place.shape[1], size=choice.size)
