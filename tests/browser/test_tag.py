"""Tag: icons are put, moved and removed by mouse, touch and keyboard; the published tool's faults are not ours."""

import pytest
from tests.browser.hands import PHONE, at, begin, drag, line, submit, submit_by_keys, tab_to, touch

PANELS = 11


def class_tile(name):
    return f".class-tile[data-class='{name}']"


def pin(name):
    return f".pin[data-class='{name}']"


def middle(page, selector):
    return at(page, selector, 0.5, 0.5)


def place(page, x, y):
    return at(page, ".figure img", x, y)


def see_all(page):
    """Looks at every panel."""
    for _ in range(PANELS - 1):
        page.keyboard.press("ArrowRight")


def start(serve, visit, **device):
    service, page = serve("tag", each=2, pages_per_hit=2), visit(**device)
    begin(page, service)
    return service, page


def done(service, page):
    submit(page)
    found = service.await_submissions(1)[0]
    assert found.complete
    assert found.agrees
    return found


def test_an_icon_is_dragged_onto_its_object_and_every_move_is_recorded(serve, visit):
    service, page = start(serve, visit)
    drag(page, line(middle(page, class_tile("person")), place(page, 0.3, 0.4), steps=20))
    see_all(page)
    found = done(service, page)
    assert found.answer.icons == {"person": pytest.approx((0.3, 0.4), abs=0.003)}
    assert found.answer.panels == tuple(range(PANELS))
    assert [(one.__struct_config__.tag, one.by) for one in found.acts("pick", "add")] == [
        ("pick", "mouse"),
        ("add", "mouse"),
    ]
    down, up = found.acts("pointer")[:2]
    assert up.i - down.i >= 20


def test_an_icon_is_chosen_by_one_click_and_put_by_another(serve, visit):
    service, page = start(serve, visit)
    page.click(class_tile("umbrella"))
    page.get_by_text("Now point out the umbrella").wait_for()
    page.mouse.click(*place(page, 0.7, 0.2))
    page.click(class_tile("tie"))
    page.keyboard.press("Escape")
    page.mouse.click(*place(page, 0.1, 0.1))
    see_all(page)
    found = done(service, page)
    assert found.answer.icons == {"umbrella": pytest.approx((0.7, 0.2), abs=0.003)}
    kinds = [one.__struct_config__.tag for one in found.acts("pick", "add", "put_back")]
    assert kinds == ["pick", "add", "pick", "put_back"]


@pytest.mark.parametrize("px", [8, 15, 40])
def test_a_small_move_moves_and_removes_nothing(serve, visit, px):
    """F4."""
    service, page = start(serve, visit)
    drag(page, line(middle(page, class_tile("person")), place(page, 0.5, 0.5)))
    x, y = middle(page, pin("person"))
    # Grasped at its edge: it does not jump to the pointer, and its centre is what is stored.
    drag(page, line((x + 9, y - 7), (x + 9 + px, y - 7), steps=4))
    width = page.locator(".figure img").bounding_box()["width"]
    see_all(page)
    found = done(service, page)
    assert found.answer.icons["person"] == pytest.approx((0.5 + px / width, 0.5), abs=1.5 / width)
    assert [one.__struct_config__.tag for one in found.acts("add", "move", "remove")] == ["add", "move"]


def test_an_icon_may_be_dropped_on_another_and_its_centre_is_its_place(serve, visit):
    """F4, F16: it is not lost, and not stored by its corner."""
    service, page = start(serve, visit)
    drag(page, line(middle(page, class_tile("person")), place(page, 0.5, 0.5)))
    drag(page, line(middle(page, class_tile("tie")), place(page, 0.5, 0.5)))
    assert middle(page, pin("tie")) == pytest.approx(place(page, 0.5, 0.5), abs=1)
    see_all(page)
    found = done(service, page)
    assert found.answer.icons == {name: pytest.approx((0.5, 0.5), abs=0.003) for name in ("person", "tie")}


