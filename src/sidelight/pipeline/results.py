"""Results of a model on a dataset, as a file: what is measured now replaces its like, the rest stays."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from sidelight.model.files import write_whole
from sidelight.records.errors import UserFault
from sidelight.records.result import Result


def write_results(found: Sequence[Result], file: Path) -> None:
    """Write results, after those that the file holds of other benchmarks or splits of the same model and data.

    Args:
        found: measured now, of one model on one dataset.
        file: JSON, a list of results; made if it is not there.

    Raises:
        UserFault: the file is there and holds something else, which is left as it is.
    """
    measured = {(result.benchmark, result.split) for result in found}
    subjects = {_subject(result) for result in found}
    kept = [r for r in _there(file) if _subject(r) in subjects and (r.benchmark, r.split) not in measured]
    write_whole(file, msgspec.json.format(msgspec.json.encode([*kept, *found]), indent=1))


def _there(file: Path) -> list[Result]:
    if not file.exists():
        return []
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[Result])
    except msgspec.MsgspecError as broken:
        raise UserFault(
            f"results {file}",
            seen=str(broken),
            allowed="a list of results, or no file",
            remedy="Move it away, or name another file by --out",
        ) from broken


def _subject(result: Result) -> tuple[object, ...]:
    """Which model was measured on which data."""
    p = result.provenance
    return p.recipe, p.recipe_hash, p.seed, p.checkpoint, p.fingerprint
