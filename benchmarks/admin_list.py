"""How long the requester's lists take on a large campaign: `python benchmarks/admin_list.py`.

Fills an SQLite store with a million pictures and a million submitted pages of 100,000 people, then asks for every
list: its start, its middle, with filters that match much, little and nothing. The aim is 300 ms for each. The overview,
which is counted once for all who look within some seconds, is timed beside them.
"""

import base64
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
import tyro
from sqlalchemy.engine import Connection

from sidelight.collect.requester.annotators import list_annotators
from sidelight.collect.requester.dashboard import Size, count, size
from sidelight.collect.requester.items import list_items, list_pages
from sidelight.collect.store import tables as t
from sidelight.collect.store.engine import Store, open_store

NOW = 1_800_000_000.0
AIM_S = 0.3
PAGES = 10
"""Of an assignment."""

ANY: dict[str, Any] = {"session": None, "complete": None, "agrees": None, "late": None}
NO_FILTER: dict[str, Any] = {"pool": None, "label": None, "gold": None}


@dataclass(frozen=True)
class AdminList:
    """Time the requester's lists."""

    rows: int = 1_000_000
    """Pictures, and submitted pages."""
    repeats: int = 5
    """How often each is asked for; the median counts."""


def names(numbers: np.ndarray) -> list[str]:
    """Ids as random as the store's own."""
    return [base64.urlsafe_b64encode(int(n).to_bytes(12, "big")).decode() for n in numbers]


def fill(store: Store, rows: int) -> None:
    """The campaign: 1,000 classes, a rare gold picture, a rare trouble, answers of a usual length."""
    generator = np.random.default_rng(0)
    ids = names(generator.integers(0, 2**62, rows))
    pictures = (picture(id_, n) for n, id_ in enumerate(ids))
    insert(store, "picture", 8, pictures)
    people = rows // PAGES
    sessions, assignments = names(generator.integers(0, 2**62, people)), names(generator.integers(0, 2**62, people))
    plan = json.dumps([{"pictures": ids[:48]}] * PAGES)
    insert(store, "hit", 5, ((f"h{n}", n, plan, 3, 3) for n in range(people // 3 + 1)))
    insert(store, "session", 15, (person(s, n) for n, s in enumerate(sessions)))
    insert(store, "assignment", 8, (work(a, sessions[n], n) for n, a in enumerate(assignments)))
    answer = json.dumps({"task": "browse", "selected": {id_: [0.5, 0.5] for id_ in ids[:12]}})
    page_ids = names(generator.integers(0, 2**62, rows))
    insert(store, "page", 14, (page(p, assignments[n // PAGES], n, answer) for n, p in enumerate(page_ids)))


def picture(id_: str, n: int) -> tuple[object, ...]:
    """A picture: one in four is true, one in 50,000 gold."""
    pool = "distractors" if n % 4 else "images"
    return (id_, pool, f"{n}.jpg", 500, 375, f"class {n % 1000:03}", n % 50_000 == 1, None)


def person(id_: str, n: int) -> tuple[object, ...]:
    """A session that is done."""
    at = NOW - 30.0 * n
    return (id_, "link", "done", 0, "en", "{}", at, "v", at, 0, at, at + 900, id_, None, "")


def work(id_: str, session: str, n: int) -> tuple[object, ...]:
    """An assignment, three a hit."""
    at = NOW - 30.0 * n
    return (id_, f"h{n // 3}", session, "submitted", at, at + 3600, at + 900, 0)


def page(id_: str, assignment: str, n: int, answer: str) -> tuple[object, ...]:
    """A page; one in 200,000 has a trouble, and only old ones."""
    rare = n % 200_000 == 199_999
    at = NOW - 3.0 * n
    return (id_, assignment, n % PAGES, "submitted", 1, None, at, not rare, rare, not rare, answer, 6e4, 1e3, 0.0)


def insert(store: Store, table: str, columns: int, rows: Iterator[tuple[object, ...]]) -> None:
    """Many rows at once."""
    words = f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"  # noqa: S608 (names are ours)

    def all_of_them(c: Connection) -> None:
        c.connection.driver_connection.executemany(words, rows)  # type: ignore[union-attr]

    store.write(all_of_them).result()


def questions(c: Connection) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is asked."""
    middle = c.execute(sa.select(t.picture.c.id).order_by(t.picture.c.id).offset(500_000).limit(1)).scalar() or ""
    filters: dict[str, dict[str, Any]] = {
        "": {},
        "pool": {"pool": "images"},
        "class": {"label": "class 007"},
        "no such class": {"label": "none"},
        "gold": {"gold": True},
        "class and gold": {"label": "class 001", "gold": True},
        "class and gold, none": {"label": "class 003", "gold": True},
        "gold, other pool": {"gold": True, "pool": "images"},
        "everything but none": {"pool": "images", "gold": False, "label": "class 999"},
    }
    for name, asked in filters.items():
        yield f"pictures, {name or 'all'}", partial(list_items, c, after="", **NO_FILTER | asked)
    yield "pictures, from the middle", partial(list_items, c, after=key(middle), **NO_FILTER)
    submitted = partial(list_pages, c, state="submitted", **ANY)
    for tried in ({}, {"complete": False}, {"agrees": False}, {"late": True}, {"late": True, "complete": True}):
        said = "pages, " + (", ".join(f"{name} {value}" for name, value in tried.items()) or "all")
        yield said, partial(submitted, after="", **tried)
    yield "pages, from the middle", partial(submitted, after=key(NOW - 1.5e6, "a"))
    yield (
        "pages, of one person",
        partial(submitted, after="", session=c.execute(sa.select(t.session.c.id).limit(1)).scalar()),
    )
    yield "pages, on screens", partial(list_pages, c, after="", state="shown", **ANY)
    yield "annotators", partial(list_annotators, c, after="")
    yield "annotators, from the middle", partial(list_annotators, c, after=key(NOW - 1.5e6, "a"))


def key(*values: str | float) -> str:
    """A place in a list."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def timed(ask: Callable[[], object], repeats: int) -> float:
    """Median time of an answer, seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        ask()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Fill, ask, print."""
    asked = tyro.cli(AdminList)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'store.sqlite'}", clock=lambda: NOW)
        fill(store, asked.rows)
        with store.read() as c:
            slowest = 0.0
            for name, ask in questions(c):
                took = timed(ask, asked.repeats)
                slowest = max(slowest, took)
                print(f"{name:<40} {1000 * took:8.1f} ms")
            print(f"{'slowest list':<40} {1000 * slowest:8.1f} ms  (aim {1000 * AIM_S:.0f})")
            known = size(c, Size())
            took = timed(lambda: count(c, wanted=known.wanted, pay=1.0, currency="EUR", now=NOW), 1)
            print(f"{'overview, counted anew':<40} {1000 * took:8.1f} ms")
        store.close()


if __name__ == "__main__":
    main()
