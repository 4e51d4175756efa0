"""The command `sidelight data convert SOURCE --from NAME --out DIR [options of that source]`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro

from sidelight.cli.progress import bar, console, list_faults
from sidelight.cli.words import take_option, with_part
from sidelight.data.source.table import SOURCES
from sidelight.records.errors import UserFault, unknown_name


@dataclass(frozen=True, kw_only=True)
class Convert:
    """Turn a source into a dataset."""

    source: tyro.conf.Positional[Path]
    """The folder or file to read."""
    out: Path
    """Folder of the dataset to make."""
    overwrite: bool = False
    """Replace a dataset that is already there."""


def main(argv: Sequence[str]) -> int:
    """Convert; print one line a fault, and where the dataset is."""
    name, rest = take_option(argv, "--from")
    if name is None:
        if not rest or {"-h", "--help"} & set(rest):
            print(_overview())
            return 0
        raise UserFault("data convert", seen="no --from", allowed=", ".join(SOURCES), remedy="Say what the source is")
    if name not in SOURCES:
        raise unknown_name("source", name, SOURCES)
    reader = SOURCES[name]
    command = with_part(Convert, "reader", reader, reader(), doc=reader.__doc__)
    asked: Any = tyro.cli(command, args=rest, prog=f"sidelight data convert --from {name}")
    with bar("converting") as progress:
        manifest, faults = asked.reader.convert(asked.source, asked.out, progress=progress, overwrite=asked.overwrite)
    list_faults(faults)
    pictures = manifest.provenance.get("examples", "?")
    console.print(f"{pictures} pictures, {len(manifest.classes)} classes, {len(faults)} faults -> {asked.out}")
    return 0


def _overview() -> str:
    lines = ["usage: sidelight data convert SOURCE --from NAME --out DIR [options of that source]", ""]
    lines += [f"  {name:<14} {(reader.__doc__ or '').strip().splitlines()[0]}" for name, reader in SOURCES.items()]
    return "\n".join([*lines, "", "Options of a source: sidelight data convert --from NAME --help"])
