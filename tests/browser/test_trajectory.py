"""A path whose places and times are known comes back from the export: through Chromium, the service and the store.

There are two truths, and the recorder has no part in either: the script, which knows where it pointed and between which
two moments; and a log that the page keeps of everything that the browser delivers (`witness`).
"""

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.async_api import async_playwright
from playwright.sync_api import Page
from tests.browser.hands import LAPTOP, PHONE, at, line, next_frame, touch
from tests.browser.script import Script, Work
from tests.browser.witness import NEAR_PX, NOTE, Exported, Place, Sample, assert_same_path, export_page, read

FRAME_MS = 1000 / 60


def assert_as_scripted(exported: Exported, truth: list[Sample], script: Script) -> None:
    """The script's places are there once, in order, and when they were pointed at.

    A press, and a page that moves under a resting pointer, tell the same place of the window again.
    """
    told: list[tuple[float, Place]] = []
    for kept, seen in zip(exported.moves, truth, strict=True):
        if not told or seen.at != pytest.approx(told[-1][1], abs=NEAR_PX):
            told.append((exported.started_at + kept.t, seen.at))
    assert len(told) == len(script.places)
    for (when, where), place, (before, after) in zip(told, script.places, script.spans, strict=True):
        assert where == pytest.approx(place, abs=NEAR_PX)
        assert before - FRAME_MS <= when <= after + FRAME_MS


def tile(page: Page, n: int, x: float, y: float) -> Place:
    return at(page, f".tile img >> nth={n}", x, y)


def pinch(work: Work, factor: float) -> None:
    """Two fingers on a touchpad make the page larger, around a place."""
    cdp = work.page.context.new_cdp_session(work.page)
    gesture = {"x": 400, "y": 300, "scaleFactor": factor, "gestureSourceType": "mouse"}
    cdp.send("Input.synthesizePinchGesture", gesture)
    next_frame(work.page)
    work.script.pinch = work.page.evaluate("visualViewport.scale")


at_every_density = pytest.mark.parametrize("density", [1, 1.5, 2])


@at_every_density
def test_a_path_over_many_pictures_comes_back_after_every_change_of_the_page(work, density):
    done = work("browse", device_scale_factor=density)
    page, script = done.page, done.script
    script.to(*line(tile(page, 0, 0.1, 0.2), tile(page, 1, 0.8, 0.9)))
    page.evaluate("scrollTo(0, 133.4)")
    next_frame(page)
    script.to(*line((500, 150), (1000, 700)))
    page.evaluate("document.documentElement.style.zoom = 1.25")
    next_frame(page)
    script.to(*line((900, 650), (450, 200)))
    page.set_viewport_size({"width": 1000, "height": 700})
    next_frame(page)
    script.to(*line((100, 200), (700, 333)))
    pinch(done, 1.5)
    assert script.pinch == pytest.approx(1.5, abs=0.01)
    script.to(*line((610, 380), (120, 310)))
    pinch(done, 1 / 1.5)
    script.click(tile(page, 4, 0.5, 0.5))
    exported, truth = done.done()
    assert len({one.path for one in exported.moves}) > 4
    assert_same_path(exported, truth)
    assert_as_scripted(exported, truth, script)


@at_every_density
def test_the_path_over_a_selected_picture_comes_back_and_so_does_taking_back(work, density):
    """F1, F2, F6: also the last place before every click."""
    done = work("browse", device_scale_factor=density)
    page, script = done.page, done.script
    clicks = [tile(page, 1, 0.25, 0.75), tile(page, 1, 0.9, 0.4), tile(page, 1, 0.5, 0.5)]
    for click in clicks:
        script.to(*line(tile(page, 0, 0.5, 0.5), click, steps=12)[:-1])
        script.click(click)
    script.to(*line(clicks[-1], tile(page, 1, 0.1, 0.1))[1:])
    exported, truth = done.done()
    assert_same_path(exported, truth)
    assert_as_scripted(exported, truth, script)
    acts = [one for one in exported.acts if one["kind"] in ("select", "deselect")]
    assert [one["kind"] for one in acts] == ["select", "deselect", "select"]
    selected = next(one["example_id"] for one in exported.annotations if one["selected"])
    left, top, width, height = truth[-1].boxes[selected]
    for act, (x, y) in zip(acts, clicks, strict=True):
        assert (left + act["x"] * width, top + act["y"] * height) == pytest.approx((x, y), abs=NEAR_PX)
        last = [one for one in exported.moves if one.t <= act["elapsed_ms"]][-1]
        assert (last.x, last.y) == pytest.approx((act["x"], act["y"]), abs=1e-3)


