import pytest
import torch

from sidelight.model.backbone import Backbone
from sidelight.model.heads import PointHead
from sidelight.model.network import Network
from sidelight.records.batch import Batch

TINY = Network("resnet18", width=0.125, image_size=32)


@pytest.fixture
def backbone():
    """The smallest real network: 64 pooled features, three classes."""
    return Backbone(TINY, 3, generator_seed=0)


@pytest.fixture
def point_head():
    return PointHead(64, 1)


@pytest.fixture
def batches():
    """Seven pictures in batches of four and three."""
    images = torch.rand(7, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    ids = tuple("abcdefg")
    return [
        Batch(
            ids[s], images[s], torch.zeros(len(ids[s]), 3), torch.zeros(len(ids[s]), 1, 2), torch.zeros(len(ids[s]), 1)
        )
        for s in (slice(0, 4), slice(4, 7))
    ]
