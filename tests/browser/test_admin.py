"""The requester's pages in a real browser: the door, every screen, and the replay of what somebody really did."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.hands import LAPTOP, PHONE, at, begin, drag, line, next_frame, serious_faults, submit, wait_for_task

from sidelight.collect.requester.keys import Keys, first_password
from sidelight.collect.store import people

EVIL = '"><img src=x onerror="document.title=\'broken\'">'
PANELS = 11
SCREENS = ("Overview", "Pages", "Annotators", "Pictures", "Campaign")


@pytest.fixture
def labelled(serve, visit):
    """Serves a campaign in which somebody labels one page by mouse, with a reload in the middle."""

    def done(task, **settings):
        service, person = serve(task, each=8, **settings), visit()
        begin(person, service)
        act(person, task, first=True)
        person.reload()
        wait_for_task(person)
        act(person, task, first=False)
        submit(person)
        service.await_submissions(1)
        return service

    return done


def act(page, task, *, first):
    """Looks for a while, then does something."""
    page.wait_for_timeout(1200)
    if task == "browse":
        for n in (1, 2) if first else (4,):
            page.mouse.move(*at(page, f".tile >> nth={n}", 0.2, 0.3), steps=5)
            page.locator(".tile").nth(n).click()
    elif task == "tag":
        icon, picture = (".class-tile >> nth=0", (0.5, 0.5)) if first else (".class-tile >> nth=1", (0.3, 0.4))
        drag(page, line(at(page, icon, 0.5, 0.5), at(page, ".figure img", *picture)))
        if not first:
            for _ in range(PANELS - 1):
                page.keyboard.press("ArrowRight")
    else:
        drag(page, line(at(page, ".figure canvas", 0.3, 0.3), at(page, ".figure canvas", 0.6, 0.6 if first else 0.3)))
        if not first:
            page.get_by_role("radio").first.check(force=True)


def enter(page, service, role="admin"):
    """Logs in as a role whose password is made for it."""
    password = first_password(service.store) if role == "admin" else Keys(service.store, clock=lambda: 0.0).renew(role)
    page.goto(f"{service.url}admin")
    page.get_by_label("Password").fill(password or "")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Overview").wait_for()


def go(page, screen):
    page.get_by_role("navigation", name="Screens").get_by_role("link", name=screen).click()
    page.get_by_role("heading", name=screen, level=1).wait_for()


def open_first_page(page):
    go(page, "Pages")
    page.locator("tbody th a").first.click()
    page.get_by_role("button", name="Play").wait_for()


def test_a_wrong_password_says_so_and_the_right_one_opens(serve, visit):
    service, page = serve("browse"), visit()
    page.goto(f"{service.url}admin")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("not the password")
    enter(page, service)
    page.reload()
    page.get_by_role("heading", name="Overview").wait_for()
    page.get_by_role("button", name="Log out").click()
    page.get_by_label("Password").wait_for()
    page.reload()
    page.get_by_label("Password").wait_for()


@pytest.mark.parametrize(("device", "scheme"), [(LAPTOP, "light"), (PHONE, "dark")])
def test_no_screen_has_a_serious_fault_or_is_wider_than_the_window(labelled, visit, device, scheme):
    service, page = labelled("browse"), visit(**device, color_scheme=scheme)
    page.goto(f"{service.url}admin")
    page.get_by_label("Password").wait_for()
    assert serious_faults(page) == []
    enter(page, service)
    for screen in SCREENS:
        go(page, screen)
        page.wait_for_timeout(300)
        assert serious_faults(page) == [], screen
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), screen
    open_first_page(page)
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_overview_counts_what_was_done(labelled, visit):
    service, page = labelled("browse"), visit()
    enter(page, service)
    page.get_by_text("Pages labelled").wait_for()
    expect(page.locator("figure", has_text="Pages by state")).to_contain_text(re.compile(r"submitted\s*1\s*open\s*1"))
    assert page.get_by_role("img", name=re.compile("1 in all")).count() == 1


def test_names_of_people_and_classes_are_text_and_nothing_else(serve, visit):
    service, page = serve("browse", title=EVIL, labels=("<b>disc", "ring")), visit()

    def work(c):
        who = people.create_session(c, panel="link", condition={}, locale="en", preview=False, now=1.0)
        people.exclude(c, who, reason=EVIL)

    service.store.write(work).result()
    enter(page, service)
    for screen in SCREENS:
        go(page, screen)
        page.wait_for_timeout(200)
        assert page.locator("main b b, img[src=x]").count() == 0
    assert page.title() == f"Campaign · {EVIL}"
    go(page, "Annotators")
    expect(page.locator("tr.out")).to_contain_text(EVIL)
    go(page, "Pictures")
    expect(page.locator(".pictures li").first).to_contain_text(re.compile("<b>disc|ring"))


@pytest.mark.parametrize("task", ["browse", "tag", "paint"])
def test_a_replay_goes_through_both_showings_at_true_speed(labelled, visit, task):
    service, page = labelled(task), visit()
    page.clock.install()
    enter(page, service)
    open_first_page(page)
    events = page.get_by_role("list", name="Events, in order")
    assert events.get_by_text("page shown").count() == 2
    assert events.get_by_role("listitem").count() >= 4
    page.clock.pause_at(2_000_000_000)
    page.get_by_role("button", name="Play").click()
    assert shown_while(page, 800) == pytest.approx(800, abs=150)
    page.get_by_role("button", name="0.5×").click()
    assert shown_while(page, 800) == pytest.approx(400, abs=150)
    page.get_by_role("button", name="4×").click()
    page.clock.resume()
    page.get_by_role("button", name="Play").wait_for()
    assert clock_ms(page) > 2400


def shown_while(page, ms):
    """Time of the replay, told ten times a second, while so much passes on the window's clock."""
    before = clock_ms(page)
    page.clock.run_for(ms)
    return clock_ms(page) - before


