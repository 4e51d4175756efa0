import numpy as np
import pytest

from sidelight.records.trace import Trace


def test_a_trace_is_as_long_as_its_columns():
    assert len(Trace(np.arange(3.0), np.zeros(3), np.ones(3))) == 3


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="3, 2, 3 samples"):
        Trace(np.arange(3.0), np.zeros(2), np.ones(3))
