"""The command `sidelight collect simulate DIR --annotators N [--faults]`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from sidelight.cli.progress import bar, console
from sidelight.pipeline.collect_simulate import simulate_visit
from sidelight.pipeline.collect_visit import SimulatedVisit


@dataclass(frozen=True, kw_only=True)
class Simulate:
    """Let people who do not exist label through a running service, and check that it keeps all they did."""

    campaign: tyro.conf.Positional[Path]
    """The campaign's folder."""
    annotators: int = 10
    """Number of people."""
    faults: bool = False
    """Drop three requests in ten, lose answers, send twice and out of order, reload, leave half-way, submit late."""
    url: str = ""
    """Address of the service; the campaign's folder knows it where the service runs here."""
    pages: int | None = None
    """Pages that each person labels at most; all there are by default."""
    at_once: int = 200
    """People at work at the same time."""
    seed: int = 0
    """Of the people and what they do."""
    boxes: Path | None = None
    """A dataset of the same pictures, with boxes that say where objects are; without it: in the middle."""
    parameters: tuple[str, ...] = ()
    """More parameters of the address people arrive by, as NAME=VALUE; {n} stands for the person's number."""


def main(argv: Sequence[str]) -> int:
    """Simulate; print what happened and what the store holds of it. 1 when a promise was broken."""
    asked = tyro.cli(Simulate, args=argv, prog="sidelight collect simulate")
    visit = SimulatedVisit(
        annotators=asked.annotators,
        faults=asked.faults,
        pages=asked.pages,
        at_once=asked.at_once,
        seed=asked.seed,
        boxes=asked.boxes,
        parameters=asked.parameters,
    )
    with bar("labelling") as progress:
        lines, good = simulate_visit(asked.campaign, visit, url=asked.url, progress=progress)
    for line in lines:
        console.print(line)
    return 0 if good else 1
