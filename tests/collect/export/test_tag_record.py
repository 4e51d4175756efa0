from sidelight.collect.export.tag_record import tag_record
from sidelight.records.annotation import Annotation
from sidelight.records.event import Event

CLASSES, PANELS = ["cup", "dog"], ["Kitchenware", "Animal"]
PAGE = Annotation(
    "p",
    "7",
    dwell_ms=9000.4,
    events=(
        Event("move", 100.0, 0.1, 0.1),
        Event("panel", 200.0, label="Animal", keyboard=True),
        Event("move", 1000.0, 0.2, 0.2),
        Event("move", 2000.0, 0.3, 0.3),
    ),
)
CUP = Annotation(
    "c",
    "7",
    label=0,
    selected=True,
    points={"last_add": (0.4, 0.4), "final_position": (0.5, 0.5)},
    events=(
        Event("add", 1500.0, 0.4, 0.4, label="cup"),
        Event("move_icon", 2500.0, 0.5, 0.5, label="cup", from_x=0.4, from_y=0.4),
    ),
)
DOG = Annotation(
    "d",
    "7",
    label=1,
    selected=False,
    events=(Event("add", 1700.0, 0.9, 0.9, label="dog"), Event("remove", 1800.0, label="dog", from_x=0.9, from_y=0.9)),
)


def record(*annotations, semantics="release", drags=((900.0, 1500.0),)):
    return tag_record(annotations, classes=CLASSES, panels=PANELS, drags=drags, semantics=semantics)


def test_the_release_has_no_samples_while_an_icon_is_carried():
    assert [m["timeAt"] for m in record(PAGE)["mouseTracking"]] == [100, 2000]
    assert [m["timeAt"] for m in record(PAGE, semantics="full")["mouseTracking"]] == [100, 1000, 2000]


def test_actions_of_all_classes_come_in_the_order_of_time():
    acts = record(PAGE, CUP, DOG)["actionHistories"]
    assert [(a["actionType"], a["iconType"]) for a in acts] == [
        ("add", "cup"),
        ("add", "dog"),
        ("remove", "dog"),
        ("move", "cup"),
    ]
    assert acts[0]["pointFrom"] is None
    assert acts[2]["pointTo"] is None
    assert acts[3] == {
        "actionType": "move",
        "iconType": "cup",
        "pointFrom": {"x": 0.4, "y": 0.4},
        "pointTo": {"x": 0.5, "y": 0.5},
        "timeAt": 2500,
    }


def test_panels_are_told_by_place_and_name():
    assert record(PAGE)["categoryHistories"] == [
        {"categoryIndex": 1, "categoryName": "Animal", "timeAt": 200, "usingKeyboard": True}
    ]
    assert record(PAGE)["timeSpent"] == 9000


def test_an_icon_put_by_keyboard_has_a_null_place():
    keyed = Annotation("k", "7", label=0, selected=True, events=(Event("add", 5.0, label="cup", keyboard=True),))
    act = record(keyed, semantics="full")["actionHistories"][0]
    assert (act["pointTo"], act["usingKeyboard"]) == (None, True)


def test_points_without_events_become_actions_without_a_time():
    slim = Annotation("c", "7", label=0, selected=True, points=CUP.points)
    acts = record(slim)["actionHistories"]
    assert [(a["actionType"], a["pointTo"], a["timeAt"]) for a in acts] == [
        ("add", {"x": 0.4, "y": 0.4}, None),
        ("move", {"x": 0.5, "y": 0.5}, None),
    ]


def test_an_icon_taken_away_leaves_nothing_without_events():
    assert record(Annotation("d", "7", label=1, selected=False))["actionHistories"] == []
