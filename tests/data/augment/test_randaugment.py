import cv2
import numpy as np
import pytest
from PIL import Image

from sidelight.data.augment import photometric
from sidelight.data.augment.config import RandAugment
from sidelight.data.augment.geometry import transform_points
from sidelight.data.augment.randaugment import (
    GEOMETRIC,
    OPERATIONS,
    PHOTOMETRIC,
    Operation,
    draw_operations,
    paint,
    turn_of,
)
from sidelight.data.augment.warp import warp_image


def photo():
    noise = np.random.default_rng(0).integers(0, 256, (80, 80, 3), dtype=np.uint8)
    return cv2.GaussianBlur(noise, (0, 0), 1.5)


def many(config, photos=3000):
    rng = np.random.default_rng(0)
    return [operation for _ in range(photos) for operation in draw_operations(config, rng)]


# Pillow is told where each new pixel comes from, as timm tells it; the severities are timm's at magnitude 9.
PILLOW = {
    ("shear_x", 1): (1, -0.27, 0, 0, 1, 0),
    ("shear_y", -1): (1, 0, 0, 0.27, 1, 0),
    ("translate_x", 1): (1, 0, -0.405 * 80, 0, 1, 0),
    ("translate_y", -1): (1, 0, 0, 0, 1, 0.405 * 80),
}


@pytest.mark.parametrize(("name", "sign"), PILLOW)
def test_a_geometric_operation_does_what_pillow_does(name, sign):
    ours = warp_image(photo(), turn_of([Operation(name, 0.9, sign)]), (80, 80), fill=(0, 0, 0))
    picture = Image.fromarray(photo())
    theirs = picture.transform((80, 80), Image.Transform.AFFINE, PILLOW[name, sign], Image.Resampling.BILINEAR)
    agree = np.abs(ours.astype(int) - np.asarray(theirs).astype(int)).max(axis=2) <= 2
    assert agree.mean() > 0.97  # the last pixel before the fill may differ


@pytest.mark.parametrize("sign", [1, -1])
def test_rotation_does_what_pillow_does(sign):
    ours = warp_image(photo(), turn_of([Operation("rotate", 0.9, sign)]), (80, 80), fill=(0, 0, 0))
    theirs = np.asarray(Image.fromarray(photo()).rotate(sign * 27, Image.Resampling.BILINEAR))
    assert (np.abs(ours.astype(int) - theirs.astype(int)).max(axis=2) <= 2).mean() > 0.95


@pytest.mark.parametrize("name", GEOMETRIC)
def test_a_geometric_operation_of_no_severity_moves_nothing(name):
    np.testing.assert_allclose(turn_of([Operation(name, 0.0, 1)]), np.eye(3), atol=1e-15)


@pytest.mark.parametrize("name", PHOTOMETRIC)
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("severity", [0.0, 0.5, 0.9, 1.0])
def test_a_photometric_operation_leaves_a_photo_to_look_at(name, severity, sign):
    painted = paint(photo(), [Operation(name, severity, sign)])
    assert painted.shape == (80, 80, 3)
    assert painted.dtype == np.uint8
    assert painted.max() > painted.min()


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (Operation("brightness", 0.9, 1), photometric.brightness(photo(), 1.81)),
        (Operation("color", 0.9, -1), photometric.saturation(photo(), 0.19)),
        (Operation("contrast", 1.0, -1), photometric.contrast(photo(), 0.1)),
        (Operation("posterize", 0.9, 1), photometric.posterize(photo(), 1)),
        (Operation("solarize", 0.9, 1), photometric.solarize(photo(), 26)),
        (Operation("solarize_add", 0.9, 1), photometric.solarize_add(photo(), 99)),
    ],
)
def test_severities_mean_what_they_mean_in_timm(operation, expected):
    assert np.array_equal(paint(photo(), [operation]), expected)


@pytest.mark.parametrize("name", ["posterize", "solarize", "color", "contrast", "brightness", "sharpness"])
@pytest.mark.parametrize("sign", [1, -1])
def test_more_severity_changes_more(name, sign):
    changes = [np.abs(paint(photo(), [Operation(name, s, sign)]).astype(int) - photo()).mean() for s in (0.2, 0.5, 0.9)]
    assert changes == sorted(changes)
    assert changes[0] < changes[-1]


def test_operations_move_one_after_the_other():
    first, second = Operation("rotate", 0.5, 1), Operation("translate_x", 0.9, -1)
    point = np.array([[0.3, 0.8]])
    in_turn = transform_points(transform_points(point, turn_of([first])), turn_of([second]))
    np.testing.assert_allclose(transform_points(point, turn_of([first, Operation("invert", 1.0, 1), second])), in_turn)


def test_recolouring_alone_moves_nothing():
    assert turn_of([Operation("invert", 0.9, 1), Operation("color", 0.9, 1)]) is None
    assert turn_of([]) is None


def test_every_operation_of_timm_is_drawn_equally_often():
    names = [operation.name for operation in many(RandAugment(probability=1.0))]
    shares = np.array([names.count(name) for name in OPERATIONS]) / len(names)
    assert len(OPERATIONS) == 15
    np.testing.assert_allclose(shares, 1 / 15, atol=0.012)


def test_half_of_the_layers_act_by_default():
    assert abs(len(many(RandAugment())) / (2 * 3000) - 0.5) < 0.03


def test_severities_scatter_around_the_magnitude():
    drawn = many(RandAugment(magnitude=5.0, std=0.5))
    severities = np.array([operation.severity for operation in drawn])
    assert abs(severities.mean() - 0.5) < 0.005
    assert abs(severities.std() - 0.05) < 0.005
    assert abs(np.mean([operation.sign for operation in drawn])) < 0.06
    assert max(operation.severity for operation in many(RandAugment(std=3.0))) == 1.0
