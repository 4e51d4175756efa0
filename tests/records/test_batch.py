from dataclasses import replace

import pytest
import torch

from sidelight.records.batch import Batch


@pytest.fixture
def batch():
    return Batch(
        ids=("a", "b"),
        images=torch.rand(2, 3, 4, 6),
        targets=torch.eye(2),
        points=torch.rand(2, 1, 2),
        has_point=torch.ones(2, 1),
    )


def test_a_batch_is_as_long_as_its_ids(batch):
    assert len(batch) == 2


@pytest.mark.parametrize("part", ["ids", "images", "targets", "points", "has_point"])
def test_parts_of_different_length_are_refused(batch, part):
    with pytest.raises(ValueError, match=f"differ in length.*'{part}': 1"):
        replace(batch, **{part: getattr(batch, part)[:1]})


def test_maps_count_too(batch):
    with pytest.raises(ValueError, match="'saliency': 3"):
        replace(batch, saliency=torch.zeros(3, 1, 2, 2))


@pytest.mark.parametrize(("last", "layout"), [(True, torch.channels_last), (False, torch.contiguous_format)])
def test_moving_keeps_the_values_in_the_layout_asked_for(batch, last, layout):
    moved = batch.to(torch.device("cpu"), channels_last=last)
    assert moved.images.is_contiguous(memory_format=layout)
    assert all(torch.equal(getattr(moved, name), getattr(batch, name)) for name in ("images", "targets", "points"))
    assert moved.ids == batch.ids
    assert moved.saliency is None
