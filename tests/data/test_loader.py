import threading
from dataclasses import fields, replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch

from sidelight.data.augment.config import Augmentation, RandAugment
from sidelight.data.format.points import PointTable
from sidelight.data.images import ImageStore
from sidelight.data.loader import Labelled, Normalisation, TrainingBatches, evaluation_batches
from sidelight.data.saliency import Drawing, SaliencyTable

CLASSES = 3
PLAIN = Normalisation(mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))
RICH = Augmentation(size=12, randaugment=RandAugment(), jitter=0.4, erasing=0.5, mixup=0.8, cutmix=1.0)
STILL = Augmentation(size=16, crop="none", flip=0.0)


class Drawn(ImageStore):
    """Pictures that are drawn when asked for: noise, the same each time."""

    def __init__(self, n):
        super().__init__([Path(f"{place}.png") for place in range(n)])

    def __getitem__(self, place):
        return np.random.default_rng(place).integers(0, 256, (16, 20, 3)).astype(np.uint8)


def labelled(n=20, *, k=1, xy=None, has=None):
    rng = np.random.default_rng(1)
    points = PointTable(
        xy=rng.random((n, k, 2), dtype=np.float32) if xy is None else xy,
        has=rng.random((n, k)) < 0.7 if has is None else has,
    )
    targets = np.eye(CLASSES, dtype=np.float32)[np.arange(n) % CLASSES]
    return Labelled(
        tuple(f"photo_{i}" for i in range(n)), Drawn(n), targets if k == 1 else np.ones_like(targets), points
    )


def source(data=None, augmentation=RICH, **settings):
    settings = {"batch_size": 4, "normalisation": PLAIN, "seed": 5} | settings
    return TrainingBatches(data or labelled(), augmentation, **settings)


def evaluated(data, augmentation=STILL, *, batch_size=4, normalisation=PLAIN):
    return list(evaluation_batches(data, augmentation, batch_size=batch_size, normalisation=normalisation))


def same(one, other):
    """Whether two batches are equal bit for bit."""
    pairs = [(getattr(one, field.name), getattr(other, field.name)) for field in fields(one)]
    return all(torch.equal(a, b) if isinstance(a, torch.Tensor) else a == b for a, b in pairs)


def all_same(batches, others):
    return all(same(one, other) for one, other in zip(batches, others, strict=True))


def ids_of(batches):
    return [name for batch in batches for name in batch.ids]


@pytest.fixture(scope="module")
def epoch():
    return list(source().epoch(2))


@pytest.mark.parametrize("workers", [1, 3])
def test_batches_do_not_depend_on_the_number_of_workers(epoch, workers):
    assert all_same(source(workers=workers).epoch(2), epoch)


@pytest.mark.parametrize("workers", [0, 1, 3])
@pytest.mark.parametrize("first", range(6))
def test_an_epoch_can_be_entered_at_any_batch(epoch, first, workers):
    assert all_same(source(workers=workers).epoch(2, first=first), epoch[first:])


def test_batches_can_be_had_again_and_in_any_order(epoch):
    batches = source()
    list(batches.epoch(0))
    assert all_same(batches.epoch(2), epoch)


def test_who_stops_in_the_middle_leaves_no_thread_behind():
    before = threading.active_count()
    batches = source(workers=2).epoch(0)
    assert all_same(islice(batches, 2), islice(source().epoch(0), 2))
    batches.close()
    assert threading.active_count() == before


def views_of(batches):
    """What each picture looked like, by its id."""
    return {name: image for batch in batches for name, image in zip(batch.ids, batch.images, strict=True)}


def test_another_epoch_or_seed_gives_another_order_and_other_crops():
    calm = replace(RICH, mixup=0, cutmix=0)
    epoch, *others = (list(source(augmentation=calm, seed=s).epoch(e)) for s, e in ((5, 2), (5, 3), (6, 2)))
    for other in others:
        assert ids_of(other) != ids_of(epoch)
        seen, before = views_of(other), views_of(epoch)
        assert not any(torch.equal(seen[name], before[name]) for name in seen)


def test_every_batch_is_mixed_by_a_share_of_its_own():
    batches = source(augmentation=replace(STILL, mixup=1.0), batch_size=4).epoch(0)
    shares = {round(float(batch.targets[batch.targets > 0].min()), 5) for batch in batches}
    assert len(shares) >= 4


def test_every_picture_comes_once_an_epoch():
    assert sorted(ids_of(source().epoch(0))) == sorted(labelled().ids)


def test_a_last_smaller_batch_is_left_out_of_training():
    batches = source(labelled(11))
    assert len(batches) == 2
    assert [len(batch) for batch in batches.epoch(0)] == [4, 4]


def test_few_pictures_make_one_small_batch():
    batches = source(labelled(3))
    assert (len(batches), [len(batch) for batch in batches.epoch(0)]) == (1, [3])


