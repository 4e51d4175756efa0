import numpy as np
import pytest

from sidelight.evaluate.planted import SHARES_OWN, planted_reliance

LABELS = np.array([0, 1, 2, 0])
RIGHT = np.eye(3)[LABELS]
WRONG = np.eye(3)[(LABELS + 1) % 3]


def test_a_model_that_reads_only_the_background_loses_everything_when_it_conflicts():
    half = np.r_[RIGHT[:2], WRONG[2:]]
    found = planted_reliance({"conflicting": WRONG, "uniform": half, "agreeing": RIGHT}, LABELS)
    assert found == {"conflicting": 0.0, "uniform": 0.5, "agreeing": 1.0, "gap": 1.0}


def test_a_model_that_reads_only_the_object_has_no_gap():
    assert planted_reliance(dict.fromkeys(SHARES_OWN, RIGHT), LABELS)["gap"] == 0.0


def test_a_missing_kind_is_named():
    with pytest.raises(ValueError, match="uniform"):
        planted_reliance({"conflicting": RIGHT, "agreeing": RIGHT}, LABELS)
