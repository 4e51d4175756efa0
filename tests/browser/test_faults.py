"""What the published tools did wrong and only a browser can show: their faults by number, none of them ours.

The others are tested where they belong: F1, F2, F3 and F6 also in `test_trajectory`, F4 and F14 in `test_tag`.
"""

import json
from collections import Counter

import pyarrow.parquet as pq
import sqlalchemy as sa
from tests.browser.hands import begin, line, next_frame, submit
from tests.browser.harness import drawn
from tests.browser.witness import assert_same_path, exported

from sidelight.collect.campaign.settings import Condition
from sidelight.collect.store import tables

PUT_BACK = "const now = Date.now; window.ahead = 0; Date.now = () => now() + ahead;"


def test_a_wall_clock_that_is_put_back_changes_no_time_of_the_path(work):
    """F5: times are the events' own, and run on; the wall clock is asked once a chunk."""
    done = work("browse")
    page, script = done.page, done.script
    page.evaluate(f"() => {{ {PUT_BACK} }}")
    script.to(*line((400, 200), (900, 600)))
    page.evaluate("ahead = -3_600_000")
    script.to(*line((890, 610), (420, 230)))
    page.locator(".tile").nth(0).click()
    found, truth = done.done()
    assert_same_path(found, truth)
    spent = json.loads(found.annotations[0]["extra"])
    assert found.moves[-1].t <= float(spent["active_ms"]) + float(spent["idle_ms"]) < 600_000


def test_what_loads_late_above_the_pictures_moves_them_and_the_path_stays_on_them(work):
    """F7: the published tool asked once where a picture was; places were wrong after anything above it had loaded."""
    done = work("browse")
    page, script = done.page, done.script
    held = []
    page.route("**/late.png", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks what it is given)
    page.evaluate(
        "() => { window.late = new Image(); late.src = 'late.png'; document.querySelector('.bar').before(late); }"
    )
    script.to(*line((400, 200), (900, 600)))
    before = page.locator(".tile >> nth=0").bounding_box()
    held[0].fulfill(body=drawn("600x77"), content_type="image/png")
    page.evaluate("late.decode()")
    next_frame(page)
    assert page.locator(".tile >> nth=0").bounding_box()["y"] > before["y"] + 50
    script.to(*line((890, 610), (420, 230)))
    page.locator(".tile").nth(0).click()
    assert_same_path(*done.done())


VARIANTS = (
    Condition(),
    Condition(pointer_dot=True),
    Condition(blurred=True),
    Condition(pointer_dot=True, blurred=True),
)


def test_the_condition_is_the_one_that_the_requester_set(serve, visit, tmp_path):
    """F13: a slip in a parameter's name kept the published one away; here no parameter has a say in it."""
    service = serve("browse", conditions=VARIANTS, pages_per_hit=1)
    for variant in VARIANTS:
        page = visit()
        begin(page, service, "?version=2&?version=3&blurred=true&pointer_dot=1&condition=blurred", publish=True)
        shown = page.locator(".grid").evaluate(
            "one => [one.classList.contains('dotted'), one.classList.contains('blurred')]"
        )
        assert shown == [variant.pointer_dot, variant.blurred]
        submit(page)
    service.await_submissions(len(VARIANTS))
    with service.store.read() as c:
        stored = [row.condition for row in c.execute(sa.select(tables.session).order_by(tables.session.c.created_at))]
    assert stored == [variant.recorded() for variant in VARIANTS]
    extras = pq.read_table(exported(service, tmp_path / "out") / "annotations.parquet").column("extra").to_pylist()
    told = Counter(json.loads(one).get("conditions", "") for one in extras)
    assert told == dict.fromkeys(("", "pointer_dot", "blurred", "blurred,pointer_dot"), 12)


def test_a_page_sent_before_its_pictures_have_come_has_no_size_of_0(serve, visit, tmp_path):
    """F15: the published tool read sizes before there were any."""
    service, page = serve("browse", pages_per_hit=1), visit()
    page.route("**/image/*", lambda route: None)
    page.goto(service.url)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="I agree").click()
    page.wait_for_selector(".tile")
    submit(page)
    (done,) = service.await_submissions(1)
    assert done.acts("image") == []
    out = exported(service, tmp_path / "out")
    for one in pq.read_table(out / "examples.parquet", columns=["width", "height"]).to_pylist():
        assert sorted(one.values()) == [240, 320]
    for extra in map(json.loads, pq.read_table(out / "annotations.parquet").column("extra").to_pylist()):
        assert min(int(extra["imageWidth"]), int(extra["imageHeight"])) > 44
