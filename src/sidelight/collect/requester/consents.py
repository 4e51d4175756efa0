"""Which consent texts people agreed to, and how many; and the ethics approval that stands behind them."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.requester.view import Consent, Consents
from sidelight.collect.store import tables as t


def consents(c: Connection, *, irb: str, current: str) -> Consents:
    """All versions of the text, the one of now first, then the last that was agreed to.

    Args:
        c: a connection.
        irb: ethics approval, as the campaign names it.
        current: version that is shown now; listed even if nobody agreed to it yet.
    """
    s = t.session.c
    counted = sa.select(
        s.consent_version,
        sa.func.count().label("agreed"),
        sa.func.count(sa.case((s.publish, 1))).label("publish"),
        sa.func.min(s.consent_at).label("first_at"),
        sa.func.max(s.consent_at).label("last_at"),
    ).where(s.consent_version.is_not(None), ~s.preview)
    rows = c.execute(counted.group_by(s.consent_version)).all()
    found = [Consent(version, version == current, *rest) for version, *rest in rows]
    if all(one.version != current for one in found):
        found.append(Consent(current, current=True, agreed=0, publish=0, first_at=None, last_at=None))
    found.sort(key=lambda one: (not one.current, -(one.last_at or 0.0)))
    return Consents(irb, tuple(found))
