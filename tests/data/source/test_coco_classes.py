import pytest

from sidelight.data.source.coco_classes import CATEGORIES, PANELS

UNUSED = [12, 26, 29, 30, 45, 66, 68, 69, 71, 83, 91]


def test_there_are_eleven_panels_and_eighty_classes():
    assert len(PANELS) == 11
    assert len(CATEGORIES) == len(set(CATEGORIES.values())) == sum(map(len, PANELS.values())) == 80


def test_ids_are_cocos_with_its_gaps():
    assert list(CATEGORIES) == [n for n in range(1, 92) if n not in UNUSED]


def test_panels_are_those_of_the_tool():
    assert {panel: len(classes) for panel, classes in PANELS.items()} == {
        "PersonAccessory": 6,
        "Animal": 10,
        "Vehicle": 8,
        "OutdoorObj": 5,
        "Sports": 10,
        "Kitchenware": 7,
        "Food": 10,
        "Furniture": 6,
        "Appliance": 5,
        "Electronics": 6,
        "IndoorObjects": 7,
    }
    assert (next(iter(PANELS)), list(PANELS)[10]) == ("PersonAccessory", "IndoorObjects")


@pytest.mark.parametrize(
    ("category", "name"),
    [
        (1, "person"),
        (13, "stop sign"),
        (44, "bottle"),
        (61, "cake"),
        (67, "dining table"),
        (81, "sink"),
        (90, "toothbrush"),
    ],
)
def test_names_are_cocos(category, name):
    assert CATEGORIES[category] == name
