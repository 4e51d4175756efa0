import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.source.coco_ab_page import AbAction, AbMove, AbPage, AbPanel, AbPlace, decode_page, page_annotations
from sidelight.data.source.coco_classes import CATEGORIES
from sidelight.data.source.identity import Identities
from sidelight.records.event import Event

CAKE = json.loads((Path(__file__).parent / "fixtures" / "coco_ab_296169.json").read_bytes())[0]
LABELS = {name: label for label, name in enumerate(CATEGORIES.values())}

# (icon, x, y, ms) of the adds of seven records of the release, as its public viewer shows them.
ADDS = {
    481137: [("person", 0.36538, 0.79379, 11810), ("frisbee", 0.42751, 0.28381, 25216)],
    495814: [("person", 0.13, 0.5733, 11063), ("truck", 0.5967, 0.5356, 22021), ("car", 0.9517, 0.7267, 24872)],
    220736: [("sink", 0.7745, 0.6533, 35887)],
    381330: [("person", 0.2359, 0.5578, 13463), ("banana", 0.3264, 0.5711, 19072)],
    136233: [("carrot", 0.7358, 0.52, 10187), ("knife", 0.1572, 0.5622, 13536)],
    186018: [("person", 0.8456, 0.9444, 9117), ("umbrella", 0.3859, 0.8733, 11674)],
    103861: [("toilet", 0.2982, 0.5969, 19432), ("sink", 0.7864, 0.4922, 30519)],
}


def official_coco_point(page, name):
    """The official loader's law: whole pixels (y, x) of the last `add`, whatever came later."""
    for action in page.action_histories:
        if action.action_type == "add" and action.icon_type == name:
            point = (
                int(action.point_to.y * page.original_image_height),
                int(action.point_to.x * page.original_image_width),
            )
    return point


def decode(record):
    return decode_page(json.dumps(record).encode())[0]


def annotate(record, *, salt=None, labels=LABELS):
    page = record if isinstance(record, AbPage) else decode(record)
    annotations, messages = page_annotations(page, labels=labels, identities=Identities(salt))
    return {a.id.split(":", 1)[1]: a for a in annotations}, messages


def act(kind, name, to=None, origin=None, at=1.0):
    return AbAction(kind, name, origin and AbPlace(*origin), to and AbPlace(*to), at)


def replay(*actions):
    return annotate(AbPage(5, actions))[0]


def test_the_abandoned_and_the_final_place_of_the_cake():
    cake = annotate(CAKE)[0]["cake"]
    assert (cake.label, cake.selected, cake.example_id) == (55, True, "296169")
    assert cake.points == {
        "last_add": (0.7883333333333333, 0.8377777777777777),
        "final_position": (0.7016666666666667, 0.5444444444444444),
    }
    assert cake.events[0] == Event("add", 155755, 0.7883333333333333, 0.8377777777777777, label="cake")
    assert (cake.events[1].kind, cake.events[1].from_x) == ("move_icon", 0.7883333333333333)


def test_the_official_loaders_pixels_agree():
    page = decode(CAKE)
    x, y = annotate(CAKE)[0]["cake"].points["last_add"]
    assert official_coco_point(page, "cake") == (301, 378) == (int(y * 360), int(x * 480))


def test_panels_and_time_stay_with_the_page():
    page = annotate(CAKE)[0]["page"]
    assert (page.label, page.selected, page.points, page.dwell_ms) == (None, None, {}, 168291)
    assert [(e.kind, e.label, e.elapsed_ms) for e in page.events[:2]] == [
        ("panel", "Animal", 144081),
        ("panel", "Vehicle", 144161),
    ]
    assert len(page.events) == 7
    assert page.extra == {
        "hit_id": "94c49a4ea144419c87bc7c201600aff9",
        "imageHeight": "450",
        "imageWidth": "600",
        "page_id": "7",
    }


@pytest.mark.parametrize("image", ADDS)
def test_adds_of_real_records_become_points(image):
    annotations, messages = annotate(AbPage(image, tuple(act("add", n, (x, y), at=t) for n, x, y, t in ADDS[image])))
    assert messages == []
    for name, x, y, elapsed in ADDS[image]:
        a = annotations[name]
        assert a.points == {"last_add": (x, y), "final_position": (x, y)}
        assert (a.label, a.events[0].elapsed_ms) == (LABELS[name], elapsed)


def test_a_removed_class_has_no_final_place_and_is_not_selected():
    a = replay(act("add", "dog", (0.1, 0.2)), act("remove", "dog", origin=(0.1, 0.2)))["dog"]
    assert (a.selected, a.points) == (False, {"last_add": (0.1, 0.2)})
    assert a.events[1] == Event("remove", 1.0, label="dog", from_x=0.1, from_y=0.2)


def test_a_class_added_again_lies_where_it_was_put_last():
    actions = [act("add", "dog", (0.1, 0.2)), act("remove", "dog"), act("add", "dog", (0.3, 0.4))]
    assert replay(*actions)["dog"].points == {"last_add": (0.3, 0.4), "final_position": (0.3, 0.4)}
    moved = replay(*actions, act("move", "dog", (0.5, 0.6), (0.3, 0.4)))["dog"]
    assert moved.points == {"last_add": (0.3, 0.4), "final_position": (0.5, 0.6)}


def test_classes_do_not_disturb_each_other():
    both = replay(act("add", "dog", (0.1, 0.2)), act("add", "cat", (0.3, 0.4)), act("remove", "dog"))
    assert (both["dog"].selected, both["cat"].points["final_position"]) == (False, (0.3, 0.4))


