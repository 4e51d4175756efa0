"""What a person does in front of the pages, and what the tests ask of her device."""

from pathlib import Path

from playwright.sync_api import Page
from tests.browser.running import Service

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

LAPTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


def begin(page: Page, service: Service, query: str = "", *, publish: bool = False) -> None:
    """Arrives, agrees, and waits for the first page."""
    page.goto(service.url + query)
    if publish:
        page.get_by_role("checkbox").check()
    page.get_by_role("button", name="I agree").click()
    wait_for_task(page)


def wait_for_task(page: Page) -> None:
    """Waits until the task is there and its pictures are loaded."""
    page.wait_for_selector(".area > *")
    page.evaluate("Promise.all([...document.querySelectorAll('.area img')].map((one) => one.decode().catch(() => {})))")


def next_frame(page: Page) -> None:
    """Waits until the page as it is now is shown; what it hears of its new shape it has heard by then."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def submit(page: Page) -> None:
    """Submits, says that it is meant if asked, and waits until the page is gone."""
    heading = page.locator(".progress").inner_text()
    page.get_by_role("button", name="Submit", exact=True).click()
    meant = page.get_by_role("button", name="Submit it like this")
    changed = page.locator(".progress", has_text=heading)
    meant.or_(page.locator("h1", has_text="Thank you")).or_(
        page.locator(".progress").filter(has_not_text=heading)
    ).first.wait_for()
    if meant.is_visible():
        meant.click()
        changed.wait_for(state="detached")


def tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """Tabs until the focus is on such an element."""
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{selector} cannot be reached")


def submit_by_keys(page: Page) -> None:
    """Tabs to the button and presses it."""
    tab_to(page, ".submit")
    page.keyboard.press("Enter")


def at(page: Page, selector: str, x: float, y: float) -> tuple[float, float]:
    """Client px of a place in [0, 1] of an element."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def touch(page: Page, path: list[tuple[float, float]]) -> None:
    """A finger goes down at the first place, along the path, and up at the last."""
    session = page.context.new_cdp_session(page)
    for n, (x, y) in enumerate(path):
        point = {"x": x, "y": y, "radiusX": 8, "radiusY": 8, "force": 0.5}
        kind = "touchMove" if n else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def line(start: tuple[float, float], end: tuple[float, float], steps: int = 8) -> list[tuple[float, float]]:
    """Places on a straight line, both ends included."""
    return [
        (start[0] + (end[0] - start[0]) * k / steps, start[1] + (end[1] - start[1]) * k / steps)
        for k in range(steps + 1)
    ]


def drag(page: Page, path: list[tuple[float, float]]) -> None:
    """The mouse goes down at the first place, along the path, and up at the last."""
    page.mouse.move(*path[0])
    page.mouse.down()
    for place in path[1:]:
        page.mouse.move(*place)
    page.mouse.up()


def do_something(page: Page, task: str) -> None:
    """A first act on a page of a task."""
    if task == "browse":
        page.locator(".tile").nth(1).click()
    elif task == "tag":
        drag(page, line(at(page, ".class-tile >> nth=0", 0.5, 0.5), at(page, ".figure img", 0.5, 0.5)))
    else:
        drag(page, line(at(page, ".figure canvas", 0.3, 0.3), at(page, ".figure canvas", 0.6, 0.6)))


def serious_faults(page: Page) -> list[str]:
    """What axe finds that is serious or worse, in words."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    return [f"{one['id']}: {[node['html'][:200] for node in one['nodes']]}" for one in grave]
