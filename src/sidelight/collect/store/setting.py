"""What changes while a campaign runs and all its processes must agree on, by name."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.store import tables as t
from sidelight.collect.store.upsert import insert


def read(c: Connection, name: str, default: str = "") -> str:
    """The value under a name."""
    value = c.execute(sa.select(t.setting.c.value).where(t.setting.c.name == name)).scalar()
    return default if value is None else value


def write(c: Connection, name: str, value: str) -> None:
    """Put a value under a name, whatever was there."""
    row = insert(c, t.setting).values(name=name, value=value)
    c.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
