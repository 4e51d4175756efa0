import collections
import dataclasses
import functools
import html.parser
import re

import numpy as np
import pytest

from sidelight.records.example import Box
from sidelight.report.content import Condition, Curve, CurvePanel, GalleryItem
from sidelight.report.page import render, write_report
from sidelight.report.table import study_tables
from sidelight.report.wording import difference_and_interval, mean_and_std, number

VOID = {"meta", "img", "br", "hr", "input", "link"}
EVIL = '<script>alert("x")</script>'


class Page(html.parser.HTMLParser):
    """Tags, attributes and text; refuses tags that do not nest."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.attributes, self.words, self._open = [], [], [], []
        self.feed(source)
        self.close()
        assert not self._open

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, *attribute) for attribute in attributes]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, *attribute) for attribute in attributes]

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, words):
        self.words.append(words)

    @functools.cached_property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def values(self, name):
        return [value for _, attribute, value in self.attributes if attribute == name]


@pytest.fixture(scope="module")
def photo():
    return GalleryItem(
        np.full((16, 16, 3), 90, dtype=np.uint8),
        "dog",
        (Box(0.2, 0.2, 0.8, 0.8),),
        ((0.5, 0.5),),
        {"plain": ("cat", 0.6), "clicks": ("dog", 0.9)},
        {"plain": np.eye(4), "clicks": np.eye(4)},
        {"clicks": (0.4, 0.6)},
    )


@pytest.fixture(scope="module")
def content(make_content, photo):
    curves = [Curve(name, seed, {"loss": [0.3, 0.2]}) for name in ("random", "clicks") for seed in (0, 1)]
    return make_content(
        2,
        dataset="in9",
        fingerprint="cafe",
        simulated="No person clicked.",
        curves=curves,
        curve_panels=(CurvePanel("loss", "regression loss"), CurvePanel("unseen", "unseen")),
        gallery=[photo],
        recipe={"network": {"name": "resnet18"}},
        parameters={"epochs": "2"},
        environment={"python": "3.11"},
        version="0.1.0",
        commit="abc123",
        commands=("sidelight report out",),
        seconds=200.0,
        made_at="today",
        notes=("The small ViT was not run.",),
    )


@pytest.fixture(scope="module")
def source(content):
    return render(content)


@pytest.fixture(scope="module")
def page(source):
    return Page(source)


def test_it_parses_and_fetches_nothing(page):
    assert not {"script", "link", "iframe", "object"} & set(page.tags)
    addresses = page.values("src") + page.values("href") + page.values("xlink:href") + page.values("srcset")
    assert all(address.startswith(("data:", "#")) for address in addresses)


def test_no_address_of_the_network_is_named_anywhere(source):
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)", re.sub(r"base64,[^\"]*", "", source))


def test_links_within_the_page_lead_somewhere_and_ids_are_unique(page):
    ids = collections.Counter(page.values("id"))
    assert set(ids.values()) == {1}
    assert {link[1:] for link in page.values("href") if link.startswith("#")} <= set(ids)


def test_every_mean_difference_and_run_is_on_it(content, page):
    (table,) = study_tables(content)
    columns = {column.key: column for column in table.columns}
    for (name, key), seen in table.values.items():
        assert mean_and_std(table.spread(name, key), columns[key]) in page.text
        assert all(number(value, columns[key]) in page.text for value in seen.values())
    for comparison in table.comparisons:
        assert difference_and_interval(comparison.difference, columns[comparison.key]) in page.text


@pytest.mark.parametrize(
    "told",
    [
        "not a claim: 2 seeds, 5 are needed",
        "No person clicked.",
        "Share of pictures whose highest-scoring class is the true one.",
        "A random point on every photo.",
        "cafe",
        "abc123",
        '"name": "resnet18"',
        "3.11",
        "sidelight report out",
        "3 min 20 s",
        "The small ViT was not run.",
        "27.8 %",
        "cat, 60 %",
    ],
)
def test_everything_that_a_reader_needs_is_told(page, told):
    assert told in page.text


def test_a_study_with_controls_and_5_seeds_may_be_read_as_a_claim(make_content):
    text = Page(render(make_content())).text
    assert "May be read as a claim: 5 seeds, control: random" in text
    assert "not a claim" not in text


def test_pictures_say_what_they_show(page):
    assert [alt for alt in page.values("alt") if alt] == [
        "Photo of dog with 1 box and 1 click.",
        "Heat map of where plain looked on a photo of dog; it chose cat, 60 %.",
        "Heat map of where clicks looked on a photo of dog; it chose dog, 90 %.",
    ]
    assert page.tags.count("svg") == len(
        [label for tag, name, label in page.attributes if (tag, name) == ("svg", "aria-label")]
    )


def test_table_headers_say_what_they_head(page):
    assert page.tags.count("th") == len(page.values("scope"))


def test_words_of_users_are_never_code(content, photo):
    results = [(EVIL if row[0] == "clicks" else row[0], *row[1:]) for row in content.results]
    conditions = (*content.conditions[:2], Condition(EVIL, EVIL, points_in_box={EVIL: 0.5}))
    item = dataclasses.replace(photo, label=EVIL, predictions={"plain": (EVIL, 0.5)})
    hostile = dataclasses.replace(
        content,
        title=EVIL,
        conditions=conditions,
        results=results,
        gallery=[item],
        dataset=EVIL,
        simulated=EVIL,
        notes=(EVIL,),
        commands=(EVIL,),
        recipe={EVIL: EVIL},
        parameters={EVIL: EVIL},
        labels={"accuracy/top1": EVIL},
    )
    source = render(hostile)
    assert "<script" not in source
    assert EVIL in Page(source).text


def test_a_single_run_has_one_row_and_no_differences(content):
    lone = dataclasses.replace(
        content,
        conditions=content.conditions[2:],
        results=[row for row in content.results if row[:2] == ("clicks", 0)],
        gallery=(),
        curves=(),
    )
    text = Page(render(lone)).text
    assert "not a claim: no controls, 1 seed" in text
    assert "against the others" not in text
    assert "Gallery" not in text


def test_a_report_of_nothing_says_so(content):
    nothing = dataclasses.replace(content, results=[], curves=(), gallery=(), seconds=None)
    assert "Nothing was measured." in Page(render(nothing)).text


def test_the_file_is_the_page_and_the_same_content_gives_the_same_page(content, source, tmp_path):
    path = write_report(content, tmp_path / "new" / "report.html")
    assert path.read_text(encoding="utf-8") == source
