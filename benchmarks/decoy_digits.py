"""Right for the right reasons on decoy digits: `python benchmarks/decoy_digits.py`.

A result that is known to hold at small size (ross2017rrr, section 4: decoy MNIST), as a check of our objectives before
they are asked anything new. scikit-learn's digits, 8 x 8, lie in the middle of 14 x 14 pixels; a patch of 3 x 3 in a
corner drawn for each picture has a shade that tells the class in training and nothing in the test. The human map of
every picture is the digit's frame. Three networks: the paper's perceptron with two hidden layers, a convolutional
network whose last features have seen the whole picture, and one, twice as wide, whose last features have seen 6 x 6
pixels of it: a feature on the digit cannot know a corner's shade there.

Plain training, input gradients (`rrr`) and the last layer's map (`energy`, `map_match`), each at the weights given
here, all of which are reported: the validation pictures carry the patch too, so that no weight can be chosen by them.
Controls: `rrr` told as many random pixels instead of the frame, and plain training on patches that tell nothing, the
most that can be reached. A run is a row of the CSV, and one that is there is not repeated.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
import torch
import tyro
from sklearn.datasets import load_digits
from torch import Tensor, nn

from sidelight.evaluate.alignment import energy_inside
from sidelight.explain.cam import cam
from sidelight.model.backbone import Backbone
from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.report.statistics import PairedDifference, holm, paired_difference, spread
from sidelight.train.look import look
from sidelight.train.objective.cross_entropy import CrossEntropy
from sidelight.train.objective.energy import Energy
from sidelight.train.objective.map_match import MapMatch
from sidelight.train.objective.rrr import Rrr
from sidelight.train.objective.table import AnyObjective
from sidelight.train.step import Seen, loss_of

SIDE, EDGE, SCAN = 14, 3, 8
CLASSES = 10
TRAIN = 1000
"""Pictures that train; the other 797 test."""
BATCH, EPOCHS, RATE = 50, 20, 4e-3


@dataclass(frozen=True)
class Pictures:
    """Images [n, 3, 14, 14] in [-1, 1], labels [n], and where a person would look [n, 1, 14, 14]."""

    images: Tensor
    labels: Tensor
    human: Tensor

    def batch(self, rows: Tensor) -> Batch:
        """These pictures as a training step sees them."""
        n = len(rows)
        return Batch(
            ids=tuple(map(str, rows.tolist())),
            images=self.images[rows],
            targets=nn.functional.one_hot(self.labels[rows], CLASSES).float(),
            points=torch.zeros(n, 1, 2),
            has_point=torch.zeros(n, 1),
            saliency=self.human[rows],
            weight=torch.ones(n, 1, SIDE, SIDE),
            has_saliency=torch.ones(n, 1),
        )


def draw_pictures(seed: int, *, telling: bool) -> tuple[Pictures, Pictures]:
    """Training and test pictures.

    Args:
        seed: of the division, the corners and the shades.
        telling: whether the patch tells the class in training.
    """
    scans = load_digits()
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(scans.images))
    corners = rng.integers(0, 2, size=(len(order), 2)) * (SIDE - EDGE)
    shades = rng.integers(0, CLASSES, size=len(order))
    if telling:
        shades[:TRAIN] = scans.target[order[:TRAIN]]
    grey = np.zeros((len(order), SIDE, SIDE), np.float32)
    frame = slice(EDGE, EDGE + SCAN)
    grey[:, frame, frame] = scans.images[order] / 16
    for picture, (row, column), shade in zip(grey, corners, shades, strict=True):
        picture[row : row + EDGE, column : column + EDGE] = 1 - shade / CLASSES
    images = torch.from_numpy(grey * 2 - 1)[:, None].repeat(1, 3, 1, 1)
    labels = torch.from_numpy(scans.target[order].astype(np.int64))
    human = torch.zeros(len(order), 1, SIDE, SIDE)
    human[:, :, frame, frame] = 1
    parts = (slice(None, TRAIN), slice(TRAIN, None))
    train, test = (Pictures(images[part], labels[part], human[part]) for part in parts)
    return train, test


class Net(nn.Module):
    """Features, their mean, and a linear classifier: what the objectives want to see of a network."""

    def __init__(self, net: nn.Sequential, width: int) -> None:
        super().__init__()
        self.net, self.classifier = net, nn.Linear(width, CLASSES)

    def forward(self, images: Tensor) -> Outputs:
        """One pass."""
        features = self.net(images)
        pooled = features.mean(dim=(2, 3))
        weight, bias = self.classifier.weight, self.classifier.bias
        return Outputs(self.classifier(pooled), features, pooled, weight, bias, pooling="mean")


def make_net(name: str) -> Net:
    """One of `NETS`."""
    if name == "perceptron":
        hidden = (nn.Flatten(), nn.Linear(3 * SIDE * SIDE, 50), nn.ReLU(), nn.Linear(50, 30), nn.ReLU())
        return Net(nn.Sequential(*hidden, nn.Unflatten(1, (30, 1, 1))), 30)
    late, width = (3, 32) if name == "cnn" else (1, 64)
    layers: list[nn.Module] = []
    for into, out, size in ((3, 16, 3), (16, 16, 3), (16, width, late), (width, width, late)):
        layers += [nn.Conv2d(into, out, size, padding=size // 2), nn.ReLU()]
    layers.insert(4, nn.MaxPool2d(2))
    return Net(nn.Sequential(*layers), width)


CEILING, RANDOM = "plain, telling nothing", "rrr 0.1, random pixels"
EVERYWHERE: dict[str, AnyObjective] = {
    "plain": CrossEntropy(),
    "rrr 0.1": Rrr(weight=0.1),
    RANDOM: Rrr(weight=0.1),
    CEILING: CrossEntropy(),
}
LAST: dict[str, AnyObjective] = {
    "energy 0.1": Energy(weight=0.1),
    "energy 1": Energy(weight=1.0),
    "map_match 0.1": MapMatch(weight=0.1),
    "map_match 1": MapMatch(weight=1.0),
}
NETS: dict[str, dict[str, AnyObjective]] = {
    "perceptron": EVERYWHERE | {"rrr 1": Rrr(weight=1.0)},
    "cnn": EVERYWHERE | LAST,
    "local cnn": EVERYWHERE | LAST,
}
"""Network -> condition -> objective; a perceptron has no places to be told of at its last layer."""


def train(net: Net, objective: AnyObjective, pictures: Pictures, *, seed: int) -> None:
    """So many epochs of Adam."""
    weights = torch.optim.Adam(net.parameters(), lr=RATE)
    order = torch.Generator().manual_seed(seed)
    for _ in range(EPOCHS):
        for rows in torch.split(torch.randperm(len(pictures.labels), generator=order), BATCH):
            # `look` asks of a backbone nothing but to be called, and for the names of its layers.
            outputs, batch = look(objective, cast("Backbone", net), pictures.batch(rows))
            loss = loss_of(Seen(outputs, objective(outputs, batch, {})), objective, getattr(objective, "weight", 0.0))
            weights.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            weights.step()


def run(net_name: str, condition: str, seed: int) -> dict[str, float]:
    """Train one network; accuracy on the training and the test pictures, and where its map lies."""
    pictures, test = draw_pictures(seed, telling=condition != CEILING)
    if condition == RANDOM:
        noise = torch.rand(pictures.human.shape, generator=torch.Generator().manual_seed(seed)).flatten(1)
        chosen = noise.argsort(dim=1) < SCAN * SCAN
        pictures = Pictures(pictures.images, pictures.labels, chosen.float().reshape(pictures.human.shape))
    torch.manual_seed(seed)
    net = make_net(net_name)
    train(net, NETS[net_name][condition], pictures, seed=seed)
    with torch.no_grad():
        seen = net(test.images)
        inside = energy_inside(cam(seen, test.labels).numpy(), list(test.human[:, 0].numpy()))
        accuracy = {
            name: float((net(part.images).logits.argmax(1) == part.labels).float().mean())
            for name, part in (("train", pictures), ("test", test))
        }
    return accuracy | ({} if net_name == "perceptron" else {"energy_inside": inside})


@dataclass(frozen=True)
class DecoyDigits:
    """Train what is missing, and write the tables."""

    out: Path = Path("docs/results/when-guidance-helps")
    """Folder of decoy-digits.csv and decoy-digits.md."""
    seeds: int = 5
    """0 to seeds - 1; a seed draws the division, the patches and the initial weights."""
    nets: tuple[str, ...] = field(default_factory=lambda: tuple(NETS))
    """Which networks."""


COLUMNS = ("net", "condition", "seed", "train", "test", "energy_inside")
Key = tuple[str, str, int]


def read(file: Path) -> dict[Key, dict[str, float]]:
    """The runs that are finished."""
    if not file.exists():
        return {}
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {
        (row["net"], row["condition"], int(row["seed"])): {name: float(row[name]) for name in COLUMNS[3:] if row[name]}
        for row in rows
    }


def tables(found: Mapping[Key, Mapping[str, float]]) -> Iterator[str]:
    """Markdown: a table a network, its conditions against its plain training, on the seeds that all have finished."""
    for net, conditions in NETS.items():
        seeds = set.intersection(*({seed for n, c, seed in found if (n, c) == (net, name)} for name in conditions))
        if not seeds:
            continue
        values = {
            (name, metric): {seed: v for seed in sorted(seeds) if (v := found[net, name, seed].get(metric)) is not None}
            for name in conditions
            for metric in COLUMNS[3:]
        }
        others = [name for name in conditions if name != "plain"]
        gains = [paired_difference(values[n, "test"], values["plain", "test"], thing=f"{net}: {n}") for n in others]
        beside = dict(zip(others, zip(gains, holm([gain.p for gain in gains]), strict=True), strict=True))
        yield f"\n**{net}**, {len(seeds)} seed{'s' if len(seeds) > 1 else ', not a claim'}\n"
        yield "| condition | training pictures | test, patch tells nothing | minus plain | energy in the frame |"
        yield "| --- | --: | --: | --: | --: |"
        for name in ("plain", *others):
            seen, unseen, inside = (_percent(values[name, metric]) for metric in COLUMNS[3:])
            gain = _gain(*beside[name]) if name in beside else ""
            yield f"| {name} | {seen} | {unseen} | {gain} | {inside} |"


def _percent(values: Mapping[int, float]) -> str:
    if not values:
        return ""
    seen = spread([100 * value for value in values.values()])
    return f"{seen.mean:.1f}" + ("" if seen.std is None else f" ± {seen.std:.1f}")


def _gain(gain: PairedDifference, p: float | None) -> str:
    text = f"{100 * gain.mean:+.1f}"
    if gain.interval is None or p is None:
        return text
    low, high = (100 * edge for edge in gain.interval)
    return f"{text} [{low:+.1f}, {high:+.1f}], p {'< .001' if p < 0.001 else f'= {p:.3f}'}"


def main(asked: DecoyDigits) -> None:
    """Run what is missing, seed after seed; write after every run."""
    torch.set_num_threads(1)
    file = asked.out / "decoy-digits.csv"
    found = read(file)
    for seed in range(asked.seeds):
        for net in asked.nets:
            for condition in NETS[net]:
                if (net, condition, seed) in found:
                    continue
                found[net, condition, seed] = run(net, condition, seed)
                print(net, condition, seed, found[net, condition, seed], flush=True)
                with file.open("w", newline="") as lines:
                    writer = csv.DictWriter(lines, COLUMNS, restval="", lineterminator="\n")
                    writer.writeheader()
                    writer.writerows(
                        {
                            "net": key[0],
                            "condition": key[1],
                            "seed": key[2],
                            **{m: f"{v:.6f}" for m, v in numbers.items()},
                        }
                        for key, numbers in sorted(found.items())
                    )
    (asked.out / "decoy-digits.md").write_text("\n".join(tables(found)) + "\n")


if __name__ == "__main__":
    main(tyro.cli(DecoyDigits))
