"""The built recorder in Chromium against paths whose places and times are known, and against the page's own log."""

import asyncio
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.async_api import async_playwright
from playwright.sync_api import Page
from tests.browser.hands import next_frame
from tests.browser.harness import Harness, Recorded, harness

from sidelight.collect.wire.chunk import decode

FRAME_MS = 1000 / 60
STEP_PX, STEP_MS = 1 / 16, 0.06
"""Half of the steps in which samples are kept."""

PICTURE = """k => {
  const image = document.querySelectorAll('img')[k], box = image.getBoundingClientRect();
  const [w, h] = k % 2 ? [120, 80] : [60, 90], z = image.currentCSSZoom ?? 1;
  const [iw, ih] = [box.width - 16 * z, box.height - 16 * z], s = Math.min(iw / w, ih / h);
  return [box.left + 8 * z + (iw - s * w) / 2, box.top + 8 * z + (ih - s * h) / 2, s * w, s * h];
}"""
"""The picture's box, found independently: a border and a padding of 4 px, contained."""


BUSY = "setInterval(() => { const t = performance.now(); while (performance.now() < t + 150); }, 160)"
"""The page's only thread is blocked most of the time."""


@pytest.fixture
def served(static) -> Iterator[Harness]:
    with harness(static) as made:
        yield made


@pytest.fixture
def opened(served, visit):
    """Opens the page and waits until it is being recorded."""

    def open_page(*flags: str, **device: Any) -> Page:
        page = visit(**{"viewport": {"width": 900, "height": 650}, **device})
        page.goto(served.address(*flags))
        page.wait_for_function("window.ready")
        return page

    return open_page


def assert_same_path(path: list[Any], truth: list[Any], zero: float) -> None:
    """The recorded path is the one that the page's own log has, on the clock that began when the recorder did."""
    assert len(path) == len(truth) > 0
    shown = truth[0][0] - path[0][0]
    assert zero - STEP_MS <= shown <= zero + 50
    for (t, x, y), (stamp, true_x, true_y) in zip(path, truth, strict=True):
        assert abs(t - (stamp - shown)) <= 2 * STEP_MS
        assert max(abs(x - true_x), abs(y - true_y)) <= STEP_PX


def assert_nothing_lost_or_doubled(recorded: Recorded, page: Page) -> None:
    zero, truth = page.evaluate("[zero, truth]")
    assert_same_path(recorded.path, truth, zero)
    assert recorded.kinds("Health")[-1].samples == len(truth)
    assert recorded.kinds("Health")[-1].dropped == 0


def share_in(page: Page, k: int, share: tuple[float, float]) -> tuple[float, float]:
    left, top, width, height = page.evaluate(PICTURE, k)
    return left + share[0] * width, top + share[1] * height


def is_move(path: list[tuple[float, float, float]], k: int) -> bool:
    return k == 0 or path[k][1:] != path[k - 1][1:]


def epoch(recorded: Recorded, t: float) -> float:
    now, date = recorded.chunks[0].anchor
    return date + t - now


@pytest.mark.parametrize("density", [1, 1.5, 2])
def test_a_scripted_path_comes_back_in_place_and_time_at_every_density(opened, density):
    page = opened(device_scale_factor=density)
    aimed = []
    for k, share in ((0, (0.25, 0.5)), (1, (0.9, 0.1)), (5, (0.01, 0.99)), (7, (0.5, 0.5))):
        x, y = share_in(page, k, share)
        before = 1000 * time.time()
        page.mouse.move(x, y)
        aimed.append((k, share, before, 1000 * time.time()))
    recorded = Recorded.of(page)
    assert_nothing_lost_or_doubled(recorded, page)
    for (k, share, before, after), (t, x, y), boxes in zip(aimed, recorded.path, recorded.places(), strict=True):
        left, top, width, height = boxes[f"p{k}"]
        assert abs(x - left - share[0] * width) <= 0.5
        assert abs(y - top - share[1] * height) <= 0.5
        assert before - FRAME_MS <= epoch(recorded, t) <= after + FRAME_MS
    assert [layout.dpr for layout in recorded.kinds("Layout")] == [density]


