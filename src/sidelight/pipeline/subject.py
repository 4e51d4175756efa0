"""What is measured: a model with the preprocessing it wants, and where it came from."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from torch import Tensor, nn

from sidelight import __version__
from sidelight.data.augment.augment import prepare
from sidelight.data.augment.config import Augmentation
from sidelight.data.augment.sample import Sample, to_tensor
from sidelight.data.format.manifest import Task
from sidelight.data.images import Image
from sidelight.data.plant import Plant
from sidelight.model.backbone import Backbone
from sidelight.model.checkpoint import load_any
from sidelight.model.outputs import Outputs
from sidelight.pipeline.provenance import commit, environment
from sidelight.records.result import Provenance

BATCH = 256


@dataclass(frozen=True)
class Subject:
    """A model under measurement.

    Attributes:
        backbone: in evaluation mode, on the device that it is measured on.
        heads: that came with it; empty for a model from elsewhere.
        augmentation: whose evaluation part says how a picture becomes an input.
        classes: names, in the order of its outputs; None for a model from elsewhere.
        plant: the shortcut it was trained with, if any.
        provenance: where it came from; the data it is measured on are filled in later.
        task: whether its classes exclude each other.
        precision: number format of its forward pass.
    """

    backbone: Backbone
    heads: Mapping[str, nn.Module]
    augmentation: Augmentation
    classes: tuple[str, ...] | None
    plant: Plant | None
    provenance: Provenance
    task: Task = "single_label"
    precision: str = "32-true"

    def view(self, image: Image, boxes: np.ndarray | None = None, points: np.ndarray | None = None) -> Sample:
        """The picture, its boxes [Q, 4] and points [P, 2], as the model gets to see them."""
        known = {name: value for name, value in (("boxes", boxes), ("points", points)) if value is not None}
        return prepare(Sample(image=image, **known), self.augmentation)

    def inputs(self, views: Iterable[Image], *, batch: int = BATCH) -> Iterator[Tensor]:
        """Prepared pictures as the backbone takes them, [B, 3, H, W] on its device, a batch at a time."""
        mean, std = self.backbone.normalisation
        device = next(self.backbone.parameters()).device
        for group in _grouped(views, batch):
            images = torch.from_numpy(np.stack([to_tensor(view, mean, std) for view in group]))
            yield images.to(device, memory_format=torch.channels_last)

    def casting(self) -> torch.autocast:
        """The number format of the forward pass, as a `with` block."""
        device = next(self.backbone.parameters()).device
        return torch.autocast(device.type, torch.bfloat16, enabled=self.precision == "bf16-mixed")

    def look(self, views: Iterable[Image]) -> Iterator[Outputs]:
        """Forward passes over prepared pictures, a batch at a time, without gradients: on the backbone's device, the
        outputs on the CPU.
        """
        for images in self.inputs(views):
            with torch.no_grad(), self.casting():
                outputs = self.backbone(images)
            yield outputs.to("cpu")

    def scores(self, views: Iterable[Image]) -> np.ndarray:
        """Logits [n, C] float32 of prepared pictures."""
        return torch.cat([outputs.logits.float() for outputs in self.look(views)]).numpy()

    def probabilities(self, outputs: Outputs) -> Tensor:
        """[B, C] float32: they add up to 1 where classes exclude each other, else each class has its own."""
        logits = outputs.logits.float()
        return logits.softmax(dim=1) if self.task == "single_label" else logits.sigmoid()

    def points(self, outputs: Outputs) -> Tensor | None:
        """Where the point head thinks people clicked, [B, K, 2]; None without one."""
        if "point" not in self.heads:
            return None
        with torch.no_grad():
            return self.heads["point"](outputs.pooled).float()


def load_subject(model: str) -> Subject:
    """Load what is to be measured, onto the GPU where there is one.

    Args:
        model: a run's folder, a file of weights with its JSON, or timm:NAME.

    Raises:
        UserFault: if there is no such model.
    """
    loaded = load_any(model)
    gpu = torch.cuda.is_available()
    backbone = loaded.backbone.eval().to("cuda" if gpu else "cpu")
    where = environment() | {"device": torch.cuda.get_device_name() if gpu else "cpu"}
    written = Path(model) / "recipe.json"
    if not written.is_file():
        augmentation = Augmentation(size=backbone.image_size, interpolation="bicubic")
        provenance = Provenance(recipe=model, version=__version__, commit=commit(), environment=where)
        return Subject(backbone, dict(loaded.heads.items()), augmentation, None, None, provenance)
    run: dict[str, Any] = json.loads(written.read_text())
    recipe = run["recipe"]
    return Subject(
        backbone=backbone,
        heads=dict(loaded.heads.items()),
        augmentation=msgspec.convert(recipe["augmentation"], Augmentation),
        classes=tuple(run["classes"]),
        plant=msgspec.convert(recipe["plant"], Plant) if recipe["plant"] else None,
        provenance=Provenance(
            recipe=recipe["name"],
            recipe_hash=run["recipe_hash"],
            seed=run["seed"],
            checkpoint=recipe["training"]["keep"],
            simulated=run["simulated"],
            version=__version__,
            commit=commit(),
            environment=where,
        ),
        task=run["task"],
        precision=recipe["training"]["precision"],
    )


def measured_on(subject: Subject, *, dataset: str, fingerprint: str) -> Provenance:
    """The provenance of a number measured on that dataset."""
    return msgspec.structs.replace(subject.provenance, dataset=dataset, fingerprint=fingerprint)


def _grouped(views: Iterable[Image], size: int) -> Iterator[list[Image]]:
    waiting = iter(views)
    while group := list(islice(waiting, size)):
        yield group
