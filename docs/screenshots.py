"""Draws the screenshots of the labelling service: `python docs/screenshots.py [FOLDER]`.

A campaign a task is made of pictures that sidelight draws, the real service is started, a browser labels a little, and
simulated people fill the dashboard. The files are committed, since building the documentation needs no browser.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from sidelight.collect.wire.page import Task
from sidelight.pipeline.collect_clock import wall_clock
from sidelight.pipeline.collect_drawn import draw_campaign
from sidelight.pipeline.collect_serving import serving
from sidelight.records.example import Example

LAPTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DEVICES = {"laptop": LAPTOP, "phone": PHONE}
TITLES: dict[Task, str] = {
    "browse": "Find the shapes",
    "tag": "What is in the picture?",
    "paint": "What shape, and why?",
}


def main(folder: Path) -> None:
    """Take them all."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as work:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for task in TITLES:
            _task(browser, task, Path(work) / task, folder)
        browser.close()


def _task(browser: Browser, task: Task, work: Path, folder: Path) -> None:
    wanted = {"title": TITLES[task], "candidates": 12, "pages_per_hit": 3, "practice_pages": 0, "hits_per_person": 9}
    campaign, world = draw_campaign(work, task=task, pictures=90, clock=wall_clock, annotators=3, **wanted)
    log = work / "service.log"
    with serving(campaign.folder, log) as address:
        for device, wants in DEVICES.items():
            page = browser.new_context(locale="en-GB", **wants).new_page()  # type: ignore[arg-type]
            page.goto(address)
            agree = page.get_by_role("button", name="I agree")
            agree.wait_for()
            if task == "browse":
                page.screenshot(path=folder / f"consent-{device}.png")
            with page.expect_response("**/api/page") as told:
                agree.click()
            shown = [world.examples[picture["id"]] for picture in told.value.json()["page"]["pictures"]]
            page.wait_for_selector(".area img, .area canvas")
            page.wait_for_timeout(500)
            LABELS[task](page, world.classes, shown)
            page.screenshot(path=folder / f"{task}-{device}.png")
        if task == "browse":
            words = ["collect", "simulate", str(campaign.folder), "--annotators", "14"]
            subprocess.run([sys.executable, "-m", "sidelight", *words], check=True)  # noqa: S603
            _requester(browser, address, log, folder)


def _requester(browser: Browser, address: str, log: Path, folder: Path) -> None:
    password = re.search(r"password\s+(\S+)", log.read_text())
    assert password, "the service prints its password at the first start"
    for device, wants in DEVICES.items():
        page = browser.new_context(locale="en-GB", **wants).new_page()  # type: ignore[arg-type]
        page.goto(f"{address}admin")
        page.fill("input[type=password]", password[1])
        page.keyboard.press("Enter")
        page.wait_for_selector("header.bar")
        page.wait_for_timeout(800)
        page.screenshot(path=folder / f"dashboard-{device}.png")
        page.goto(f"{address}admin#/pages")
        page.locator("main table a[href*='#/pages/']").first.click()
        page.wait_for_selector("canvas")
        page.wait_for_timeout(800)
        page.get_by_role("button", name="Play").click()
        page.wait_for_timeout(6000)
        page.get_by_role("button", name="Pause").click()
        page.locator("canvas").first.scroll_into_view_if_needed()
        page.screenshot(path=folder / f"replay-{device}.png")


def _browse(page: Page, classes: Sequence[str], shown: list[Example]) -> None:
    """Select two pictures of the class that the page asks for."""
    wanted = classes.index(page.locator("h1 [lang]").inner_text())
    for number in [n for n, example in enumerate(shown) if example.labels == (wanted,)][:2]:
        image = page.locator(".tile img").nth(number)
        image.scroll_into_view_if_needed()
        _click(page, image, *_middle(shown[number]))
    page.evaluate("scrollTo(0, 0)")


def _tag(page: Page, classes: Sequence[str], shown: list[Example]) -> None:
    """Put the icon of the class onto its object."""
    tile = page.locator(f".class-tile[data-class='{classes[shown[0].labels[0]]}']")
    while not tile.is_visible():
        page.keyboard.press("ArrowRight")
    tile.click()
    _click(page, page.locator(".figure img").first, *_middle(shown[0]))


def _paint(page: Page, classes: Sequence[str], shown: list[Example]) -> None:
    """Decide the class, and paint over the object."""
    page.get_by_text(classes[shown[0].labels[0]], exact=True).click()
    canvas = page.locator(".figure canvas").first
    canvas.scroll_into_view_if_needed()
    seen, box = canvas.bounding_box(), shown[0].boxes[0]
    assert seen
    for step in range(21):
        x = box.x0 + (box.x1 - box.x0) * (0.25 + 0.5 * step / 20)
        y = box.y0 + (box.y1 - box.y0) * (0.4 + 0.2 * (step % 2))
        page.mouse.move(seen["x"] + x * seen["width"], seen["y"] + y * seen["height"])
        if step == 0:
            page.mouse.down()
    page.mouse.up()


def _middle(example: Example) -> tuple[float, float]:
    box = example.boxes[0]
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def _click(page: Page, what: Locator, x: float, y: float) -> None:
    shown = what.bounding_box()
    assert shown
    page.mouse.click(shown["x"] + x * shown["width"], shown["y"] + y * shown["height"])


LABELS = {"browse": _browse, "tag": _tag, "paint": _paint}

if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "screenshots")
