"""Pages become works, and works are gathered by picture, in bounded memory."""

import math
import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import msgspec

from sidelight.collect.annotate import Annotated, annotate
from sidelight.collect.campaign.settings import Settings
from sidelight.collect.export.grade import Grade, graded
from sidelight.collect.export.work import Seen, Work
from sidelight.collect.store import pictures
from sidelight.collect.store.engine import Store
from sidelight.collect.store.pictures import Picture
from sidelight.collect.wire.answer import PaintAnswer
from sidelight.collect.wire.page import Task
from sidelight.pipeline.collect_names import Names
from sidelight.pipeline.collect_pages import DonePage
from sidelight.records.annotation import Annotation

_ENCODE, _DECODE = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Work)


class Gathered:
    """Works, sorted by picture in a file of their own until they are written.

    Args:
        file: to make; whoever made its folder deletes it.
        grade: of the export.
        task: of the campaign.
        prefixes: pool -> where its folder lies below the export's root of pictures (`picture_root`).
        whole: keep every pointer sample, each with the picture nearest to it; else those over pictures alone.
    """

    def __init__(self, file: Path, *, grade: Grade, task: Task, prefixes: Mapping[str, str], whole: bool) -> None:
        self._grade, self._task, self._names, self._prefixes = grade, task, Names(grade), prefixes
        self._around = math.inf if whole else 0.0
        self._sorted = sqlite3.connect(file)
        self._sorted.execute("CREATE TABLE work (picture TEXT, chance INTEGER, body BLOB)")

    def add(self, page: DonePage) -> None:
        """Take one page in."""
        left = annotate(page.stored, page.chunks, around_px=self._around)
        together = groupby(sorted(left, key=attrgetter("picture")), key=attrgetter("picture"))
        rows = [
            (picture, secrets.randbits(62), _ENCODE.encode(self._work(page, picture, [*those])))
            for picture, those in together
        ]
        self._sorted.executemany("INSERT INTO work VALUES (?, ?, ?)", rows)

    def known(self, store: Store) -> list[Picture]:
        """The pictures that somebody worked on, by path."""
        ids = [row[0] for row in self._sorted.execute("SELECT DISTINCT picture FROM work")]
        with store.read() as c:
            found = pictures.get(c, ids).values()
        moved = [msgspec.structs.replace(one, path=self._prefixes.get(one.pool, "") + one.path) for one in found]
        return sorted(moved, key=attrgetter("path"))

    def seen(self, store: Store) -> Iterator[Seen]:
        """Every picture with its works, by path; works of one picture in an order drawn by chance."""
        self._sorted.execute("CREATE INDEX IF NOT EXISTS by_picture ON work (picture, chance)")
        for picture in self.known(store):
            bodies = self._sorted.execute("SELECT body FROM work WHERE picture = ? ORDER BY chance", [picture.id])
            yield _seen(picture, [_DECODE.decode(body) for (body,) in bodies])

    def close(self) -> None:
        """Let go of the file."""
        self._sorted.close()

    def _work(self, page: DonePage, picture: str, left: list[Annotated]) -> Work:
        session, timed = page.stored.session, self._grade in ("L2", "L3")
        shift_ms = self._names.shift_ms(session)
        annotations = [
            graded(
                each.annotation,
                self._grade,
                annotation_id="",
                person=self._names.person(session),
                shift_ms=shift_ms,
                task=self._task,
            )
            for each in left
        ]
        return Work(
            picture=picture,
            asked=page.stored.asked,
            annotations=tuple(annotations),
            drags=tuple(drag for each in left for drag in each.drags) if timed else (),
            mask=page.stored.answer if self._grade != "L0" and isinstance(page.stored.answer, PaintAnswer) else None,
            person=self._names.person(session),
            assignment=self._names.name("assignment_id", page.assignment),
            hit=self._names.name("hit_id", page.hit),
            page=page.stored.number if timed else None,
            submitted_at=max(0.0, page.submitted_at + shift_ms / 1000.0) if timed else None,
        )


def picture_root(settings: Settings) -> tuple[Path, dict[str, str]]:
    """The folder that holds all pools, and where each lies in it ("" or "some/folder/").

    >>> base = Settings(task="browse", title="", images="/a/true", distractors="/a/other/b")
    >>> root, prefixes = picture_root(base)
    >>> root.as_posix(), prefixes
    ('/a', {'images': 'true/', 'distractors': 'other/b/'})
    """
    pools = {"images": settings.images} | ({"distractors": settings.distractors} if settings.distractors else {})
    root = Path(os.path.commonpath(pools.values()))
    inside = {pool: Path(folder).relative_to(root).as_posix() for pool, folder in pools.items()}
    return root, {pool: "" if place == "." else f"{place}/" for pool, place in inside.items()}


def label_of(picture: Picture) -> str | None:
    """The class that the requester knew a picture to show: its folder's. Nothing is known of the distractors' pool."""
    return None if picture.pool == "distractors" else picture.label or None


def _seen(picture: Picture, works: list[Work]) -> Seen:
    named = tuple(
        msgspec.structs.replace(work, annotations=_named(work.annotations, picture.path, number))
        for number, work in enumerate(works)
    )
    return Seen(picture.path, picture.pool, picture.width, picture.height, label_of(picture), named)


def _named(annotations: tuple[Annotation, ...], path: str, number: int) -> tuple[Annotation, ...]:
    """Ids made of the picture's path, the works' order and the class: nothing of the store's."""
    return tuple(
        msgspec.structs.replace(
            annotation,
            id=f"{path}:{number}" if len(annotations) == 1 else f"{path}:{number}:{_part(annotation)}",
            example_id=path,
        )
        for annotation in annotations
    )


def _part(annotation: Annotation) -> str:
    return "page" if annotation.label is None else str(annotation.label)
