from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sidelight.data.augment.config import Augmentation
from sidelight.data.augment.crop import Window
from sidelight.data.augment.mix import blend, draw_paste, mix, paste
from sidelight.records.batch import Batch

SIDE = 16
HALF = Window(0, 8, 16, 8)  # the right half
seeds = st.integers(0, 2**32 - 1)
pixels = st.integers(0, SIDE - 1)


def batch(points, has_point=None, *, saliency=None):
    """A photo of its own plain colour (1, 2, ...) for each row of points."""
    points = torch.tensor(points, dtype=torch.float32)
    points = points[:, None] if points.ndim == 2 else points
    count = len(points)
    has = torch.ones(points.shape[:2]) if has_point is None else torch.tensor(has_point, dtype=torch.float32)
    colours = torch.arange(1.0, count + 1)[:, None, None, None].expand(count, 3, SIDE, SIDE)
    maps = {}
    if saliency is not None:
        saliency = torch.tensor(np.array(saliency), dtype=torch.float32)
        maps = {"saliency": saliency, "weight": torch.ones_like(saliency), "has_saliency": torch.ones(count, 1)}
    names = tuple(f"photo_{i}" for i in range(count))
    return Batch(names, colours.clone(), torch.eye(count), points, has.reshape(points.shape[:2]), **maps)


def test_mixup_blends_photos_and_targets():
    mixed = blend(batch([(0.1, 0.1), (0.9, 0.9)]), 0.75)
    torch.testing.assert_close(mixed.images[:, 0, 0, 0], torch.tensor([1.25, 1.75]))
    torch.testing.assert_close(mixed.targets, torch.tensor([[0.75, 0.25], [0.25, 0.75]]))


@pytest.mark.parametrize(("share", "expected"), [(0.7, [0.1, 0.9]), (0.3, [0.9, 0.1]), (0.5, [0.1, 0.9])])
def test_mixup_keeps_the_point_of_the_larger_share(share, expected):
    mixed = blend(batch([(0.1, 0.1), (0.9, 0.9)]), share)
    torch.testing.assert_close(mixed.points[:, 0, 0], torch.tensor(expected))


def test_mixup_without_a_point_in_the_larger_share_has_none():
    mixed = blend(batch([(0.1, 0.1), (0.9, 0.9)], [1, 0]), 0.3)
    assert mixed.has_point.flatten().tolist() == [0, 1]


def test_mixup_keeps_the_map_of_the_larger_share():
    two = batch([(0.1, 0.1), (0.9, 0.9)], saliency=[[[[0.2]]], [[[0.8]]]])
    assert blend(two, 0.6).saliency.equal(two.saliency)
    assert blend(two, 0.4).saliency.equal(two.saliency.flip(0))


# The right half comes from the partner: where Z lies decides whose it is. own, partner, has -> Z of photo 0
CASES = {
    "own survives": ((0.2, 0.5), (0.3, 0.5), (1, 1), (0.2, 0.5)),
    "own is pasted over, the partner's is pasted": ((0.8, 0.5), (0.9, 0.5), (1, 1), (0.9, 0.5)),
    "both are gone": ((0.8, 0.5), (0.3, 0.5), (1, 1), None),
    "both are seen, equal shares": ((0.2, 0.5), (0.9, 0.5), (1, 1), (0.2, 0.5)),
    "own was never there": ((0.2, 0.5), (0.9, 0.5), (0, 1), (0.9, 0.5)),
    "the partner has none": ((0.8, 0.5), (0.9, 0.5), (1, 0), None),
    "a point on the seam is the right pixel's": ((0.5, 0.5), (0.5, 0.2), (1, 1), (0.5, 0.2)),
    "a point on the right border is the last pixel's": ((1.0, 0.5), (1.0, 1.0), (1, 1), (1.0, 1.0)),
}


@pytest.mark.parametrize(("own", "partner", "has", "expected"), CASES.values(), ids=CASES)
def test_cutmix_keeps_the_point_of_the_photo_that_owns_its_pixel(own, partner, has, expected):
    mixed = paste(batch([own, partner], has), HALF)
    assert bool(mixed.has_point[0, 0]) == (expected is not None)
    if expected is not None:
        torch.testing.assert_close(mixed.points[0, 0], torch.tensor(expected))


@pytest.mark.parametrize(("width", "expected"), [(6, 0.1), (10, 0.9)])
def test_cutmix_prefers_the_larger_share_when_both_points_are_seen(width, expected):
    mixed = paste(batch([(0.1, 0.5), (0.9, 0.5)]), Window(0, SIDE - width, SIDE, width))
    assert mixed.points[0, 0, 0].item() == pytest.approx(expected)


