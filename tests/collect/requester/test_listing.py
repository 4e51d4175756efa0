"""Lists by key: nothing is left out, nothing comes twice, and no request reads more than its window."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sidelight.collect.requester import listing as module
from sidelight.collect.requester.listing import BadKey, Listing, decode_key, encode_key, page_of

metadata = sa.MetaData()
thing = sa.Table(
    "thing",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", sa.Float),
    sa.Column("odd", sa.Boolean),
    sa.Column("kind", sa.Text),
)

ROWS = st.lists(
    st.tuples(st.text("abAB-_é", min_size=1, max_size=4), st.sampled_from([1.0, 1.5, 2.0]), st.booleans()),
    unique_by=lambda row: row[0],
    max_size=25,
)


@pytest.fixture
def fill():
    engine = sa.create_engine("sqlite://")
    metadata.create_all(engine)

    def filled(rows):
        with engine.begin() as c:
            c.execute(sa.delete(thing))
            for id_, at, odd in rows:
                c.execute(sa.insert(thing).values(id=id_, at=at, odd=odd, kind="k" if odd else "l"))
        return engine.connect()

    yield filled
    engine.dispose()


def walk(c, listing, limit):
    """All pages of a list, one after the other."""
    pages, after = [], ""
    while True:
        page = page_of(c, listing, after=after, read=lambda row: row["id"], limit=limit)
        pages.append(page)
        after = page.next
        assert len(pages) < 200
        if not after:
            return pages


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, limit=st.integers(1, 7), descending=st.booleans())
def test_the_pages_of_a_list_are_the_list(fill, rows, limit, descending):
    listing = Listing(sa.select(thing), ("at", "id"), descending=descending)
    with fill(rows) as c:
        pages = walk(c, listing, limit)
    in_order = sorted(((at, id_.encode(), id_) for id_, at, _ in rows), reverse=descending)
    assert [id_ for page in pages for id_ in page.rows] == [id_ for _, _, id_ in in_order]
    assert all(len(page.rows) == limit for page in pages[:-1])
    assert {(page.total, page.more) for page in pages} == {(len(rows), False)}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, limit=st.integers(1, 4), window=st.integers(1, 6), odd=st.booleans(), descending=st.booleans())
def test_a_filter_that_no_index_knows_finds_all_the_same_window_by_window(fill, rows, limit, window, odd, descending):
    listing = Listing(sa.select(thing), ("at", "id"), descending=descending, tried={"odd": odd, "kind": "k"})
    with pytest.MonkeyPatch.context() as patch, fill(rows) as c:
        patch.setattr(module, "WINDOW", window)
        pages = walk(c, listing, limit)
    in_order = sorted(
        ((at, id_.encode(), id_) for id_, at, is_odd in rows if is_odd is odd is True), reverse=descending
    )
    assert [id_ for page in pages for id_ in page.rows] == [id_ for _, _, id_ in in_order]
    assert len(pages) <= len(rows) + 1


def test_rows_that_come_and_go_between_two_pages_move_nothing(fill):
    listing = Listing(sa.select(thing), ("id",))
    with fill([(letter, 1.0, True) for letter in "bcdef"]) as c:
        first = page_of(c, listing, after="", read=lambda row: row["id"], limit=2)
        c.execute(sa.insert(thing).values(id="a", at=1.0, odd=True))
        c.execute(sa.delete(thing).where(thing.c.id == "c"))
        second = page_of(c, listing, after=first.next, read=lambda row: row["id"], limit=2)
    assert (first.rows, second.rows) == (("b", "c"), ("d", "e"))


def test_only_so_many_rows_are_counted(fill, monkeypatch):
    monkeypatch.setattr(module, "COUNTED", 3)
    rows = [(letter, 1.0, letter in "ab") for letter in "abcdef"]
    with fill(rows) as c:
        every = page_of(c, Listing(sa.select(thing), ("id",)), after="", read=dict)
        odd = page_of(c, Listing(sa.select(thing), ("id",), tried={"odd": True}), after="", read=dict)
    assert (every.total, every.more) == (3, True)
    assert (odd.total, odd.more) == (2, True)


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
        | st.floats(allow_nan=False, allow_infinity=False),
        min_size=1,
        max_size=3,
    )
)
def test_a_place_goes_into_an_address_and_back(values):
    word = encode_key(values)
    assert set(word) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert decode_key(word, [type(value) for value in values]) == tuple(values)


@pytest.mark.parametrize("word", ["x", "%", "e30", "W10", "WzEsMl0", "bnVsbA", "W3siYSI6MX1d", "é", "A" * 999, "\0"])
def test_what_is_no_place_is_refused(word):
    with pytest.raises(BadKey):
        decode_key(word, [float])


def test_a_place_of_another_list_is_refused():
    for values, kinds in [
        (["a"], [float]),
        ([1.0], [str]),
        ([1.0, "a"], [float]),
        (["a\0"], [str]),
        ([1.0], [float, str]),
    ]:
        with pytest.raises(BadKey):
            decode_key(encode_key(values), kinds)
