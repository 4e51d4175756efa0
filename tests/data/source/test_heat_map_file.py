import re

import numpy as np
import pytest
from PIL import Image

from sidelight.data.source.heat_map_file import read_heat_map

PICTURE = (40, 20)
GREY = np.linspace(0, 255, 200).reshape(10, 20).astype(np.uint8)
DEEP = np.linspace(0, 65535, 200).reshape(10, 20).astype(np.uint16)


@pytest.fixture
def saved(tmp_path):
    def save(image, name="m.png"):
        (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(tmp_path / name)
        return tmp_path / name

    return save


def palette(levels):
    """The same greys through a palette in another order."""
    image = Image.fromarray(255 - levels, mode="P")
    image.putpalette([level for entry in range(256) for level in [255 - entry] * 3])
    return image


GUISES = {
    "grey": lambda: Image.fromarray(GREY),
    "palette": lambda: palette(GREY),
    "RGB": lambda: Image.fromarray(np.repeat(GREY[..., None], 3, axis=2)),
    "RGBA": lambda: Image.fromarray(GREY).convert("RGBA"),
    "grey and alpha": lambda: Image.fromarray(GREY).convert("LA"),
}


@pytest.mark.parametrize("guise", GUISES)
def test_grey_is_grey_in_every_guise(saved, guise):
    found = read_heat_map(saved(GUISES[guise]()), PICTURE)
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, GREY)


@pytest.mark.parametrize("name", ["m.png", "m.tif"])
def test_sixteen_bits_stay_sixteen(saved, name):
    found = read_heat_map(saved(DEEP, name), PICTURE)
    assert found.dtype == np.uint16
    np.testing.assert_array_equal(found, DEEP)


def test_black_and_white_is_0_and_255(saved):
    assert set(read_heat_map(saved(Image.fromarray(GREY > 99)), PICTURE).ravel()) == {0, 255}


@pytest.mark.parametrize("name", ["m.jpg", "m.bmp"])
def test_other_files_are_read_too(saved, name):
    found = read_heat_map(saved(np.repeat(GREY[..., None], 3, axis=2), name), PICTURE)
    np.testing.assert_allclose(found.astype(int), GREY, atol=6)


def heat():
    """A map in false colours."""
    red = np.zeros((10, 20, 3), np.uint8)
    red[..., 0], red[..., 2] = GREY, 255 - GREY
    return red


def glass():
    image = Image.fromarray(GREY).convert("RGBA")
    image.putalpha(Image.fromarray(GREY))
    return image


REFUSED = {
    "it is in colours (channels differ by up to 255 levels)": heat,
    "it has transparent pixels": glass,
    "every pixel is 0: it does not say where anybody looked": lambda: np.zeros((10, 20), np.uint8),
    "every pixel is 77": lambda: np.full((10, 20), 77, np.uint8),
    "it has mode F": lambda: Image.fromarray(DEEP.astype(np.float32)),
    "its levels reach from -5 to 9": lambda: Image.fromarray(np.arange(-5, 10, dtype=np.int32).reshape(3, 5)),
    "it is 20x11, its picture 40x20: another shape": lambda: np.vstack([GREY, GREY[:1]]),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_is_no_map_is_refused_in_one_line(saved, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}") as told:
        read_heat_map(saved(REFUSED[message](), "m.tif"), PICTURE)
    assert "\n" not in str(told.value)


def test_no_file_and_no_picture_are_told_apart(tmp_path):
    (tmp_path / "m.png").write_bytes(b"text")
    for name, message in (("none.png", "there is no such file"), ("m.png", "it is no picture that can be read")):
        with pytest.raises(ValueError, match=message):
            read_heat_map(tmp_path / name, PICTURE)


def test_a_cut_off_file_is_damaged(saved):
    path = saved(np.random.default_rng(0).integers(0, 256, (100, 200), dtype=np.uint8))
    path.write_bytes(path.read_bytes()[:-4000])
    with pytest.raises(ValueError, match="it is damaged"):
        read_heat_map(path, PICTURE)


@pytest.mark.parametrize(
    ("size", "picture", "fits"),
    [
        ((7, 7), (224, 224), True),
        ((14, 7), (500, 250), True),
        ((333, 250), (500, 375), True),  # a side rounded to whole pixels
        ((224, 224), (640, 480), False),
        ((480, 640), (640, 480), False),
    ],
)
def test_a_map_has_the_shape_of_its_picture_unless_it_may_be_stretched(saved, size, picture, fits):
    levels = np.arange(size[0] * size[1], dtype=np.uint16).reshape(size[1], size[0])
    path = saved(levels, "m.tif")
    assert read_heat_map(path, picture, stretch=True).shape == levels.shape
    if fits:
        assert read_heat_map(path, picture).shape == levels.shape
    else:
        with pytest.raises(ValueError, match="--stretch-maps"):
            read_heat_map(path, picture)
