"""A store whose rows a test writes by hand, and a campaign that is served."""

import itertools
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from PIL import Image
from tests.collect.requester.served import EVIL, SITE, at_work

from sidelight.collect.campaign.folder import init_campaign
from sidelight.collect.campaign.settings import ClassText, Pay, Settings
from sidelight.collect.requester import password
from sidelight.collect.requester.keys import Keys, first_password
from sidelight.collect.service.app import create_app
from sidelight.collect.store import tables as t
from sidelight.collect.store.pictures import Picture

NOW = 1_800_000_000.0
"""What the clock says: a whole hour."""


class Hand:
    """Writes rows with few words; what is not said has a plain value."""

    def __init__(self, store):
        self.store = store
        self.numbers = itertools.count()

    def row(self, table, **columns):
        self.store.write(lambda c: c.execute(sa.insert(table), columns)).result()
        return columns.get("id")

    def id(self, kind):
        return f"{kind}{next(self.numbers):04d}"

    def hit(self, pages=2, wanted=1, taken=0, pictures=("p",), gold=False):
        plans = [{"pictures": list(pictures), **({"gold": True} if gold else {})} for _ in range(pages)]
        id_ = self.id("h")
        return self.row(t.hit, id=id_, ordinal=next(self.numbers), pages=plans, wanted=wanted, taken=taken)

    def picture(self, id_=None, **more):
        id_ = id_ or self.id("i")
        plain = {"pool": "images", "path": f"{id_}.png", "width": 8, "height": 6, "label": "owl", "gold": False}
        return self.row(t.picture, id=id_, **plain | more)

    def session(self, id_=None, state="done", **more):
        plain = {"panel": "link", "preview": False, "locale": "en", "condition": {}, "created_at": NOW - 600}
        agreed = {"consent_version": "v1", "consent_at": NOW - 500, "publish": False, "excluded": ""}
        return self.row(t.session, id=id_ or self.id("s"), state=state, **plain | agreed | more)

    def assignment(self, hit, session, state="submitted", **more):
        done = NOW if state == "submitted" else None
        plain = {"leased_at": NOW - 500, "leased_until": NOW + 3000, "submitted_at": done, "late": False}
        return self.row(t.assignment, id=self.id("a"), hit=hit, session=session, state=state, **plain | more)

    def page(self, assignment, ordinal=0, state="submitted", **more):
        plain = {"segments": 1}
        if state == "submitted":
            plain |= {"submitted_at": NOW, "complete": True, "late": False, "agrees": True}
            plain |= {"answer": {"task": "browse", "selected": {}}, "active_ms": 0.0, "idle_ms": 0.0, "hidden_ms": 0.0}
        return self.row(t.page, id=self.id("g"), assignment=assignment, ordinal=ordinal, state=state, **plain | more)


@pytest.fixture
def hand(store):
    return Hand(store)


@pytest.fixture
def quick_hashes(monkeypatch):
    monkeypatch.setattr(password, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def made(tmp_path, open_stores, clock, quick_hashes):
    """A tag campaign with a page at work, its app, its passwords, and a way to log in."""
    photos = tmp_path / "photos"
    files = [photos / f"ann_smith_{n}.png" for n in range(3)]
    photos.mkdir()
    for n, file in enumerate(files):
        Image.new("RGB", (8, 6), (n, 0, 0)).save(file)
    pictures = [Picture(f"pic{n}", "images", file.name, 8, 6) for n, file in enumerate(files)]
    classes = (ClassText("owl", EVIL), ClassText("cat"))
    pay = Pay(per_hit=2.0, hourly_floor=20.0)
    asked = Settings(
        task="tag", title=f"Owls {EVIL}", images=str(photos), classes=classes, panels={"Birds": ("owl", "cat")}, pay=pay
    )
    campaign, _ = init_campaign(tmp_path / "campaign", asked, pictures, clock=clock)
    store = open_stores(campaign.store_url)
    static = tmp_path / "static"
    static.mkdir()
    (static / "admin.html").write_text("<!doctype html><title>admin</title>")
    app = create_app(campaign, store, clock=clock, static=static)
    passwords = {"admin": first_password(store), "viewer": Keys(store, clock=clock).renew("viewer")}
    session, page = at_work(store, clock.now)

    def enter(role, base_url=SITE):
        client = TestClient(app, base_url=base_url, headers={"Origin": base_url})
        if role in passwords:
            assert client.post("/admin/api/login", json={"password": passwords[role]}).status_code == 200
        return client

    ids = {"session": session, "page": page, "picture": "pic1", "role": "viewer"}
    return SimpleNamespace(campaign=campaign, store=store, app=app, passwords=passwords, enter=enter, ids=ids)
