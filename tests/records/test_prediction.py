import numpy as np
import pytest

from sidelight.records.prediction import Prediction

SCORES = np.zeros((2, 5), np.float32)


def test_a_model_without_a_point_head_has_no_points():
    assert Prediction(("a", "b"), SCORES).points is None


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="1 ids but 2 rows of scores"):
        Prediction(("a",), SCORES)
    with pytest.raises(ValueError, match="2 ids but 3 rows of points"):
        Prediction(("a", "b"), SCORES, np.zeros((3, 1, 2), np.float32))
