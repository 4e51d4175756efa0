import pytest
import torch

from sidelight.model.backbone import Backbone
from sidelight.model.network import Network


@pytest.fixture(scope="session")
def networks():
    """Backbones in evaluation mode, made once each: `networks(name, size, pooling)`."""
    made = {}

    def make(name, size, pooling="own"):
        if (name, size, pooling) not in made:
            network = Network(name, image_size=size, pooling=pooling)
            made[name, size, pooling] = Backbone(network, 3, generator_seed=0).eval()
        return made[name, size, pooling]

    return make


@pytest.fixture(scope="session")
def pictures():
    """Two pictures of noise, as large as asked for."""

    def draw(height, width=None):
        return torch.rand(2, 3, height, width or height, generator=torch.Generator().manual_seed(1))

    return draw
