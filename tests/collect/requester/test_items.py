"""Pictures and pages in lists, with the filters that are allowed."""

import pytest
import sqlalchemy as sa

from sidelight.collect.requester.items import list_items, list_pages
from sidelight.collect.store import tables as t

ANY = {"session": None, "complete": None, "agrees": None, "late": None}


@pytest.fixture
def items(store):
    def listed(*, after="", pool=None, label=None, gold=None):
        with store.read() as c:
            return list_items(c, after=after, pool=pool, label=label, gold=gold)

    return listed


@pytest.fixture
def pages(store):
    def listed(state="submitted", after="", **asked):
        with store.read() as c:
            return list_pages(c, after=after, state=state, **ANY | asked)

    return listed


def test_pictures_are_found_by_pool_class_and_gold_and_by_all_together(items, hand):
    for id_, pool, label, gold in [
        ("a", "images", "owl", True),
        ("b", "images", "owl", False),
        ("c", "images", "cat", True),
        ("d", "distractors", "owl", True),
    ]:
        hand.picture(id_, pool=pool, label=label, gold=gold)
    found = {
        name: [row.id for row in items(**asked).rows]
        for name, asked in {
            "all": {},
            "pool": {"pool": "images"},
            "label": {"label": "owl"},
            "gold": {"gold": True},
            "two": {"label": "owl", "gold": True},
            "three": {"label": "owl", "gold": True, "pool": "images"},
            "none": {"label": "dog"},
        }.items()
    }
    assert found == {
        "all": ["a", "b", "c", "d"],
        "pool": ["a", "b", "c"],
        "label": ["a", "b", "d"],
        "gold": ["a", "c", "d"],
        "two": ["a", "d"],
        "three": ["a"],
        "none": [],
    }


def test_a_row_of_pictures_says_no_path(items, hand):
    hand.picture("a", path="owl/ann_smith_garden.png")
    (row,) = items().rows
    assert "ann_smith" not in repr(row)
    assert (row.id, row.label, row.width, row.height) == ("a", "owl", 8, 6)


def test_submitted_pages_come_last_submitted_first(pages, hand, clock):
    assignment = hand.assignment(hand.hit(3), hand.session("s"))
    made = [hand.page(assignment, k, submitted_at=clock.now + at) for k, at in enumerate((1, 3, 2))]
    assert [row.id for row in pages().rows] == [made[1], made[2], made[0]]
    assert [row.number for row in pages().rows] == [2, 3, 1]
    assert {row.session for row in pages().rows} == {"s"}


def test_pages_are_found_by_their_troubles_and_by_their_annotator(pages, hand):
    mine = hand.assignment(hand.hit(2), hand.session("mine"))
    whole, broken = hand.page(mine, 0), hand.page(mine, 1, complete=False, late=True)
    other = hand.page(hand.assignment(hand.hit(1), hand.session("other")), agrees=False)
    assert {row.id for row in pages(session="mine").rows} == {whole, broken}
    assert [row.id for row in pages(complete=False).rows] == [broken]
    assert [row.id for row in pages(agrees=False).rows] == [other]
    assert [row.id for row in pages(late=True, session="mine").rows] == [broken]
    assert pages(late=True, session="other").rows == ()


def test_pages_under_way_are_lists_of_their_own(pages, hand):
    assignment = hand.assignment(hand.hit(3), hand.session(state="work"), "leased")
    hand.page(assignment, 0)
    shown, waiting = hand.page(assignment, 1, "shown"), hand.page(assignment, 2, "waiting")
    assert [row.id for row in pages("shown").rows] == [shown]
    assert [row.id for row in pages("waiting").rows] == [waiting]
    assert pages("shown").rows[0].submitted_at is None


PLANS = [
    ("items", {"pool": None, "label": None, "gold": None}),
    ("items", {"pool": "images", "label": None, "gold": None}),
    ("items", {"pool": None, "label": "owl", "gold": None}),
    ("items", {"pool": None, "label": None, "gold": True}),
    ("items", {"pool": "images", "label": "owl", "gold": True}),
    ("pages", {"state": "submitted", **ANY}),
    ("pages", {"state": "submitted", **ANY, "complete": False}),
    ("pages", {"state": "submitted", **ANY, "session": "s"}),
    ("pages", {"state": "shown", **ANY}),
]


@pytest.mark.parametrize(("kind", "asked"), PLANS)
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_no_list_reads_a_whole_table_without_an_index(store, hand, kind, asked):
    """Asks SQLite how it would find what a list asks for."""
    hand.page(hand.assignment(hand.hit(1), hand.session("s")))
    hand.picture()
    listed = {"items": list_items, "pages": list_pages}[kind]
    asked_for = []
    with store.read() as c:
        sa.event.listen(c, "before_cursor_execute", lambda *args: asked_for.append(args[2:4]))
        listed(c, after="", **asked)
        plans = [
            [row[3] for row in c.connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
            for sql, values in list(asked_for)
        ]
    assert len(plans) >= 2
    reading = [step for step in plans[0] if "SCAN" in step and "SUBQUERY" not in step.upper() and "anon" not in step]
    assert [step for step in reading if "USING" not in step] == []
    assert t.picture.name
