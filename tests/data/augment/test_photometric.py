import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageOps
from torchvision.transforms import functional

from sidelight.data.augment import photometric

FACTORS = [0.0, 0.1, 0.5, 0.9, 1.0, 1.3, 1.9]


def photo(seed=0):
    """Smooth colours of a narrow range, and some noise on them."""
    rng = np.random.default_rng(seed)
    field = cv2.GaussianBlur(rng.integers(0, 256, (40, 50, 3), dtype=np.uint8), (0, 0), 4) * np.array([1, 0.7, 1.2])
    return (field + rng.integers(0, 30, field.shape)).clip(0, 255).astype(np.uint8)


def levels_apart(ours, theirs):
    return int(np.abs(ours.astype(int) - np.asarray(theirs).astype(int)).max())


def as_tensor(image):
    return torch.from_numpy(image).permute(2, 0, 1)


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (photometric.brightness, ImageEnhance.Brightness),
        (photometric.contrast, ImageEnhance.Contrast),
        (photometric.saturation, ImageEnhance.Color),
        (photometric.sharpness, ImageEnhance.Sharpness),
    ],
)
def test_enhancements_agree_with_pillow_to_two_levels(ours, theirs, factor):
    assert levels_apart(ours(photo(), factor), theirs(Image.fromarray(photo())).enhance(factor)) <= 2


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (photometric.brightness, functional.adjust_brightness),
        (photometric.contrast, functional.adjust_contrast),
        (photometric.saturation, functional.adjust_saturation),
    ],
)
def test_jitter_agrees_with_torchvision_to_two_levels(ours, theirs, factor):
    expected = theirs(as_tensor(photo()), factor).permute(1, 2, 0).numpy()
    assert levels_apart(ours(photo(), factor), expected) <= 2


@pytest.mark.parametrize("turns", [-0.5, -0.2, -0.01, 0.0, 0.1, 0.35, 0.5])
def test_hue_agrees_with_torchvision_to_a_level(turns):
    theirs = functional.adjust_hue(as_tensor(photo()).float() / 255, turns).permute(1, 2, 0).numpy() * 255
    assert levels_apart(photometric.hue(photo(), turns), theirs.round()) <= 1


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (photometric.autocontrast, ImageOps.autocontrast),
        (photometric.equalize, ImageOps.equalize),
        (photometric.invert, ImageOps.invert),
    ],
)
def test_histogram_operations_agree_with_pillow_exactly(ours, theirs, seed):
    assert levels_apart(ours(photo(seed)), theirs(Image.fromarray(photo(seed)))) == 0


@pytest.mark.parametrize("bits", range(1, 9))
def test_posterizing_agrees_with_torchvision_exactly(bits):
    assert (
        levels_apart(
            photometric.posterize(photo(), bits), functional.posterize(as_tensor(photo()), bits).permute(1, 2, 0)
        )
        == 0
    )


@pytest.mark.parametrize("threshold", [0, 1, 128, 255, 256])
def test_solarizing_agrees_with_pillow_exactly(threshold):
    assert (
        levels_apart(photometric.solarize(photo(), threshold), ImageOps.solarize(Image.fromarray(photo()), threshold))
        == 0
    )


@given(st.integers(0, 110), st.integers(0, 255))
def test_adding_touches_only_the_darker_half(amount, level):
    image = np.full((2, 2, 3), level, np.uint8)
    expected = min(255, level + amount) if level < 128 else level
    assert (photometric.solarize_add(image, amount) == expected).all()


@pytest.mark.parametrize("level", [0, 100, 255])
@pytest.mark.parametrize("operation", [photometric.autocontrast, photometric.equalize])
def test_a_plain_photo_has_no_histogram_to_stretch(operation, level):
    image = np.full((6, 6, 3), level, np.uint8)
    assert (operation(image) == level).all()


@pytest.mark.parametrize("operation", ["brightness", "contrast", "saturation", "sharpness"])
def test_factor_one_changes_nothing(operation):
    assert levels_apart(getattr(photometric, operation)(photo(), 1.0), photo()) == 0


def test_the_photo_that_came_in_is_left_alone():
    image = photo()
    for operation in (photometric.autocontrast, photometric.equalize, photometric.invert):
        operation(image)
    photometric.sharpness(image, 0.0)
    photometric.hue(image, 0.3)
    assert np.array_equal(image, photo())
