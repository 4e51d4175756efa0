import cv2
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score
from torchmetrics.classification import BinaryAveragePrecision

from sidelight.evaluate.contour_boxes import BoxLaw
from sidelight.evaluate.pixel_ap import PixelCounts, PixelTally, mass_accuracy, rank_accuracy
from sidelight.records.errors import UserFault

GRID = 16
LAW = BoxLaw(grid=GRID, step=0.01)


@st.composite
def scenes(draw):
    """Maps, masks with an object, and what does not count, of some photos."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    photos, side = draw(st.integers(1, 4)), draw(st.integers(1, 8))
    maps = np.round(rng.normal(size=(photos, side, side)), draw(st.sampled_from([0, 6])))
    masks = rng.random((photos, GRID, GRID)) < draw(st.sampled_from([0.02, 0.5]))
    masks[:, 0, 0] = True
    return maps, masks, rng.random((photos, GRID, GRID)) < 0.2


def plain_scores(found):
    if found.min() == found.max():
        return np.zeros((GRID, GRID), np.float32)
    large = cv2.resize(found.astype(np.float32), (GRID, GRID), interpolation=cv2.INTER_CUBIC)
    return (large - large.min()) / (large.max() - large.min())


@settings(max_examples=40, deadline=None)
@given(scenes(), st.sampled_from([0.001, 0.01, 0.05]))
def test_pxap_is_scikit_learn_s_average_precision_of_binned_scores(scene, step):
    maps, masks, ignored = scene
    counts = PixelCounts(1, BoxLaw(grid=GRID, step=step))
    for found, mask, ignore in zip(maps, masks, ignored, strict=True):
        counts.add(found, mask, ignore=ignore)
    scores = np.stack([plain_scores(found) for found in maps])
    binned = np.digitize(scores, [*np.arange(0, 1, step), 1.0, 2.0, 3.0])
    counted = masks | ~ignored
    expected = average_precision_score(masks[counted], binned[counted])
    assert counts.average_precisions() == pytest.approx([expected], abs=1e-7)


@settings(max_examples=20, deadline=None)
@given(scenes())
def test_pxap_is_torchmetrics_with_the_same_thresholds(scene):
    maps, masks, ignored = scene
    counts = PixelCounts(1, LAW)
    thresholds = torch.tensor([*np.arange(0, 1, 0.01), 1.0], dtype=torch.float64)
    metric = BinaryAveragePrecision(thresholds=thresholds, ignore_index=255)
    for found, mask, ignore in zip(maps, masks, ignored, strict=True):
        counts.add(found, mask, ignore=ignore)
        metric.update(torch.tensor(plain_scores(found)), torch.tensor(np.where(ignore & ~mask, 255, mask)))
    assert counts.average_precisions() == pytest.approx([metric.compute().item()], abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(scenes())
def test_mpxap_is_the_mean_over_classes_that_have_a_pixel(scene):
    maps, masks, _ = scene
    tally = PixelTally(4, False, LAW)
    alone = [PixelCounts(1, LAW) for _ in range(2)]
    for number, (found, mask) in enumerate(zip(maps, masks, strict=True)):
        tally.add(found, mask, label=3 * (number % 2))
        alone[number % 2].add(found, mask)
    each = np.concatenate([counts.average_precisions() for counts in alone])
    found = tally.numbers()
    assert found["mpxap"] == pytest.approx(np.nanmean(each))
    assert found["classes_without_pixels"] == 2 + np.isnan(each).sum()


def test_all_photos_of_one_label_are_pooled():
    rng = np.random.default_rng(0)
    maps, masks = rng.random((2, 4, 4)), rng.random((2, GRID, GRID)) < 0.3
    tally, counts = PixelTally(5, True, LAW), PixelCounts(1, LAW)
    for label, (found, mask) in enumerate(zip(maps, masks, strict=True)):
        tally.add(found, mask, label=label)
        counts.add(found, mask)
    assert tally.numbers()["pxap"] == pytest.approx(counts.average_precisions()[0])
    assert "mpxap" not in tally.numbers()


def test_a_map_that_is_the_mask_has_all_and_a_constant_one_the_share_of_the_object():
    mask = np.zeros((GRID, GRID), bool)
    mask[:4] = True
    for found, expected in ((mask * 1.0, 1.0), (mask * 0.0, 0.25)):
        counts = PixelCounts(1, LAW)
        counts.add(found, mask)
        assert counts.average_precisions() == pytest.approx([expected])


@given(scenes())
def test_mass_and_rank_agree_with_plain_loops(scene):
    for found, mask in zip(scene[0], scene[1][:, : scene[0].shape[1], : scene[0].shape[2]], strict=True):
        positive = {(y, x): max(found[y, x], 0) for y, x in np.ndindex(found.shape)}
        total = sum(positive.values())
        inside = sum(value for place, value in positive.items() if mask[place])
        assert mass_accuracy(found, mask) == pytest.approx(inside / total if total else 0)
        k, taken = int(mask.sum()), 0.0
        for value in sorted(set(found.ravel().tolist()), reverse=True):
            level = [place for place in positive if found[place] == value]
            drawn = min(k, len(level))
            taken += drawn * sum(mask[place] for place in level) / len(level)
            k -= drawn
        assert rank_accuracy(found, mask) == pytest.approx(taken / mask.sum())


def test_what_is_ignored_counts_for_no_number():
    found, mask, ignore = np.zeros((GRID, GRID)), np.zeros((GRID, GRID), bool), np.zeros((GRID, GRID), bool)
    mask[:8, 8:] = ignore[:8, :8] = True
    found[mask], found[ignore] = 3.0, 4.0
    tally = PixelTally(1, True, BoxLaw(grid=GRID))
    tally.add(found, mask, label=0, ignore=ignore)
    assert tally.numbers() == {"pxap": 1, "mass_accuracy": 1, "rank_accuracy": 1}


def test_nothing_to_measure_is_a_users_fault():
    tally = PixelTally(2, False, LAW)
    tally.add(np.ones((2, 2)), np.zeros((GRID, GRID), bool), label=0)
    with pytest.raises(UserFault, match="no pixel on an object"):
        tally.numbers()
    with pytest.raises(UserFault, match="not a number"):
        tally.add(np.full((2, 2), np.nan), np.ones((GRID, GRID), bool), label=0)
