"""The tables in which a requester names who gets a bonus, and who is rejected and why."""

import csv
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import get_args

from sidelight.collect.panel.prolific_api import SHORTEST_REASON, Category
from sidelight.collect.requester.payout import Rejection
from sidelight.records.errors import Fault, FaultsFound, UserFault


def read_bonuses(file: Path) -> dict[str, int]:
    """Who is to have how much on top: columns `session` and `bonus`, as the table of payments has them.

    Returns:
        Pseudonym -> hundredths of the study's currency; those with nothing are left out.

    Raises:
        UserFault: the file cannot be read, lacks a column, names somebody twice or an amount that is none.
    """
    found: dict[str, int] = {}
    wrong: list[Fault] = []
    for place, session, row in _rows(file, "bonus"):
        try:
            cents = 100 * Decimal(row["bonus"].strip() or "0")
        except InvalidOperation:
            cents = Decimal("nan")
        if not (cents.is_finite() and cents >= 0 and cents == int(cents)):
            wrong.append(Fault(place, f"bonus {row['bonus']!r}; an amount such as 1.50, or nothing"))
        elif session in found:
            wrong.append(Fault(place, f"{session} once more; each once"))
        else:
            found[session] = int(cents)
    _refuse(file, wrong)
    return {session: cents for session, cents in found.items() if cents}


def read_rejections(file: Path) -> dict[str, Rejection]:
    """Who is not to be paid, and why: columns `session`, `category` and `message`, which the person will read.

    Raises:
        UserFault: the file cannot be read, lacks a column, names somebody twice, or gives no good reason.
    """
    found: dict[str, Rejection] = {}
    wrong: list[Fault] = []
    for place, session, row in _rows(file, "category", "message"):
        category, message = row["category"].strip(), row["message"].strip()
        if category not in get_args(Category):
            wrong.append(Fault(place, f"category {category!r}; {', '.join(get_args(Category))}"))
        if len(message) < SHORTEST_REASON:
            wrong.append(Fault(place, f"a message of {len(message)} letters; at least {SHORTEST_REASON}"))
        if session in found:
            wrong.append(Fault(place, f"{session} once more; each once"))
        found[session] = Rejection(category, message)  # type: ignore[arg-type]
    _refuse(file, wrong)
    return found


def _rows(file: Path, *columns: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Place, pseudonym and cells of each row."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            table = csv.DictReader(lines, restval="", restkey="more")
            lacking = [name for name in ("session", *columns) if name not in (table.fieldnames or ())]
            if lacking:
                allowed = ", ".join(("session", *columns))
                remedy = "Take the table of payments from the dashboard and edit it"
                raise UserFault(str(file), seen=f"no column {lacking[0]!r}", allowed=allowed, remedy=remedy)
            for row in table:
                # The table of payments puts an apostrophe before what a spreadsheet would take for a formula.
                yield f"{file.name}, line {table.line_num}", row["session"].strip().removeprefix("'"), row
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise UserFault(str(file), seen=str(fault), allowed="a CSV table in UTF-8", remedy="Mend the file") from fault


def _refuse(file: Path, wrong: list[Fault]) -> None:
    if wrong:
        raise FaultsFound(str(file), wrong, remedy="Mend these rows; nothing was sent")