@pytest.mark.parametrize("world", [2, 3])
def test_ranks_share_out_the_batch_of_a_single_process(world):
    calm = replace(RICH, mixup=0, cutmix=0)
    whole = list(source(augmentation=calm).epoch(1))
    for rank in range(world):
        for mine, batch in zip(source(augmentation=calm, rank=rank, world=world).epoch(1), whole, strict=True):
            assert mine.ids == batch.ids[rank::world]
            assert torch.equal(mine.images, batch.images[rank::world])
            assert torch.equal(mine.points, batch.points[rank::world])


def test_order_and_crops_do_not_depend_on_the_points():
    calm, data = replace(RICH, mixup=0, cutmix=0), labelled()
    untold = replace(data, points=PointTable(1 - data.points.xy, np.zeros_like(data.points.has)))
    for told, other in zip(source(data, calm).epoch(0), source(untold, calm).epoch(0), strict=True):
        assert told.ids == other.ids
        assert torch.equal(told.images, other.images)
        assert not other.has_point.any()


def test_a_picture_s_crop_depends_on_its_id_not_on_its_place():
    calm, data = replace(RICH, mixup=0, cutmix=0), labelled(8)
    batch = next(source(data, calm, batch_size=8).epoch(0))
    renamed = replace(data, ids=tuple(f"{name}_b" for name in data.ids))
    other = next(source(renamed, calm, batch_size=8).epoch(0))
    assert other.ids == tuple(f"{name}_b" for name in batch.ids)
    assert not any(torch.equal(a, b) for a, b in zip(batch.images, other.images, strict=True))


def corner(has=True):
    """Four pictures clicked in their upper left corner, which hardly any crop keeps."""
    return labelled(4, xy=np.full((4, 1, 2), 0.001, np.float32), has=np.full((4, 1), has))


def test_a_point_that_leaves_the_crop_loses_its_weight_and_its_picture_keeps_its_label():
    batch = next(source(corner(), Augmentation(size=8, crop_scale=(0.3, 0.4), flip=0.0)).epoch(0))
    assert batch.has_point.sum() == 0
    assert batch.points.abs().sum() == 0
    assert (batch.targets.sum(dim=1) == 1).all()


def test_a_point_that_stays_has_weight_one():
    batch = next(
        source(corner(), Augmentation(size=8, crop_scale=(1.0, 1.0), crop_ratio=(1.25, 1.25), flip=0.0)).epoch(0)
    )
    assert batch.has_point.tolist() == [[1.0]] * 4
    assert batch.points.flatten().tolist() == pytest.approx([0.001] * 8)


def test_a_flip_mirrors_the_point_with_the_picture():
    turned = next(source(corner(), replace(STILL, flip=1.0, eval_fit="squash")).epoch(0))
    still = next(source(corner(), replace(STILL, eval_fit="squash")).epoch(0))
    assert torch.equal(turned.images, still.images.flip(-1))
    assert turned.points[..., 0].flatten().tolist() == pytest.approx([0.999] * 4)


def test_labels_can_leave_with_their_points():
    xy = np.full((2, CLASSES, 2), 0.5, np.float32)
    xy[:, 1] = 0.001
    data = labelled(2, k=CLASSES, xy=xy, has=np.array([[True, True, False]] * 2))
    leaving = Augmentation(size=8, crop_scale=(0.3, 0.4), flip=0.0, point_leaves="drop_label")
    for batch in (next(source(data, leaving, seed=seed).epoch(0)) for seed in range(5)):
        assert (batch.targets[:, 1] == 0).all()
        assert (batch.targets[:, 2] == 1).all()
        assert torch.equal(batch.targets[:, 0], batch.has_point[:, 0])


def test_nobody_s_point_never_appears():
    batches = source(corner(has=False), STILL).epoch(0)
    assert not any(batch.has_point.any() or batch.points.any() for batch in batches)


def test_evaluation_shows_every_picture_once_in_order():
    batches = evaluated(labelled(10))
    assert [len(batch) for batch in batches] == [4, 4, 2]
    assert ids_of(batches) == list(labelled(10).ids)


def test_evaluation_knows_no_chance_and_no_batch_size():
    batches = evaluated(labelled(10), RICH)
    (whole,) = evaluated(labelled(10), RICH, batch_size=10)
    assert torch.equal(torch.cat([batch.images for batch in batches]), whole.images)
    assert torch.equal(whole.targets, torch.from_numpy(labelled(10).targets))


def test_evaluation_never_drops_a_label():
    data = labelled(2, k=CLASSES, xy=np.full((2, CLASSES, 2), 0.01, np.float32), has=np.ones((2, CLASSES), bool))
    (batch,) = evaluated(data, replace(STILL, point_leaves="drop_label"))
    assert batch.has_point.sum() == 0  # the central square of 20 x 16 pixels begins at x = 0.1
    assert (batch.targets == 1).all()


