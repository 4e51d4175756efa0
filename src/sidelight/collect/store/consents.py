"""Every consent text that anybody was asked to agree to, word for word."""

from sqlalchemy.engine import Connection

from sidelight.collect.store import tables as t
from sidelight.collect.store.upsert import insert


def keep(c: Connection, *, version: str, locale: str, text: str, now: float) -> None:
    """Keep a version of the text; the first time counts."""
    row = insert(c, t.consent).values(version=version, locale=locale, text=text, first_at=now)
    c.execute(row.on_conflict_do_nothing())
