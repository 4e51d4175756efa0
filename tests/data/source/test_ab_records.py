from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.source.ab_file import AbFile, AbHover, AbMetadata, AbObject, AbSample
from sidelight.data.source.ab_records import annotation_of, box_of, display_width, picture_size
from sidelight.data.source.ab_xml import parse_record
from sidelight.data.source.identity import Identities
from sidelight.records.event import Event
from sidelight.records.example import Box

WHOLE = parse_record((Path(__file__).parent / "fixtures" / "n01440764_105.xml").read_bytes())

# Pointer samples (ms since the first, x, y) of three records of the release, as printed in a public notebook.
TENCH_10027 = [
    (0, 0.895, 0.493333333),
    (54, 0.865, 0.713333333),
    (93, 0.785, 0.853333333),
    (132, 0.705, 0.98),
    (159, 0.68, 1.0),
    (199, 0.655, 0.98),
    (250, 0.64, 0.86),
    (286, 0.635, 0.673333333),
    (315, 0.635, 0.666666667),
    (343, 0.635, 0.646666667),
    (378, 0.635, 0.64),
    (409, 0.64, 0.626666667),
    (468, 0.645, 0.613333333),
    (554, 0.65, 0.613333333),
]
COCK_2963 = [0, 5937, 5958, 5993, 6087, 6157, 6206]
SHARK_3313 = [0, 1120, 1164, 1399]


def annotate(metadata, *, salt=None):
    return annotation_of(metadata, "a:0", example_id="a", label=3, identities=Identities(salt))


def test_the_complete_record_becomes_an_annotation():
    a = annotate(WHOLE.metadata[0])
    assert (a.id, a.example_id, a.source, a.label, a.selected) == ("a:0", "a", "imagenet_ab", 3, True)
    assert (a.dwell_ms, a.started_at) == (341, 1641425051975)
    assert a.points == dict.fromkeys(["first", "final"], (0.5401234567901234, 0.4732510288065844))
    assert [(e.kind, e.elapsed_ms) for e in a.events] == [
        ("enter", 0),
        *(("move", t) for t in (0, 52, 75, 112, 145, 176)),
        ("select", 344),
        ("leave", 765),
    ]
    assert a.events[1] == Event("move", 0.0, 0.0030864197530864196, 0.6296296296296297)


def test_what_has_no_place_in_an_annotation_is_kept_beside_it():
    assert annotate(WHOLE.metadata[0]).extra == {
        "assignment_id": "36DSNE9QZFQKOCZGAHS6R63J6E1OJL",
        "hit_id": "3URJ6VVYVYFSZAI1H701XKID4JA4OF",
        "hit_submit_time": "1641426644",
        "hoveredCount": "1",
        "imageHeight": "243",
        "imagePosition": "857,1976",
        "imageWidth": "324",
        "image_idx": "17",
        "imagenet_hit_id": "5cd81d284fee460b887cb67e1612b0a0",
        "page_idx": "9",
        "selectedCount": "1",
    }


def test_pseudonyms_hide_every_name_and_the_place_on_the_screen():
    a = annotate(WHOLE.metadata[0], salt=b"salt")
    told = f"{a}"
    for raw in ("47DBDD543E", "36DSNE9QZFQ", "3URJ6VVYVYF", "5cd81d284fee", "857", "1976"):
        assert raw not in told
    assert len(a.annotator) == len(a.extra["hit_id"]) == 16


def test_a_record_with_many_samples_keeps_them_all():
    start = 1640942069944
    metadata = AbMetadata(
        estimate_time=570,
        hovered=(AbHover("enter", start), AbHover("leave", 1640942070602)),
        mouse=tuple(AbSample(start + t, x, y) for t, x, y in TENCH_10027),
        selected=True,
        clicks=(AbSample(start + 560, 0.65, 0.613333333),),
    )
    a = annotate(metadata)
    assert [(e.elapsed_ms, e.x, e.y) for e in a.events if e.kind == "move"] == TENCH_10027
    assert a.events[-1] == Event("leave", 658.0)
    assert a.points["final"] == (0.65, 0.613333333)


