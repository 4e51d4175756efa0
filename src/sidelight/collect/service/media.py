"""Pictures: asked for by a signed address, looked into before they are sent, and unable to do anything."""

from functools import lru_cache
from pathlib import Path

from starlette.responses import FileResponse

from sidelight.collect.campaign.images import NoPicture, sniff
from sidelight.collect.service.desk import Desk
from sidelight.collect.service.headers import PICTURE
from sidelight.collect.service.problem import Trouble
from sidelight.collect.store import pictures

KEPT = "private, max-age=31536000, immutable"
"""A picture's address never shows another picture; the browser may keep it, nobody between may."""

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def picture(desk: Desk, signed: str) -> FileResponse:
    """The picture at a signed address, under a name that says nothing.

    Args:
        desk: of the campaign.
        signed: last part of the address.

    Raises:
        Trouble: the address is not ours, or the file is gone or no picture any more.
    """
    id_ = desk.tokens.pictured(signed)
    with desk.store.read() as c:
        found = pictures.get(c, [id_]).get(id_) if id_ else None
    if found is None:
        raise Trouble(404)
    try:
        file = desk.campaign.file_of(found)
        changed = file.stat()
        kind = _kind(file, changed.st_mtime_ns, changed.st_size)
    except (NoPicture, OSError) as gone:
        raise Trouble(404, "This image is not there any more.", "Go on with the others.") from gone
    headers = {
        "Cache-Control": KEPT,
        "Content-Security-Policy": PICTURE.decode(),
        "Content-Disposition": f'inline; filename="image.{ENDINGS[kind]}"',
    }
    return FileResponse(file, headers=headers, media_type=kind, stat_result=changed)


@lru_cache(maxsize=65_536)
def _kind(file: Path, changed_ns: int, size: int) -> str:  # noqa: ARG001 (a file that changes is looked into again)
    return sniff(file).type
