"""Random networks' outputs and maps: as arrays for a computation by hand, as tensors for the objective."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch

from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch

IMAGES, CLASSES, WIDTH, HIGH, WIDE = 5, 3, 6, 4, 7


@dataclass
class Drawn:
    """Arrays, float64: features F [B, D, h, w], W [C, D], b [C], saliency and weight [B, K, h, w], has [B, K]."""

    features: np.ndarray
    weight: np.ndarray
    bias: np.ndarray
    labels: np.ndarray
    saliency: np.ndarray
    known: np.ndarray
    has: np.ndarray

    @property
    def cams(self):
        """[B, C, h, w], by plain sums."""
        return np.array([[np.tensordot(row, image, axes=1) for row in self.weight] for image in self.features])

    @property
    def outputs(self):
        features, weight, bias = (
            torch.tensor(part, dtype=torch.float32, requires_grad=True)
            for part in (self.features, self.weight, self.bias)
        )
        pooled = features.mean(dim=(2, 3))
        return Outputs(pooled @ weight.T + bias, features, pooled, weight, bias, pooling="mean")

    def batch(self, targets=None):
        one_hot = np.eye(CLASSES)[self.labels] if targets is None else targets
        k = self.has.shape[1]
        return Batch(
            ids=tuple("abcde"),
            images=torch.zeros(IMAGES, 3, 8, 14),
            targets=torch.tensor(one_hot, dtype=torch.float32),
            points=torch.zeros(IMAGES, k, 2),
            has_point=torch.zeros(IMAGES, k),
            saliency=torch.tensor(self.saliency, dtype=torch.float32),
            weight=torch.tensor(self.known, dtype=torch.float32),
            has_saliency=torch.tensor(self.has, dtype=torch.float32),
        )


@pytest.fixture
def draw():
    """Drawn from a seed, with K maps an image; about a third of the cells and of the maps are unknown."""

    def make(seed=0, k=1):
        rng = np.random.default_rng(seed)
        return Drawn(
            features=rng.normal(size=(IMAGES, WIDTH, HIGH, WIDE)),
            weight=rng.normal(size=(CLASSES, WIDTH)),
            bias=rng.normal(size=CLASSES),
            labels=rng.integers(CLASSES, size=IMAGES),
            saliency=rng.random((IMAGES, k, HIGH, WIDE)),
            known=rng.choice([0.0, 0.5, 1.0], (IMAGES, k, HIGH, WIDE)),
            has=np.concatenate([np.ones((2, k)), rng.choice([0.0, 0.5, 1.0], (IMAGES - 2, k))]),
        )

    return make
