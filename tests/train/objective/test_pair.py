import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sidelight.records.batch import Batch
from sidelight.records.errors import UserFault
from sidelight.train.objective.pair import Pair, mean_over_known, min_max, one_map_at, over_maps, pair_at, uneven, union

seeds = st.integers(0, 2**31)
sides = st.integers(1, 9)


def batch_of(saliency, weight, has, targets=None):
    images, k = has.shape
    return Batch(
        ids=tuple(map(str, range(images))),
        images=torch.zeros(images, 3, 1, 1),
        targets=torch.ones(images, 1) if targets is None else torch.tensor(targets, dtype=torch.float32),
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
    with pytest.raises(UserFault, match="maps: 2 an image; allowed: 1"):
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


def united(seed, *, k=3):
    """A union, and the arrays it was made of: saliency, weight, has and which classes are present."""
    saliency, weight, has = maps(seed, images=4, k=k)
    targets = np.random.default_rng(seed).choice([0.0, 0.3, 1.0], (4, k), p=[0.4, 0.2, 0.4])
    batch = batch_of(saliency, weight, has, targets)
    return one_map_at(batch, (4, 5), labels="multi"), saliency, weight, has, targets > 0


@given(seeds)
def test_a_union_is_known_where_every_class_that_is_there_is_and_as_far(seed):
    found, saliency, weight, has, present = united(seed)
    for image, there in enumerate(present):
        if not there.any() or (has[image, there] == 0).any():
            assert found.has[image] == 0
            continue
        known = weight[image, there].min(axis=0)
        looked = np.where(known > 0, saliency[image, there].max(axis=0), 0)
        np.testing.assert_allclose(found.weight[image, 0], known)
        np.testing.assert_allclose(found.saliency[image, 0], looked, rtol=1e-6)
        assert found.has[image].item() == has[image, there].min() * (known > 0).any()


@given(seeds)
def test_a_union_is_a_pair_and_knows_no_order_of_classes(seed):
    found, saliency, weight, has, present = united(seed)
    assert found.saliency.shape == found.weight.shape == (4, 1, 4, 5)
    assert found.has.shape == (4, 1)
    for part in (found.saliency, found.weight, found.has):
        assert ((part >= 0) & (part <= 1)).all()
    assert (found.saliency[found.weight == 0] == 0).all()
    order = np.random.default_rng(seed).permutation(3)
    parts = (part[:, order] for part in (saliency, weight, has, present))
    other = one_map_at(batch_of(*parts), (4, 5), labels="multi")
    assert all(torch.equal(getattr(found, name), getattr(other, name)) for name in ("saliency", "weight", "has"))


@given(seeds)
def test_the_union_of_one_class_is_its_map(seed):
    _, saliency, weight, has, _ = united(seed, k=1)
    batch = batch_of(saliency, weight, has)
    one, alone = one_map_at(batch, (2, 2), labels="multi"), pair_at(batch, (2, 2), k=1)
    assert all(torch.equal(getattr(one, name), getattr(alone, name)) for name in ("saliency", "weight", "has"))


def test_a_class_that_is_there_without_a_map_or_with_a_blank_one_takes_the_image_out():
    saliency = torch.ones(4, 2, 1, 1)
    saliency[2, 1] = 0
    has = torch.tensor([[1.0, 1.0], [1.0, 0.0], [1.0, 1.0], [1.0, 0.0]])
    present = torch.tensor([[True, True], [True, True], [True, True], [True, False]])
    assert union(Pair(saliency, torch.ones(4, 2, 1, 1), has), present).has.flatten().tolist() == [1, 0, 0, 1]
    assert union(Pair(saliency, torch.ones(4, 2, 1, 1), has), torch.zeros(4, 2, dtype=torch.bool)).has.max() == 0


def test_a_map_of_the_whole_image_needs_no_union():
    saliency, weight, has = maps(3, images=2, k=1)
    found = one_map_at(batch_of(saliency, weight, has, np.eye(4)[:2]), (4, 5), labels="multi")
    np.testing.assert_allclose(found.weight, weight * (has > 0)[..., None, None])
    with pytest.raises(UserFault, match="maps: 2 an image; allowed: 3"):
        one_map_at(batch_of(*maps(0), np.eye(3)[:2]), (4, 5), labels="multi")
