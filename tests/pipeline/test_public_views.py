import numpy as np
import pytest
from tests.fakes import paint

from sidelight.pipeline.public_views import ViewCache

PATHS = ["a.png", "b.png", "c.png"]
VIEWS = np.arange(3 * 2 * 2 * 3, dtype=np.uint8).reshape(3, 2, 2, 3)


@pytest.fixture
def root(tmp_path):
    for path in PATHS:
        paint(tmp_path / "pictures" / path, 1)
    return tmp_path / "pictures"


def cache(root, paths=PATHS, cut="cut"):
    return ViewCache(root.parent / "cache", root, paths, cut)


def test_what_was_put_is_there_for_the_next_one(root):
    first = cache(root)
    assert first.get(np.array([0, 2])) is None
    first.put(np.array([0, 2]), VIEWS[[0, 2]])
    second = cache(root)
    assert second.get(np.array([0, 2])).tolist() == VIEWS[[0, 2]].tolist()
    assert second.get(np.array([0, 1])) is None  # one of them was never cut
    second.put(np.array([1]), VIEWS[[1]])
    assert cache(root).get(np.array([0, 1, 2])).tolist() == VIEWS.tolist()


def test_other_pictures_and_other_cuts_are_kept_apart(root):
    cache(root).put(np.array([0, 1, 2]), VIEWS)
    assert cache(root, cut="other").get(np.array([0])) is None
    assert cache(root, paths=PATHS[:2]).get(np.array([0])) is None


def test_a_picture_that_was_replaced_is_cut_again(root):
    cache(root).put(np.array([0, 1, 2]), VIEWS)
    paint(root / "b.png", 2, side=30)
    assert cache(root).get(np.array([0])) is None
