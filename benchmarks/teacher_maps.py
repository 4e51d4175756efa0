"""What a teacher tells by CAM and by RISE: `python benchmarks/teacher_maps.py MODEL... --data DIR`.

Of the validation pictures that people annotated, the true class's maps of each model (runs of one condition): how they
correlate with people's maps, how much of them lies on the object's exact mask, how alike they are from picture to
picture, and how alike RISE's are to those by other random masks. Rows of Markdown: mean and standard deviation over
the models.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
import torch
import tyro

from sidelight.data.format.reader import Dataset
from sidelight.evaluate.alignment import correlation, energy_inside
from sidelight.explain.cam import Cam
from sidelight.explain.method import Method
from sidelight.explain.normalise import min_max
from sidelight.explain.rise import Rise
from sidelight.pipeline.explain import look_for
from sidelight.pipeline.maps import dataset_map
from sidelight.pipeline.subject import load_subject
from sidelight.records.errors import UserFault
from sidelight.records.example import Example
from sidelight.report.statistics import spread

CELLS = 16
COLUMNS = ("with people's maps", "on the object, %", "with another picture's", "with a second draw's")
Maps = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TeacherMaps:
    """Look at the maps that students would be taught by."""

    models: Annotated[tuple[str, ...], tyro.conf.Positional]
    """Folders of runs."""
    data: Path
    """Folder of the dataset, with people's maps and masks."""
    masks: tuple[int, ...] = (200,)
    """N of RISE."""
    pictures: int = 50
    """At most so many."""


def maps_of(model: str, dataset: Dataset, pictures: list[Example], method: Method) -> Maps:
    """[n, h, w], from 0 to 1 each."""
    looks = look_for(load_subject(model), dataset, [(e, e.labels[0]) for e in pictures], method=method, size=CELLS)
    return min_max(torch.from_numpy(np.stack([look.map.map.astype(np.float64) for look in looks]))).numpy()


def alike(maps: Maps) -> float:
    """Mean correlation between the maps of two pictures."""
    found = np.atleast_2d(np.corrcoef(maps.reshape(len(maps), -1)))
    return float(found[np.triu_indices(len(maps), 1)].mean())


def rows(asked: TeacherMaps) -> Iterator[str]:
    dataset = Dataset.open(asked.data)
    usable = [e for e in dataset.examples() if e.split == "validation" and e.map_path and e.mask_path]
    usable.sort(key=lambda example: (example.labels, example.id))  # evenly over the classes
    places = np.linspace(0, len(usable) - 1, min(asked.pictures, len(usable))).astype(int) if usable else ()
    pictures = [usable[place] for place in places]
    if len(pictures) < 2:
        raise SystemExit(f"{asked.data}: fewer than two validation pictures with people's maps and masks")
    people = [dataset_map(dataset, e.map_path or "").astype(np.float64) for e in pictures]
    objects = [(dataset_map(dataset, e.mask_path or "") > 0).astype(np.float64) for e in pictures]
    yield f"| maps of {len(pictures)} pictures | {' | '.join(COLUMNS)} |"
    yield "|---|--:|--:|--:|--:|"
    for name, method, second in methods(asked):
        numbers: list[list[float]] = [[], [], [], []]
        for model in asked.models:
            maps = maps_of(model, dataset, pictures, method)
            numbers[0].append(correlation(maps, people))
            numbers[1].append(100 * energy_inside(maps, objects))
            numbers[2].append(alike(maps))
            if second is not None:
                numbers[3].append(correlation(maps, list(maps_of(model, dataset, pictures, second))))
        seen = [spread(values) if values else None for values in numbers]
        digits = (2, 1, 2, 2)
        cells = [f"{one.mean:.{d}f} ± {one.std or 0:.{d}f}" if one else "" for one, d in zip(seen, digits, strict=True)]
        yield f"| {name} | {' | '.join(cells)} |"


def methods(asked: TeacherMaps) -> Iterator[tuple[str, Method, Method | None]]:
    """Name, method, and the same by other random masks."""
    yield "CAM", Cam(), None
    for masks in asked.masks:
        yield f"RISE, {masks} masks", Rise(masks=masks), Rise(masks=masks, seed=1)


if __name__ == "__main__":
    torch.set_num_threads(1)
    try:
        for row in rows(tyro.cli(TeacherMaps)):
            print(row, flush=True)
    except UserFault as fault:
        raise SystemExit(str(fault)) from None
