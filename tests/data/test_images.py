import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from sidelight.data.images import ImageStore, read_image
from sidelight.records.errors import UserFault

ORIENTATION = 0x0112


def saved(tmp_path, picture, name="picture.png", **options):
    Pillow.fromarray(picture).save(tmp_path / name, **options)
    return tmp_path / name


@pytest.fixture
def colours():
    """2 rows x 3 columns, every pixel of its own colour."""
    return np.arange(18, dtype=np.uint8).reshape(2, 3, 3) * 13


@pytest.mark.parametrize("name", ["picture.png", "picture.bmp", "picture.tif"])
def test_a_picture_comes_back_in_rgb(tmp_path, colours, name):
    assert (read_image(saved(tmp_path, colours, name)) == colours).all()


def test_a_webp_comes_back_in_rgb(tmp_path, colours):
    assert (read_image(saved(tmp_path, colours, "picture.webp", lossless=True)) == colours).all()


def test_a_grey_picture_becomes_rgb(tmp_path):
    grey = np.array([[0, 100, 255]], np.uint8)
    assert read_image(saved(tmp_path, grey)).tolist() == [[[0] * 3, [100] * 3, [255] * 3]]


def test_a_picture_of_16_bits_keeps_its_high_byte(tmp_path):
    deep = np.array([[0, 100 * 257, 65535]], np.uint16)
    cv2.imwrite(str(tmp_path / "deep.png"), deep)
    read = read_image(tmp_path / "deep.png")
    assert read.dtype == np.uint8
    assert read[..., 0].tolist() == [[0, 100, 255]]


def test_transparency_is_left_out(tmp_path, colours):
    opacity = np.array([[0, 128, 255], [255, 128, 0]], np.uint8)
    assert (read_image(saved(tmp_path, np.dstack([colours, opacity]))) == colours).all()


def test_a_palette_becomes_rgb(tmp_path):
    paletted = Pillow.new("P", (2, 1), 1)
    paletted.putpalette([0, 0, 0, 10, 20, 30])
    paletted.save(tmp_path / "palette.png")
    assert read_image(tmp_path / "palette.png").tolist() == [[[10, 20, 30]] * 2]


TURNS = {
    1: lambda upright: upright,
    2: np.fliplr,
    3: lambda upright: np.rot90(upright, 2),
    4: np.flipud,
    5: lambda upright: upright.transpose(1, 0, 2),
    6: lambda upright: np.rot90(upright, 1),
    7: lambda upright: np.rot90(upright.transpose(1, 0, 2), 2),
    8: lambda upright: np.rot90(upright, -1),
}
"""Orientation tag -> how a camera that writes it stores the upright scene."""


@pytest.mark.parametrize("tag", TURNS)
def test_a_jpeg_is_turned_upright_by_its_exif_tag(tmp_path, tag):
    upright = np.zeros((32, 48, 3), np.uint8)
    upright[:8, :8], upright[:8, 40:], upright[24:, :8] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    exif = Pillow.Exif()
    exif[ORIENTATION] = tag
    stored = np.ascontiguousarray(TURNS[tag](upright))
    read = read_image(saved(tmp_path, stored, "photo.jpg", quality=95, subsampling=0, exif=exif))
    assert read.shape == upright.shape
    assert np.abs(read.astype(int) - upright).mean() < 3


@pytest.mark.parametrize(
    ("content", "seen"), [(None, "FileNotFoundError"), (b"", "0 bytes"), (b"no picture", "10 bytes that do not decode")]
)
def test_what_is_no_picture_is_named(tmp_path, content, seen):
    if content is not None:
        (tmp_path / "cat.jpg").write_bytes(content)
    with pytest.raises(UserFault, match=r"cat\.jpg") as caught:
        read_image(tmp_path / "cat.jpg")
    assert seen in caught.value.seen


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "bmp", "tif"])
def test_a_picture_that_was_cut_off_is_named_once(tmp_path, capfd, ending):
    file = tmp_path / f"cat.{ending}"
    cv2.imwrite(str(file), np.random.default_rng(0).integers(0, 256, (64, 64, 3)).astype(np.uint8))
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(UserFault, match=rf"cat\.{ending}: \d+ bytes that do not decode"):
        read_image(file)
    assert capfd.readouterr() == ("", "")


def test_a_folder_is_no_picture(tmp_path):
    with pytest.raises(UserFault, match="IsADirectoryError"):
        read_image(tmp_path)


def test_what_fits_the_budget_is_decoded_once(tmp_path, colours):
    store = ImageStore([saved(tmp_path, colours)], budget_bytes=colours.nbytes)
    first = store[0]
    (tmp_path / "picture.png").unlink()
    assert store[0] is first


def test_what_exceeds_the_budget_is_decoded_each_time(tmp_path, colours):
    store = ImageStore([saved(tmp_path, colours)], budget_bytes=colours.nbytes - 1)
    assert (store[0] == colours).all()
    saved(tmp_path, 255 - colours)
    assert (store[0] == 255 - colours).all()


def test_the_budget_counts_all_pictures_together(tmp_path, colours):
    store = ImageStore([saved(tmp_path, colours, f"{i}.png") for i in range(3)], budget_bytes=2 * colours.nbytes)
    assert len(store) == 3
    assert [store[i] is store[i] for i in range(3)] == [True, True, False]


def test_a_change_is_made_once_for_each_place(tmp_path, colours):
    asked = []

    def darker(place, image):
        asked.append(place)
        return image // 2 + place

    store = ImageStore([saved(tmp_path, colours)] * 2, change=darker)
    assert (store[1] == colours // 2 + 1).all()
    assert (store[1] == store[0] + 1).all()
    assert asked == [1, 0]
