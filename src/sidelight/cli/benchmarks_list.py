"""The command `sidelight benchmarks list [NAME ...]`."""

from collections.abc import Sequence
from dataclasses import dataclass

import tyro

from sidelight.cli.progress import console
from sidelight.data.public.table import LAYOUTS
from sidelight.evaluate.public.table import PUBLIC, public_benchmark


@dataclass(frozen=True, kw_only=True)
class List:
    """Say of every public benchmark what it measures, how it must lie on disk, its size, its terms and where it is."""

    names: tyro.conf.Positional[tuple[str, ...]] = ()
    """Only these; none = all."""


def main(argv: Sequence[str]) -> int:
    """Print one block a benchmark."""
    asked = tyro.cli(List, args=argv, prog="sidelight benchmarks list")
    for name in asked.names or PUBLIC:
        row, layout = public_benchmark(name), LAYOUTS[name]
        console.print(f"{name}: {row.sentence}")
        for metric, what in row.measure().definition().items():
            good = {True: "high is good", False: "low is good", None: "neither is good"}[what.higher_is_better]
            console.print(f"  {metric:<10} {what.definition} ({good})")
        facts = {"pictures": layout.pictures, "layout": layout.tree, "size": layout.size, "licence": layout.licence}
        for fact, said in (facts | {"where": layout.where}).items():
            console.print(f"  {fact:<10} {said}")
        console.print()
    return 0
