"""What the panel was told: whom to pay, what on top, whom not. Written down so that nothing is sent twice.

A bonus is written down as `sending` *before* the panel is told to pay it, since the panel would pay a second time if it
were told a second time. What then fails without an answer stays in doubt until a person has looked.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.store import tables as t

Kind = Literal["approve", "reject", "bonus"]


class Payout(msgspec.Struct, frozen=True):
    """A row of `tables.payout`, which says what each is."""

    session: str
    kind: Kind
    ordinal: int = 0
    cents: int = 0
    bulk: str = ""
    state: Literal["sending", "sent"] = "sent"
    at: float = 0.0


def payouts(c: Connection) -> list[Payout]:
    """All of them."""
    rows = c.execute(sa.select(t.payout).order_by(t.payout.c.session, t.payout.c.kind, t.payout.c.ordinal)).mappings()
    return [msgspec.convert(row, Payout, strict=False) for row in rows]


def keep(c: Connection, rows: Iterable[Payout]) -> None:
    """Write rows down. One that is there already is refused by the database: somebody else is sending the same.

    Raises:
        IntegrityError: one of them is there; none is written.
    """
    c.execute(sa.insert(t.payout), [msgspec.to_builtins(row) for row in rows])


def settle(c: Connection, bulk: str, *, paid: bool) -> int:
    """Say what became of a payment that was being sent: it was paid, or it was not and may be sent again.

    Returns:
        How many people's bonuses it held; 0 if no such payment is under way.
    """
    row = t.payout.c
    mine = (row.bulk == bulk, row.state == "sending")
    change = sa.update(t.payout).values(state="sent") if paid else sa.delete(t.payout)
    return c.execute(change.where(*mine)).rowcount
