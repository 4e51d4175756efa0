"""What axe finds on every screen, light and dark, laptop and phone: nothing serious."""

import pytest
from tests.browser.hands import LAPTOP, PHONE, begin, do_something, serious_faults, submit, wait_for_task


@pytest.mark.parametrize(("device", "scheme"), [(LAPTOP, "light"), (PHONE, "dark")])
@pytest.mark.parametrize("task", ["browse", "tag", "paint"])
def test_a_task_has_no_serious_fault(serve, visit, task, device, scheme):
    service, page = serve(task, each=8, practice_pages=1), visit(**device, color_scheme=scheme)
    page.goto(service.url)
    page.get_by_role("button", name="I agree").wait_for()
    assert serious_faults(page) == []
    page.get_by_role("button", name="I agree").click()
    wait_for_task(page)
    assert serious_faults(page) == []
    page.get_by_role("button", name="Check my answer").click()
    page.locator("dialog").or_(page.locator(".missing:not(:empty)")).first.wait_for()
    assert serious_faults(page) == []


@pytest.mark.parametrize("task", ["browse", "tag", "paint"])
def test_a_task_under_way_has_no_serious_fault(serve, visit, task):
    service, page = serve(task, each=8), visit()
    begin(page, service)
    do_something(page, task)
    page.locator(".menu summary").click()
    assert serious_faults(page) == []


def test_the_page_for_withdrawing_has_no_serious_fault(serve, visit):
    service, page = serve("browse"), visit(color_scheme="dark")
    page.goto(f"{service.url}withdraw")
    page.get_by_role("heading", name="Withdraw").wait_for()
    assert serious_faults(page) == []


@pytest.mark.parametrize(("device", "scheme"), [(LAPTOP, "dark"), (PHONE, "light")])
def test_what_was_recorded_is_shown_without_a_serious_fault(serve, visit, device, scheme):
    service, page = serve("browse", pages_per_hit=1, practice_pages=0), visit(**device, color_scheme=scheme)
    begin(page, service)
    do_something(page, "browse")
    submit(page)
    page.get_by_role("heading", name="Thank you").wait_for()
    assert serious_faults(page) == []
    page.get_by_role("link", name="See what was recorded of you").click()
    page.locator(".record .pages button").first.wait_for()
    assert serious_faults(page) == []


@pytest.mark.parametrize("task", ["browse", "tag", "paint"])
def test_what_is_touched_is_large_enough(serve, visit, task):
    service, page = serve(task, each=8), visit(**PHONE)
    begin(page, service)
    look = """all => all.map((one) => [one, one.getBoundingClientRect()]).filter(([, b]) => b.width > 1)
        .filter(([, b]) => b.width < 44 || b.height < 44).map(([one]) => one.outerHTML.slice(0, 120))"""
    assert page.locator("button, .menu > summary, select, label:has(input)").evaluate_all(look) == []
