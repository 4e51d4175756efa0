import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sidelight.records.batch import Batch
from sidelight.train.objective.pair import mean_over_known, min_max, over_maps, pair_at, uneven

seeds = st.integers(0, 2**31)
sides = st.integers(1, 9)


def batch_of(saliency, weight, has):
    images, k = has.shape
    return Batch(
        ids=tuple(map(str, range(images))),
        images=torch.zeros(images, 3, 1, 1),
        targets=torch.ones(images, 1),
        points=torch.zeros(images, k, 2),
        has_point=torch.zeros(images, k),
        saliency=torch.tensor(saliency, dtype=torch.float32),
        weight=torch.tensor(weight, dtype=torch.float32),
        has_saliency=torch.tensor(has, dtype=torch.float32),
    )


def maps(seed, *, images=2, k=2, high=4, wide=5):
    rng = np.random.default_rng(seed)
    shape = images, k, high, wide
    return rng.random(shape), rng.choice([0.0, 0.5, 1.0], shape), rng.choice([0.0, 0.5, 1.0], (images, k))


@given(seeds, sides, sides, sides, sides)
def test_a_cell_is_the_mean_over_its_area_of_what_is_known(seed, high, wide, h, w):
    saliency, weight, has = maps(seed, high=high, wide=wide)
    found = pair_at(batch_of(saliency, weight, has), (h, w), k=2)
    fine = np.ones((h, w))  # every old and every new cell is a block of a common finer grid
    mass, known = (
        np.kron(part, fine).reshape(2, 2, h, high, w, wide).mean(axis=(3, 5)) for part in (saliency * weight, weight)
    )
    known[has == 0] = 0
    np.testing.assert_allclose(found.weight, known, atol=1e-6)
    np.testing.assert_allclose(found.saliency * found.weight, np.where(known > 0, mass, 0), atol=1e-5)
    np.testing.assert_allclose(found.has, has * (known > 0).any(axis=(2, 3)))


def test_a_small_disc_is_never_lost():
    saliency = np.zeros((1, 1, 224, 224))
    saliency[0, 0, 100:105, 33:38] = 1
    found = pair_at(batch_of(saliency, np.ones_like(saliency), np.ones((1, 1))), (7, 7), k=1)
    assert found.saliency.sum().item() == pytest.approx(25 / 32**2, rel=1e-4)


def test_maps_that_are_missing_or_too_many_are_named():
    batch = batch_of(*maps(0))
    with pytest.raises(ValueError, match="compares 1 maps an image, the batch has 2"):
        pair_at(batch, (2, 2), k=1)
    bare = Batch(batch.ids, batch.images, batch.targets, batch.points, batch.has_point)
    with pytest.raises(ValueError, match="no maps in this batch"):
        pair_at(bare, (2, 2), k=2)


@given(seeds)
def test_stretching_looks_at_known_cells_alone(seed):
    values, weight, _ = maps(seed)
    stretched = min_max(*(torch.tensor(part, dtype=torch.float32) for part in (values, weight)))
    for found, v, w in zip(stretched.reshape(4, -1), values.reshape(4, -1), weight.reshape(4, -1), strict=True):
        known = w > 0
        assert (found[~known] == 0).all()
        if known.any():
            expected = (v[known] - v[known].min()) / max(np.ptp(v[known]), 1e-3)
            np.testing.assert_allclose(found[known], expected, atol=1e-5)


def test_blank_constant_and_unknown_maps_say_nothing():
    values = torch.tensor([[[0.0, 0.0]], [[0.4, 0.4]], [[0.4, 0.5]], [[0.1, 0.9]]])[None]
    weight = torch.tensor([[[1.0, 1.0]], [[1.0, 1.0]], [[1.0, 1.0]], [[1.0, 0.0]]])[None]
    assert uneven(values, weight).tolist() == [[False, False, True, False]]
    assert not uneven(values, torch.zeros_like(weight)).any()


def test_rounding_is_no_unevenness():
    saliency = np.full((1, 1, 32, 32), 0.3)
    found = pair_at(batch_of(saliency, np.ones_like(saliency), np.ones((1, 1))), (7, 7), k=1)
    assert not uneven(found.saliency, found.weight).any()


def test_the_mean_over_nothing_is_nothing():
    values = torch.tensor([[[[2.0, 4.0]], [[9.0, 9.0]]]])
    weight = torch.tensor([[[[1.0, 0.5]], [[0.0, 0.0]]]])
    assert mean_over_known(values, weight).tolist() == [[pytest.approx(4 / 1.5), 0.0]]


def test_an_image_of_many_maps_counts_as_much_as_one_of_few_and_as_its_surest():
    term = over_maps(torch.tensor([[1.0, 3.0], [5.0, 7.0], [8.0, 8.0]]), torch.tensor([[1.0, 1], [0.5, 0], [0, 0]]))
    assert term.value.tolist() == [2.0, 5.0, 0.0]
    assert term.weight.tolist() == [1.0, 0.5, 0.0]