@at_every_density
def test_the_path_of_a_dragged_icon_comes_back(work, density):
    """F3: also of one that is moved later."""
    done = work("tag", device_scale_factor=density)
    page, script = done.page, done.script
    script.drag(line(at(page, ".class-tile >> nth=0", 0.5, 0.5), at(page, ".figure img", 0.3, 0.4), steps=20))
    # Grasped beside its centre, which is what is put down.
    (x, y), (right, low) = at(page, ".pin", 0.5, 0.5), at(page, ".figure img", 0.8, 0.7)
    script.drag(line((x + 9, y - 7), (right + 9, low - 7), steps=12))
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    exported, truth = done.done()
    assert_same_path(exported, truth)
    assert_as_scripted(exported, truth, script)
    added, moved = [one for one in exported.acts if one["kind"] in ("add", "move_icon")]
    carried = [one for one in exported.moves if one.t <= moved["elapsed_ms"]]
    assert sum(one.t > added["elapsed_ms"] for one in carried) >= 12
    for act, place in ((added, (0.3, 0.4)), (moved, (0.8, 0.7))):
        assert (act["x"], act["y"]) == pytest.approx(place, abs=2e-3)


def test_the_path_of_a_finger_that_drags_an_icon_comes_back(work):
    """F3, by touch, on a phone."""
    done = work("tag", **PHONE)
    page = done.page
    page.locator("summary", has_text="Instructions").click()
    path = line(at(page, ".class-tile >> nth=0", 0.5, 0.5), at(page, ".figure img", 0.4, 0.6), steps=20)
    touch(page, path)
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    exported, truth = done.done()
    assert_same_path(exported, truth)
    (added,) = [one for one in exported.acts if one["kind"] == "add"]
    assert sum(one.t < added["elapsed_ms"] for one in exported.moves) > 15
    assert (added["x"], added["y"]) == pytest.approx((0.4, 0.6), abs=0.01)


def test_the_path_of_a_brush_comes_back(work):
    done = work("paint")
    page, script = done.page, done.script
    script.click(at(page, "text=disc >> nth=0", 0.5, 0.5))
    script.drag(line(at(page, ".figure canvas", 0.3, 0.3), at(page, ".figure canvas", 0.6, 0.6), steps=20))
    exported, truth = done.done()
    assert_same_path(exported, truth)
    assert_as_scripted(exported, truth, script)


LOADED = "Promise.all([...document.querySelectorAll('.area img')].map((one) => one.decode()))"

BUSY = "setInterval(() => { const t = performance.now(); while (performance.now() < t + 150); }, 160)"
"""The page's only thread is blocked most of the time."""


@pytest.mark.parametrize("busy", [False, True])
def test_nothing_is_lost_while_the_page_scrolls_under_the_pointer(serve, tmp_path, busy):
    """F5, F6: a busy page hears late of the pointer; the times are the pointer's, and the last place is there."""
    service = serve("browse", pages_per_hit=1)
    with ThreadPoolExecutor(1) as thread:
        noted = thread.submit(lambda: asyncio.run(scroll_while_moving(service.url, busy=busy))).result()
    truth = read(noted, service)
    assert_same_path(export_page(service, tmp_path / "out"), truth)
    if busy:
        assert max(one.late for one in truth) > 100
        assert max(one.together for one in truth) > 5


async def scroll_while_moving(url: str, *, busy: bool) -> list[dict[str, Any]]:
    """A hundred movements and ten turns of the wheel, sent without waiting; returns the page's own log."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = await browser.new_page(**LAPTOP)
        await page.add_init_script(NOTE)
        await page.goto(url)
        await page.get_by_role("checkbox").check()
        await page.get_by_role("button", name="I agree").click()
        await page.wait_for_selector(".tile")
        await page.evaluate(LOADED)
        if busy:
            await page.evaluate(f"() => {{ {BUSY} }}")
        cdp = await page.context.new_cdp_session(page)
        sent = []
        for k in range(100):
            place = {"x": 400 + 5.5 * k, "y": 140 + 3.25 * (k % 60)}
            events = [
                {"type": "mouseMoved"},
                *([{"type": "mouseWheel", "deltaX": 0, "deltaY": 60}] if k % 10 == 5 else []),
            ]
            sent += [asyncio.ensure_future(cdp.send("Input.dispatchMouseEvent", event | place)) for event in events]
            await asyncio.sleep(0.008)
        await asyncio.gather(*sent)
        await page.locator(".tile").nth(7).click()
        await page.locator(".submit").click()
        await page.get_by_role("heading", name="Thank you").wait_for()
        noted = await page.evaluate("witnessed")
        await browser.close()
        return noted
