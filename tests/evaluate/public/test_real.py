import numpy as np
import pytest

from sidelight.evaluate.public.real import Real
from sidelight.records.errors import UserFault
from sidelight.records.shown import Shown


def test_any_label_is_right_and_photos_without_one_do_not_count():
    scores = np.eye(4, dtype=np.float32)
    rows = [Shown("a", (3, 0)), Shown("b", (0, 2)), Shown("c", ()), Shown("d", (3,))]
    (number,) = Real().numbers(Real().answers(scores, rows, ()), rows)
    assert (number.value, number.n) == (pytest.approx(2 / 3), 3)


def test_photos_that_all_lack_a_label_make_no_number():
    with pytest.raises(UserFault, match="no picture counts"):
        Real().numbers({"top1": np.array([False])}, [Shown("a", ())])
