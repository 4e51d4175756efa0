"""A whole service in this process, and people who visit it over its routes."""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image
from starlette.testclient import TestClient

from sidelight.collect.campaign.folder import Campaign, init_campaign, open_campaign
from sidelight.collect.campaign.images import scan
from sidelight.collect.campaign.settings import ClassText, Settings
from sidelight.collect.fold.table import fold
from sidelight.collect.service.app import create_app
from sidelight.collect.service.desk import Desk
from sidelight.collect.store.engine import Store
from sidelight.collect.wire.chunk import Chunk, Samples, encode
from sidelight.collect.wire.log import Add, Decide, Deselect, Hover, Panel, Select, Shown, Stroke
from sidelight.collect.wire.page import Completion, Next, PageSpec, Session, Submitted

HOST = "http://label.example"
CLASSES = tuple(ClassText(name) for name in ("cup", "owl"))
TASKS = {
    "browse": {"classes": CLASSES, "candidates": 4, "distractor_ratio": 1.0, "pages_per_hit": 2},
    "tag": {"classes": CLASSES, "panels": {"Things": ("cup",), "Animals": ("owl",)}, "pages_per_hit": 2},
    "paint": {"classes": CLASSES, "grid": 16, "pages_per_hit": 2},
}


def draw_pictures(folder: Path, n: int = 4) -> Path:
    """A few pictures of two classes, plain colours."""
    for place, name in enumerate(("cup", "owl")):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for i in range(n):
            pixels = np.full((12, 16, 3), 40 * place + 10 * i, np.uint8)
            Image.fromarray(pixels).save(folder / name / f"secret_{name}_{i}.png")
    return folder


def make_campaign(folder: Path, clock, task: str = "browse", **changed) -> Campaign:
    """A campaign's folder with pictures; settings may be changed."""
    store_url = changed.pop("store_url", "")
    images = changed.pop("pictures", None) or draw_pictures(folder / "pictures")
    plain = {"task": task, "title": "Look", "images": str(images), "annotators": 3, "practice_pages": 0}
    settings = Settings(**{**plain, **TASKS[task], **changed})
    pictures, _ = scan(images, pool="images")
    init_campaign(folder / "campaign", settings, pictures, store_url=store_url, clock=clock)
    return open_campaign(folder / "campaign")


def front_end(folder: Path) -> Path:
    """Something in place of the built front end."""
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>sidelight</title>")
    (folder / "admin.html").write_text("<!doctype html><title>admin</title>")
    (folder / "assets" / "index-1a2b.js").write_text("export {};")
    return folder


@dataclass
class Service:
    """A service in this process.

    Attributes:
        campaign: that it serves.
        store: of the campaign.
        clock: that the test moves.
        http: to it, without any person's token.
    """

    campaign: Campaign
    store: Store
    clock: object
    http: TestClient

    @property
    def desk(self) -> Desk:
        return self.http.app.framework.state.desk

    def visitor(self, **parameters: str) -> "Visitor":
        """Somebody who arrived."""
        said = self.http.post("/api/arrive", json={"parameters": parameters})
        assert said.status_code == 200, said.text
        return Visitor(self, msgspec.json.decode(said.content, type=Session))

    def worker(self, **parameters: str) -> "Visitor":
        """Somebody who agreed and may work."""
        visitor = self.visitor(**parameters)
        visitor.agree()
        return visitor