@pytest.mark.parametrize("stamps", [COCK_2963, SHARK_3313])
def test_a_pointer_that_left_and_came_back_leaves_a_long_trace(stamps):
    a = annotate(AbMetadata(mouse=tuple(AbSample(1640942069944 + t, 0.5, 0.5) for t in stamps), estimate_time=1187))
    assert [e.elapsed_ms for e in a.events] == stamps
    assert a.dwell_ms == 1187


def test_first_and_final_click_differ_when_there_are_several():
    clicks = (AbSample(1, 0.1, 0.2), AbSample(2, 0.3, 0.4), AbSample(3, 0.5, 0.6))
    assert annotate(AbMetadata(clicks=clicks)).points == {"first": (0.1, 0.2), "final": (0.5, 0.6)}


def test_clicks_of_a_selection_undone_are_kept():
    a = annotate(AbMetadata(selected=False, clicks=(AbSample(1, 0.1, 0.2),)))
    assert (a.selected, a.points["first"]) == (False, (0.1, 0.2))


def test_a_selection_without_a_click_has_no_point():
    a = annotate(AbMetadata(selected=True))
    assert (a.selected, a.points, a.events, a.started_at) == (True, {}, (), None)


def test_zero_is_a_place():
    assert annotate(AbMetadata(clicks=(AbSample(1, 0, 0),))).points == {"first": (0, 0), "final": (0, 0)}


def test_a_point_is_cut_off_at_the_border_and_its_event_is_not():
    a = annotate(AbMetadata(clicks=(AbSample(1, -0.005, 1.005),)))
    assert a.points["final"] == (0.0, 1.0)
    assert (a.events[0].x, a.events[0].y) == (-0.005, 1.005)


@pytest.mark.parametrize(
    ("told", "kept"), [(2, 2), (18_675_205, 18_675_205), (28_733, 28_733), (0, None), (-1, None), (None, None)]
)
def test_dwell_is_raw_and_zero_or_less_is_unknown(told, kept):
    assert annotate(AbMetadata(estimate_time=told)).dwell_ms == kept


def test_equal_stamps_keep_their_order_and_time_counts_from_the_earliest():
    mouse = tuple(AbSample(t, x, 0.5) for t, x in ((100, 0.1), (100, 0.2), (90, 0.3), (110, 0.4)))
    a = annotate(AbMetadata(mouse=mouse, hovered=(AbHover("enter", 100), AbHover("leave", 100))))
    assert [(e.kind, e.elapsed_ms, e.x) for e in a.events] == [
        ("enter", 10, None),
        ("move", 10, 0.1),
        ("move", 10, 0.2),
        ("move", 0, 0.3),
        ("leave", 10, None),
        ("move", 20, 0.4),
    ]
    assert a.started_at == 90


def test_width_on_the_screen_is_computed_anew():
    assert display_width(WHOLE.metadata[0]) == 324
    assert display_width(AbMetadata(image_height=243, original_image_height=0, original_image_width=500)) is None


def test_the_pictures_size_is_the_browsers_else_the_boxes():
    assert picture_size(WHOLE) == (500, 375)
    assert picture_size(AbFile(size=(4, 3, 3), metadata=(AbMetadata(original_image_width=0),))) == (4, 3)
    assert picture_size(AbFile(size=(0, 3, 3))) is None


def test_boxes_are_inclusive_pixels():
    assert box_of(WHOLE.objects[0], (500, 375), {"n01440764": 7}) == Box(43 / 500, 88 / 375, 1.0, 296 / 375, 7)


def test_a_box_one_pixel_too_large_is_cut_off():
    assert box_of(AbObject(box=(0, 0, 500, 375)), (500, 375), {}) == Box(0.0, 0.0, 1.0, 1.0)


@pytest.mark.parametrize("corners", [(-1, 0, 5, 5), (5, 0, 4, 5), (0, 9, 5, 8), (0, 0, 501, 5), (500, 0, 500, 5)])
def test_a_box_that_cannot_be_is_refused(corners):
    with pytest.raises(ValueError, match="the box is"):
        box_of(AbObject(box=corners), (500, 375), {})


@given(st.integers(0, 499), st.integers(0, 499))
def test_a_box_covers_its_pixels_and_no_more(x0, x1):
    x0, x1 = sorted((x0, x1))
    box = box_of(AbObject(box=(x0, 0, x1, 0)), (500, 375), {})
    assert round((box.x1 - box.x0) * 500) == x1 - x0 + 1
