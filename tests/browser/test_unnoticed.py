"""A page with the recorder is to the person in front of it the page without it.

How long both take is measured by `benchmarks/recorder_pairs.py`; what makes them alike needs no clock.
"""

from tests.browser.hands import at, begin, line, next_frame, submit

COUNT = """
window.listeners = [];
window.count = { events: 0, boxes: 0, styles: 0, entries: 0 };
const recorders = () => new Error().stack.includes("/assets/recorder-");
const moving = () => window.event?.type === "pointermove" && recorders();
const listen = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (type, tell, how) {
  if (recorders()) listeners.push([type, how?.passive === true]);
  return listen.call(this, type, tell, how);
};
const [box, style, json] = [Element.prototype.getBoundingClientRect, getComputedStyle, JSON.stringify];
Element.prototype.getBoundingClientRect = function () { count.boxes += moving(); return box.call(this); };
window.getComputedStyle = (...asked) => { count.styles += moving(); return style(...asked); };
JSON.stringify = (...said) => { count.entries += moving(); return json(...said); };
listen.call(window, "pointermove", () => count.events++, true);
"""
"""Counts what the recorder does while the pointer moves."""

NOTHING = """
export class Recorder { start() {} log() {} relayout() {} flush() {} stop() { return -1; } }
"""
"""In the recorder's place: it does nothing."""

JAVASCRIPT = "text/javascript"

LOOK = r"all => all.map((one) => one.outerHTML.replace(/src=\"[^\"]*\"/, ''))"
"""All of the pictures' elements but their addresses, which are another session's."""


def test_no_listener_of_the_recorder_can_hold_the_page_up(serve, visit):
    service, page = serve("browse"), visit()
    page.add_init_script(COUNT)
    begin(page, service)
    heard = page.evaluate("listeners")
    assert {"pointermove", "pointerdown", "scroll"} <= {type_ for type_, _ in heard}
    assert {type_ for type_, passive in heard if not passive} <= {"abort", "change"}


def test_a_movement_costs_one_look_at_one_picture_and_writes_nothing_down(serve, visit):
    """F12: whatever the number of pictures, and however long the page is there."""
    service, page = serve("browse", candidates=36), visit()
    page.add_init_script(COUNT)
    begin(page, service)
    page.mouse.move(*at(page, ".tile >> nth=1", 0.1, 0.1))
    next_frame(page)
    page.evaluate("Object.keys(count).forEach((what) => (count[what] = 0))")
    for place in line(at(page, ".tile >> nth=1", 0.1, 0.1), at(page, ".tile >> nth=1", 0.9, 0.9), steps=60)[1:]:
        page.mouse.move(*place)
    count = page.evaluate("count")
    assert count["events"] >= 60
    assert count["boxes"] <= count["events"] + 2
    assert (count["styles"], count["entries"]) == (0, 0)


def test_the_same_work_comes_to_the_same_page_and_the_same_answer_without_it(serve, visit):
    service = serve(
        "browse", labels=("disc",), each=12, candidates=12, distractor_ratio=0, pages_per_hit=1, annotators=2
    )
    seen, answers = [], []
    for recorded in (True, False):
        page = visit()
        if not recorded:
            page.route("**/assets/recorder-*", lambda route: route.fulfill(body=NOTHING, content_type=JAVASCRIPT))
        begin(page, service)
        for n in (0, 4, 0, 1):
            page.mouse.move(*at(page, f".tile >> nth={n}", 0.3, 0.4), steps=10)
            page.mouse.down()
            page.mouse.up()
        seen.append(page.locator(".tile").evaluate_all(LOOK))
        with page.expect_request("**/api/submit") as sent:
            submit(page)
        answers.append(sent.value.post_data_json["answer"])
    assert seen[0] == seen[1]
    assert answers[0] == answers[1]
    assert len(answers[0]["selected"]) == 2
