"""The campaign's pictures, as the store knows them."""

from collections.abc import Iterable

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.store import tables as t

BATCH = 500
"""Ids in one question."""

Box = tuple[float, float, float, float]
"""(x0, y0, x1, y1) in [0, 1] of the picture."""


class Picture(msgspec.Struct, frozen=True):
    """A row of `tables.picture`, which says what each is."""

    id: str
    pool: str
    path: str
    width: int
    height: int
    label: str = ""
    gold: bool = False
    boxes: tuple[Box, ...] | None = None


def add(c: Connection, pictures: Iterable[Picture]) -> None:
    """Keep pictures."""
    rows = [msgspec.structs.asdict(picture) for picture in pictures]
    if rows:
        c.execute(sa.insert(t.picture), rows)


def get(c: Connection, ids: Iterable[str]) -> dict[str, Picture]:
    """Pictures by id; ids that there are none of are left out."""
    asked = list(ids)
    found: dict[str, Picture] = {}
    for at in range(0, len(asked), BATCH):
        rows = c.execute(sa.select(t.picture).where(t.picture.c.id.in_(asked[at : at + BATCH])))
        found |= {row["id"]: msgspec.convert(row, Picture, strict=False) for row in rows.mappings()}
    return found
