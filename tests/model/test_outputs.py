import pytest
import torch
from lightning_utilities.core.apply_func import apply_to_collection

from sidelight.model.outputs import Outputs, on_grid
from sidelight.records.errors import UserFault


def outputs():
    pooled = torch.ones(2, 3, requires_grad=True)
    weight = torch.ones(4, 3)
    return Outputs(
        logits=pooled @ weight.T, features=pooled[..., None], pooled=pooled, weight=weight, bias=torch.zeros(4)
    )


def test_the_logits_have_a_gradient_at_the_pooled_features():
    given = outputs()
    (gradient,) = torch.autograd.grad(given.logits.sum(), given.pooled)
    assert torch.equal(gradient, torch.full((2, 3), 4.0))


def test_wrappers_that_cast_what_a_module_returns_pass_it_on_untouched():
    given = outputs()
    assert apply_to_collection(given, torch.Tensor, lambda tensor: tensor.half()) is given


def test_outputs_move_to_another_device_with_their_gradients():
    given = outputs()
    moved = given.to("cpu")
    moved.logits.sum().backward()
    assert moved.logits.grad_fn is given.logits.grad_fn


def test_every_tensor_moves_and_what_is_no_tensor_stays():
    part = torch.ones(2, 3)
    given = Outputs(
        part, part, part, part, part[0], "attention", scale=part, shift=part, attention=part, inner={"layer": part},
        prefix=2, aspect=0.5,
    )  # fmt: skip
    moved = {name: getattr(given.to("meta"), name) for name in given.__struct_fields__}
    assert {name for name, value in moved.items() if isinstance(value, torch.Tensor) and value.is_meta} == {
        "logits", "features", "pooled", "weight", "bias", "scale", "shift", "attention",
    }  # fmt: skip
    assert moved["inner"]["layer"].is_meta
    assert (moved["pooling"], moved["prefix"], moved["aspect"]) == ("attention", 2, 0.5)


def test_a_map_is_its_own_grid():
    given = torch.ones(1, 2, 3, 5)
    assert on_grid(given, prefix=0, aspect=1.0) is given


@pytest.mark.parametrize(("height", "width"), [(1, 1), (4, 4), (3, 5), (14, 7), (2, 9)])
@pytest.mark.parametrize("prefix", [0, 1, 5])
def test_tokens_fill_the_grid_of_the_pictures_shape(height, width, prefix):
    tokens = torch.arange(2.0 * 3 * (prefix + height * width)).reshape(2, -1, 3)
    found = on_grid(tokens, prefix=prefix, aspect=height / width)
    assert found.shape == (2, 3, height, width)
    for y, x in ((0, 0), (height - 1, 0), (height - 1, width - 1)):
        assert torch.equal(found[:, :, y, x], tokens[:, prefix + y * width + x])


@pytest.mark.parametrize("shape", [(2, 9, 4), (2, 3, 4), (2, 2, 4), (2, 4), (1, 2, 3, 4, 5)])
def test_tokens_that_fill_no_grid_are_refused(shape):
    with pytest.raises(UserFault, match="fill a grid"):
        on_grid(torch.ones(shape), prefix=3, aspect=4 / 1 if shape[1] == 9 else 1.0)
