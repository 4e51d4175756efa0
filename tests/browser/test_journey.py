"""From the link to the code: consent first, work that survives reloads and failures, ways out."""

import re
import time

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect
from tests.browser.hands import PHONE, begin, do_something, submit, wait_for_task

from sidelight.collect.service.tokens import Tokens
from sidelight.collect.store import tables


def test_nothing_is_loaded_or_recorded_before_consent_and_ids_leave_the_address(serve, visit):
    service, page = serve("browse"), visit()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{service.url}?who=someone-1234")
    page.get_by_role("heading", name="What is recorded").wait_for()
    page.get_by_role("heading", name="What is not recorded").wait_for()
    assert page.url == service.url
    assert page.evaluate("history.length") == 2
    page.mouse.move(200, 200)
    assert [url for url in asked if re.search(r"recorder|outbox|sitting|/api/chunk|/api/page", url)] == []
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="I agree").click()
    wait_for_task(page)
    assert [url for url in asked if "recorder" in url]
    with service.store.read() as c:
        assert c.execute(sa.select(tables.session.c.publish)).scalar_one() is True
        assert c.execute(sa.select(sa.func.count()).select_from(tables.page)).scalar_one() > 0


LISTENED = """
window.listened = [];
const listen = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (type, ...rest) {
  if (!(this instanceof Element) || this === document.documentElement || this === document.body) listened.push(type);
  return listen.call(this, type, ...rest);
};
for (const name of ["ResizeObserver", "IntersectionObserver"]) {
  const Observer = window[name];
  window[name] = class extends Observer { constructor(tell, how) { super(tell, how); listened.push(name); } };
}
"""
"""Notes what is listened to on the window and the whole page, before any script of the page runs."""

BEHAVIOUR = re.compile("pointer|mouse|touch|key|wheel|scroll|drag|focus|blur|visibility|resize|Observer")


def test_nothing_that_a_person_does_is_listened_to_before_consent(serve, visit):
    service, page = serve("browse"), visit()
    page.add_init_script(LISTENED)
    page.goto(service.url)
    page.get_by_role("heading", name="What is recorded").wait_for()
    assert [type_ for type_ in page.evaluate("listened") if BEHAVIOUR.search(type_)] == []
    page.get_by_role("button", name="I agree").click()
    wait_for_task(page)
    assert {"pointermove", "pointerdown", "scroll", "ResizeObserver"} <= set(page.evaluate("listened"))


def test_declining_is_possible_and_records_nothing(serve, visit):
    service, page = serve("browse"), visit()
    page.goto(service.url)
    page.get_by_role("button", name="No, thank you").click()
    page.get_by_role("heading", name="That is all right").wait_for()
    with service.store.read() as c:
        assert c.execute(sa.select(sa.func.count()).select_from(tables.page)).scalar_one() == 0


def test_practice_gives_feedback_and_sends_no_record(serve, visit):
    service, page = serve("browse", practice_pages=1), visit()
    chunks = []
    page.on("request", lambda request: chunks.append(request.url) if "chunk" in request.url else None)
    page.goto(service.url)
    page.get_by_role("button", name="I agree").click()
    wait_for_task(page)
    page.get_by_text("This is for practice").wait_for()
    page.get_by_role("button", name="Check my answer").click()
    page.get_by_role("button", name="Submit it like this").click()
    page.get_by_role("button", name="Try again").click()
    wanted = service.campaign.practice.pages[0].yes
    for one in wanted:
        page.locator(f".tile[data-picture='{one}']").click()
    assert chunks == []
    page.get_by_role("button", name="Check my answer").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("Page 1 of").wait_for()


def test_all_pages_lead_to_a_code(serve, visit):
    service, page = serve("browse"), visit()
    begin(page, service)
    for n in (1, 2):
        page.get_by_text(f"Page {n} of 2").wait_for()
        wait_for_task(page)
        page.locator(".tile").nth(n).click()
        submit(page)
    code = page.locator("code").first.inner_text()
    with service.store.read() as c:
        assert c.execute(sa.select(tables.completion.c.code)).scalar_one() == code
    assert all(one.complete and one.agrees for one in service.await_submissions(2))


def loaded(page):
    """Addresses of the pictures that came over the network, and not out of the cache."""
    return page.evaluate(
        "performance.getEntriesByType('resource').filter(one => one.name.includes('/image/') && one.transferSize > 0)"
        ".map(one => one.name)"
    )


def test_the_next_pages_pictures_are_there_before_they_are_wanted_and_on_no_record_but_their_own(serve, visit):
    service, page = serve("browse"), visit()
    begin(page, service)
    first = shown_pictures(page)
    until = time.monotonic() + 10
    while len(loaded(page)) < 24 and time.monotonic() < until:
        page.wait_for_timeout(50)
    page.locator(".tile").first.click()
    submit(page)
    wait_for_task(page)
    second = shown_pictures(page)
    assert not first & second
    assert len(loaded(page)) == len(set(loaded(page))) == 24, "each picture once"
    page.locator(".tile").first.click()
    submit(page)
    logs = [{one.image for one in done.acts("image")} for done in service.await_submissions(2)]
    assert logs == [first, second]