CHANGES = {
    "scroll": "scrollTo(0, 133.4)",
    "scroll within the page": "document.querySelector('main').style.cssText = 'height: 400px; overflow: auto';"
    "document.querySelector('main').scrollTop = 77",
    "zoom": "document.documentElement.style.zoom = 1.25",
    "another arrangement": "document.querySelector('main').style.gridTemplateColumns = 'repeat(2, 260px)'",
    "a transform": "document.querySelector('main').style.transform = 'translate(13px, 21px)'; recorder.relayout()",
}


@pytest.mark.parametrize("change", CHANGES)
def test_places_in_pictures_hold_after(opened, change):
    page = opened()
    page.mouse.move(*share_in(page, 4, (0.5, 0.5)))
    page.evaluate(f"() => {{ {CHANGES[change]} }}")
    next_frame(page)
    shares = [(0.1, 0.2), (0.5, 0.5), (0.95, 0.9)]
    for share in shares:
        page.mouse.move(*share_in(page, 4, share))
    recorded = Recorded.of(page)
    assert_nothing_lost_or_doubled(recorded, page)
    # After a scroll, Chromium tells once more where the resting pointer is.
    path = [
        one for k, one in enumerate(zip(recorded.path, recorded.places(), strict=True)) if is_move(recorded.path, k)
    ]
    for share, ((_, x, y), boxes) in zip(shares, path[-3:], strict=True):
        left, top, width, height = boxes["p4"]
        assert abs(x - left - share[0] * width) <= 0.5
        assert abs(y - top - share[1] * height) <= 0.5


def test_places_in_pictures_hold_after_a_resize_to_another_density(opened):
    page = opened()
    page.evaluate("document.querySelector('main').style.gridTemplateColumns = 'repeat(auto-fill, 210px)'")
    page.mouse.move(*share_in(page, 4, (0.5, 0.5)))
    metrics = {"width": 600, "height": 500, "deviceScaleFactor": 1.5, "mobile": False}
    page.context.new_cdp_session(page).send("Emulation.setDeviceMetricsOverride", metrics)
    page.wait_for_function("devicePixelRatio === 1.5 && innerWidth === 600")
    # The sizes are new at once, but the page says so, and shows it, with its next frame only.
    next_frame(page)
    page.mouse.move(*share_in(page, 4, (0.3, 0.8)))
    recorded = Recorded.of(page)
    assert_nothing_lost_or_doubled(recorded, page)
    (_, x, y), (left, top, width, height) = recorded.path[-1], recorded.places()[-1]["p4"]
    assert max(abs(x - left - 0.3 * width), abs(y - top - 0.8 * height)) <= 0.5
    last = recorded.kinds("Layout")[-1]
    assert (last.dpr, last.view[0]) == (1.5, 600)


def test_a_pinched_page_is_recorded_with_its_zoom(opened):
    page = opened()
    page.mouse.move(200, 200)
    page.context.new_cdp_session(page).send("Emulation.setPageScaleFactor", {"pageScaleFactor": 1.5})
    page.wait_for_function("visualViewport.scale === 1.5")
    page.mouse.move(300, 240)
    recorded = Recorded.of(page)
    assert_nothing_lost_or_doubled(recorded, page)
    assert recorded.kinds("Layout")[-1].zoom == 1.5


def test_nothing_is_lost_while_a_picture_is_selected_or_the_pointer_captured(opened):
    page = opened()
    x, y = share_in(page, 1, (0.5, 0.5))
    page.mouse.click(x, y)
    page.mouse.move(x + 40, y + 20, steps=10)
    page.mouse.click(x + 40, y + 20)
    page.mouse.move(730, 70, steps=5)
    page.mouse.down()
    page.mouse.move(200, 300, steps=30)
    page.mouse.up()
    recorded = Recorded.of(page)
    assert_nothing_lost_or_doubled(recorded, page)
    pressed = [int(p) for chunk in recorded.chunks for p in chunk.samples.pressed]
    assert sum(pressed) == 3 + 30  # two clicks, a press, and thirty movements with it
    assert [type(act).__name__ for act in recorded.kinds("Select", "Deselect")] == ["Select", "Deselect"]
    assert [act.action for act in recorded.kinds("Pointer")] == ["down", "up"] * 3
    down, select = recorded.kinds("Pointer")[0], recorded.kinds("Select")[0]
    assert down.i >= 1
    assert select.t >= down.t


