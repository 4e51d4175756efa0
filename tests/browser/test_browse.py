"""Browse: by mouse, by touch, by keyboard alone; and the published variants of its page."""

import pytest
from tests.browser.hands import PHONE, at, begin, submit, submit_by_keys, tab_to, touch, wait_for_task

from sidelight.collect.campaign.settings import Condition


def tile(page, n):
    return page.locator(".tile").nth(n)


def picture(page, n):
    return tile(page, n).get_attribute("data-picture")


def test_a_mouse_selects_and_takes_back(serve, visit):
    service, page = serve("browse"), visit()
    begin(page, service)
    first, second = picture(page, 0), picture(page, 4)
    for n in (0, 4, 0):
        tile(page, n).scroll_into_view_if_needed()
        page.mouse.click(*at(page, f".tile >> nth={n}", 0.25, 0.75))
    assert [tile(page, n).get_attribute("aria-pressed") for n in (0, 4)] == ["false", "true"]
    submit(page)
    done = service.await_submissions(1)[0]
    assert done.complete
    assert done.agrees
    assert list(done.answer.selected) == [second]
    assert done.answer.selected[second] == pytest.approx((0.25, 0.75), abs=0.005)
    acts = done.acts("select", "deselect")
    assert [(one.image, one.by) for one in acts] == [(first, "mouse"), (second, "mouse"), (first, "mouse")]
    assert acts[2].at == pytest.approx((0.25, 0.75), abs=0.005)


def test_a_finger_selects(serve, visit):
    service, page = serve("browse"), visit(**PHONE)
    begin(page, service)
    wanted = picture(page, 3)
    tile(page, 3).scroll_into_view_if_needed()
    touch(page, [at(page, ".tile >> nth=3", 0.6, 0.4)])
    submit(page)
    done = service.await_submissions(1)[0]
    assert done.agrees
    assert done.answer.selected == {wanted: pytest.approx((0.6, 0.4), abs=0.01)}
    assert [one.by for one in done.acts("select")] == ["touch"]


def test_keys_alone_select_without_a_place(serve, visit):
    service, page = serve("browse"), visit()
    begin(page, service)
    wanted = [picture(page, 1), picture(page, 4)]
    tab_to(page, ".tile")
    for key in ("ArrowRight", "Space", "ArrowDown", "Enter", "ArrowUp", "ArrowLeft", "Space", "Space"):
        page.keyboard.press(key)
    submit_by_keys(page)
    done = service.await_submissions(1)[0]
    assert done.agrees
    assert done.answer.selected == dict.fromkeys(wanted)
    assert {one.by for one in done.acts("select", "deselect")} == {"keyboard"}
    assert {one.at for one in done.acts("select", "deselect")} == {None}
    assert done.acts("pointer") == []


def test_a_page_without_a_selection_is_asked_about(serve, visit):
    service, page = serve("browse"), visit()
    begin(page, service)
    page.get_by_role("button", name="Submit", exact=True).click()
    page.get_by_role("button", name="Back to the task").click()
    assert service.submissions() == []
    submit(page)
    assert service.await_submissions(1)[0].answer.selected == {}


@pytest.mark.parametrize(("width", "columns"), [(1280, 3), (390, 2), (300, 1)])
def test_columns_follow_the_width_and_nothing_moves_when_pictures_come(serve, visit, width, columns):
    service, page = serve("browse"), visit(viewport={"width": width, "height": 800})
    held = []
    page.route("**/image/*", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks what it is given)
    page.goto(service.url)
    page.get_by_role("button", name="I agree").click()
    page.wait_for_selector(".tile >> nth=11")
    reserved = boxes(page)
    for route in held:
        route.continue_()
    page.unroute("**/image/*")
    wait_for_task(page)
    assert boxes(page) == reserved
    tops = page.locator(".grid li").evaluate_all("all => all.map((one) => one.offsetTop)")
    assert tops.count(tops[0]) == columns
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert min(min(width, height) for width, height, *_ in reserved) > 44


def boxes(page):
    look = (
        "all => all.map((one) => { const b = one.getBoundingClientRect(); return [b.width, b.height, b.left, b.top]; })"
    )
    return page.locator(".tile").evaluate_all(look)


def test_the_published_variants_show_a_dot_and_blur(serve, visit):
    both = Condition(pointer_dot=True, blurred=True)
    service, page = serve("browse", conditions=(both,)), visit()
    begin(page, service)
    look = "one => getComputedStyle(one).filter"
    assert tile(page, 0).locator("img").evaluate(look) == "blur(8px)"
    page.mouse.move(*at(page, ".tile >> nth=0", 0.5, 0.5))
    assert tile(page, 0).locator("img").evaluate(look) == "none"
    page.mouse.click(*at(page, ".tile >> nth=0", 0.2, 0.3))
    page.mouse.move(*at(page, ".tile >> nth=0", 0.9, 0.9))
    dot = page.locator(".tile .dot").first.bounding_box()
    x, y = at(page, ".tile >> nth=0", 0.2, 0.3)
    assert (dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2) == pytest.approx((x, y), abs=1)
    submit(page)
    assert service.await_submissions(1)[0].agrees


def test_where_pictures_are_blurred_a_first_tap_only_makes_one_clear(serve, visit):
    service, page = serve("browse", conditions=(Condition(blurred=True),)), visit(**PHONE)
    begin(page, service)
    place = at(page, ".tile >> nth=0", 0.5, 0.5)
    touch(page, [place])
    page.wait_for_selector(".tile.clear")
    assert tile(page, 0).get_attribute("aria-pressed") == "false"
    touch(page, [place])
    page.wait_for_selector(".tile[aria-pressed=true]")


def test_a_picture_that_fails_is_said_to_and_never_replaced(serve, visit):
    service, page = serve("browse"), visit()
    failing = []

    def fail_the_third(route):
        failing.append(route.request.url)
        route.abort() if len(failing) == 3 else route.continue_()

    page.route("**/image/*", fail_the_third)
    begin(page, service)
    page.wait_for_selector(".tile.failed")
    lost = page.locator(".tile.failed")
    assert lost.count() == 1
    wanted, source = lost.get_attribute("data-picture"), lost.locator("img").get_attribute("src")
    assert failing[2].endswith(source)
    page.locator(".status", has_text="Could not be loaded: 1.").wait_for()
    lost.click()
    page.wait_for_selector(".tile.failed", state="detached")
    tile(page, 0).click()
    submit(page)
    done = service.await_submissions(1)[0]
    states = [one.state for one in done.acts("image") if one.image == wanted]
    assert states == ["failed", "loaded"]
    assert wanted not in done.answer.selected
