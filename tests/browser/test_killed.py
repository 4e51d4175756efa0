"""What a tab was about to keep when it was killed; and that nobody takes it while the tab lives."""

import contextlib
import os
import shutil
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.hands import LAPTOP, begin, do_something, submit, wait_for_task
from tests.browser.harness import Harness, harness
from tests.browser.test_journey import finish_page, shown

from sidelight.collect.wire.chunk import Chunk, decode

DRAFT = """() => {
  for (const [name, text] of Object.entries(localStorage)) {
    const n = Number(/"n":([0-9]+)/.exec(text)?.[1]);
    if (name.startsWith("sidelight.draft.") && n > 0) return [JSON.parse(name.slice(16))[2], n];
  }
  return null;
}"""
"""Number and samples of a draft on the device that has any."""


@pytest.fixture
def served(static) -> Iterator[Harness]:
    with harness(static) as made:
        yield made


@pytest.fixture
def context(visit) -> Any:
    """Of one person; a blank page stays open in it."""
    return visit(viewport={"width": 900, "height": 650}).context


def opened(context: Any, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("window.ready")
    return page


def kill(page: Page) -> None:
    """Ends the processes that show pages, as a system without memory does."""
    browser = page.context.browser
    assert browser is not None
    for one in browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]:
        if one["type"] == "renderer":
            os.kill(one["id"], signal.SIGKILL)
    page.close()


def move_until_drafted(page: Page, start: int = 100) -> tuple[list[float], int, int]:
    """Moves the pointer until a draft has some of it; returns where it was, and the draft's number and samples."""
    xs: list[float] = []
    for x in range(start, start + 100):
        page.mouse.move(x, 200)
        xs.append(x)
        page.wait_for_timeout(50)
        if (found := page.evaluate(DRAFT)) is not None:
            return xs, found[0], found[1]
    raise AssertionError("no draft")


def arrived(served: Harness) -> list[Chunk]:
    """All chunks that have come, each once, in order."""
    return sorted((decode(body) for body in set(served.received)), key=lambda chunk: chunk.seq)


def places(chunks: list[Chunk]) -> list[float]:
    return [float(x) for chunk in chunks for x in chunk.samples.x]


def test_what_a_tab_had_in_no_chunk_yet_arrives_though_it_was_killed(served, context):
    page = opened(context, served.address("outbox"))
    xs, seq, n = move_until_drafted(page)
    kill(page)
    again = opened(context, f"{served.address('outbox', 'off')}&tab=next")
    again.evaluate("outbox.swept(8000)")
    assert again.evaluate(DRAFT) is None
    chunks = arrived(served)
    assert [(chunk.tab, chunk.seq) for chunk in chunks] == [("tab", k) for k in range(len(chunks))]
    assert len(chunks[seq].samples) >= n
    assert places(chunks) == xs[: len(places(chunks))]


def test_a_draft_of_a_tab_that_lives_is_sent_by_nobody(served, context):
    page = opened(context, served.address("outbox"))
    xs, _, _ = move_until_drafted(page)
    other = opened(context, f"{served.address('outbox', 'off')}&tab=other")
    other.evaluate("outbox.swept(8000)")
    page.mouse.move(300, 220)
    page.evaluate("recorder.stop()")
    assert page.evaluate("outbox.drain()")
    chunks = arrived(served)
    assert [chunk.seq for chunk in chunks] == list(range(len(chunks)))
    assert places(chunks) == [*xs, 300]


HELD = "navigator.locks.query().then(({ held }) => held.map((lock) => lock.name))"


def test_a_page_that_comes_back_out_of_the_cache_goes_on_as_it_was(served, chromium):
    """While it is there it is left, not alive: other tabs need not wait for it, and it holds no lock."""
    with browser_with_cache(chromium) as browser:
        page = opened(browser.new_context(**LAPTOP), served.address("outbox"))
        page.evaluate("addEventListener('pageshow', ({ persisted }) => (window.persisted = persisted))")
        before, _, _ = move_until_drafted(page)
        page.goto(f"{served.url}/picture/10x10.png")
        assert page.evaluate(HELD) == []
        page.evaluate("void history.back()")
        page.wait_for_function("window.persisted")
        page.wait_for_function(HELD + ".then(({ length }) => length > 0)")
        after, _, _ = move_until_drafted(page, 300)
        page.evaluate("recorder.stop()")
        assert page.evaluate("outbox.drain()")
    chunks = arrived(served)
    assert [chunk.seq for chunk in chunks] == list(range(len(chunks)))
    assert {chunk.segment for chunk in chunks} == {0, 1}
    assert places(chunks) == before + after


@contextlib.contextmanager
def browser_with_cache(chromium: Browser) -> Iterator[Browser]:
    """Another browser: Playwright begins them without the back/forward cache."""
    without = ["--disable-back-forward-cache"]
    path = shutil.which("chromium")
    browser = chromium.browser_type.launch(executable_path=path, args=["--no-sandbox"], ignore_default_args=without)
    yield browser
    browser.close()


@pytest.mark.parametrize("task", ["browse", "tag", "paint"])
def test_what_was_done_just_before_a_tab_was_killed_is_on_the_page_that_comes_next(serve, visit, task):
    service, page = serve(task, each=8, panel="generic"), visit()
    who = "?workerId=someone&assignmentId=one"
    begin(page, service, who)
    do_something(page, task)
    before = shown(page, task)
    # Much sooner than the chunk is cut.
    page.wait_for_timeout(300)
    context = page.context
    kill(page)
    again = context.new_page()
    again.goto(service.url + who)
    wait_for_task(again)
    assert shown(again, task) == before
    finish_page(again, task)
    submit(again)
    done = service.await_submissions(1)[0]
    assert done.complete
    assert done.agrees
    assert done.segments == 2
