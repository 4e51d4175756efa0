"""The laws of the two official loaders, transcribed from their description, against our matrices."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.augment.crop import Window
from sidelight.data.augment.geometry import flip_matrix, inside, transform_points
from sidelight.data.augment.label import drop_labels

CLICK = (0.5401234567901234, 0.4732510288065844)
GOLDEN = {
    (50, 100, 200, 250, False): (1, (0.6802469135802468, 0.6373456790123456)),
    (50, 100, 200, 250, True): (1, (0.3197530864197531, 0.6373456790123456)),
    (0, 300, 200, 200, False): (0, (-1, -1)),
    (0, 0, 375, 500, True): (1, (0.45987654320987653, 0.4732510288065844)),
}


def imagenet_law(z, *, image_size, crop, flip):
    """(weight, Z) of one click: mirror first, then test inclusively, then move to the crop. (x, y)."""
    (width, height), (i, j, h, w), (x, y) = image_size, crop, z
    x0, x1, y0, y1 = j / width, (j + w) / width, i / height, (i + h) / height
    if flip:
        x, x0, x1 = 1 - x, 1 - x1, 1 - x0
    if not (x0 <= x <= x1 and y0 <= y <= y1):
        return 0, (-1, -1)
    return 1, ((x - x0) * width / w, (y - y0) * height / h)


def coco_law(points, present, *, image_size, crop, flip, drop):
    """Target and Z of every class: mirror the pixel within the crop, test inclusively, drop the label that left.

    Points are whole pixels (y, x), or None. The loader makes its fractions integers again, wrongly in a third of the
    mirrored crops; here the integers are used directly.
    """
    _, (top, left, h, w) = image_size, crop
    targets, places = list(map(float, present)), [None] * len(points)
    for number, point in enumerate(points):
        if point is None:
            continue
        y, x = (point[0] - top) / h, (point[1] - left) / w
        if 0 <= y <= 1 and 0 <= x <= 1:
            places[number] = (y, 1 - x if flip else x)
        elif drop:
            targets[number] = 0.0
    return targets, places


@st.composite
def crops(draw):
    width, height = draw(st.integers(1, 640)), draw(st.integers(1, 640))
    w, h = draw(st.integers(1, width)), draw(st.integers(1, height))
    return (width, height), (draw(st.integers(0, height - h)), draw(st.integers(0, width - w)), h, w)


def ours(z, size, crop, flip):
    matrix = Window(*crop).matrix(size[1], size[0])
    return transform_points(np.array([z]), flip_matrix() @ matrix if flip else matrix)


@pytest.mark.parametrize(("key", "expected"), GOLDEN.items())
def test_the_law_gives_the_golden_vectors(key, expected):
    *crop, flip = key
    weight, z = imagenet_law(CLICK, image_size=(500, 375), crop=crop, flip=flip)
    assert weight == expected[0]
    assert z == pytest.approx(expected[1], rel=0, abs=1e-15)


@given(crops(), st.booleans(), st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_our_matrices_follow_the_imagenet_law(shape, flip, z):
    size, crop = shape
    weight, expected = imagenet_law(z, image_size=size, crop=crop, flip=flip)
    moved = ours(z, size, crop, flip)
    near = np.any(np.minimum(abs(moved), abs(moved - 1)) < 1e-6)  # on the border rounding decides
    assert near or bool(inside(moved)[0]) == bool(weight)
    if weight:
        assert moved[0].tolist() == pytest.approx(expected, abs=1e-9)


@given(crops(), st.booleans(), st.booleans(), st.data())
def test_our_matrices_and_labels_follow_the_coco_law(shape, flip, drop, data):
    size, crop = shape
    pixel = st.tuples(st.integers(0, size[1]), st.integers(0, size[0]))
    points = data.draw(st.lists(st.none() | pixel, min_size=1, max_size=4))
    targets, places = coco_law(points, [1] * len(points), image_size=size, crop=crop, flip=flip, drop=drop)
    had = np.array([point is not None for point in points])
    moved = [ours((p[1] / size[0], p[0] / size[1]), size, crop, flip) if p else None for p in points]
    has = np.array([m is not None and bool(inside(m)[0]) for m in moved])
    kept = drop_labels(np.ones(len(points)), had, has) if drop else np.ones(len(points))
    assert kept.tolist() == targets
    for place, z in zip(places, moved, strict=True):
        if place is not None:
            assert z[0].tolist() == pytest.approx([place[1], place[0]], abs=1e-9)
