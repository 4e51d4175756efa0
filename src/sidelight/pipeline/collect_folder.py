"""A folder that appears whole, or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sidelight.records.errors import UserFault

EXPORT_FILE = "export.json"
"""Says what an export is and what was left out; every export folder of sidelight has one."""


@contextmanager
def appearing(out: Path, *, overwrite: bool) -> Iterator[Path]:
    """Work in a hidden folder beside `out` and rename it at the end; after an error nothing is left.

    Args:
        out: folder to make.
        overwrite: whether an earlier export may be replaced. Other folders never are.

    Raises:
        UserFault: if `out` is in the way.
    """
    _refuse_occupied(out, overwrite=overwrite)
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}.partial-", dir=out.parent))
    work.chmod(0o755)
    try:
        yield work
        if out.exists():
            shutil.rmtree(out)
        work.rename(out)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _refuse_occupied(out: Path, *, overwrite: bool) -> None:
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    ours = (out / EXPORT_FILE).is_file()
    if ours and overwrite:
        return
    raise UserFault(
        f"output {str(out)!r}",
        seen="an export that is already there" if ours else "something that is no export",
        allowed="a new or empty folder",
        remedy="Choose another folder, or pass --overwrite" if ours else "Choose another folder",
    )
