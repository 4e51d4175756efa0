"""Faults that a user can mend, as opposed to faults in sidelight.

Every message has four parts: which thing, what was seen, what is allowed, what to do. The command line prints a
`UserFault` as plain text and exits with 1; any other exception is our bug.
"""

import difflib
from collections.abc import Iterable, Sequence

import msgspec

LISTED = 40
"""Known names that a fault lists in full; nobody reads timm's thousand networks."""


class UserFault(Exception):
    """A fault in what the user gave us, told in four parts.

    Args:
        thing: which thing is at fault, precise enough to find it (file and line, record id, option name).
        seen: what was found there, with the offending value.
        allowed: what would have been accepted.
        remedy: what to do now.

    >>> print(UserFault("click 3 of photo 'cat_1'", seen="x is 1.7", allowed="[0, 1]", remedy="divide pixels by width"))
    click 3 of photo 'cat_1': x is 1.7; allowed: [0, 1]. divide pixels by width.
    """

    def __init__(self, thing: str, *, seen: str, allowed: str, remedy: str) -> None:
        self.thing, self.seen, self.allowed, self.remedy = thing, seen, allowed, remedy
        stop = "" if remedy.endswith((".", "?")) else "."
        super().__init__(f"{thing}: {seen}; allowed: {allowed}. {remedy}{stop}")

    def __reduce__(self) -> tuple[object, ...]:
        """Travel whole between processes: an exception is rebuilt from `args` alone, which is the message."""
        return _unpacked, (type(self), *self.args), vars(self)


def _unpacked(kind: type[UserFault], *args: object) -> UserFault:
    return kind.__new__(kind, *args)


class Fault(msgspec.Struct, frozen=True):
    """One fault found while reading or validating many things: where it is and what is wrong with it.

    Attributes:
        location: file, row or record; enough to find the place ("train_xml/n01/n01_7.xml, line 12").
        message: what was seen there and what is allowed.

    >>> print(Fault("labels.csv, line 3", "x is 'abc'; a number in [0, 1] is expected"))
    labels.csv, line 3: x is 'abc'; a number in [0, 1] is expected
    """

    location: str
    message: str

    def __str__(self) -> str:
        return f"{self.location}: {self.message}"


class FaultsFound(UserFault):
    """Several faults, gathered before anything was refused."""

    def __init__(self, thing: str, faults: Sequence[Fault], *, remedy: str, shown: int = 20) -> None:
        self.faults = tuple(faults)
        listed = "\n".join(f"  {fault}" for fault in self.faults[:shown])
        more = f"\n  ... and {len(self.faults) - shown} more" if len(self.faults) > shown else ""
        super().__init__(thing, seen=f"{len(self.faults)} faults:\n{listed}{more}\n", allowed="none", remedy=remedy)


def unknown_name(kind: str, name: str, known: Iterable[str]) -> UserFault:
    """Say that `name` is no known `kind`, with the closest known ones; of very many names only these are listed.

    >>> print(unknown_name("objective", "luba", ["luab", "cross_entropy"]))
    objective 'luba': no such name; allowed: cross_entropy, luab. Did you mean 'luab'?
    """
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=5)
    remedy = f"Did you mean '{close[0]}'?" if close else "Choose one of these names"
    many = f"one of {len(names)} names, such as {', '.join(close or names[:5])}"
    allowed = many if len(names) > LISTED else ", ".join(names)
    return UserFault(f"{kind} {name!r}", seen="no such name", allowed=allowed, remedy=remedy)
