"""Which code, which libraries, which machine: what every result carries."""

import platform
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import sidelight

LIBRARIES = ("numpy", "opencv-python-headless", "timm", "torch", "torchvision")


@cache
def commit() -> str:
    """The commit of the source tree that sidelight runs from, with '+' if it was changed since; '' outside one."""
    here = Path(sidelight.__file__).parent

    def git(*words: str) -> str:
        asked = subprocess.run(["git", "-C", str(here), *words], capture_output=True, text=True, check=False)  # noqa: S603, S607
        return asked.stdout.strip() if asked.returncode == 0 else ""

    try:
        head = git("rev-parse", "--short=12", "HEAD")
        return head + ("+" if head and git("status", "--porcelain", "--", str(here)) else "")
    except OSError:
        return ""


@cache
def environment() -> dict[str, str]:
    """Interpreter, libraries and kind of machine, as {name: version}."""
    found = {"python": platform.python_version(), "machine": f"{platform.system()} {platform.machine()}"}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found
