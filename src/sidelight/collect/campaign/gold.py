"""Pictures whose truth is known, from the requester's table: they screen answers, and nothing else."""

import csv
import math
from collections.abc import Sequence
from pathlib import Path

import msgspec

from sidelight.collect.store.pictures import Box, Picture
from sidelight.records.errors import Fault, UserFault

COLUMNS = "path,label,x0,y0,x1,y1"
ALLOWED = f"a CSV file with the columns {COLUMNS}; boxes in [0, 1], or empty"


def mark_gold(pictures: Sequence[Picture], file: Path) -> tuple[list[Picture], list[Fault]]:
    """Mark the pictures that a table lists as gold.

    Args:
        pictures: of the campaign.
        file: CSV with columns path (as within the folder of images), label ("" takes the folder's) and, if wanted, a
            box of the object, x0, y0, x1, y1 in [0, 1]; several rows give one picture several boxes.

    Returns:
        All pictures, and a fault for each row that cannot be used.

    Raises:
        UserFault: the file is no such table.
    """
    try:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise UserFault(f"gold table {file}", seen=str(fault), allowed=ALLOWED, remedy="Mend the file") from fault
    if rows and not {"path", "label"} <= set(rows[0]):
        seen = f"columns {', '.join(map(str, rows[0]))}"
        raise UserFault(f"gold table {file}", seen=seen, allowed=ALLOWED, remedy="Name the columns so")
    at = {one.path: i for i, one in enumerate(pictures) if one.pool == "images"}
    marked, faults = list(pictures), []
    for line, row in enumerate(rows, start=2):
        try:
            place = at[row["path"]]
            marked[place] = _marked(marked[place], row)
        except KeyError:
            faults.append(Fault(f"{file.name}, line {line}", f"no picture {row['path']!r}; a path within the folder"))
        except (ValueError, TypeError):
            faults.append(Fault(f"{file.name}, line {line}", "a box that is none; x0 < x1 and y0 < y1 in [0, 1]"))
    return marked, faults


def _marked(picture: Picture, row: dict[str, str]) -> Picture:
    box = _box(row)
    boxes = (*(picture.boxes or ()), box) if box else picture.boxes
    return msgspec.structs.replace(picture, gold=True, label=row["label"] or picture.label, boxes=boxes)


def _box(row: dict[str, str]) -> Box | None:
    cells = [(row.get(name) or "").strip() for name in ("x0", "y0", "x1", "y1")]
    if not any(cells):
        return None
    x0, y0, x1, y1 = map(float, cells)
    if not (0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1 and math.isfinite(x0 + y0 + x1 + y1)):
        raise ValueError(f"box {cells}")
    return x0, y0, x1, y1