def clock_ms(page):
    minutes, seconds = page.locator("output.clock").inner_text().split(" / ")[0].split(":")
    return 60_000 * int(minutes) + 1000 * float(seconds)


def test_a_replay_jumps_to_an_event_and_draws_the_pointer_where_it_was(labelled, visit):
    """The canvas shows the accent of a selection on the tile that was clicked."""
    service, page = labelled("browse"), visit()
    enter(page, service)
    open_first_page(page)
    page.get_by_role("button", name=re.compile("selected picture 2")).click()
    next_frame(page)
    assert page.locator("[aria-current=true]", has_text="selected picture 2").count() == 1
    blue = "([r, g, b]) => b > 150 && r < 60 && g < 130"
    found = page.locator("canvas").evaluate(
        f"""(canvas) => {{
            const {{ data }} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let n = 0;
            for (let k = 0; k < data.length; k += 4) if (({blue})(data.subarray(k, k + 3))) n++;
            return n;
        }}"""
    )
    assert found > 200
    expect(page.locator(".stage .note")).to_contain_text("1 selected")


def test_a_replay_can_be_used_by_keyboard_alone(labelled, visit):
    service, page = labelled("browse"), visit()
    enter(page, service)
    open_first_page(page)
    page.get_by_role("button", name="Play").focus()
    page.keyboard.press("Tab")
    before = clock_ms(page)
    page.keyboard.press("End")
    assert clock_ms(page) > before
    page.keyboard.press("Home")
    assert clock_ms(page) == 0
    for _ in range(5):
        page.keyboard.press("PageUp")
    assert clock_ms(page) > 0


def test_a_viewer_looks_but_gets_no_raw_trace_no_payments_and_no_buttons_that_change(labelled, visit):
    service, page = labelled("browse"), visit()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    enter(page, service, "viewer")
    go(page, "Pages")
    page.locator("tbody th a").first.click()
    page.get_by_text("only an admin may see it").wait_for()
    go(page, "Annotators")
    go(page, "Campaign")
    assert page.get_by_role("link", name="Payments").count() == 0
    assert page.get_by_role("button", name=re.compile("password|Close|Exclude")).count() == 0
    assert [url for url in asked if "chunks" in url] == []


def test_an_admin_closes_the_campaign_looks_at_a_preview_and_excludes_and_restores(labelled, visit):
    service, page, newcomer = labelled("browse"), visit(), visit()
    enter(page, service)
    go(page, "Campaign")
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".bar .state")).to_have_text("closed")
    newcomer.goto(service.url)
    expect(newcomer.locator("body")).not_to_contain_text("I agree")
    page.get_by_role("button", name="Make a preview link").click()
    link = page.get_by_role("link", name="Open the preview").get_attribute("href") or ""
    newcomer.goto(service.url + link.removeprefix("/"))
    newcomer.get_by_role("button", name="I agree").wait_for()
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.locator(".bar .state")).to_have_text("open")
    go(page, "Annotators")
    page.get_by_role("button", name="Exclude …").click()
    page.get_by_label("Reason").fill("asked us to")
    page.get_by_role("button", name="Exclude", exact=True).click()
    expect(page.locator("tr.out")).to_contain_text("asked us to")
    page.get_by_role("button", name="Restore").click()
    expect(page.locator("tr.out")).to_have_count(0)


def test_lists_are_filtered_by_address_and_paged(serve, visit):
    service, page = serve("browse", each=40, labels=("disc", "ring")), visit()
    enter(page, service)
    go(page, "Pictures")
    expect(page.locator(".pager")).to_contain_text("80 found")
    expect(page.locator(".pictures li")).to_have_count(50)
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".pictures li")).to_have_count(30)
    page.get_by_role("button", name="Back").click()
    expect(page.locator(".pictures li")).to_have_count(50)
    page.get_by_label("Class").fill("ring")
    page.get_by_label("Class").press("Enter")
    expect(page.locator(".pager")).to_contain_text("40 found")
    assert page.url.endswith("#/items?label=ring")


def test_payments_are_a_file(labelled, visit):
    service, page = labelled("browse"), visit()
    enter(page, service)
    go(page, "Campaign")
    with page.expect_download() as download:
        page.get_by_role("link", name="Payments").click()
    text = download.value.path().read_text("utf-8-sig")
    assert text.splitlines()[0].startswith("session,state,finished,pages,complete")
    assert len(text.splitlines()) == 2
