import numpy as np

from sidelight.evaluate.public.adversarial_backgrounds import AnyBackground
from sidelight.records.shown import Shown


def test_only_objects_count():
    rows = [Shown("a", (0,), "foreground"), Shown("b", (0,), "foreground"), Shown("c", (1,), "background")]
    (found,) = AnyBackground().numbers({"vulnerable": np.array([True, False, True])}, rows)
    assert (found.metric, found.value, found.n) == ("accuracy", 0.5, 2)


def test_a_wrong_answer_makes_vulnerable_and_so_does_one_that_belongs_nowhere():
    rows = [Shown("a", (3, 4), "foreground")] * 3
    scores = np.eye(6, dtype=np.float32)[[4, 0, 5]]
    assert AnyBackground().answers(scores, rows, ())["vulnerable"].tolist() == [False, True, True]
