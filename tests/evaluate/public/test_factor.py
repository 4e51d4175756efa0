import numpy as np
import pytest

from sidelight.evaluate.public.factor import Factor
from sidelight.records.errors import UserFault
from sidelight.records.shown import Shown


def test_every_value_of_the_factor_weighs_the_same():
    rows = [Shown(str(number), (0,), "0.05" if number < 6 else "0.5") for number in range(8)]
    columns = {"top1": np.array([True] * 3 + [False] * 3 + [True] * 2)}
    found = {number.metric: (number.value, number.n) for number in Factor().numbers(columns, rows)}
    assert found == {"group_mean": (0.75, 8), "micro": (5 / 8, 8)}


def test_no_picture_has_no_mean():
    with pytest.raises(UserFault, match="no picture counts"):
        Factor().numbers({"top1": np.zeros(0, bool)}, [])
