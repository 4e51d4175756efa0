import numpy as np

from sidelight.evaluate.public.objectnet import ObjectNetTop1
from sidelight.records.shown import Shown

ROWS = [Shown("a", (2, 5)), Shown("b", (5,)), Shown("c", (7,)), Shown("d", ()), Shown("e", ())]
SCORES = np.zeros((5, 10), np.float32)
for row, (first, second) in enumerate([(5, 1), (1, 5), (7, 2), (5, 1), (2, 1)]):
    SCORES[row, [first, second]] = 2, 1
OCCURRING = (2, 5, 7)


def values(measure, rows=ROWS):
    columns = measure.answers(SCORES[: len(rows)], rows, OCCURRING)
    return {found.metric: (found.value, found.n) for found in measure.numbers(columns, rows)}


def test_any_of_an_object_s_classes_is_right_among_all_thousand():
    assert values(ObjectNetTop1(), ROWS[:3]) == {"top1": (2 / 3, 3)}  # "b" says 1, a class that never occurs


def test_among_the_occurring_classes_other_answers_do_not_count():
    assert values(ObjectNetTop1(slice=True), ROWS[:3]) == {"top1": (1.0, 3)}


def test_the_template_s_denominator_has_the_other_objects_in_it():
    assert values(ObjectNetTop1()) == {"top1": (2 / 3, 3), "top1_of_all": (2 / 5, 5)}


def test_the_definition_says_among_which_classes():
    assert "among 1000 is" in ObjectNetTop1().definition()["top1"].definition
    assert "125" in ObjectNetTop1(slice=True).definition()["top1"].definition
    assert (ObjectNetTop1().depth, ObjectNetTop1(slice=True).depth) == (1, 0)
