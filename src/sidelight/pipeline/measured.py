"""What is kept of a finished run of a study, and where."""

from pathlib import Path

import msgspec

from sidelight.model.files import write_whole
from sidelight.records.errors import UserFault
from sidelight.records.result import Provenance, Result


class Measured(msgspec.Struct, frozen=True):
    """What is kept of a finished run; small enough to be committed.

    Attributes:
        condition: name of its condition.
        purpose: "tune" or "study".
        folder: of the run.
        seed: of the run.
        ratio: gradient ratio its lambda was chosen for; None for a plain run.
        lambda_: weight of the guidance term; 0 for a plain run.
        validation: accuracy on the validation pictures at the checkpoint kept.
        seconds: of training.
        curves: column of metrics.csv -> a value an epoch.
        provenance: of all the results; on disk it stands here once, and not beside every number.
        results: of the benchmarks (none when tuning).
        alpha: weight of the class term where the recipe blends by alpha; None elsewhere.
        teacher: condition whose run made its maps; "" where none did.
    """

    condition: str
    purpose: str
    folder: str
    seed: int
    ratio: float | None
    lambda_: float
    validation: float
    seconds: float
    curves: dict[str, list[float | None]]
    provenance: Provenance = Provenance()
    results: list[Result] = []
    alpha: float | None = None
    teacher: str = ""


def read_study(out: Path) -> list[Measured]:
    """Everything measured so far, in the order of the files' names.

    Raises:
        UserFault: if the folder holds no study.
    """
    folder = out / "measured"
    if not folder.is_dir():
        raise UserFault(
            f"study {out}",
            seen="no folder 'measured'",
            allowed="the --out of a study",
            remedy="Run 'sidelight study' first",
        )
    return [read_measured(file) for file in sorted(folder.glob("*.json"))]


def read_measured(file: Path) -> Measured:
    """One finished run."""
    stored = msgspec.json.decode(file.read_bytes(), type=Measured)
    # Runs on a teacher's maps are trained on one dataset and measured on another: what is shared is the measurement's.
    results = [msgspec.structs.replace(result, provenance=stored.provenance) for result in stored.results]
    return msgspec.structs.replace(stored, results=results)


def write_measured(measured: Measured, file: Path) -> None:
    """Keep a finished run."""
    bare = [msgspec.structs.replace(result, provenance=Provenance()) for result in measured.results]
    text = msgspec.json.format(msgspec.json.encode(msgspec.structs.replace(measured, results=bare)), indent=1)
    write_whole(file, text + b"\n")
