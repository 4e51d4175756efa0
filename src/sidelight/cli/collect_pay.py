"""The command `sidelight collect pay DIR [--approve] [--bonus FILE] [--reject FILE] [--send]`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro
from rich.table import Table

from sidelight.cli.progress import console
from sidelight.collect.requester.pay_files import read_bonuses, read_rejections
from sidelight.collect.requester.payout import Step, Wish
from sidelight.pipeline.collect_clock import wall_clock
from sidelight.pipeline.collect_pay import Paying


@dataclass(frozen=True, kw_only=True)
class Pay:
    """Pay the people of a campaign at Prolific. Without --send it only shows what it would do.

    Everybody is named by her pseudonym, as in the dashboard and its table of payments. What was sent is written down
    and never sent twice, so that the same command may be given again after anything that went wrong.
    """

    folder: tyro.conf.Positional[Path]
    """Folder of the campaign."""
    approve: bool = False
    """Approve everybody who finished, late and incomplete recordings included."""
    bonus: Path | None = None
    """Table with the columns session and bonus: what each is to have on top in all; what was sent is deducted."""
    reject: Path | None = None
    """Table with the columns session, category and message, by Prolific's rules. Nobody else is rejected."""
    send: bool = False
    """Do it."""
    was_paid: str = ""
    """A bonus payment in doubt which, as you have seen at Prolific, was paid."""
    was_not_paid: str = ""
    """A bonus payment in doubt which was not paid: its bonuses can be sent again."""


def main(argv: Sequence[str]) -> int:
    """Show what is to be done, and do it if asked to."""
    asked = tyro.cli(Pay, args=argv, prog="sidelight collect pay")
    wish = Wish(
        asked.approve,
        read_rejections(asked.reject) if asked.reject else {},
        read_bonuses(asked.bonus) if asked.bonus else {},
    )
    paying = Paying(asked.folder, clock=wall_clock)
    try:
        _settle(paying, asked)
        made = paying.look(wish)
        console.print(table(made))
        console.print(summary(made))
        if not asked.send:
            console.print("Nothing was sent. With --send it is.")
            return 0
        paying.send(made)
    finally:
        paying.close()
    console.print("Sent, and written down.")
    return 0


def table(made: Sequence[Step]) -> Table:
    """A line a step."""
    shown = Table("person", "at Prolific", "to do", "note", title="Payment", title_justify="left")
    for step in made:
        amount = f" {step.cents / 100:.2f}" if step.do == "bonus" else ""
        reason = f"{step.why.category}: {step.why.message}" if step.why else step.note
        shown.add_row(step.session, step.status or "-", f"{step.do}{amount}" or "-", reason)
    return shown


def summary(made: Sequence[Step]) -> str:
    """What is to be done, in one line."""
    counts = {do: sum(step.do == do for step in made) for do in ("approve", "reject", "bonus")}
    total = sum(step.cents for step in made) / 100
    return (
        f"to approve {counts['approve']:,}, to reject {counts['reject']:,}, "
        f"bonuses {counts['bonus']:,} of {total:,.2f} in all, in the study's currency, Prolific's fee not counted"
    )


def _settle(paying: Paying, asked: Pay) -> None:
    for bulk, paid in ((asked.was_paid, True), (asked.was_not_paid, False)):
        if bulk:
            held = paying.settle(bulk, paid=paid)
            console.print(f"payment {bulk}: {held:,} bonuses {'were' if paid else 'were not'} paid")