def test_missing_and_null_origins_are_the_same():
    bare = {**CAKE, "actionHistories": [{"actionType": "add", "iconType": "cake", "pointTo": {"x": 0.5, "y": 0.5}}]}
    assert annotate(bare)[0]["cake"].points["last_add"] == (0.5, 0.5)


def test_nan_and_infinity_are_read_as_missing_and_counted():
    actions = [
        {"actionType": "add", "iconType": "cake", "pointTo": {"x": float("nan"), "y": float("-inf")}, "timeAt": 3}
    ]
    page, strange = decode_page(json.dumps({**CAKE, "actionHistories": actions, "hit_id": "NaN \\ Infinity"}).encode())
    assert (strange, page.hit_id) == (2, "NaN \\ Infinity")
    cake = annotate(page)[0]["cake"]
    assert (cake.points, cake.selected, cake.events[0].x) == ({}, True, None)


def test_a_place_over_the_border_is_cut_off_and_one_far_outside_is_told():
    a, messages = annotate(AbPage(5, (act("add", "dog", (-0.005, 1.004)), act("add", "cat", (7.0, 0.5)))))
    assert a["dog"].points["last_add"] == (0.0, 1.0)
    assert (a["dog"].events[0].x, a["cat"].points) == (-0.005, {})
    assert messages == ["a place is (7.0, 0.5), -0.05 to 1.05 are allowed; read as missing"]


def test_equal_faults_are_one_message():
    moves = tuple(AbMove(t, 9.0, 0.5) for t in range(5))
    _, messages = annotate(AbPage(5, (), mouse_tracking=moves))
    assert len(messages) == 1
    assert messages[0].endswith("(4 more like it)")


def test_an_unknown_icon_names_the_closest():
    _, messages = annotate(AbPage(5, (act("add", "cakes", (0.1, 0.1)), act("add", "dog", (0.2, 0.2)))))
    assert messages == ["iconType is 'cakes', the closest known one is 'cake'; left out"]


def test_an_unknown_action_names_the_closest():
    a, messages = annotate(AbPage(5, (act("added", "dog", (0.1, 0.1)),)))
    assert messages == ["actionType is 'added', the closest known one is 'add'; left out"]
    assert list(a) == ["page"]


def test_classes_that_the_dataset_lacks_are_passed_over():
    a, messages = annotate(CAKE, labels={"dog": 0})
    assert (list(a), messages) == (["page"], [])


def test_a_time_that_is_none_is_told_and_the_event_kept():
    a, messages = annotate(AbPage(5, (act("add", "dog", (0.1, 0.1), at=-3.0),), time_spent=0.0))
    assert (a["dog"].events[0].elapsed_ms, a["page"].dwell_ms) == (None, None)
    assert messages == ["a time is -3.0 ms, 0 to 10000000000 are allowed; read as missing"]


def test_samples_and_panels_are_merged_by_time():
    page = AbPage(
        5,
        (),
        category_histories=(AbPanel("Animal", 20.0), AbPanel("Food", 40.0, using_keyboard=True)),
        mouse_tracking=(AbMove(10.0, 0.1, 0.1), AbMove(30.0, 0.2, 0.2), AbMove(30.0, None, None)),
    )
    events = annotate(page)[0]["page"].events
    assert [(e.kind, e.elapsed_ms, e.keyboard) for e in events] == [
        ("move", 10.0, False),
        ("panel", 20.0, False),
        ("move", 30.0, False),
        ("move", 30.0, False),
        ("panel", 40.0, True),
    ]


def test_pseudonyms_hide_names():
    told = str(annotate(CAKE, salt=b"salt")[0])
    assert "00AA3B5E80" not in told
    assert "94c49a4e" not in told


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"image_id": "five"}, "Expected `int`, got `str` - at `$.image_id`"),
        ({"image_id": -1}, "Expected `int` >= 0"),
        ({"actionHistories": 3}, "Expected `array`"),
        ({"actionHistories": [{"actionType": "add"}]}, "missing required field `iconType`"),
        ({"timeSpent": []}, "`$.timeSpent`"),
        ({"nest": 0}, None),
    ],
)
def test_what_is_no_record_is_refused_on_one_line(change, said):
    text = json.dumps({**CAKE, **change}).replace('"nest": 0', '"nest": ' + "[" * 100_000 + "]" * 100_000)
    with pytest.raises(ValueError, match=said and re.escape(said)) as refused:
        decode_page(text.encode())
    assert str(refused.value).isprintable()


@given(st.data())
def test_damage_is_refused_or_read_but_never_an_accident(data):
    whole = json.dumps(CAKE).encode()
    place = data.draw(st.integers(0, len(whole)))
    damaged = whole[:place] + data.draw(st.binary(max_size=5)) + whole[place + data.draw(st.integers(0, 30)) :]
    try:
        said = annotate(decode_page(damaged)[0])[1]
    except ValueError as refused:
        said = [str(refused)]
    assert all(message.isprintable() for message in said)


@given(
    st.lists(st.tuples(st.sampled_from(["add", "move", "remove"]), st.sampled_from(["dog", "cat"]), st.integers(0, 9)))
)
def test_replay_agrees_with_a_plain_simulation(steps):
    lies, added = {}, {}
    for kind, name, place in steps:
        if kind == "add":
            added[name] = place / 10
        lies.pop(name, None) if kind == "remove" else lies.update({name: place / 10})
    annotations = replay(*(act(kind, name, None if kind == "remove" else (p / 10, 0.5)) for kind, name, p in steps))
    for name in {name for _, name, _ in steps}:
        points = annotations[name].points
        assert points.get("final_position") == ((lies[name], 0.5) if name in lies else None)
        assert points.get("last_add") == ((added[name], 0.5) if name in added else None)
        assert annotations[name].selected == (name in lies)
