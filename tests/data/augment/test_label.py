import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.augment.label import drop_labels

rows = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=8)


@given(rows)
def test_the_public_loader_would_give_the_same_targets(row):
    """Its rule, class by class: present without a point -> 1; with one -> 1 only if the point is in the crop."""
    present, had, stayed = (np.array(column) for column in zip(*row, strict=True))
    stayed &= had
    expected = [float(p and (not h or s)) for p, h, s in zip(present, had, stayed, strict=True)]
    assert drop_labels(present.astype(float), had, stayed).tolist() == expected


def test_the_targets_that_came_in_are_left_alone():
    targets = np.ones(2, np.float32)
    dropped = drop_labels(targets, np.array([True, True]), np.array([False, True]))
    assert targets.tolist() == [1, 1]
    assert dropped.tolist() == [0, 1]
    assert dropped.dtype == np.float32


def test_a_point_about_the_whole_photo_belongs_to_no_class():
    with pytest.raises((ValueError, TypeError)):
        drop_labels(np.ones(3), np.array([True]), np.array([False]))
