import numpy as np
import pytest
import torch
from torchvision.transforms.functional import normalize
from torchvision.transforms.functional import to_tensor as torchvision_to_tensor

from sidelight.data.augment.sample import Sample, to_tensor

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def photo(height, width):
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize("image", [photo(5, 7), photo(64, 64), photo(8, 9)[:, ::-1]])
def test_a_tensor_is_what_torchvision_makes(image):
    expected = normalize(torchvision_to_tensor(np.ascontiguousarray(image)), MEAN, STD)
    np.testing.assert_allclose(to_tensor(image, MEAN, STD), expected, atol=1e-6)


def test_a_tensor_can_be_handed_to_torch_without_a_copy():
    planes = to_tensor(photo(5, 7), MEAN, STD)
    assert planes.dtype == np.float32
    assert torch.from_numpy(planes).is_contiguous()


def test_a_grey_photo_is_refused():
    with pytest.raises((ValueError, TypeError)):
        Sample(np.zeros((4, 4), np.uint8))


def test_maps_without_their_weights_are_refused():
    with pytest.raises((ValueError, TypeError)):
        Sample(photo(4, 4), maps=np.zeros((2, 3, 3), np.float32))
