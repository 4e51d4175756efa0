"""A campaign at work, and how its requester's routes are asked."""

import sqlalchemy as sa

from sidelight.collect.store import chunks, leases, people
from sidelight.collect.store import tables as t
from sidelight.collect.store.chunks import Sent
from sidelight.collect.wire.chunk import Chunk, Samples, encode, peek
from sidelight.collect.wire.log import Add, Shown

SITE = "http://127.0.0.1:8000"
EVIL = '"><img src=x onerror=alert(1)>'
BODIES = {"exclude": {"reason": "asked us to"}, "campaign": {"open": True}, "login": {"password": "wrong"}}


def at_work(store, now):
    """Somebody who is on her first page, with two chunks of it."""

    def work(c):
        session = people.create_session(c, panel="link", condition={}, locale="en", preview=False, now=now)
        people.agree(c, session, version="v0", publish=True, withdraw_hash="x", now=now)
        people.passed_practice(c, session, now=now)
        page = leases.take_page(c, session, now=now, lease_s=600).id
        for body in (chunk(page, 1), chunk(page, 0)):
            chunks.put(c, Sent(session, peek(body), body, now))
        return session, page

    return store.write(work).result()


def chunk(page, seq):
    entries = (Shown(t=0.0, i=0),) if seq == 0 else (Add(t=9.0, i=0, label="owl", by="mouse", at=(0.5, 0.5)),)
    return encode(Chunk(page, "tab", seq, 0, (10.0 * seq, 1e12), True, entries, Samples.none()))


def url(route, ids):
    return "/admin" + route.path.format(**ids)


def ask(client, route, ids, **more):
    body = {"json": BODIES.get(route.name, {})} if route.method == "POST" else {}
    return client.request(route.method, url(route, ids), **body | more)


def dump(store):
    with store.read() as c:
        return [c.execute(sa.select(table)).all() for table in t.metadata.sorted_tables]
