import numpy as np
import pytest
from PIL import Image

from sidelight.data.format.maps import map_pixels, read_map, write_map


def test_floats_become_sixteen_bits():
    assert map_pixels(np.array([[0.0, 0.5, 1.0]], np.float32)).tolist() == [[0, 32768, 65535]]


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_levels_stay(kind):
    levels = np.array([[0, 200]], kind)
    assert map_pixels(levels) is levels


@pytest.mark.parametrize(
    ("saliency", "said"),
    [
        (np.zeros(3), "shape"),
        (np.zeros((0, 3)), "shape"),
        (np.zeros((2, 2, 3)), "shape"),
        (np.zeros((2, 2), np.int64), "int64"),
        (np.full((2, 2), 1.5), "1.5"),
        (np.full((2, 2), -0.1), "-0.1"),
        (np.full((2, 2), np.nan), "nan"),
    ],
)
def test_what_is_no_map_is_refused(saliency, said):
    with pytest.raises(ValueError, match=said):
        map_pixels(saliency)


def test_a_map_that_is_not_contiguous_is_written(tmp_path):
    levels = np.arange(24, dtype=np.uint16).reshape(4, 6)[::2, ::3].T
    write_map(levels, tmp_path / "deep" / "m.png")
    np.testing.assert_array_equal(read_map(tmp_path / "deep" / "m.png"), levels)


@pytest.mark.parametrize("mode", ["1", "P", "RGB", "LA"])
def test_a_picture_that_is_not_grey_is_refused(tmp_path, mode):
    Image.new(mode, (2, 2)).save(tmp_path / "m.png")
    with pytest.raises(ValueError, match=f"mode {mode}"):
        read_map(tmp_path / "m.png")


def test_a_damaged_picture_is_refused(tmp_path):
    write_map(np.zeros((50, 50), np.uint8), tmp_path / "m.png")
    (tmp_path / "m.png").write_bytes((tmp_path / "m.png").read_bytes()[:60])
    with pytest.raises(OSError, match="truncated"):
        read_map(tmp_path / "m.png")
