"""Painting as CYBORG has it: a grey map a picture, and a table; and what is known of how people agreed."""

import contextlib
import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from sidelight.collect.export.consensus import decided_label
from sidelight.collect.export.saliency import mean_map, painted
from sidelight.collect.export.work import Seen
from sidelight.data.format.maps import write_map

MAPS, TABLE, PEOPLE = "maps", "maps.csv", "agreement.csv"
COLUMNS = ("path", "label", "map_path")
"""Of `maps.csv`: as `sidelight data convert --from csv` reads them."""

PEOPLE_COLUMNS = ("path", "annotators", "blank_masks", "decided", "agreement", "flag")


def write_saliency_maps(out: Path, pictures: Iterable[Seen], *, classes: tuple[str, ...]) -> Counter[str]:
    """Write `maps/<number>.png`, `maps.csv` and `agreement.csv`.

    A map has 8 bits: round(255 * share of people who painted there). Blank masks do not count. Where none is left, or
    the mean is the same everywhere, there is no map: the row's `map_path` is empty and its `flag` says `blank`. Readers
    that scale a map to its own range would turn such a map into NaN.

    Args:
        out: an empty folder.
        pictures: to write.
        classes: of the campaign.

    Returns:
        Counts of maps and of pictures without one.

    Source: boyd2023cyborg.
    """
    counts: Counter[str] = Counter()
    (out / MAPS).mkdir()
    with _table(out / TABLE, COLUMNS) as table, _table(out / PEOPLE, PEOPLE_COLUMNS) as people:
        for number, seen in enumerate(pictures, start=1):
            label, agreement, saliency = _row(seen, classes)
            name = "" if saliency is None else f"{MAPS}/{number:06d}.png"
            if saliency is not None:
                write_map(np.round(255.0 * saliency).astype(np.uint8), out / name)
            counts["pictures_without_map" if saliency is None else "maps"] += 1
            table.writerow((seen.path, label, name))
            people.writerow((seen.path, *agreement, "blank" if saliency is None else ""))
    return counts


@contextlib.contextmanager
def _table(file: Path, columns: tuple[str, ...]) -> Iterator[Any]:
    """A table with its header."""
    with file.open("w", newline="", encoding="utf-8") as opened:
        rows = csv.writer(opened, lineterminator="\n")
        rows.writerow(columns)
        yield rows


def _row(seen: Seen, classes: tuple[str, ...]) -> tuple[str, tuple[object, ...], np.ndarray | None]:
    """A picture's label; how many painted, painted nothing, what they decided and how far they agreed; its map."""
    masks = [painted(work.mask) for work in seen.works if work.mask is not None]
    annotations = [annotation for work in seen.works for annotation in work.annotations]
    decided = decided_label(annotations)
    name = "" if decided is None else classes[decided]
    agreeing = sum(each.label is not None and each.label == decided for each in annotations)
    blank = sum(not mask.any() for mask in masks)
    agreement = (len(masks) - blank, blank, name, round(agreeing / max(1, len(annotations)), 4))
    return name if seen.label is None else seen.label, agreement, mean_map(masks)
