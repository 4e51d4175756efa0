import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sidelight.data.format.points import PointTable
from sidelight.data.guidance import choose_points
from sidelight.records.errors import UserFault
from sidelight.records.example import Box, Example

CONTROLS = ("uniform", "shuffled", "centre")


def photo(name, *boxes):
    return Example(name, f"{name}.png", "train", 8, 8, (0,), boxes=boxes)


def told(clicks, kind, *, seed=0, examples=None):
    return choose_points(clicks, examples or [photo(f"p{i}") for i in range(len(clicks.has))], kind, seed=seed)


@st.composite
def tables(draw):
    """Clicks on 2 to 30 pictures, one of them at least, with K = 1 or 3."""
    shape = (draw(st.integers(2, 30)), draw(st.sampled_from([1, 3])))
    has = draw(hnp.arrays(bool, shape))
    has[draw(st.integers(0, shape[0] - 1)), 0] = True
    xy = np.random.default_rng(draw(st.integers(0, 99))).random((*shape, 2), dtype=np.float32)
    return PointTable(np.where(has[..., None], xy, np.float32(0)), has)


@given(tables(), st.sampled_from(CONTROLS), st.integers(0, 5))
def test_controls_are_present_exactly_where_clicks_are(clicks, kind, seed):
    points = told(clicks, kind, seed=seed)
    assert points.xy.shape == clicks.xy.shape
    assert points.xy.dtype == np.float32
    assert (points.has == clicks.has).all()


@given(tables(), st.integers(0, 5))
def test_shuffled_points_are_a_permutation_of_the_clicks_of_their_class(clicks, seed):
    points = told(clicks, "shuffled", seed=seed)
    for k in range(clicks.has.shape[1]):
        before, after = (table.xy[clicks.has[:, k], k] for table in (clicks, points))
        assert sorted(map(tuple, after.tolist())) == sorted(map(tuple, before.tolist()))


@given(tables())
def test_clicks_are_told_as_they_are(clicks):
    assert told(clicks, "clicks") is clicks


@given(tables())
def test_none_tells_nothing(clicks):
    assert not told(clicks, "none").has.any()


def all_clicked(n, k=1):
    return PointTable(np.random.default_rng(5).random((n, k, 2), dtype=np.float32), np.ones((n, k), bool))


def test_shuffling_moves_most_clicks():
    clicks = all_clicked(200)
    assert (told(clicks, "shuffled").xy != clicks.xy).any(axis=(1, 2)).mean() > 0.95


def test_a_uniform_point_depends_on_seed_and_picture_alone():
    clicks, examples = all_clicked(20), [photo(f"p{i}") for i in range(20)]
    points = told(clicks, "uniform", examples=examples, seed=3).xy
    some = [7, 2, 19]
    fewer = PointTable(1 - clicks.xy[some], clicks.has[some])
    again = told(fewer, "uniform", examples=[examples[i] for i in some], seed=3).xy
    assert (again == points[some]).all()
    assert (told(clicks, "uniform", examples=examples, seed=4).xy != points).all()


def test_uniform_points_cover_the_picture_evenly():
    points = told(all_clicked(2000), "uniform").xy[:, 0]
    counts, _, _ = np.histogram2d(*points.T, bins=4, range=[[0, 1], [0, 1]])
    assert (np.abs(counts - 125) < 4 * np.sqrt(125)).all()


def test_uniform_points_of_a_picture_s_classes_differ():
    points = told(all_clicked(1, k=5), "uniform").xy[0]
    assert len(np.unique(points, axis=0)) == 5


def test_the_centre_is_always_the_middle():
    assert (told(all_clicked(4), "centre").xy == 0.5).all()


def test_the_box_centre_is_the_middle_of_the_largest_box():
    examples = [photo("two", Box(0, 0, 0.1, 0.1), Box(0.2, 0.4, 0.8, 0.6)), photo("none")]
    points = told(all_clicked(2), "box_centre", examples=examples)
    assert points.xy[0, 0].tolist() == pytest.approx([0.5, 0.5])
    assert points.has.tolist() == [[True], [False]]


def test_with_a_point_a_class_the_box_is_that_of_the_class():
    example = photo("both", Box(0, 0, 0.2, 0.4, label=1), Box(0.5, 0.5, 1, 1, label=0))
    points = told(all_clicked(1, k=3), "box_centre", examples=[example])
    assert points.xy[0, :2].tolist() == [[0.75, 0.75], pytest.approx([0.1, 0.2])]
    assert points.has.tolist() == [[True, True, False]]


def test_box_centres_stay_away_where_nobody_clicked():
    clicks = PointTable(np.zeros((2, 1, 2), np.float32), np.array([[True], [False]]))
    points = told(clicks, "box_centre", examples=[photo("a", Box(0, 0, 1, 1)), photo("b", Box(0, 0, 1, 1))])
    assert points.has.tolist() == [[True], [False]]


@pytest.mark.parametrize("kind", ["clicks", "box_centre", *CONTROLS])
def test_guidance_without_a_single_click_is_refused(kind):
    nobody = PointTable(np.zeros((3, 1, 2), np.float32), np.zeros((3, 1), bool))
    with pytest.raises(UserFault, match="none of the 3 pictures has a click"):
        told(nobody, kind)
    assert not told(nobody, "none").has.any()
