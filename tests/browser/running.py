"""The real service for browser tests: a campaign of pictures drawn here, in a thread of this process."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
import uvicorn
from PIL import Image, ImageDraw

from sidelight.collect.campaign.folder import Campaign
from sidelight.collect.service.app import create_app
from sidelight.collect.store import chunks, tables
from sidelight.collect.store.engine import Store, open_store
from sidelight.collect.wire.answer import Answer
from sidelight.collect.wire.chunk import decode
from sidelight.collect.wire.log import Entry


def draw_pictures(folder: Path, *, labels: tuple[str, ...], each: int, size: tuple[int, int] = (320, 240)) -> None:
    """A folder for each label, with pictures of a disc on a plain ground; every third one stands upright."""
    for k, label in enumerate(labels):
        (folder / label).mkdir(parents=True)
        for n in range(each):
            width, height = size if n % 3 else size[::-1]
            image = Image.new("RGB", (width, height), (90 + 30 * k, 140, 120 + 5 * n))
            x, y, r = 40 + 17 * n % (width - 80), 40 + 29 * n % (height - 80), 30
            ImageDraw.Draw(image).ellipse((x - r, y - r, x + r, y + r), fill=(230, 180 - 40 * k, 60))
            image.save(folder / label / f"{n}.png")


@dataclass(frozen=True)
class Submission:
    """A page as the store has it after its submit."""

    answer: Answer
    complete: bool
    agrees: bool
    segments: int
    log: tuple[Entry, ...]

    def acts(self, *kinds: str) -> list[Entry]:
        """Entries of these kinds, in order."""
        return [one for one in self.log if one.__struct_config__.tag in kinds]


@dataclass(frozen=True)
class Service:
    """A running service."""

    url: str
    campaign: Campaign
    store: Store

    def submissions(self) -> list[Submission]:
        """All submitted pages, in order; every page of a test is submitted by now."""
        p = tables.page.c
        asked = sa.select(tables.page).where(p.state == "submitted").order_by(p.submitted_at)
        with self.store.read() as c:
            return [self._submission(c, row) for row in c.execute(asked).all()]

    def await_submissions(self, n: int) -> list[Submission]:
        """The first n submitted pages, as soon as they are there."""
        until = time.monotonic() + 10
        while len(found := self.submissions()) < n and time.monotonic() < until:
            time.sleep(0.05)
        assert len(found) >= n
        return found

    def _submission(self, c: sa.Connection, row: Any) -> Submission:
        log = tuple(entry for body in chunks.of_page(c, row.id) for entry in decode(body).entries)
        answer: Answer = msgspec.convert(row.answer, Answer)
        return Submission(answer, bool(row.complete), bool(row.agrees), row.segments, log)


class Running:
    """A service in a thread of this process, from `with` to its end."""

    def __init__(self, campaign: Campaign, static: Path) -> None:
        self._campaign = campaign
        self._store = open_store(campaign.store_url, clock=time.time)
        app = create_app(campaign, self._store, clock=time.time, static=static)
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Service:
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the service did not start"
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return Service(f"http://127.0.0.1:{port}/", self._campaign, self._store)

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._store.close()