def shown_pictures(page):
    return set(page.locator(".tile").evaluate_all("all => all.map((one) => one.dataset.picture)"))


def test_whoever_returns_a_second_task_has_the_code_for_the_first(serve, visit):
    service, page = serve("browse", hits_per_person=2, each=36), visit()
    begin(page, service)
    for _ in range(2):
        page.locator(".tile").first.click()
        submit(page)
        wait_for_task(page)
    page.get_by_text("Page 1 of 2").wait_for()
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Stop and return").click()
    page.get_by_role("button", name="Return it").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    with service.store.read() as c:
        assert c.execute(sa.select(tables.completion.c.code)).scalar_one() == page.locator("code").first.inner_text()


def test_a_person_sees_what_was_recorded_before_she_lets_it_be_published(serve, visit):
    service, page = serve("browse"), visit()
    begin(page, service)
    for _ in range(2):
        wait_for_task(page)
        page.locator(".tile").nth(1).click()
        page.wait_for_timeout(2500)  # so that its replay is still under way when it is paused
        submit(page)
    page.get_by_role("link", name="See what was recorded of you").click()
    page.get_by_role("heading", name="What was recorded of you").wait_for()
    page.get_by_role("button", name="Page 2").click()
    assert page.locator(".record .pages button").count() == 2
    page.get_by_role("button", name="selected picture 2").wait_for()
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").click()
    tick = page.get_by_role("checkbox", name="may also be published")
    assert not tick.is_checked()
    tick.check()
    page.get_by_text("Your choice is kept").wait_for()
    with service.store.read() as c:
        assert c.execute(sa.select(tables.session.c.publish)).scalar_one() is True
    page.reload()
    expect(page.get_by_role("checkbox", name="may also be published")).to_be_checked()
    page.get_by_role("link", name="Back").click()
    page.get_by_role("heading", name="Thank you").wait_for()


def test_a_browse_page_says_what_to_select(serve, visit):
    service, page = serve("browse", labels=("disc",)), visit()
    begin(page, service)
    assert page.locator("h1").inner_text() == "Select the images of disc" == page.title()
    assert page.locator("h1 [lang]").inner_text() == "disc"
    text = page.locator(".instructions").inner_text().lower()
    assert "select" in text
    assert "where" not in text


@pytest.mark.parametrize("task", ["browse", "tag", "paint"])
def test_a_reload_in_the_middle_of_a_page_loses_nothing(serve, visit, task):
    service, page = serve(task, each=8), visit()
    begin(page, service)
    do_something(page, task)
    before = shown(page, task)
    assert before
    assert_nothing_lost_by_a_reload(service, page, task, before)


LOSE_CHUNKS = """() => {
  const real = fetch;
  window.fetch = (url, more) => (url === "api/chunk" ? Promise.reject(new TypeError("lost")) : real(url, more));
}"""

ON_DEVICE = """async () => {
  await new Promise(done => setTimeout(done, 2100));
  const ask = request => new Promise(done => { request.onsuccess = () => done(request.result); });
  const database = await ask(indexedDB.open("sidelight", 1));
  const parcels = await ask(database.transaction("parcel").objectStore("parcel").count());
  database.close();
  return parcels;
}"""
"""What lies on the device once the recorder has cut all there was, at most 2 s later. What a page writes while it goes
is left to the soak: no browser promises that it arrives."""


@pytest.mark.parametrize("task", ["browse", "tag", "paint"])
def test_what_a_page_could_not_send_before_it_was_left_is_there_when_it_comes_back(serve, visit, task):
    service, page = serve(task, each=8), visit()
    begin(page, service)
    page.evaluate(LOSE_CHUNKS)
    do_something(page, task)
    before = shown(page, task)
    assert page.evaluate(ON_DEVICE) > 0
    assert_nothing_lost_by_a_reload(service, page, task, before)


def assert_nothing_lost_by_a_reload(service, page, task, before):
    page.reload()
    wait_for_task(page)
    assert shown(page, task) == before
    finish_page(page, task)
    submit(page)
    done = service.await_submissions(1)[0]
    assert done.segments == 2
    assert done.complete
    assert done.agrees


def shown(page, task):
    """What the page says has been done."""
    if task == "browse":
        return page.locator(".tile[aria-pressed=true]").evaluate_all("all => all.map((one) => one.dataset.picture)")
    if task == "tag":
        return page.locator(".pin").evaluate_all("all => all.map((one) => [one.dataset.class, one.style.cssText])")
    return page.locator(".figure canvas").evaluate("one => one.toDataURL()"), page.locator(".status").inner_text()


def finish_page(page, task):
    if task == "tag":
        for _ in range(10):
            page.keyboard.press("ArrowRight")
    if task == "paint":
        page.get_by_text("disc", exact=True).click()


