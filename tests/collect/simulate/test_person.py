from collections import Counter

import pytest

from sidelight.collect.simulate.person import MODALITY_SHARES, UNKNOWN_BOX, Annotator
from sidelight.records.example import Example
from sidelight.signal.annotator import SimulatedAnnotator

LAWS = SimulatedAnnotator(seed=3, crew_size=50)
PLAIN = Example("x", "x.png", "train", 500, 375, (0, 1))


def test_people_work_with_what_the_shares_say():
    seen = Counter(Annotator(3, number, LAWS).by for number in range(2000))
    for modality, share in MODALITY_SHARES.items():
        assert seen[modality] / 2000 == pytest.approx(share, abs=0.03)


def test_without_boxes_an_object_is_taken_to_be_in_the_middle():
    for number in range(40):
        judged = Annotator(3, number, LAWS).careful.clicks(PLAIN, 0)
        x, y = judged.points["final"]
        assert UNKNOWN_BOX.x0 <= x <= UNKNOWN_BOX.x1
        assert UNKNOWN_BOX.y0 <= y <= UNKNOWN_BOX.y1


def test_two_people_click_at_two_places():
    places = {Annotator(3, number, LAWS).careful.clicks(PLAIN, 0).points["final"] for number in range(10)}
    assert len(places) > 5


def test_icons_are_put_on_every_class_that_a_careful_person_sees():
    judged = Annotator(3, 1, LAWS).careful.icons(PLAIN, ("cup", "dog"))
    assert [each.label for each in judged] == [0, 1]


def test_careful_people_are_the_same_people():
    person = Annotator(3, 1, LAWS)
    assert (person.careful.by, person.careful.number) == (person.by, person.number)
