from statistics import NormalDist

import numpy as np
import pytest

from sidelight.signal.click import click_beside, click_inside, click_outside
from sidelight.signal.display import Display
from sidelight.signal.target import Target

DISPLAY = Display(300, 300)
BOX = Target(np.array([[0.2, 0.3, 0.6, 0.9]]))
RING = Target(np.array([[0, 0, 1, 0.5], [0, 0.5, 0.5, 1]]))  # only the lower right quarter is free


def many(draw, n=2000):
    rng = np.random.default_rng(5)
    return np.array([draw(rng) for _ in range(n)])


def test_clicks_in_a_box_follow_the_truncated_normal_law():
    xy = many(lambda rng: click_inside(BOX, DISPLAY, rng, spread=0.25))
    z = (xy - [0.4, 0.6]) / [0.4, 0.6]  # in units of the box, from its centre
    law = NormalDist(0, 0.25)
    for q in (-0.25, 0.0, 0.25):
        expected = (law.cdf(q) - law.cdf(-0.5)) / (law.cdf(0.5) - law.cdf(-0.5))
        # Snapping moves a click by up to half a CSS pixel, 1/240 of the box: at most .7 % of the clicks.
        assert np.abs((z < q).mean(axis=0) - expected).max() < 4 * np.sqrt(0.25 / len(z)) + 0.007


@pytest.mark.parametrize(("spread", "expected"), [(100.0, 1 / 12), (0.01, 1e-4)])
def test_a_wide_law_is_uniform_and_a_narrow_one_the_centre(spread, expected):
    xy = many(lambda rng: click_inside(BOX, DISPLAY, rng, spread=spread))
    variance = ((xy - [0.4, 0.6]) / [0.4, 0.6]).var(axis=0)
    # The variance of a variance is below 2 s^4 / n; snapping adds 1/12 of a squared CSS pixel.
    assert np.abs(variance - expected).max() < 4 * expected * np.sqrt(2 / len(xy)) + 1 / 12 / 120**2


def test_a_box_is_chosen_by_its_area():
    pair = Target(np.array([[0.0, 0.0, 0.3, 1.0], [0.9, 0.0, 1.0, 1.0]]))
    share = (many(lambda rng: click_inside(pair, DISPLAY, rng, spread=0.25))[:, 0] > 0.5).mean()
    assert abs(share - 0.25) < 4 * np.sqrt(0.25 * 0.75 / 2000)


def test_boxes_without_area_are_clicked_all_the_same():
    point = Target(np.array([[0.5, 0.5, 0.5, 0.5]]))
    assert click_inside(point, DISPLAY, np.random.default_rng(0), spread=0.25) == (0.5, 0.5)


def test_every_pixel_of_a_mask_is_equally_likely():
    pixels = np.zeros((10, 10), np.bool_)
    pixels[[1, 4, 9], [2, 7, 9]] = True
    target = Target(np.zeros((0, 4)), pixels)
    xy = many(lambda rng: click_inside(target, Display(10, 10), rng, spread=0.25), n=3000)
    rows = (xy[:, 1] * 10 + 1e-9).astype(int)
    assert target.covers(xy).all()
    assert all(abs((rows == row).mean() - 1 / 3) < 4 * np.sqrt(2 / 9 / 3000) for row in (1, 4, 9))


@pytest.mark.parametrize("shown", [Display(40, 30), Display(400, 300), Display(100, 77)])
def test_clicks_lie_on_the_mask_whatever_the_size_on_the_screen(shown):
    pixels = np.zeros((77, 100), np.bool_)
    pixels[20:40, 30:80] = True
    target = Target(np.zeros((0, 4)), pixels)
    assert target.covers(many(lambda rng: click_inside(target, shown, rng, spread=0.25), n=300)).all()


def test_clicks_outside_are_uniform_on_the_rest():
    xy = many(lambda rng: click_outside(RING, DISPLAY, rng))
    assert not RING.covers(xy).any()
    assert (xy > 0.5).all()
    counts = np.histogram2d(*xy.T, bins=4, range=[(0.5, 1), (0.5, 1)])[0]
    assert ((counts - 125) ** 2 / 125).sum() < 37.7  # chi-square, 15 degrees of freedom, 0.1 %


def test_a_small_gap_is_found():
    gap = Target(np.array([[0, 0, 1, 0.99], [0, 0.98, 0.99, 1]]))
    x, y = click_outside(gap, DISPLAY, np.random.default_rng(0))
    assert x > 0.99
    assert y > 0.99


@pytest.mark.parametrize("boxes", [[[0, 0, 1, 1]], [[0, 0, 0.5, 1], [0.5, 0, 1, 1]]])
def test_there_is_no_place_outside_of_what_covers_everything(boxes):
    target = Target(np.array(boxes, dtype=float))
    assert click_outside(target, DISPLAY, np.random.default_rng(0)) is None
    assert click_beside(target, DISPLAY, (0.5, 0.5), np.random.default_rng(0)) is None


def test_a_near_miss_is_off_the_object_and_nearer_than_chance():
    near = many(lambda rng: click_beside(BOX, DISPLAY, (0.4, 0.6), rng), n=500)
    far = many(lambda rng: click_outside(BOX, DISPLAY, rng), n=500)
    assert not BOX.covers(near).any()
    assert np.linalg.norm(near - [0.4, 0.6], axis=1).mean() < np.linalg.norm(far - [0.4, 0.6], axis=1).mean()


def test_a_miss_takes_as_many_draws_as_a_hit():
    rng, other = np.random.default_rng(1), np.random.default_rng(1)
    click_outside(BOX, DISPLAY, rng)
    click_outside(Target(np.array([[0.0, 0, 1, 1]])), DISPLAY, other)
    assert rng.random() == other.random()