def test_touch_and_pen_are_told_apart(opened):
    page = opened(has_touch=True)
    cdp = page.context.new_cdp_session(page)
    x, y = share_in(page, 1, (0.5, 0.5))
    for kind, points in (
        ("touchStart", [{"x": x, "y": y}]),
        ("touchMove", [{"x": x + 2, "y": y + 1}]),
        ("touchEnd", []),
    ):
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    pen = {"x": x, "y": y, "pointerType": "pen", "button": "left", "clickCount": 1}
    for kind, buttons in (("mousePressed", 1), ("mouseReleased", 0)):
        cdp.send("Input.dispatchMouseEvent", {"type": kind, "buttons": buttons, **pen})
    recorded = Recorded.of(page)
    assert_nothing_lost_or_doubled(recorded, page)
    assert {pointer.by for pointer in recorded.kinds("Pointer")} == {"touch", "pen"}
    modality = [int(m) for chunk in recorded.chunks for m in chunk.samples.modality]
    assert set(modality) >= {1, 2}


def test_hover_is_told_also_when_the_page_scrolls_under_a_resting_pointer(opened):
    page = opened()
    page.mouse.move(*share_in(page, 4, (0.5, 0.5)))
    step = page.evaluate(
        "document.querySelectorAll('img')[7].offsetTop - document.querySelectorAll('img')[4].offsetTop"
    )
    page.mouse.wheel(0, step)
    page.wait_for_function("step => scrollY === step", arg=step)
    next_frame(page)
    recorded = Recorded.of(page)
    hovers = [(hover.image, hover.inside) for hover in recorded.kinds("Hover")]
    assert hovers[0] == ("p4", True)
    assert ("p4", False) in hovers
    assert hovers[-1] == ("p7", True)


def test_pictures_that_load_and_come_into_view_are_told(opened):
    page = opened()
    next_frame(page)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    next_frame(page)
    recorded = Recorded.of(page)
    assert [state.state for state in recorded.kinds("ImageState")] == ["loaded"] * 48
    seen = {change.image for change in recorded.kinds("OnScreen") if change.seen}
    assert {"p0", "p47"} <= seen
    assert "p24" not in seen


def test_a_busy_page_delivers_late_and_nothing_is_lost(static):
    with ThreadPoolExecutor(1) as thread, harness(static) as served:
        path, truth, zero, handled = thread.submit(lambda: asyncio.run(_move_while_busy(served))).result()
    assert_same_path(path, truth, zero)
    assert len(path) == 100
    assert handled < 50  # most came several to an event


async def _move_while_busy(served: Harness) -> tuple[Any, Any, float, int]:
    """A hundred movements, sent without waiting, while the page's only thread is blocked again and again."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = await browser.new_page()
        await page.goto(served.address())
        await page.wait_for_function("window.ready")
        cdp = await page.context.new_cdp_session(page)
        await page.evaluate(
            "() => { setInterval(() => { const t = performance.now(); while (performance.now() < t + 150); }, 160) }"
        )
        moves = []
        for k in range(100):
            event = {"type": "mouseMoved", "x": 30 + 5.5 * k, "y": 40 + 3.25 * (k % 60)}
            moves.append(asyncio.ensure_future(cdp.send("Input.dispatchMouseEvent", event)))
            await asyncio.sleep(0.008)
        await asyncio.gather(*moves)
        await page.evaluate("recorder.stop()")
        recorded = Recorded.read(await page.evaluate("chunks"))
        truth, zero, handled = await page.evaluate("[truth, zero, handled]")
        await browser.close()
        return recorded.path, truth, zero, handled


def test_what_a_killed_tab_left_arrives_when_the_person_comes_back(served, opened):
    served.status = 503
    page = opened("outbox")
    for k in range(5):
        page.mouse.move(100 + 10 * k, 200)
    page.evaluate("() => { recorder.flush(); return stored; }")
    chunks = page.evaluate("chunks.length")
    context = page.context
    page.goto("about:blank")
    page.close()
    assert served.received == []
    served.status = 200
    again = context.new_page()
    again.goto(served.address("outbox", "off"))
    again.wait_for_function("window.ready")
    assert again.evaluate("outbox.drain()")
    assert len(served.received) >= chunks


def test_a_page_that_is_left_sends_its_last_chunk(served, opened):
    page = opened("outbox")
    page.mouse.move(100, 200)
    page.mouse.move(120, 220)
    page.goto("about:blank")
    until = time.monotonic() + 5
    while not served.received and time.monotonic() < until:
        time.sleep(0.05)
    assert sum(len(decode(body).samples.t) for body in {bytes(body) for body in served.received}) == 2
