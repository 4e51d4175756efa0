import torch
from lightning_utilities.core.apply_func import apply_to_collection

from sidelight.model.outputs import Outputs


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
    assert {name: getattr(given.to("meta"), name).device.type for name in given.__struct_fields__} == dict.fromkeys(
        given.__struct_fields__, "meta"
    )
