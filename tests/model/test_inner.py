import pytest
import torch
from torch import nn

from sidelight.model.inner import watched
from sidelight.records.errors import UserFault


class Twice(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 2)
        self.pair = nn.MultiheadAttention(2, 1)

    def forward(self, given):
        return self.layer(self.layer(given)) + self.pair(given, given, given)[0]


def test_what_is_kept_comes_before_an_activation_in_place_and_the_result_has_a_gradient_there():
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(inplace=True), nn.Linear(4, 1))
    given = torch.randn(5, 3, generator=torch.Generator().manual_seed(0))
    with watched(net, ["0"]) as kept:
        result = net(given)
    torch.testing.assert_close(kept["0"], net[0](given))
    assert (kept["0"] < 0).any()
    (gradient,) = torch.autograd.grad(result.sum(), kept["0"])
    torch.testing.assert_close(gradient, (kept["0"] > 0) * net[2].weight)


def test_the_result_is_what_it_would_have_been_and_no_hook_stays():
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(inplace=True))
    given = torch.randn(5, 3, generator=torch.Generator().manual_seed(0))
    with watched(net, ["0", "1"]) as kept:
        result = net(given)
    assert torch.equal(result, net(given))
    assert torch.equal(kept["1"], result)
    assert not any(module._forward_hooks for module in net.modules())


def test_channels_last_is_turned_round_on_the_way_of_the_gradient():
    net = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    with watched(net, ["0"], channels_last=True) as kept:
        result = net(torch.ones(1, 4, 5, 2))
    assert kept["0"].shape == (1, 3, 4, 5)
    (gradient,) = torch.autograd.grad(result.sum(), kept["0"])
    torch.testing.assert_close(gradient[0, :, 0, 0], net[1].weight[0])


@pytest.mark.parametrize("name", ["", "lyer"])
def test_an_unknown_layer_is_refused_with_the_closest_names(name):
    with pytest.raises(UserFault, match=r"layer.*no such name"), watched(Twice(), [name]):
        pass


@pytest.mark.parametrize(("name", "why"), [("layer", "more than once"), ("pair", "gives a tuple")])
def test_a_layer_that_gives_no_single_tensor_is_refused(name, why):
    net = Twice()
    with pytest.raises(UserFault, match=why), watched(net, [name]):
        net(torch.ones(3, 2))
    assert not net.layer._forward_hooks
