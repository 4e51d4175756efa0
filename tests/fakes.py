"""A classifier of ImageNet-1K whose answer is known by hand: it reads the class off the colour in the middle."""

from pathlib import Path

import numpy as np
import PIL.Image
import torch
from torch import nn

from sidelight.data.augment.config import Augmentation
from sidelight.model.network import Network
from sidelight.model.outputs import Outputs
from sidelight.pipeline.public_model import PublicModel, View
from sidelight.pipeline.subject import Subject
from sidelight.records.result import Provenance

STEP = 25
"""Levels between two colours, so that JPEG cannot confuse them: ten a channel are a thousand classes."""


def colour_of(label: int) -> tuple[int, int, int]:
    """RGB that stands for a class.

    >>> colour_of(123)
    (35, 60, 85)
    """
    red, green, blue = label // 100, label // 10 % 10, label % 10
    return 10 + STEP * red, 10 + STEP * green, 10 + STEP * blue


def square(label: int, *, side: int = 8, frame: tuple[int, int] | None = None) -> PIL.Image.Image:
    """A picture of a class; `frame` = (label, width) paints its edge as another."""
    pixels = np.full((side, side, 3), colour_of(label), np.uint8)
    if frame is not None:
        inside = pixels[frame[1] : side - frame[1], frame[1] : side - frame[1]].copy()
        pixels[:] = colour_of(frame[0])
        pixels[frame[1] : side - frame[1], frame[1] : side - frame[1]] = inside
    return PIL.Image.fromarray(pixels)


def paint(file: Path, label: int, **more) -> None:
    """Write a picture of a class; its ending says how."""
    file.parent.mkdir(parents=True, exist_ok=True)
    square(label, **more).save(file, quality=95)


class ColourNet(nn.Module):
    """Scores fall with the distance between a class's colour and that at one place of the picture."""

    normalisation = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    network = Network("colours")
    classes = 1000
    image_size = 8

    def __init__(self, place: tuple[float, float] = (0.5, 0.5)) -> None:
        super().__init__()
        self.colours = nn.Parameter(torch.tensor([colour_of(c) for c in range(1000)], dtype=torch.float32))
        self.place = place
        self.sizes: list[tuple[int, ...]] = []

    def forward(self, images: torch.Tensor) -> Outputs:
        self.sizes.append(tuple(images.shape))
        x, y = (int(share * side) for share, side in zip(self.place, images.shape[:1:-1], strict=True))
        mean, std = (torch.tensor(each) for each in self.normalisation)
        seen = (images[:, :, y, x] * std + mean) * 255
        logits = -torch.cdist(seen, self.colours)
        nothing = torch.zeros(len(images), 1, 1, 1)
        return Outputs(logits, nothing, nothing[:, :, 0, 0], torch.zeros(1000, 1), torch.zeros(1000))

    def export_state(self) -> dict[str, torch.Tensor]:
        return {"colours": self.colours.detach()}

    def pooling_state(self) -> dict[str, torch.Tensor]:
        return {}


def colour_model(*, view: View | None = None, place: tuple[float, float] = (0.5, 0.5)) -> PublicModel:
    """The classifier, with an input of 8 pixels unless told otherwise."""
    subject = Subject(ColourNet(place), {}, Augmentation(size=8), None, None, Provenance(recipe="colours"))
    return PublicModel(subject, view or View(8, 8, "bilinear"))
