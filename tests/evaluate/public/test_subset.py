import numpy as np

from sidelight.evaluate.public.subset import Subset
from sidelight.records.shown import Shown

CLASSES = (1, 3)
ROWS = [Shown("a", (1,)), Shown("b", (3,)), Shown("c", (3,))]
SCORES = np.array([[9, 2, 0, 1], [0, 1, 9, 2], [0, 5, 0, 1]], np.float32)


def value(measure):
    (number,) = measure.numbers(measure.answers(SCORES, ROWS, CLASSES), ROWS)
    return number.value


def test_the_answer_is_the_highest_of_the_classes_that_occur():
    by_hand = (SCORES[:, list(CLASSES)].argmax(axis=1) == [0, 1, 1]).mean()  # as in the authors' code
    assert value(Subset()) == by_hand == 2 / 3


def test_without_the_slice_other_classes_may_answer_too():
    assert value(Subset(slice=False)) == 0


def test_the_definition_says_among_how_many():
    assert "200 classes" in Subset().definition()["top1"].definition
    assert "among 1000" in Subset(slice=False).definition()["top1"].definition
    assert (Subset().depth, Subset(slice=False).depth) == (0, 1)
