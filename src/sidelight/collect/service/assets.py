"""The built front end, read once: only what is there can be asked for, so that no path leads out of it."""

import gzip
import mimetypes
from pathlib import Path

import msgspec
from starlette.responses import Response

from sidelight.collect.service.problem import Trouble

FOR_EVER = "public, max-age=31536000, immutable"
"""Of files whose name changes with their content."""

KINDS = frozenset({".js", ".css", ".svg", ".woff2", ".png", ".webp", ".ico", ".json", ".webmanifest", ".txt"})
"""Files that are served besides the pages."""

SMALL = 500
"""Bytes below which packing gains nothing."""


class Asset(msgspec.Struct, frozen=True):
    """A file of the front end, as it is sent."""

    kind: str
    plain: bytes
    packed: bytes | None

    def response(self, *, accepted: str, cache: str, policy: bytes | None = None) -> Response:
        """The answer.

        Args:
            accepted: the request's `Accept-Encoding`.
            cache: how long it may be kept.
            policy: content security policy of a page.
        """
        headers = {"Cache-Control": cache, "Vary": "Accept-Encoding"}
        if policy is not None:
            headers["Content-Security-Policy"] = policy.decode()
        packed = self.packed if "gzip" in accepted else None
        if packed is not None:
            headers["Content-Encoding"] = "gzip"
        return Response(packed or self.plain, headers=headers, media_type=self.kind)


def read_assets(static: Path) -> dict[str, Asset]:
    """All files of the front end by their path within it, with forward slashes; none if it was not built.

    Args:
        static: folder that it was built into.
    """
    files = sorted(path for path in static.rglob("*") if path.is_file() and not path.is_symlink())
    wanted = [path for path in files if path.suffix in KINDS or (path.suffix == ".html" and path.parent == static)]
    return {path.relative_to(static).as_posix(): _asset(path) for path in wanted}


def asset(assets: dict[str, Asset], name: str) -> Asset:
    """The file with a name.

    Raises:
        Trouble: there is none.
    """
    if name not in assets:
        raise Trouble(404)
    return assets[name]


def _asset(path: Path) -> Asset:
    kind = "text/javascript" if path.suffix == ".js" else mimetypes.guess_type(path.name)[0]
    plain = path.read_bytes()
    texts = path.suffix in (".js", ".css", ".svg", ".html", ".json")
    packed = gzip.compress(plain, mtime=0) if texts and len(plain) > SMALL else None
    return Asset(kind or "application/octet-stream", plain, packed)
