import base64
import io

import numpy as np
import pytest
from PIL import Image

from sidelight.records.example import Box
from sidelight.report.gallery import SIDE, cam_tile, data_uri, photo_tile

GREY = np.full((40, 80, 3), 120, dtype=np.uint8)
HOT = np.zeros((4, 8))
HOT[1, 1] = 3.0


def pixel(tile, x, y):
    return np.array(tile.getpixel((round(x * (tile.width - 1)), round(y * (tile.height - 1)))), dtype=int)


def test_a_tile_keeps_the_photos_shape():
    assert photo_tile(GREY).size == (SIDE, SIDE // 2)
    assert photo_tile(np.zeros((500, 1, 3), dtype=np.uint8)).size == (1, SIDE)


def test_a_click_is_a_pink_dot_at_its_place():
    red, green, blue = pixel(photo_tile(GREY, clicks=((0.75, 0.25),)), 0.75, 0.25)
    assert red > 200
    assert green < 90 < blue


def test_a_photo_without_marks_is_left_as_it_is():
    assert (np.asarray(photo_tile(GREY)) == 120).all()


def test_a_box_is_outlined_in_white_and_open_inside():
    tile = photo_tile(GREY, boxes=(Box(0.25, 0.25, 0.75, 0.75),))
    row = np.asarray(tile)[SIDE // 4, :, 0]
    assert row[SIDE // 4 : SIDE // 4 + 6].max() > 220
    assert pixel(tile, 0.5, 0.5).tolist() == [120] * 3


@pytest.mark.parametrize("box", [Box(0.5, 0.5, 0.5, 0.5), Box(0.9, 0.9, 1.2, 1.2), Box(0, 0, 0.001, 1)])
def test_thin_and_overhanging_boxes_are_no_trouble(box):
    assert photo_tile(GREY, boxes=(box,)).size == (SIDE, SIDE // 2)


def test_heat_lies_where_the_map_is_high():
    tile = cam_tile(GREY, HOT)
    hot, cold = pixel(tile, 1.5 / 8, 1.5 / 4), pixel(tile, 0.9, 0.9)
    assert hot[0] - hot[2] > 60
    assert np.ptp(cold) <= 2


def test_the_scale_of_a_map_does_not_matter():
    assert np.array_equal(np.asarray(cam_tile(GREY, HOT)), np.asarray(cam_tile(GREY, 50 * HOT - 7)))


def test_a_constant_map_shows_no_heat():
    tile = np.asarray(cam_tile(GREY, np.ones((3, 3))), dtype=int)
    assert np.ptp(tile, axis=2).max() == 0


def test_the_predicted_click_is_a_blue_ring():
    tile = cam_tile(GREY, np.ones((3, 3)), guess=(0.5, 0.5))
    columns = np.asarray(tile, dtype=int)[SIDE // 4]
    assert (columns[:, 2] - columns[:, 0] > 100).any()


def test_a_data_address_holds_the_picture():
    kind, payload = data_uri(photo_tile(GREY)).split(",", 1)
    assert kind == "data:image/jpeg;base64"
    assert Image.open(io.BytesIO(base64.b64decode(payload))).size == (SIDE, SIDE // 2)


@pytest.mark.parametrize("wrong", [GREY[..., 0], GREY.astype(np.float32)])
def test_anything_but_8_bit_rgb_is_refused(wrong):
    with pytest.raises(ValueError, match="uint8"):
        photo_tile(wrong)
