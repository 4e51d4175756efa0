import pytest
import torch

from sidelight.explain.input_gradient import InputGradient, input_gradient, largest
from sidelight.explain.method import predicted


def test_it_is_the_slope_of_each_pictures_own_score():
    images = torch.rand(2, 3, 4, 5, requires_grad=True, generator=torch.Generator().manual_seed(0))
    weight = torch.rand(2, 3, 4, 5, generator=torch.Generator().manual_seed(1))
    found = input_gradient((images * weight).sin().sum(dim=(1, 2, 3)), images)
    torch.testing.assert_close(found, weight * (images * weight).cos())


def test_pictures_in_evaluation_do_not_touch_each_other(networks, pictures):
    backbone = networks("resnet18", 64)
    images = pictures(64)
    together = InputGradient()(backbone, images, predicted)
    alone = InputGradient()(backbone, images[1:], predicted)
    torch.testing.assert_close(together.maps[1:], alone.maps, rtol=1e-3, atol=1e-6)


def test_a_loss_can_be_built_on_it():
    images = torch.ones(1, 3, 2, 2, requires_grad=True)
    weight = torch.tensor(2.0, requires_grad=True)
    gradient = input_gradient((weight * images).square().sum(dim=(1, 2, 3)), images, create_graph=True)
    (slope,) = torch.autograd.grad(gradient.sum(), weight)
    assert slope.item() == 2 * 2 * 2 * 12  # d/dw of 12 * 2 w^2 x


def test_pictures_that_need_no_gradient_are_refused():
    images = torch.ones(1, 3, 2, 2)
    with pytest.raises(ValueError, match=r"no gradient.*\(1, 3, 2, 2\)"):
        input_gradient(images.sum(dim=(1, 2, 3)), images)


def test_its_map_is_the_largest_channel():
    gradient = torch.tensor([1.0, -3.0, 2.0]).reshape(1, 3, 1, 1)
    assert largest(gradient).item() == 3


def test_the_caller_s_pictures_are_left_as_they_were(networks, pictures):
    images = pictures(64)
    found = InputGradient()(networks("resnet18", 64), images, predicted)
    assert not images.requires_grad
    assert not found.maps.requires_grad
    assert found.maps.shape == (2, 64, 64)