def test_dragging_off_removes_and_dropping_beside_changes_nothing(serve, visit):
    service, page = start(serve, visit)
    away = middle(page, ".bar")
    drag(page, line(middle(page, class_tile("tie")), away))
    drag(page, line(middle(page, class_tile("person")), place(page, 0.5, 0.5)))
    drag(page, line(middle(page, pin("person")), away))
    drag(page, line(middle(page, class_tile("handbag")), place(page, 0.2, 0.8)))
    page.get_by_role("button", name="Remove handbag").click()
    see_all(page)
    found = done(service, page)
    assert found.answer.icons == {}
    kinds = [one.__struct_config__.tag for one in found.acts("pick", "add", "remove", "put_back")]
    assert kinds == ["pick", "put_back", "pick", "add", "pick", "remove", "pick", "add", "remove"]


def test_a_finger_drags_taps_and_moves(serve, visit):
    service, page = start(serve, visit, **PHONE)
    page.locator("summary", has_text="Instructions").click()
    touch(page, line(middle(page, class_tile("person")), place(page, 0.4, 0.6)))
    touch(page, line(middle(page, pin("person")), place(page, 0.2, 0.3)))
    touch(page, [middle(page, class_tile("tie"))])
    touch(page, [place(page, 0.8, 0.8)])
    for _ in range(PANELS - 1):
        touch(page, [middle(page, ".panel-head button >> nth=1")])
    found = done(service, page)
    near = {"person": (0.2, 0.3), "tie": (0.8, 0.8)}
    assert found.answer.icons == {name: pytest.approx(where, abs=0.01) for name, where in near.items()}
    assert {one.by for one in found.acts("pick", "add", "move")} == {"touch"}
    assert {one.by for one in found.acts("panel")[1:]} == {"touch"}
    assert found.acts("panel")[0].by is None


def test_keys_alone_mark_classes_without_a_place(serve, visit):
    service, page = start(serve, visit)
    tab_to(page, ".class-tile")
    for key in ("ArrowDown", "Enter", "ArrowRight", "Enter", "ArrowDown", "Enter", "Enter"):
        page.keyboard.press(key)
    page.get_by_text("backpack, without a place").wait_for()
    see_all(page)
    submit_by_keys(page)
    found = service.await_submissions(1)[0]
    assert found.agrees
    assert found.answer.icons == {"backpack": None, "bird": None}
    assert {one.by for one in found.acts("add", "remove")} == {"keyboard"}
    assert found.acts("pointer", "pick") == []


def test_all_panels_must_have_been_seen_and_the_last_arrow_submits_nothing(serve, visit):
    service, page = start(serve, visit)
    page.get_by_role("button", name="Submit", exact=True).click()
    missing = page.locator(".missing")
    assert missing.locator("button").count() == PANELS - 1
    for _ in range(PANELS + 3):
        page.keyboard.press("ArrowRight")
    assert missing.locator("button").count() == 0
    assert page.locator(".panel-place").inner_text() == f"{PANELS} of {PANELS}"
    assert service.submissions() == []
    assert "11 of 11 panels seen" in page.locator(".status").inner_text()


def test_the_magnifier_shows_what_lies_under_the_pointer(serve, visit):
    _, page = start(serve, visit)
    page.get_by_role("button", name="Magnifier").click()
    x, y = place(page, 0.4, 0.4)
    page.mouse.move(x, y)
    assert middle(page, ".lens.shown") == pytest.approx((x, y), abs=2)
    page.keyboard.press("m")
    page.mouse.move(x + 3, y)
    assert page.locator(".lens.shown").count() == 0


def test_a_picture_keeps_its_shape(serve, visit):
    """F14."""
    _, page = start(serve, visit)
    look = "one => [one.naturalWidth / one.naturalHeight, one.width / one.height, getComputedStyle(one).objectFit]"
    natural, shown, fit = page.locator(".figure img").evaluate(look)
    assert shown == pytest.approx(natural, rel=0.01)
    assert fit == "contain"
