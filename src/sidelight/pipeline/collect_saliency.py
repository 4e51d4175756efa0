"""Painting as CYBORG reads it: a grey map a picture, and a table."""

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from sidelight.collect.export.consensus import decided_label
from sidelight.collect.export.saliency import mean_map, painted
from sidelight.collect.export.work import Seen
from sidelight.data.format.maps import write_map

TABLE, MAPS = "maps.csv", "maps"
COLUMNS = ("path", "label", "map", "annotators", "blank_masks", "decided", "agreement", "flag")


def write_saliency_maps(out: Path, pictures: Iterable[Seen], *, classes: tuple[str, ...]) -> Counter[str]:
    """Write `maps/<number>.png` and `maps.csv`.

    A map has 8 bits: round(255 * share of people who painted there). Blank masks do not count. Where none is left, or
    the mean is the same everywhere, there is no map: the row's `map` is empty and its `flag` says `blank`. Readers that
    scale a map to its own range would turn such a map into NaN.

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
    with (out / TABLE).open("w", newline="", encoding="utf-8") as table:
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(COLUMNS)
        for number, seen in enumerate(pictures, start=1):
            row, saliency = _row(seen, classes)
            if saliency is None:
                counts["pictures_without_map"] += 1
                rows.writerow({**row, "map": "", "flag": "blank"}.values())
                continue
            name = f"{MAPS}/{number:06d}.png"
            write_map(np.round(255.0 * saliency).astype(np.uint8), out / name)
            rows.writerow({**row, "map": name}.values())
            counts["maps"] += 1
    return counts


def _row(seen: Seen, classes: tuple[str, ...]) -> tuple[dict[str, object], np.ndarray | None]:
    masks = [painted(work.mask) for work in seen.works if work.mask is not None]
    annotations = [annotation for work in seen.works for annotation in work.annotations]
    decided = decided_label(annotations)
    label = seen.label if seen.label is not None else "" if decided is None else classes[decided]
    agreeing = sum(each.label is not None and each.label == decided for each in annotations)
    blank = sum(not mask.any() for mask in masks)
    values: dict[str, object] = {
        "path": seen.path,
        "label": label,
        "map": "",
        "annotators": len(masks) - blank,
        "blank_masks": blank,
        "decided": "" if decided is None else classes[decided],
        "agreement": round(agreeing / max(1, len(annotations)), 4),
        "flag": "",
    }
    return values, mean_map(masks)
