"""Paint: by mouse, touch, pen and keyboard; the mask is what the strokes come to, and a blank one is asked about."""

import numpy as np
from tests.browser.hands import PHONE, at, begin, drag, line, submit, submit_by_keys, tab_to, touch

CANVAS = ".figure canvas"


def mask(answer):
    """Rows of 0 and 1."""
    values = np.arange(len(answer.runs)) % 2
    return np.repeat(values, answer.runs).reshape(answer.grid[::-1])


def start(serve, visit, **device):
    service, page = serve("paint", labels=("disc", "ring", "tree"), each=2), visit(**device)
    begin(page, service)
    return service, page


def done(service, page):
    submit(page)
    found = service.await_submissions(1)[0]
    assert found.complete
    assert found.agrees
    return found


def test_a_mouse_paints_erases_and_steps_back(serve, visit):
    service, page = start(serve, visit)
    page.get_by_text("ring", exact=True).click()
    drag(page, line(at(page, CANVAS, 0.2, 0.5), at(page, CANVAS, 0.8, 0.5)))
    page.get_by_role("button", name="Eraser").click()
    drag(page, line(at(page, CANVAS, 0.5, 0.2), at(page, CANVAS, 0.5, 0.8)))
    page.get_by_role("button", name="Brush").click()
    drag(page, line(at(page, CANVAS, 0.1, 0.1), at(page, CANVAS, 0.3, 0.1)))
    page.get_by_role("button", name="Undo").click()
    page.keyboard.press("Control+z")
    page.get_by_role("button", name="Redo").click()
    found = done(service, page)
    assert found.answer.label == "ring"
    painted = mask(found.answer)
    height, width = painted.shape
    row = painted[height // 2]
    assert row[width // 4] == row[3 * width // 4] == 1
    assert row[width // 2] == 0
    assert painted[height // 10, width // 5] == 0
    kinds = [one.__struct_config__.tag for one in found.acts("decide", "stroke", "undo", "redo", "clear")]
    assert kinds == ["decide", "stroke", "stroke", "stroke", "undo", "undo", "redo"]
    assert [one.by for one in found.acts("undo")] == ["mouse", "keyboard"]


def test_what_is_seen_is_what_is_stored(serve, visit):
    service, page = start(serve, visit)
    page.get_by_text("disc", exact=True).click()
    drag(page, line(at(page, CANVAS, 0.1, 0.1), at(page, CANVAS, 0.9, 0.7), steps=30))
    page.get_by_role("button", name="Clear").click()
    page.get_by_role("button", name="Undo").click()
    look = (
        "one => [...one.getContext('2d').getImageData(0, 0, one.width, one.height).data].filter((_, n) => n % 4 === 3)"
    )
    shown = np.array(page.locator(CANVAS).evaluate(look)) > 0
    found = done(service, page)
    assert np.array_equal(shown.reshape(found.answer.grid[::-1]), mask(found.answer) == 1)


def test_a_finger_paints_and_the_order_of_decision_and_painting_is_kept(serve, visit):
    service, page = start(serve, visit, **PHONE)
    touch(page, line(at(page, CANVAS, 0.2, 0.3), at(page, CANVAS, 0.6, 0.3)))
    choice = page.get_by_text("tree", exact=True)
    choice.scroll_into_view_if_needed()
    choice.tap()
    found = done(service, page)
    acts = found.acts("decide", "stroke")
    assert [(one.__struct_config__.tag, one.by) for one in acts] == [("stroke", "touch"), ("decide", "touch")]
    painted = mask(found.answer)
    assert painted[int(0.3 * painted.shape[0]), int(0.4 * painted.shape[1])] == 1


def test_a_pen_paints(serve, visit):
    service, page = start(serve, visit)
    page.get_by_text("disc", exact=True).click()
    session = page.context.new_cdp_session(page)
    path = line(at(page, CANVAS, 0.2, 0.6), at(page, CANVAS, 0.7, 0.6))
    for n, (x, y) in enumerate(path):
        kind = "mouseReleased" if n == len(path) - 1 else "mouseMoved" if n else "mousePressed"
        pen = {"pointerType": "pen", "button": "left", "buttons": 1, "force": 0.4, "clickCount": 1}
        session.send("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, **pen})
    found = done(service, page)
    assert [one.by for one in found.acts("stroke")] == ["pen"]
    painted = mask(found.answer)
    assert painted[int(0.6 * painted.shape[0]), painted.shape[1] // 2] == 1


def test_keys_alone_decide_and_stamp(serve, visit):
    service, page = start(serve, visit)
    tab_to(page, "input[type=radio]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, "canvas", back=True)
    for key in ("ArrowLeft", "ArrowLeft", "Space", "ArrowUp", "Shift+ArrowRight", "Space"):
        page.keyboard.press(key)
    submit_by_keys(page)
    found = service.await_submissions(1)[0]
    assert found.agrees
    assert found.answer.label == "ring"
    strokes = found.acts("stroke")
    assert [len(one.cells) for one in strokes] == [2, 2]
    assert {one.by for one in found.acts("stroke", "decide")} == {"keyboard"}
    assert mask(found.answer).sum() > 10


def test_without_a_decision_nothing_is_submitted_and_a_blank_painting_is_asked_about(serve, visit):
    service, page = start(serve, visit)
    page.get_by_role("button", name="Submit", exact=True).click()
    page.get_by_text("Please decide first").first.wait_for()
    page.get_by_text("disc", exact=True).click()
    page.get_by_role("button", name="Submit", exact=True).click()
    page.get_by_text("You have not painted anything").wait_for()
    page.get_by_role("button", name="Back to the task").click()
    assert service.submissions() == []
    found = done(service, page)
    assert mask(found.answer).sum() == 0


def test_many_classes_are_a_list(serve, visit):
    labels = tuple(f"kind {n:02}" for n in range(14))
    service, page = serve("paint", labels=labels, each=1), visit()
    begin(page, service)
    page.get_by_role("combobox").select_option("kind 07")
    drag(page, line(at(page, CANVAS, 0.4, 0.4), at(page, CANVAS, 0.5, 0.5)))
    assert done(service, page).answer.label == "kind 07"