@dataclass
class Visitor:
    """A person with a browser."""

    service: Service
    session: Session
    tab: str = "tab"
    seq: int = 0
    log: dict[str, list] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.service.desk.tokens.session(self.session.token)

    def ask(self, method: str, path: str, **more):
        headers = {"Authorization": f"Bearer {self.session.token}", **more.pop("headers", {})}
        return self.service.http.request(method, path, headers=headers, **more)

    def get(self, path: str, kind: type | None = None):
        said = self.ask("GET", path)
        return _decoded(said, kind)

    def post(self, path: str, body=None, kind: type | None = None):
        said = self.ask("POST", path, content=msgspec.json.encode({} if body is None else body))
        return _decoded(said, kind)

    def agree(self, *, agreed: bool = True, publish: bool = False) -> Session:
        version = self.service.campaign.consent.version
        self.session = self.post("/api/consent", {"version": version, "agreed": agreed, "publish": publish}, Session)
        return self.session

    def next(self) -> Next:
        return self.get("/api/page", Next)

    def page(self) -> PageSpec:
        page = self.next().page
        assert page is not None
        return page

    def entries(self, page: PageSpec, t: float = 0.0) -> tuple:
        """What a plain person does on a page."""
        first = page.pictures[0].id
        begun = Shown(t=t, i=0)
        if page.task == "browse":
            place = {"image": first, "by": "mouse", "at": (0.25, 0.5)}
            seen = Hover(t=t + 1, i=0, image=first, inside=True)
            return (
                begun,
                seen,
                Select(t=t + 9, i=1, **place),
                Deselect(t=t + 20, i=2, **place),
                Select(t=t + 30, i=3, **place),
            )
        if page.task == "paint":
            return (
                begun,
                Decide(t=t + 5, i=0, label="owl", by="mouse"),
                Stroke(t=t + 9, i=1, tool="brush", radius=2.0, cells=(64, 64, 96, 64), by="mouse"),
            )
        icon = Add(t=t + 9, i=1, label="owl", by="mouse", at=(0.5, 0.5))
        return begun, Panel(t=t, i=0, panel=0), icon, Panel(t=t + 15, i=2, panel=1, by="mouse")

    def chunk(self, page: PageSpec, *, seq: int | None = None, **changed) -> bytes:
        """The next chunk's bytes."""
        number = self.seq if seq is None else seq
        self.seq = max(self.seq, number + 1)
        n = 3
        line = np.arange(n, dtype=float)
        samples = Samples(10.0 * line, 5.0 * line, 7.0 * line, np.zeros(n, np.uint8), np.zeros(n, np.uint8))
        entries = changed.pop("entries", None) or self.entries(page)
        self.log.setdefault(page.id, []).extend(entries)
        plain = {"page": page.id, "tab": self.tab, "seq": number, "segment": page.segment, "anchor": (5.0, 1.8e12)}
        return encode(Chunk(**{**plain, "coalesced": True, "entries": entries, "samples": samples, **changed}))

    def send(self, body: bytes):
        return self.ask("POST", "/api/chunk", content=body, headers={"Content-Type": "application/octet-stream"})

    def record(self, page: PageSpec, **changed) -> int:
        """Send a chunk of a page; its number."""
        number = self.seq
        said = self.send(self.chunk(page, **changed))
        assert said.status_code == 200, said.text
        return number

    def answer(self, page: PageSpec):
        return fold(page.task, (*page.log, *self.log.get(page.id, ())), grid=page.grid)

    def submission(self, page: PageSpec, /, **changed) -> dict:
        plain = {"page": page.id, "tab": self.tab, "last_seq": self.seq - 1, "answer": self.answer(page), "attempt": 1}
        return {**plain, **changed}

    def submit(self, page: PageSpec, **changed) -> Submitted:
        return self.post("/api/submit", self.submission(page, **changed), Submitted)

    def work_through(self) -> int:
        """Label all there is; the number of pages."""
        n = 0
        while (page := self.next().page) is not None:
            self.record(page)
            assert self.submit(page).complete
            n += 1
        return n

    def finish(self) -> Completion:
        return self.post("/api/finish", kind=Completion)


def _decoded(said, kind: type | None):
    if kind is None:
        return said
    assert said.status_code == 200, (said.status_code, said.text)
    return msgspec.json.decode(said.content, type=kind)


def open_service(campaign: Campaign, store: Store, clock, static: Path) -> Service:
    app = create_app(campaign, store, clock=clock, static=static)
    return Service(campaign, store, clock, TestClient(app, base_url=HOST, raise_server_exceptions=True))


def rows(service: Service, table):
    """All rows of a table."""
    with service.store.read() as c:
        return c.execute(table.select()).all()