def test_a_submit_without_network_waits_and_goes_through_later(serve, visit):
    service, page = serve("browse"), visit(**PHONE)
    begin(page, service)
    page.locator(".tile").nth(0).tap()
    page.context.set_offline(True)
    page.get_by_role("button", name="Submit", exact=True).tap()
    page.get_by_text("It could not be sent yet").wait_for(timeout=15000)
    assert service.submissions() == []
    page.context.set_offline(False)
    page.get_by_text("Page 2 of 2").wait_for()
    done = service.await_submissions(1)[0]
    assert done.complete
    assert len(done.answer.selected) == 1


def test_a_service_that_is_gone_is_waited_for(serve, visit):
    service, page = serve("browse"), visit()
    page.route("**/api/page", lambda route: route.fulfill(status=503, body="{}"))
    page.goto(service.url)
    page.get_by_role("button", name="I agree").click()
    page.get_by_role("heading", name="The service does not answer").wait_for()
    page.unroute("**/api/page")
    page.get_by_role("button", name="Try again").click()
    wait_for_task(page)


def test_a_part_that_cannot_be_loaded_is_loaded_later_and_nothing_is_lost(serve, visit):
    service, page = serve("browse"), visit()
    page.route("**/assets/sitting*", lambda route: route.abort())
    page.goto(service.url)
    page.get_by_role("button", name="I agree").click()
    page.get_by_role("heading", name="The service does not answer").wait_for()
    page.unroute("**/assets/sitting*")
    page.get_by_role("button", name="Try again").click()
    wait_for_task(page)


def test_a_page_says_whether_the_record_is_safe(serve, visit):
    service, page = serve("browse"), visit()
    begin(page, service)
    state = page.locator(".bar .state").last
    page.context.set_offline(True)
    page.locator(".tile").nth(0).click()
    state.filter(has_text="Offline").wait_for(timeout=15000)
    page.locator(".tile").nth(1).click()
    page.context.set_offline(False)
    state.filter(has_text="Saved").wait_for(timeout=15000)
    submit(page)
    assert len(service.await_submissions(1)[0].answer.selected) == 2


def test_the_newer_tab_takes_over_and_the_older_one_says_so(serve, visit):
    service, page = serve("browse"), visit()
    begin(page, service)
    page.locator(".tile").nth(2).click()
    wanted = page.locator(".tile").nth(2).get_attribute("data-picture")
    with page.expect_popup() as opened:
        page.evaluate("void open(location.href)")
    other = opened.value
    wait_for_task(other)
    page.get_by_role("heading", name="another tab").wait_for()
    assert other.locator(".tile[aria-pressed=true]").get_attribute("data-picture") == wanted
    page.get_by_role("button", name="Continue here").click()
    wait_for_task(page)
    other.get_by_role("heading", name="another tab").wait_for()
    submit(page)
    done = service.await_submissions(1)[0]
    assert done.complete
    assert done.agrees
    assert list(done.answer.selected) == [wanted]


def test_a_task_can_be_returned(serve, visit):
    service, page = serve("browse"), visit()
    begin(page, service)
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Stop and return").click()
    page.get_by_role("button", name="Return it").click()
    page.get_by_role("heading", name="You have returned the task").wait_for()
    with service.store.read() as c:
        assert c.execute(sa.select(tables.assignment.c.state)).scalar_one() == "returned"


def test_withdrawing_deletes_what_was_done(serve, visit):
    service, page = serve("browse"), visit()
    begin(page, service)
    page.locator(".tile").nth(0).click()
    submit(page)
    service.await_submissions(1)
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("button", name="Delete my data").click()
    page.get_by_role("heading", name="Withdraw from the study").wait_for()
    page.get_by_role("button", name="Delete my data").click()
    page.locator("dialog").get_by_role("button", name="Delete my data").click()
    page.get_by_role("heading", name="Your data have been deleted").wait_for()
    with service.store.read() as c:
        assert c.execute(sa.select(sa.func.count()).select_from(tables.chunk)).scalar_one() == 0


def test_a_wrong_withdrawal_token_deletes_nothing(serve, visit):
    service, page = serve("browse"), visit()
    page.goto(f"{service.url}withdraw")
    page.get_by_label("Your withdrawal token").fill("wrong")
    page.get_by_role("button", name="Delete my data").click()
    page.locator("dialog").get_by_role("button", name="Delete my data").click()
    page.get_by_text("No data are found for this token").wait_for()


def test_a_preview_shows_everything_and_records_nothing(serve, visit):
    service, page = serve("browse"), visit()
    token = Tokens(service.campaign.secrets.signing_key()).preview(until=time.time() + 60)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    begin(page, service, f"?preview={token}")
    page.get_by_text("nothing you do here is recorded").wait_for()
    page.locator(".tile").nth(0).click()
    page.get_by_role("button", name="Submit", exact=True).click()
    page.get_by_text("This is where the page would be sent").wait_for()
    assert [url for url in asked if re.search(r"recorder|outbox|/api/chunk|/api/submit", url)] == []


def test_the_pages_speak_the_campaigns_language(serve, visit):
    service, page = serve("browse", locale="de"), visit()
    page.goto(service.url)
    page.get_by_role("button", name="Ich bin einverstanden").click()
    wait_for_task(page)
    page.get_by_text("Seite 1 von 2").wait_for()
    assert page.evaluate("document.documentElement.lang") == "de"
