"""What people are called in one export, and in no other."""

import secrets
from dataclasses import dataclass, field

from sidelight.collect.export.grade import SHIFT_RANGE_MS, Grade
from sidelight.data.source.identity import Identities

WORKER_LETTERS = 10
"""Length of a worker's name in the published files."""


@dataclass
class Names:
    """Fresh pseudonyms, and for each session the amount by which its clock is moved.

    Both come from chance that is thrown away after the export: nobody, not even the requester, can link two exports by
    them.

    Attributes:
        grade: of the export. Below L1 nobody has a name.
    """

    grade: Grade
    _identities: Identities = field(default_factory=lambda: Identities.choose("pseudonym"))
    _shifts: dict[str, float] = field(default_factory=dict)

    def person(self, session: str) -> str:
        """Ten capitals and digits, as the published files have them; "" where nobody is named."""
        return self.name("worker", session)[:WORKER_LETTERS].upper()

    def name(self, kind: str, raw: str) -> str:
        """What an assignment or a hit is called; "" where nobody is named."""
        return "" if self.grade == "L0" else self._identities.name(kind, raw)

    def shift_ms(self, session: str) -> float:
        """By how much the session's clock is moved: drawn evenly from 30 days either way at L2, 0 at L3."""
        if self.grade != "L2":
            return 0.0
        return self._shifts.setdefault(session, (secrets.randbelow(2_000_001) / 1_000_000 - 1.0) * SHIFT_RANGE_MS)
