"""What evaluating costs beside the network: `python benchmarks/evaluate_rate.py [--small]`.

Pictures are drawn, laid out as ImageNetV2 and cut once into the cache; then the same number of pictures goes through
the bare network (inputs ready on the device, same batches and number format) and through the whole evaluation
(listing, cache, normalising, forward pass, answers, numbers), one of each in turn, the order of every pair drawn at
random. The ratio of a pair is free of whatever slows the machine for seconds at a time; the median over the pairs is
what counts, and the interval is the middle 95 % of medians of resampled pairs. The aim is 0.95.
"""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
import tyro

from sidelight.data.public.imagenet_v2 import FOLDERS
from sidelight.evaluate.public.measure import Preparation
from sidelight.model.backbone import Backbone
from sidelight.model.files import save_tensors
from sidelight.model.network import Network
from sidelight.pipeline.public import Place, chosen, evaluate_public
from sidelight.pipeline.public_model import PublicModel, load_public
from sidelight.pipeline.public_pass import Pace

RESAMPLES = 2000
SIDES = (375, 500)
"""Height and width of the pictures, as most of ImageNet's."""


@dataclass(frozen=True)
class EvaluateRate:
    """Time evaluations against the bare network."""

    networks: tuple[str, ...] = ("resnet50", "vit_small_patch16_224")
    """Of timm, with random weights."""
    pictures: int = 1000
    """Pictures of one evaluation."""
    batch_size: int = 64
    """Pictures a forward pass."""
    pairs: int = 15
    """Pairs that count, after 2 that do not."""
    threads: int = 2
    """Of torch."""
    workers: int = 1
    """Of the evaluation, beside it."""
    small: bool = False
    """A quick look: one small network, 128 pictures, 3 pairs."""


def draw(root: Path, pictures: int) -> None:
    """JPEG files of coloured noise in ImageNetV2's folders."""
    rng = np.random.default_rng(0)
    for number in range(pictures):
        file = root / FOLDERS["matched_frequency"][0] / str(number % 1000) / f"{number}.jpeg"
        file.parent.mkdir(parents=True, exist_ok=True)
        coarse = rng.integers(0, 256, (12, 16, 3), dtype=np.uint8)
        cv2.imwrite(str(file), cv2.resize(coarse, SIDES[::-1], interpolation=cv2.INTER_CUBIC))


def random_model(name: str, folder: Path) -> PublicModel:
    """A network of timm with random weights, read from a checkpoint as anybody's would be."""
    save_tensors(folder / f"{name}.safetensors", Backbone(Network(name), 1000, generator_seed=0).export_state())
    return load_public(f"timm:{name}", weights=folder / f"{name}.safetensors")


def bare_seconds(model: PublicModel, images: torch.Tensor, pictures: int) -> float:
    """Seconds of the forward passes alone."""
    rest = pictures % len(images)
    begun = time.perf_counter()
    with torch.inference_mode(), torch.backends.cudnn.flags(allow_tf32=False):
        for _ in range(pictures // len(images)):
            logits = model.subject.backbone(images).logits
        if rest:
            logits = model.subject.backbone(images[:rest]).logits
        logits.sum().item()  # waits for the device
    return time.perf_counter() - begun


def evaluation_seconds(model: PublicModel, place: Place, pace: Pace) -> float:
    """Seconds of a whole evaluation whose pictures are in the cache."""
    begun = time.perf_counter()
    evaluate_public(model, chosen(["imagenet_v2"]), place, pace=pace)
    return time.perf_counter() - begun


def interval(ratios: list[float]) -> tuple[float, float]:
    """The middle 95 % of medians of resampled pairs."""
    resampled = np.random.default_rng(0).choice(ratios, (RESAMPLES, len(ratios)))
    low, high = np.quantile(np.median(resampled, axis=1), (0.025, 0.975))
    return float(low), float(high)


def paired(model: PublicModel, settings: EvaluateRate, pictures: int, folder: Path) -> tuple[list[float], list[float]]:
    """Seconds of the bare network and of the evaluation, pair by pair."""
    place = Place(folder, partial=True)
    pace = Pace(batch_size=settings.batch_size, workers=settings.workers, cache=folder / "cache")
    shape = (settings.batch_size, model.view.size, model.view.size, 3)
    views = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    images = model.inputs(views, Preparation())
    order = np.random.default_rng(0)
    times: tuple[list[float], list[float]] = ([], [])
    evaluation_seconds(model, place, pace)  # fills the cache
    for _ in range(settings.pairs + 2):
        for which in order.permutation(2):
            took = evaluation_seconds(model, place, pace) if which else bare_seconds(model, images, pictures)
            times[which].append(took)
    return times[0][2:], times[1][2:]


def main(settings: EvaluateRate) -> None:
    torch.set_num_threads(settings.threads)
    if settings.small:
        settings = EvaluateRate(("resnet18",), 128, 32, 3, settings.threads)
    where = torch.cuda.get_device_name() if torch.cuda.is_available() else f"cpu, {settings.threads} threads"
    print(f"torch {torch.__version__}, {where}, {settings.pictures} pictures, {settings.batch_size} a batch")
    print("network                 bare/s  evaluation/s  ratio   95 %")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        draw(folder, settings.pictures)
        for name in settings.networks:
            bare, whole = paired(random_model(name, folder), settings, settings.pictures, folder)
            ratios = [b / w for b, w in zip(bare, whole, strict=True)]
            low, high = interval(ratios)
            rates = [settings.pictures / float(np.median(times)) for times in (bare, whole)]
            spread = f"{np.median(ratios):.3f}  {low:.3f} to {high:.3f}"
            print(f"{name:22}  {rates[0]:6.0f}  {rates[1]:12.0f}  {spread}")


if __name__ == "__main__":
    main(tyro.cli(EvaluateRate))
