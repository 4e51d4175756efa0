"""A dataset's annotations drawn as maps: heat maps, masks, boxes, clicks and traces become the same thing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sidelight.data.format.fingerprint import MapArray
from sidelight.data.format.maps import read_map
from sidelight.data.format.points import PointTable
from sidelight.data.format.reader import Dataset
from sidelight.data.format.teacher_maps import WHOLE, TeacherMap
from sidelight.data.saliency import Drawing, Saliency, SaliencyKind, SaliencyTable
from sidelight.records.errors import Fault, FaultsFound
from sidelight.records.event import Event
from sidelight.records.example import Example
from sidelight.signal.heat_map import area_shares, box_map, by_area, dwell_map, gaussian_map, round_sigma, sample_times

FloatArray = npt.NDArray[np.float64]


def draw_annotations(
    dataset: Dataset, examples: Sequence[Example], choice: Saliency, *, clicks: PointTable
) -> SaliencyTable:
    """Draw what is known of where to look, at `choice.size` cells a side, by area.

    Masks, boxes, clicks and a teacher's maps give one map a picture in single-label data and one a class in multi-label
    data; people's heat maps and traces are about the picture as a whole. What is the same everywhere tells nothing and
    counts as missing.

    Args:
        dataset: that the examples belong to.
        examples: the pictures.
        choice: which annotation, and how it is drawn.
        clicks: Z of these pictures, in their order, for kind 'clicks'.

    Returns:
        The maps, before any control or share.

    Raises:
        FaultsFound: naming every map or mask that cannot be read.
        UserFault: if a table of the dataset cannot be read.
    """
    single = dataset.manifest.task == "single_label"
    by_class = not single and _by_class(dataset, choice.kind)
    pen = _Pen(dataset, examples, choice, clicks, by_class=by_class)
    telling = (drawing for drawing in _DRAWN[choice.kind](pen) if drawing.map.max() > drawing.map.min())
    k = len(dataset.manifest.classes) if by_class else 1
    table = SaliencyTable.of(telling, len(examples), k=k, size=choice.size)
    if pen.faults:
        remedy = f"Run `sidelight data validate {dataset.root}`"
        raise FaultsFound(f"dataset {str(dataset.root)!r}", pen.faults, remedy=remedy)
    return table


def _by_class(dataset: Dataset, kind: SaliencyKind) -> bool:
    """Whether an annotation is about a class; a teacher's maps are, people's are not."""
    return kind in ("masks", "boxes", "clicks") or (kind == "maps" and dataset.taught)


@dataclass
class _Pen:
    """One drawing of a dataset under way."""

    dataset: Dataset
    examples: Sequence[Example]
    choice: Saliency
    clicks: PointTable
    by_class: bool
    faults: list[Fault] = field(default_factory=list)

    @property
    def size(self) -> tuple[int, int]:
        return self.choice.size, self.choice.size

    def k(self, label: int) -> int:
        return label if self.by_class else 0

    def maps(self) -> Iterator[Drawing]:
        """People's maps; a teacher's on the pictures that have none of theirs."""
        for row, example in enumerate(self.examples):
            levels = self._levels(example.map_path)
            if levels is not None:
                drawn = by_area(levels, self.size) / np.iinfo(levels.dtype).max
                for label in example.labels if self.by_class else (0,):
                    yield Drawing(row, label, drawn)
        unseen = {example.id: row for row, example in enumerate(self.examples) if example.map_path is None}
        for found in self.dataset.teacher_maps() if self.by_class else self._own_class_first(unseen):
            if found.example_id in unseen and found.weight:
                row, drawn_and_weight = unseen[found.example_id], _stretched(found, self.choice.size)
                yield Drawing(row, self.k(found.label), *drawn_and_weight, worth=found.weight)

    def masks(self) -> Iterator[Drawing]:
        """1 on the object."""
        for row, example in enumerate(self.examples):
            levels = self._levels(example.mask_path)
            if levels is not None:
                for label in example.labels:
                    on_object: npt.NDArray[np.bool_] = np.equal(levels, label + 1)
                    yield Drawing(row, self.k(label), by_area(on_object, self.size))

    def boxes(self) -> Iterator[Drawing]:
        """1 in the boxes of the class, and in those of no known class."""
        for row, example in enumerate(self.examples):
            for label in example.labels:
                corners = [(b.x0, b.y0, b.x1, b.y1) for b in example.boxes if b.label in (None, label)]
                if corners:
                    yield Drawing(row, self.k(label), box_map(np.array(corners), self.size))

    def points(self) -> Iterator[Drawing]:
        """A Gaussian at each point."""
        for row, k in np.argwhere(self.clicks.has):
            point = self.clicks.xy[row, k][None].astype(np.float64)
            yield Drawing(row, k, gaussian_map(point, self.size, sigma=self._sigma(row)))

    def traces(self) -> Iterator[Drawing]:
        """The sum over people; each counts the same, however long she looked."""
        rows = {example.id: row for row, example in enumerate(self.examples)}
        summed: dict[int, FloatArray] = {}
        for annotation in self.dataset.annotations():
            row, path = rows.get(annotation.example_id), _path(annotation.events)
            if row is not None and path is not None:
                looked = dwell_map(*path, self.size, sigma=self._sigma(row))
                summed[row] = summed.get(row, np.zeros(self.size)) + looked
        for row, total in summed.items():
            yield Drawing(row, 0, total / (total.max() or 1.0))

    def _sigma(self, row: int) -> tuple[float, float]:
        return round_sigma(self.choice.blur, self.examples[row].width, self.examples[row].height)

    def _own_class_first(self, unseen: Mapping[str, int]) -> Iterable[TeacherMap]:
        """One of a teacher's maps a picture: that of the picture's class where there is one."""
        chosen: dict[str, TeacherMap] = {}
        for found in self.dataset.teacher_maps():
            row = unseen.get(found.example_id)
            if row is not None and (found.example_id not in chosen or found.label in self.examples[row].labels):
                chosen[found.example_id] = found
        return chosen.values()

    def _levels(self, path: str | None) -> MapArray | None:
        if path is None:
            return None
        try:
            return read_map(self.dataset.root / path)
        except FileNotFoundError:
            self.faults.append(Fault(path, "there is no such file"))
        except (OSError, ValueError) as error:
            self.faults.append(Fault(path, str(error)))
        return None


_DRAWN: dict[SaliencyKind, Callable[[_Pen], Iterator[Drawing]]] = {
    "maps": _Pen.maps,
    "masks": _Pen.masks,
    "boxes": _Pen.boxes,
    "clicks": _Pen.points,
    "traces": _Pen.traces,
}


def _stretched(found: TeacherMap, size: int) -> tuple[FloatArray, FloatArray | None]:
    """A model's map has no unit: it is stretched to [0, 1] by itself. What the model was not shown has weight 0."""
    values = found.map.astype(np.float64)
    spread = values.max() - values.min()
    return _placed((values - values.min()) / (spread or 1.0), found.view, size)


def _placed(
    values: FloatArray, view: tuple[float, float, float, float], size: int
) -> tuple[FloatArray, FloatArray | None]:
    """A map of a part of the picture as a map of the picture, and its weight; None where it covers all of it."""
    if view == WHOLE:
        return by_area(values, (size, size)), None
    x0, y0, x1, y1 = view
    down = area_shares(values.shape[0], size, start=y0, end=y1)
    across = area_shares(values.shape[1], size, start=x0, end=x1)
    weight = np.outer(down.sum(axis=1), across.sum(axis=1))
    mass = down @ values @ across.T
    return np.divide(mass, weight, out=np.zeros_like(mass), where=weight > 0), weight


def _path(events: Sequence[Event]) -> tuple[FloatArray, FloatArray] | None:
    """Places [n, 2] of the pointer over the picture and the time at each [n]; None without any."""
    moves = [event for event in events if event.kind == "move" and event.x is not None and event.y is not None]
    if not moves:
        return None
    elapsed = [np.nan if event.elapsed_ms is None else event.elapsed_ms for event in moves]
    return np.array([(event.x, event.y) for event in moves], np.float64), sample_times(np.array(elapsed))
