"""Who labels: agreement counted by hand, and screening of real recordings."""

import msgspec
import numpy as np
import pytest

from sidelight.collect.campaign.settings import ClassText, Settings
from sidelight.collect.requester import screener as module
from sidelight.collect.requester.annotators import judgements, list_annotators
from sidelight.collect.requester.screener import Screener, watch
from sidelight.collect.requester.view import Screened
from sidelight.collect.store import chunks
from sidelight.collect.store import tables as t
from sidelight.collect.store.chunks import Sent
from sidelight.collect.wire.answer import BrowseAnswer, PaintAnswer, TagAnswer
from sidelight.collect.wire.chunk import Chunk, Samples, encode, peek
from sidelight.collect.wire.log import Hover, Layout, Select, Shown

SETTINGS = Settings(task="browse", title="", images="", classes=(ClassText("owl"), ClassText("cat")))


@pytest.fixture
def listed(store):
    def rows():
        with store.read() as c:
            return {row.session: row for row in list_annotators(c, after="").rows}

    return rows


@pytest.fixture
def screened(store):
    screener = Screener(SETTINGS)

    def one(person):
        with store.read() as c:
            return screener.screen(c, person)

    return one


def selected(*pictures):
    return {"task": "browse", "selected": dict.fromkeys(pictures)}


def test_agreement_is_the_share_of_others_judgements_that_were_hers_too(listed, hand):
    """Of pictures a and b: ann and bob say a, cy says b; dee saw another hit alone."""
    hit = hand.hit(1, wanted=3, pictures=("a", "b"))
    for who, picture in (("ann", "a"), ("bob", "a"), ("cy", "b")):
        hand.page(hand.assignment(hit, hand.session(who)), answer=selected(picture))
    hand.page(hand.assignment(hand.hit(1, pictures=("a", "b")), hand.session("dee")), answer=selected("a"))
    assert {who: row.agreement for who, row in listed().items()} == {"ann": 0.5, "bob": 0.5, "cy": 0.0, "dee": None}


def test_the_excluded_are_not_compared_with(listed, hand):
    hit = hand.hit(1, wanted=3, pictures=("a",))
    for who, picture, excluded in (("ann", "a", ""), ("bob", "a", ""), ("cy", "b", "screening")):
        hand.page(hand.assignment(hit, hand.session(who, excluded=excluded)), answer=selected(picture))
    assert {who: row.agreement for who, row in listed().items()} == {"ann": 1.0, "bob": 1.0, "cy": None}
    assert listed()["cy"].excluded == "screening"


def test_tags_agree_on_what_anybody_placed_and_decisions_on_the_class():
    tags = {"ann": TagAnswer({"owl": None}, ()), "bob": TagAnswer({"owl": None, "cat": (0.1, 0.1)}, ())}
    assert [*judgements(["p"], tags)] == [{"ann": False, "bob": True}, {"ann": True, "bob": True}]
    decided = {"ann": PaintAnswer("owl", (1, 1), (1,)), "bob": PaintAnswer("cat", (1, 1), (1,))}
    assert [*judgements(["p"], decided)] == [{"ann": "owl", "bob": "cat"}]


def test_pages_times_and_complete_ones_are_counted_and_the_last_who_arrived_comes_first(listed, hand, clock):
    hit = hand.hit(3)
    hand.session("early", created_at=clock.now - 900)
    assignment = hand.assignment(hit, hand.session("late", created_at=clock.now))
    for ordinal, (ms, complete) in enumerate([(1000.0, True), (9000.0, False), (2000.0, True)]):
        hand.page(assignment, ordinal, active_ms=ms, complete=complete)
    hand.session("preview", preview=True)
    rows = listed()
    assert [*rows] == ["late", "early"]
    assert (rows["late"].pages, rows["late"].complete, rows["late"].page_ms) == (3, 2, 2000.0)
    assert (rows["early"].pages, rows["early"].page_ms) == (0, None)


def recorded(store, session, page, at):
    """A recording: the pointer comes over picture a, which fills the left half, and selects it at a place."""
    boxes = {"a": (0.0, 0.0, 400.0, 600.0), "b": (400.0, 0.0, 400.0, 600.0)}
    layout = Layout(t=0.0, i=0, view=(800.0, 600.0), scroll=(0.0, 0.0), zoom=1.0, dpr=1.0, images=boxes)
    x, y = 400 * at[0], 600 * at[1]
    entries = (
        Shown(t=0.0, i=0),
        layout,
        Hover(t=100.0, i=1, image="a", inside=True),
        Select(t=900.0, i=2, image="a", by="mouse", at=at),
    )
    path = Samples(
        np.array([100.0, 900.0]), np.array([1.0, x]), np.array([1.0, y]), np.zeros(2, np.uint8), np.zeros(2, np.uint8)
    )
    body = encode(Chunk(page, "tab", 0, 0, (1000.0, 1e12), True, entries, path))
    store.write(lambda c: chunks.put(c, Sent(session, peek(body), body, 0.0))).result()


@pytest.mark.parametrize(("at", "inside"), [((0.3, 0.3), 1.0), ((0.9, 0.9), 0.0)])
def test_clicks_on_gold_pictures_are_compared_with_their_boxes(screened, hand, store, at, inside):
    hand.picture("a", gold=True, boxes=[[0.2, 0.2, 0.5, 0.5]])
    hand.picture("b", label="cat", gold=True, boxes=[[0.0, 0.0, 1.0, 1.0]])
    hit = hand.row(
        t.hit, id="h", ordinal=0, wanted=1, taken=0, pages=[{"pictures": ["a", "b"], "label": "owl", "gold": True}]
    )
    answer = msgspec.to_builtins(BrowseAnswer({"a": at}))
    page = hand.page(hand.assignment(hit, hand.session("ann")), answer=answer)
    recorded(store, "ann", page, at)
    assert screened("ann") == Screened("ann", 1, 800.0, inside, ())


def test_nobody_is_flagged_on_a_few_pages_and_the_unknown_have_none(screened, hand):
    hand.page(hand.assignment(hand.hit(1), hand.session("ann")))
    assert screened("ann") == Screened("ann", 1, None, None, ())
    assert screened("nobody") == Screened("nobody", 0, None, None, ())


def test_what_was_seen_is_remembered_until_there_is_more_to_see(screened, hand, monkeypatch):
    seen = []
    monkeypatch.setattr(module, "watch", lambda *args: seen.append(args[1]) or watch(*args))
    monkeypatch.setattr(module, "REMEMBERED", 1)
    assignment = hand.assignment(hand.hit(2), hand.session("ann"))
    hand.page(assignment, 0)
    screened("ann"), screened("ann")
    assert seen == ["ann"]
    hand.page(assignment, 1)
    screened("ann"), screened("ann")
    assert seen == ["ann", "ann"]
    screened("bob"), screened("ann")
    assert seen == ["ann", "ann", "bob", "ann"]