def test_cutmix_decides_class_by_class():
    two = batch([[(0.2, 0.5), (0.8, 0.5)], [(0.9, 0.5), (0.3, 0.5)]])
    mixed = paste(two, HALF)
    assert mixed.has_point.tolist() == [[1, 0], [0, 1]]
    assert [mixed.points[0, 0, 0].item(), mixed.points[1, 1, 0].item()] == pytest.approx([0.2, 0.3])


def test_cutmix_corrects_the_share_to_the_pasted_area():
    mixed = paste(batch([(0.1, 0.1), (0.9, 0.9)]), Window(2, 3, 4, 5))
    torch.testing.assert_close(mixed.targets[0], torch.tensor([1 - 20 / 256, 20 / 256]))
    assert (mixed.images[0, 0] == 2).sum() == 20


@settings(max_examples=60)
@given(st.lists(st.tuples(pixels, pixels, st.booleans()), min_size=1, max_size=5), seeds)
def test_a_pixel_painted_at_a_point_is_still_under_it_after_cutmix(places, seed):
    count = len(places)
    spots = batch([((x + 0.5) / SIDE, (y + 0.5) / SIDE) for x, y, _ in places], [[has] for *_, has in places])
    for i, (x, y, _) in enumerate(places):
        spots.images[i, :, y, x] = 100 + i
    mixed = mix(spots, Augmentation(cutmix=1.0), np.random.default_rng(seed))
    for i in range(count):
        if mixed.has_point[i, 0]:
            x, y = (mixed.points[i, 0] * SIDE).long().tolist()
            assert mixed.images[i, 0, y, x].item() in {100 + i, 100 + count - 1 - i}


def test_maps_are_pasted_by_area():
    two = batch([(0.1, 0.1), (0.9, 0.9)], saliency=[np.zeros((1, 2, 2)), np.ones((1, 2, 2))])
    mixed = paste(two, Window(0, 4, 16, 8))  # half of each of the four cells
    torch.testing.assert_close(mixed.saliency, torch.full((2, 1, 2, 2), 0.5))
    right = paste(two, HALF)
    assert right.saliency[0, 0].tolist() == [[0, 1], [0, 1]]
    assert (right.weight == 1).all()


def test_an_unknown_map_leaves_its_share_of_a_cell_unknown():
    two = batch([(0.1, 0.1), (0.9, 0.9)], saliency=[np.full((1, 1, 1), 0.3), np.ones((1, 1, 1))])
    two = replace(two, has_saliency=torch.tensor([[1.0], [0.0]]))
    mixed = paste(two, HALF)
    torch.testing.assert_close(mixed.saliency.flatten(), torch.tensor([0.3, 0.3]))
    torch.testing.assert_close(mixed.weight.flatten(), torch.tensor([0.5, 0.5]))
    assert mixed.has_saliency.flatten().tolist() == [1, 1]
    assert paste(replace(two, has_saliency=torch.zeros(2, 1)), HALF).has_saliency.sum() == 0


@given(st.integers(1, 300), st.integers(1, 300), st.floats(0, 1), seeds)
def test_the_pasted_rectangle_lies_in_the_photo_and_is_no_larger_than_asked(height, width, share, seed):
    w = draw_paste(height, width, share, np.random.default_rng(seed))
    assert 0 <= w.top <= w.top + w.height <= height
    assert 0 <= w.left <= w.left + w.width <= width
    assert w.height * w.width <= (1 - share) * height * width + 1e-6


def test_the_probabilities_are_kept():
    config = Augmentation(mixup=0.8, cutmix=1.0, switch=0.25, mix_probability=0.5)
    rng, two = np.random.default_rng(0), batch([(0.1, 0.1), (0.9, 0.9)])
    mixed = [mix(two, config, rng) for _ in range(600)]
    changed = [m for m in mixed if m is not two]
    plain = [m for m in changed if len(m.images[0].unique()) == 1 and 1 < m.images[0].max() < 2]
    assert abs(len(changed) / 600 - 0.5) < 0.05
    assert abs(len(plain) / len(changed) - 0.75) < 0.08


@pytest.mark.parametrize("config", [Augmentation(mixup=0.8), Augmentation(cutmix=1.0)])
def test_one_seed_gives_one_batch_and_leaves_the_old_one_alone(config):
    three = batch([(0.1, 0.1), (0.5, 0.5), (0.9, 0.9)])
    before = three.images.clone()
    first, second = (mix(three, config, np.random.default_rng(3)) for _ in range(2))
    assert first.images.equal(second.images)
    assert three.images.equal(before)
    torch.testing.assert_close(first.targets.sum(dim=1), torch.ones(3))
    assert first.images[1].unique().tolist() == pytest.approx([2.0])  # the middle photo is its own partner


def test_nothing_is_mixed_unless_told():
    two = batch([(0.1, 0.1), (0.9, 0.9)])
    assert mix(two, Augmentation(), np.random.default_rng(0)) is two
