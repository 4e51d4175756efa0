from sidelight.collect.export.browse_record import browse_record
from sidelight.records.annotation import Annotation
from sidelight.records.event import Event

EVENTS = (
    Event("enter", 0.0),
    Event("move", 10.0, 0.1, 0.1),
    Event("move", 15.0, 0.2, 0.2),
    Event("move", 30.0, 0.3, 0.3),
    Event("select", 100.0, 0.3, 0.31),
    Event("move", 120.0, 0.4, 0.4),
    Event("deselect", 200.0, 0.4, 0.4),
    Event("move", 220.0, 0.5, 0.5),
    Event("select", 300.0, 0.6, 0.6),
    Event("leave", 400.0),
)
TWICE = Annotation(
    "1",
    "cat",
    selected=True,
    points={"first": (0.3, 0.31), "final": (0.6, 0.6)},
    dwell_ms=180.0,
    started_at=1_700_000_000_000.0,
    events=EVENTS,
    extra={"imageWidth": "324", "imageHeight": "243", "image_idx": "17", "page_idx": "9", "imagePosition": "857,1976"},
)
START = 1_700_000_000_000


def test_the_release_has_no_samples_while_selected_and_none_within_a_frame():
    record = browse_record(TWICE, semantics="release")
    assert [t - START for t, _, _ in record.mouse] == [10, 30, 220]


def test_the_release_has_only_the_clicks_that_select():
    record = browse_record(TWICE, semantics="release")
    assert [(t - START, x, y) for t, x, y in record.clicks] == [(100, 0.3, 0.31), (300, 0.6, 0.6)]
    assert (record.selected, record.selected_count, record.other) == (True, 2, {})


def test_estimated_time_follows_the_release_s_rule():
    assert browse_record(TWICE, semantics="release").estimate_time == 90 + 80


def test_everything_is_kept_when_asked():
    record = browse_record(TWICE, semantics="full")
    assert [t - START for t, _, _ in record.mouse] == [10, 15, 30, 120, 220]
    assert record.other == {"deselectedRecord": f"{START + 200} 0.4 0.4"}
    assert record.estimate_time == 180


def test_the_display_s_width_is_the_true_one():
    record = browse_record(TWICE, semantics="release")
    assert (record.image_width, record.image_height, record.image_position) == (324, 243, (857.0, 1976.0))
    assert (record.image_idx, record.page_idx) == (17, 9)


def test_hovering_is_told_with_its_count():
    record = browse_record(TWICE, semantics="release")
    assert record.hovered == (("enter", START), ("leave", START + 400))
    assert record.hovered_count == 1


def test_a_selection_by_keyboard_has_no_place():
    keyed = Annotation("1", "cat", selected=True, events=(Event("select", 50.0, keyboard=True),))
    record = browse_record(keyed, semantics="full")
    assert (record.selected, record.selected_count, record.clicks) == (True, 1, ())
    assert record.other == {"keyboardCount": "1"}


def test_without_events_the_final_point_is_a_click_at_the_dwell():
    slim = Annotation("1", "cat", selected=True, points={"final": (0.6, 0.6)}, dwell_ms=180.0)
    record = browse_record(slim, semantics="release")
    assert (record.clicks, record.mouse, record.estimate_time) == (((180, 0.6, 0.6),), (), 180)


def test_a_label_alone_is_only_selected():
    record = browse_record(Annotation("1", "cat", selected=True), semantics="release")
    assert (record.selected, record.selected_count, record.clicks, record.estimate_time) == (True, 1, (), None)


def test_a_picture_nobody_came_near_says_so():
    record = browse_record(Annotation("1", "cat", selected=False, started_at=5.0), semantics="release")
    assert (record.selected, record.selected_count, record.hovered_count, record.mouse) == (False, 0, 0, ())
