"""What an export says about how it came to be, and about everybody who is not in it."""

from collections import Counter

import msgspec
import sqlalchemy as sa

from sidelight import __version__
from sidelight.collect.campaign.folder import Campaign
from sidelight.collect.export.grade import Grade
from sidelight.collect.export.semantics import Semantics
from sidelight.collect.store import setting
from sidelight.collect.store import tables as t
from sidelight.collect.store.engine import Store
from sidelight.pipeline.collect_world import SIMULATED
from sidelight.signal.annotator import SIMULATED_STATEMENT


def export_provenance(
    campaign: Campaign, store: Store, *, grade: Grade, semantics: Semantics, reason: str, counts: Counter[str]
) -> dict[str, str]:
    """Everything that belongs into the manifest besides the data.

    Args:
        campaign: whose work it is.
        store: of the campaign.
        grade: of the export.
        semantics: of the AB formats.
        reason: why raw behaviour is needed (L3).
        counts: of pages, as `done_pages` counted them.
    """
    settings = campaign.settings
    with store.read() as c:
        versions = _consents(c)
        gone = _gone(c)
    known = {
        "campaign": settings.title,
        "task": settings.task,
        "privacy_grade": grade,
        "semantics": semantics,
        "reason": reason,
        "irb": settings.irb,
        "consent_versions": ", ".join(f"{version} ({people} people)" for version, people in versions.items()),
        "annotators_per_item": str(settings.annotators),
        "retention_days": f"{settings.privacy.retention_days:g}",
        "sidelight_version": __version__,
    }
    counted = {f"count.{what}": str(count) for what, count in sorted({**counts, **gone}.items())}
    return {name: value for name, value in known.items() if value} | counted


def simulated_statement(store: Store) -> str:
    """What must be said of a campaign that simulated people took part in; "" of all others."""
    with store.read() as c:
        people = setting.read(c, SIMULATED, "")
    return f"{people} simulated people took part in this campaign. {SIMULATED_STATEMENT}" if people else ""


def _consents(c: sa.Connection) -> dict[str, int]:
    s = t.session.c
    asked = sa.select(s.consent_version, sa.func.count()).where(s.consent_at.is_not(None), s.preview.is_(False))
    rows = c.execute(asked.group_by(s.consent_version).order_by(s.consent_version))
    return {str(version): people for version, people in rows}


def _gone(c: sa.Connection) -> Counter[str]:
    """Who withdrew, whose time of retention is over, and how much of theirs is deleted."""
    stone = t.tombstone.c
    columns = (stone.reason, sa.func.count(), sa.func.sum(stone.answers), sa.func.sum(stone.samples))
    gone: Counter[str] = Counter(sessions_withdrawn=0)
    for reason, sessions, answers, samples in c.execute(sa.select(*columns).group_by(stone.reason)):
        gone[f"sessions_{reason}"] += sessions
        gone[f"pages_{reason}"] += int(answers or 0)
        gone[f"samples_{reason}"] += int(samples or 0)
    return gone


class ExportNote(msgspec.Struct, frozen=True):
    """`export.json`, beside the files of the formats that have no manifest of their own.

    Attributes:
        format: of the files.
        simulated: what was simulated rather than done by people; "" when nothing was.
        provenance: as in a dataset's manifest.
    """

    format: str
    simulated: str
    provenance: dict[str, str]
