"""What the point head costs: `python benchmarks/luab_step.py [--small]`.

Whole training steps (forward, loss, backward, SGD update) of one network with and without LUAB, from the same weights
on the same random pictures, one of each in turn, the order of every pair drawn at random. The ratio of a pair is free
of whatever slows the machine for seconds at a time; the median over the pairs is what counts, and the interval is the
middle 95 % of medians of resampled pairs. The aim is 1.02.
"""

import time
from dataclasses import dataclass

import numpy as np
import torch
import tyro
from torch import nn

from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.records.batch import Batch
from sidelight.train.objective.cross_entropy import CrossEntropy
from sidelight.train.objective.luab import Luab
from sidelight.train.term import Objective, total

CLASSES = 1000
RESAMPLES = 2000


@dataclass(frozen=True)
class LuabStep:
    """Time a LUAB step against a plain one."""

    networks: tuple[str, ...] = ("resnet18", "resnet50")
    """Of timm."""
    size: int = 224
    """Side of the pictures."""
    batch_size: int = 16
    """Pictures a step."""
    pairs: int = 60
    """Pairs of steps that count, after 5 that do not."""
    threads: int = 2
    """Of torch."""
    device: str = "cpu"
    """Or cuda."""
    small: bool = False
    """A quick look: one network, 64 pixels, 8 pictures."""


class Steps:
    """A network in training."""

    def __init__(self, objective: Objective, name: str, device: torch.device) -> None:
        torch.manual_seed(0)
        self.objective = objective
        self.backbone = Backbone(Network(name), CLASSES, generator_seed=0)
        self.backbone.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.heads = objective.heads(self.backbone.width, CLASSES)
        trained = nn.ModuleList([self.backbone, *self.heads.values()]).to(device)
        self.optimizer = torch.optim.SGD(trained.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)

    def seconds(self, batch: Batch) -> float:
        """Take a step; how long it took."""
        begun = time.perf_counter()
        loss = total(self.objective(self.backbone(batch.images), batch, self.heads), {})
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        self.optimizer.step()
        loss.item()  # waits for the device
        return time.perf_counter() - begun


def batch_of(size: int, pictures: int, device: torch.device) -> Batch:
    """Random pictures, labels and points; a quarter has no point."""
    generator = torch.Generator().manual_seed(0)
    batch = Batch(
        ids=tuple(str(number) for number in range(pictures)),
        images=torch.randn(pictures, 3, size, size, generator=generator),
        targets=torch.eye(CLASSES)[torch.randint(CLASSES, (pictures,), generator=generator)],
        points=torch.rand(pictures, 1, 2, generator=generator),
        has_point=(torch.arange(pictures) % 4 != 0).float()[:, None],
    )
    return batch.to(device, channels_last=True)


def paired(plain: Steps, guided: Steps, batch: Batch, pairs: int) -> tuple[list[float], list[float]]:
    """Seconds of the plain and of the guided steps."""
    order = np.random.default_rng(0)
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(pairs + 5):
        for which in order.permutation(2):
            times[which].append((plain, guided)[which].seconds(batch))
    return times[0][5:], times[1][5:]


def interval(ratios: list[float]) -> tuple[float, float]:
    """The middle 95 % of medians of resampled pairs."""
    resampled = np.random.default_rng(0).choice(ratios, (RESAMPLES, len(ratios)))
    low, high = np.quantile(np.median(resampled, axis=1), (0.025, 0.975))
    return float(low), float(high)


def main(settings: LuabStep) -> None:
    torch.set_num_threads(settings.threads)
    device = torch.device(settings.device)
    networks, size, pictures = settings.networks, settings.size, settings.batch_size
    if settings.small:
        networks, size, pictures = networks[:1], 64, 8
    print(f"torch {torch.__version__}, {device}, {settings.threads} threads, {pictures} pictures of {size} pixels")
    print("network     plain ms  LUAB ms  ratio   95 %")
    for name in networks:
        plain, guided = (Steps(objective, name, device) for objective in (CrossEntropy(), Luab(weight=0.1)))
        before, after = paired(plain, guided, batch_of(size, pictures, device), settings.pairs)
        ratios = [b / a for a, b in zip(before, after, strict=True)]
        low, high = interval(ratios)
        plain_ms, luab_ms = (1000 * float(np.median(times)) for times in (before, after))
        spread = f"{np.median(ratios):.4f}  {low:.4f} to {high:.4f}"
        print(f"{name:10}  {plain_ms:8.1f}  {luab_ms:7.1f}  {spread}")


if __name__ == "__main__":
    main(tyro.cli(LuabStep))
