"""The real service with pictures drawn for it, and Chromium in front of it."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.browser.hands import LAPTOP, begin
from tests.browser.running import Running, Service, draw_pictures
from tests.browser.script import Script, Work
from tests.browser.witness import NOTE

from sidelight.collect.campaign.folder import init_campaign
from sidelight.collect.campaign.prepare import prepare
from sidelight.collect.campaign.settings import Settings

STATIC = Path(__file__).parents[2] / "src" / "sidelight" / "collect" / "static"


@pytest.fixture(scope="session")
def static() -> Path:
    """The built front end."""
    assert (STATIC / "index.html").exists(), "the front end is not built: python hatch_build.py"
    return STATIC


@pytest.fixture
def serve(tmp_path, static) -> Iterator[Callable[..., Service]]:
    """Makes a campaign of pictures drawn for it, and serves it as long as the test runs.

    Settings may be given by name; by default there is no practice, and a browse page has 12 pictures.
    """
    with ExitStack() as stack:

        def start(task: str, *, labels: tuple[str, ...] = ("disc", "ring"), each: int = 18, **settings) -> Service:
            images = tmp_path / f"images-{len(list(tmp_path.iterdir()))}"
            draw_pictures(images, labels=labels, each=each)
            defaults = {"title": "What is there?", "candidates": 12, "practice_pages": 0, "pages_per_hit": 2}
            asked = Settings(task=task, images=str(images), **defaults | settings)  # type: ignore[arg-type]
            found = prepare(asked, classes=None, gold=None)
            folder = images.with_name(f"campaign-{images.name}")
            campaign, _ = init_campaign(folder, found.settings, found.pictures, clock=time.time)
            return stack.enter_context(Running(campaign, static))

        yield start


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium of this machine, else the one that Playwright installed.

    One a module: as long as Playwright runs it holds the event loop of its thread, and no other test can have one.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium) -> Iterator[Callable[..., Page]]:
    """Opens a window of its own; a page's errors fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_window(**device: Any) -> Page:
        context = chromium.new_context(**{"locale": "en-GB", **LAPTOP, **device})
        context.set_default_timeout(8000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security" in said.text else None)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def work(serve, visit, tmp_path) -> Callable[..., Work]:
    """Begins the only page of a campaign; whoever works on it agrees to publication, and the page keeps its own log."""

    def begun(task: str, **device: Any) -> Work:
        service = serve(task, pages_per_hit=1, each=18 if task == "browse" else 2)
        page = visit(**device)
        page.add_init_script(NOTE)
        begin(page, service, publish=True)
        return Work(service, page, Script(page), tmp_path / "out")

    return begun
