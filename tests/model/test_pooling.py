import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from timm.layers.norm import RmsNorm
from torch import nn

from sidelight.model.pooling import AttentionPool, everywhere, folded, norm_after_pooling


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_attention_is_a_softmax_over_places_and_pools_the_features_with_it():
    pool, features = AttentionPool(4), draw(2, 4, 3, 5)
    nn.init.normal_(pool.score.weight)
    attention, pooled = (found.detach().numpy() for found in pool(features))
    v, places = pool.score.weight.detach().numpy()[0, :, 0, 0], features.numpy().astype(np.float64)
    for row in range(2):
        weights = np.exp(np.einsum("d,dhw->hw", v, places[row]))
        weights /= weights.sum()
        np.testing.assert_allclose(attention[row], weights, rtol=1e-4)
        np.testing.assert_allclose(pooled[row], np.einsum("hw,dhw->d", weights, places[row]), rtol=1e-4, atol=1e-5)


def test_it_starts_near_the_mean_but_alive():
    features = draw(2, 64, 4, 4).requires_grad_()
    attention, pooled = AttentionPool(64)(features)
    assert (attention - 1 / 16).abs().max() < 0.05
    torch.testing.assert_close(pooled, features.mean(dim=(2, 3)), atol=0.15, rtol=0)
    (gradient,) = torch.autograd.grad(attention[:, 0, 0].sum(), features)
    assert gradient.abs().sum() > 0


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 10), st.sampled_from([nn.LayerNorm, RmsNorm, nn.RMSNorm]))
def test_a_norm_is_an_affine_map_at_its_own_statistics(seed, spread, kind):
    norm, seen = kind(8), spread * draw(3, 8, seed=seed) + 1
    nn.init.normal_(norm.weight, generator=torch.Generator().manual_seed(seed))
    scale, shift = folded(norm, seen)
    torch.testing.assert_close(scale * seen + shift, norm(seen), rtol=1e-4, atol=1e-4)


def test_a_norm_without_weights_is_folded_too():
    norm, seen = nn.LayerNorm(8, elementwise_affine=False), draw(3, 8)
    scale, shift = folded(norm, seen)
    torch.testing.assert_close(scale * seen + shift, norm(seen), rtol=1e-4, atol=1e-5)


def test_the_gradient_flows_through_the_statistics():
    norm, seen = nn.LayerNorm(4), draw(1, 4).requires_grad_()
    scale, shift = folded(norm, seen)
    found = torch.autograd.grad((scale * seen + shift)[0, 0], seen)[0]
    torch.testing.assert_close(found, torch.autograd.grad(norm(seen)[0, 0], seen)[0])


def test_norms_are_found_where_timm_keeps_them():
    class Head(nn.Module):
        def __init__(self, norm):
            super().__init__()
            self.norm = norm

    class Net(nn.Module):
        def __init__(self, **parts):
            super().__init__()
            for name, part in parts.items():
                setattr(self, name, part)

    norm = nn.LayerNorm(2)
    assert norm_after_pooling(Net(fc_norm=norm)) is norm
    assert norm_after_pooling(Net(fc_norm=nn.Identity(), head=Head(norm))) is norm
    assert norm_after_pooling(Net(head=Head(nn.BatchNorm1d(2)))) is None
    assert norm_after_pooling(Net(head=nn.Linear(2, 2))) is None


@pytest.mark.parametrize(("ndim", "prefix", "shape"), [(4, 0, (2, 3, 1, 1)), (3, 0, (2, 1, 3)), (3, 5, (2, 6, 3))])
def test_whatever_pools_a_vector_that_is_everywhere_gives_this_vector(ndim, prefix, shape):
    summed = draw(2, 3)
    found = everywhere(summed, ndim, prefix)
    assert found.shape == shape
    places = found.flatten(2) if ndim == 4 else found.transpose(1, 2)
    for pooled in (places.mean(dim=2), places.amax(dim=2), places[:, :, 0]):
        torch.testing.assert_close(pooled, summed)
