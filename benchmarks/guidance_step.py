"""What guidance by maps costs: `python benchmarks/guidance_step.py [--small]`.

Whole training steps (forward, loss, backward, SGD update) of one network, plain and under each objective, from the same
weights on the same random pictures and maps. In every round each of them takes one step, in an order drawn at random; a
guided step is divided by the plain step of its round, so that whatever slows the machine for seconds at a time leaves
the ratio alone. The median over the rounds is what counts, and the interval is the middle 95 % of medians of resampled
rounds. The aims: 1.03 with the last layer's map, 1.4 with Grad-CAM at an inner layer; input gradients as they are.

`reference` is CYBORG as its authors' script computes it, for comparison: a loop over the pictures, and for DenseNet a
second forward pass.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
import tyro
from torch import Tensor, nn
from torch._ops import OpOverload
from torch.nn.functional import cross_entropy, mse_loss
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.records.batch import Batch
from sidelight.train.look import look
from sidelight.train.objective.cross_entropy import CrossEntropy
from sidelight.train.objective.cyborg import Cyborg
from sidelight.train.objective.dense_saliency import DenseSaliency
from sidelight.train.objective.energy import Energy
from sidelight.train.objective.map_match import MapMatch
from sidelight.train.objective.rrr import Rrr
from sidelight.train.step import Seen, loss_of
from sidelight.train.term import GuidedObjective, Objective

CLASSES = 1000
RESAMPLES = 2000
INNER = {"resnet": "layer3", "densenet": "features.denseblock3"}
"""Where Grad-CAM is taken inside, by family: the layer before the last stage."""

CLOCKS = {"wall": time.perf_counter, "processor": time.process_time}

Loss = Callable[[Backbone, Batch], Tensor]


@dataclass(frozen=True)
class GuidanceStep:
    """Time guided steps against plain ones."""

    networks: tuple[str, ...] = ("resnet50", "densenet121")
    """Of timm."""
    size: int = 224
    """Side of the pictures."""
    batch_size: int = 8
    """Pictures a step."""
    rounds: int = 15
    """Rounds that count, after 2 that do not."""
    threads: int = 2
    """Of torch."""
    device: str = "cpu"
    """Or cuda."""
    clock: Literal["wall", "processor"] = "wall"
    """Seconds that pass, or that this process computed: with one thread the latter are what would pass on a quiet
    machine, and can be had on a busy one."""
    count: bool = False
    """Count the additions and multiplications of one step each instead: the same on every machine, busy or not."""
    small: bool = False
    """A quick look: ResNet-18, 64 pixels, 5 rounds."""


class Steps:
    """A network in training."""

    def __init__(self, name: str, loss: Loss, head: nn.Module, device: torch.device) -> None:
        self.loss = loss
        self.backbone = Backbone(Network(name), CLASSES, generator_seed=0)
        self.backbone.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        trained = nn.ModuleList([self.backbone, head]).to(device)
        self.optimizer = torch.optim.SGD(trained.parameters(), lr=0.005, momentum=0.9, weight_decay=1e-6)

    def seconds(self, batch: Batch, clock: Callable[[], float]) -> float:
        """Take a step; how long it took."""
        begun = clock()
        loss = self.loss(self.backbone, batch)
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        self.optimizer.step()
        loss.item()  # waits for the device
        return clock() - begun


def guided(objective: Objective, heads: nn.ModuleDict) -> Loss:
    """The loss of one of our objectives, as the training loop computes it."""
    weight = objective.weight if isinstance(objective, GuidedObjective) else 0.0

    def loss(backbone: Backbone, batch: Batch) -> Tensor:
        outputs, seen = look(objective, backbone, batch)
        return loss_of(Seen(outputs, objective(outputs, seen, dict(heads.items()))), objective, weight)

    return loss


def reference(layer: str, *, again: bool) -> Loss:
    """The authors' way: the map of every picture on its own; `again` computes its features by a second pass."""

    def loss(backbone: Backbone, batch: Batch) -> Tensor:
        outputs = backbone(batch.images, () if again else (layer,))
        features = backbone.net.forward_features(batch.images) if again else outputs.inner[layer]
        predicted, cams = outputs.logits.argmax(dim=1), []
        for place, tensor in enumerate(features):
            found = (outputs.weight[predicted[place]] @ tensor.reshape(len(tensor), -1)).reshape(tensor.shape[1:])
            found = found - found.min()
            cams.append(found / found.max())
        assert batch.saliency is not None
        human = nn.functional.adaptive_avg_pool2d(batch.saliency, cams[0].shape)[:, 0]
        return 0.5 * cross_entropy(outputs.logits, batch.targets) + 0.5 * mse_loss(torch.stack(cams), human)

    return loss


