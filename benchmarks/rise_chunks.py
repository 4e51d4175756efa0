"""How much faster RISE is with more masked pictures a forward pass: `python benchmarks/rise_chunks.py --device cuda`.

Seconds of both in turn, pair by pair: median ratio, and the middle 95 % of medians of resampled pairs. The maps must be
the same.
"""

import statistics
import time
from dataclasses import dataclass

import numpy as np
import torch
import tyro
from torch import Tensor

from sidelight.explain.method import predicted
from sidelight.explain.rise import Rise
from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.recipes.teacher_student import RECIPE

NETWORKS = {"teacher_student": RECIPE.network, "resnet50": Network("resnet50", image_size=224)}
RESAMPLES = 2000


@dataclass(frozen=True)
class RiseChunks:
    """Time RISE with few and with many masked pictures a pass."""

    device: str = "cpu"
    """Or cuda."""
    chunks: tuple[int, int] = (16, 64)
    """Masked pictures a pass."""
    masks: int = 200
    """N of RISE."""
    pictures: int = 8
    """That are explained."""
    pairs: int = 7
    """That count, after one that does not."""
    threads: int = 2
    """Of torch."""


def explained(backbone: Backbone, images: Tensor, chunk: int, asked: RiseChunks) -> tuple[Tensor, float]:
    """The maps, and the seconds they took."""
    begun = time.perf_counter()
    with torch.autocast(asked.device, torch.bfloat16, enabled=asked.device == "cuda"):
        maps = Rise(masks=asked.masks, chunk=chunk)(backbone, images, predicted).maps.cpu()  # waits for the device
    return maps, time.perf_counter() - begun


def main(asked: RiseChunks) -> None:
    torch.set_num_threads(asked.threads)
    print(f"torch {torch.__version__}, {asked.device}, {asked.pictures} pictures, {asked.masks} masks")
    for name, network in NETWORKS.items():
        backbone = Backbone(network, 2, generator_seed=0).eval().to(asked.device)
        side = network.image_size or 224
        images = torch.rand(asked.pictures, 3, side, side, device=asked.device)
        seconds: dict[int, list[float]] = {chunk: [] for chunk in asked.chunks}
        for pair in range(asked.pairs + 1):
            maps = []
            for chunk in asked.chunks if pair % 2 else reversed(asked.chunks):
                found, taken = explained(backbone, images, chunk, asked)
                maps.append(found)
                seconds[chunk].append(taken)
            torch.testing.assert_close(*maps, rtol=0.02, atol=0.02)
        few, many = (seconds[chunk][1:] for chunk in asked.chunks)
        ratios = [a / b for a, b in zip(few, many, strict=True)]
        resampled = np.random.default_rng(0).choice(ratios, (RESAMPLES, len(ratios)))
        low, high = np.quantile(np.median(resampled, axis=1), (0.025, 0.975))
        print(
            f"{name}: {statistics.median(few):.3f} s at {asked.chunks[0]}, {statistics.median(many):.3f} s at "
            f"{asked.chunks[1]}: {statistics.median(ratios):.2f} times as fast [{low:.2f}, {high:.2f}]"
        )


if __name__ == "__main__":
    main(tyro.cli(RiseChunks))
