"""What a reader is, and what all of them do alike."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sidelight.data.format.manifest import Manifest
from sidelight.data.source.progress import Progress
from sidelight.records.errors import Fault, FaultsFound, UserFault

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class Source(Protocol):
    """A frozen dataclass whose fields are the command line's options, all with defaults."""

    def convert(
        self, source: Path, out: Path, *, progress: Progress, overwrite: bool = False
    ) -> tuple[Manifest, list[Fault]]:
        """Make the dataset `out` of `source`; return its manifest and one fault for each thing that was left out."""


def as_provenance(reader: "DataclassInstance") -> dict[str, str]:
    """Every option with its value, as text under `option.<name>`."""
    return {f"option.{field.name}": str(getattr(reader, field.name)) for field in fields(reader)}


def refuse_nothing(source: Path, written: int, faults: Sequence[Fault]) -> None:
    """Refuse to finish a dataset without a picture.

    Raises:
        UserFault: if none was written; it lists the faults.
    """
    if written:
        return
    thing = f"source {str(source)!r}"
    if faults:
        raise FaultsFound(thing, faults, remedy="Mend the source; not one picture could be taken from it")
    raise UserFault(thing, seen="no picture", allowed="at least one", remedy="Check the path and the options")
