import numpy as np

from sidelight.evaluate.public.coarse import CoarseTop1
from sidelight.records.shown import Shown


def test_any_class_of_the_coarse_one_is_right_and_what_belongs_nowhere_is_wrong():
    rows = [
        Shown("a", (0, 1), "fish"),
        Shown("b", (0, 1), "fish"),
        Shown("c", (7, 8), "bird"),
        Shown("d", (7, 8), "bird"),
    ]
    scores = np.eye(10, dtype=np.float32)[[1, 9, 7, 0]]
    measure = CoarseTop1()
    (found,) = measure.numbers(measure.answers(scores, rows, (0, 1, 7, 8)), rows)
    assert (found.metric, found.value, found.n) == ("top1", 0.5, 4)