def contestants(name: str, device: torch.device) -> dict[str, Steps]:
    """Everything that is timed, by its name in the table; the plain step first."""
    inner = next(layer for family, layer in INNER.items() if name.startswith(family))
    objectives: dict[str, Objective] = {
        "plain": CrossEntropy(),
        "cyborg": Cyborg(),
        "map_match": MapMatch(),
        "energy": Energy(),
        "dense_saliency": DenseSaliency(),
        f"map_match at {inner}": MapMatch(layer=inner),
        "rrr": Rrr(),
    }
    found = {}
    for label, objective in objectives.items():
        torch.manual_seed(0)
        heads = nn.ModuleDict(objective.heads(WIDTHS[name], CLASSES))
        found[label] = Steps(name, guided(objective, heads), heads, device)
    dense = name.startswith("densenet")
    script = reference(Cyborg(compat="cyborg").layers(found["plain"].backbone.net)[0], again=dense)
    return found | {"reference cyborg": Steps(name, script, nn.ModuleDict(), device)}


WIDTHS = {"resnet18": 512, "resnet50": 2048, "densenet121": 1024}


def batch_of(size: int, pictures: int, device: torch.device) -> Batch:
    """Random pictures, labels and maps; a quarter has no map."""
    generator = torch.Generator().manual_seed(0)
    batch = Batch(
        ids=tuple(str(number) for number in range(pictures)),
        images=torch.randn(pictures, 3, size, size, generator=generator),
        targets=torch.eye(CLASSES)[torch.randint(CLASSES, (pictures,), generator=generator)],
        points=torch.zeros(pictures, 1, 2),
        has_point=torch.zeros(pictures, 1),
        saliency=torch.rand(pictures, 1, 32, 32, generator=generator),
        weight=torch.ones(pictures, 1, 32, 32),
        has_saliency=(torch.arange(pictures) % 4 != 0).float()[:, None],
    )
    return batch.to(device, channels_last=True)


def timed(steps: dict[str, Steps], batch: Batch, rounds: int, clock: Callable[[], float]) -> dict[str, list[float]]:
    """Seconds a round of each."""
    order, names = np.random.default_rng(0), list(steps)
    times: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds + 2):
        for which in order.permutation(len(names)):
            times[names[which]].append(steps[names[which]].seconds(batch, clock))
    return {name: found[2:] for name, found in times.items()}


class Operations(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts additions and multiplications of convolutions and matrix products; torch's own counter cannot count
    gradients with respect to pictures.
    """

    total = 0

    def __torch_dispatch__(
        self,
        func: OpOverload[..., object],
        types: Sequence[type],
        args: tuple[object, ...] = (),
        kwargs: dict[str, object] | None = None,
    ) -> object:
        """Run an operation, and count it if it is one of those."""
        found = func(*args, **(kwargs or {}))
        if count := flop_registry.get(func.overloadpacket):
            self.total += int(count(*args, **(kwargs or {}), out_val=found))
        return found


def counted(steps: dict[str, Steps], batch: Batch) -> None:
    """Print the arithmetic of one step of each."""
    plain = 0
    for label, each in steps.items():
        with Operations() as done:  # type: ignore[no-untyped-call]
            each.seconds(batch, CLOCKS["wall"])
        plain = plain or done.total
        print(f"{label:34}{done.total / 1e9:8.1f} G {done.total / plain:8.4f}")


def interval(ratios: list[float]) -> tuple[float, float]:
    """The middle 95 % of medians of resampled rounds."""
    resampled = np.random.default_rng(0).choice(ratios, (RESAMPLES, len(ratios)))
    low, high = np.quantile(np.median(resampled, axis=1), (0.025, 0.975))
    return float(low), float(high)


def main(settings: GuidanceStep) -> None:
    torch.set_num_threads(settings.threads)
    device = torch.device(settings.device)
    networks, size, rounds = settings.networks, settings.size, settings.rounds
    if settings.small:
        networks, size, rounds = ("resnet18",), 64, 5
    print(f"torch {torch.__version__}, {device}, {settings.threads} threads, {settings.clock} time")
    print(f"{settings.batch_size} pictures of {size} pixels, {rounds} rounds")
    for name in networks:
        batch = batch_of(size, settings.batch_size, device)
        steps = contestants(name, device)
        print(f"\n{name}")
        if settings.count:
            counted(steps, batch)
            continue
        times = timed(steps, batch, rounds, CLOCKS[settings.clock])
        print(f"{'':34}      ms  ratio   95 %")
        for label, seconds in times.items():
            ratios = [b / a for a, b in zip(times["plain"], seconds, strict=True)]
            low, high = interval(ratios)
            spread = f"{np.median(ratios):.3f}   {low:.3f} to {high:.3f}"
            print(f"{label:34}{1000 * float(np.median(seconds)):8.1f}  {spread}")


if __name__ == "__main__":
    main(tyro.cli(GuidanceStep))