def test_pictures_are_normalised_as_the_model_wants():
    mean, std = (0.1, 0.5, 0.9), (0.5, 0.25, 2.0)
    (bare,), (batch,) = (evaluated(labelled(1), normalisation=n) for n in (PLAIN, Normalisation(mean, std)))
    expected = (bare.images - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    assert torch.allclose(batch.images, expected, atol=1e-5)
    assert bare.images.min() >= 0
    assert bare.images.max() <= 1


def test_parts_of_different_length_are_refused():
    data = labelled(4)
    with pytest.raises(ValueError, match=r"differ in length: \[3, 4\]"):
        replace(data, ids=data.ids[:3])


def mapped(n=20, *, k=1, places=None, values=None, **known):
    """Pictures of which two in three have a map of class k - 1: a spot at one cell of 16 x 16."""

    def drawings():
        for row in range(n):
            if places is None and row % 3 == 0:
                continue
            drawn = np.zeros((16, 16))
            drawn[places or (row % 16, (3 * row) % 16)] = 1
            yield Drawing(row, k - 1, drawn if values is None else values, worth=0.5 if row % 2 else 1.0)

    return replace(labelled(n, k=k, **known), saliency=SaliencyTable.of(drawings(), n, k=k, size=16))


def test_a_run_without_maps_has_none():
    assert all(getattr(evaluated(labelled(1))[0], name) is None for name in ("saliency", "weight", "has_saliency"))


@pytest.mark.parametrize("k", [1, CLASSES])
def test_maps_come_with_their_weights_where_there_are_any(k):
    squashed = replace(STILL, eval_fit="squash")
    (batch,) = evaluated(mapped(k=k), squashed, batch_size=20)
    assert batch.saliency.shape == batch.weight.shape == (20, k, 16, 16)
    for row in range(20):
        there = row % 3 > 0
        assert batch.has_saliency[row].tolist() == [0.0] * (k - 1) + [there * (0.5 if row % 2 else 1.0)]
        assert batch.weight[row, k - 1].unique().tolist() == [float(there)]
        assert batch.saliency[row, :, row % 16, (3 * row) % 16].tolist() == [0.0] * (k - 1) + [float(there)]
    assert batch.saliency[:, : k - 1].sum() == 0


def test_maps_are_augmented_with_their_pictures():
    spots = mapped(
        places=(3, 12), xy=np.full((20, 1, 2), (12.5 / 16, 3.5 / 16), np.float32), has=np.ones((20, 1), bool)
    )
    cells = (torch.arange(16) + 0.5) / 16
    for batch in source(spots, Augmentation(size=24, crop_scale=(0.3, 1.0))).epoch(0):
        for row in torch.nonzero(batch.has_saliency[:, 0])[:, 0].tolist():
            drawn, (x, y) = batch.saliency[row, 0], batch.points[row, 0].tolist()
            if min(x, y) > 0.1 and max(x, y) < 0.9:
                assert float((drawn.sum(dim=0) * cells).sum() / drawn.sum()) == pytest.approx(x, abs=0.05)
                assert float((drawn.sum(dim=1) * cells).sum() / drawn.sum()) == pytest.approx(y, abs=0.05)


def test_a_crop_that_loses_what_people_looked_at_has_no_map():
    batch = next(source(mapped(4, places=(0, 0)), STILL).epoch(0))  # the central square begins at x = 0.1
    assert batch.has_saliency.sum() == batch.weight.sum() == batch.saliency.sum() == 0
    assert (batch.targets.sum(dim=1) == 1).all()


@pytest.mark.parametrize("workers", [0, 3])
def test_batches_with_maps_are_the_same_for_any_number_of_workers(workers):
    mixing = replace(RICH, blur_outside=0.5)
    assert all_same(source(mapped(), mixing, workers=workers).epoch(1), source(mapped(), mixing).epoch(1))


def test_order_and_crops_do_not_depend_on_the_maps():
    for told, other in zip(source(mapped(), RICH).epoch(0), source(labelled(), RICH).epoch(0), strict=True):
        assert told.ids == other.ids
        assert torch.equal(told.images, other.images)


def test_mixed_batches_keep_the_maps_of_their_photos():
    for alpha in ({"mixup": 1.0}, {"cutmix": 1.0}):
        for batch in source(mapped(), replace(STILL, **alpha)).epoch(0):
            assert ((batch.has_saliency > 0) <= (batch.weight.sum(dim=(2, 3)) > 0)).all()
            assert batch.saliency.isfinite().all()


def test_maps_of_another_number_of_pictures_are_refused():
    with pytest.raises(ValueError, match=r"maps differ in length: \[4, 20\]"):
        replace(labelled(4), saliency=mapped().saliency)
