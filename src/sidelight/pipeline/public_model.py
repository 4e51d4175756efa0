"""A model in front of public pictures: how they are cut for it, and its scores in ImageNet's order."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import PIL.Image
import torch
from torch import Tensor
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as tv

from sidelight import __version__
from sidelight.data.augment.config import Augmentation
from sidelight.data.public.imagenet_names import CLASSES, wnids
from sidelight.evaluate.public.measure import Fill, Preparation, Scores
from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.pipeline.provenance import commit, environment
from sidelight.pipeline.subject import Subject, load_subject
from sidelight.records.errors import UserFault
from sidelight.records.result import Provenance

AS_IS = 224
"""Side of the square that is cut where nothing is resized: ImageNet-C and the Backgrounds Challenge are made in it."""
Views = npt.NDArray[np.uint8]
"""[B, H, W, 3] RGB, cut and ready but for normalisation."""


@dataclass(frozen=True)
class View:
    """A model's own way of cutting a picture: resize the shorter side, cut the central square.

    By Pillow's filters, as torchvision and timm evaluate: numbers are comparable with published ones.
    """

    size: int
    """Side of the input, in pixels."""
    resize: int
    """Shorter side before the cut."""
    interpolation: Literal["bilinear", "bicubic"]
    """Filter of the resizing."""
    squash: bool = False
    """Resize both sides to `resize`, whatever the picture's shape."""


@dataclass(frozen=True)
class ViewOptions:
    """What to change about the model's own way of cutting pictures; None keeps it."""

    resize: int | None = None
    """Shorter side before the central square is cut, in pixels."""
    size: int | None = None
    """Side of the input, in pixels."""
    interpolation: Literal["bilinear", "bicubic"] | None = None
    """Filter of the resizing."""


@dataclass(frozen=True)
class PublicModel:
    """A classifier of ImageNet-1K with its way of cutting pictures.

    Attributes:
        subject: the model; its outputs need not be in ImageNet's order.
        view: how it wants pictures.
        order: [1000] which output is the class of each index; None where they are in order.
    """

    subject: Subject
    view: View
    order: Sequence[int] | None = None

    def show(self, picture: PIL.Image.Image, preparation: Preparation) -> npt.NDArray[np.uint8]:
        """Cut a picture.

        Args:
            picture: as decoded, RGB.
            preparation: of the benchmark; its hole is made later, in `scores`.

        Returns:
            uint8 [H, W, 3]; [size, size, 3] unless the picture is shown as it is.
        """
        if preparation.border:
            border = preparation.border
            picture = picture.crop((border, border, picture.width - border, picture.height - border))
        if preparation.fit == "none":
            side = min(AS_IS, *picture.size)
            return np.asarray(tv.center_crop(picture, [side, side]))
        view = self.view if preparation.fit == "model" else replace(self.view, resize=self.view.size, squash=False)
        target = [view.resize, view.resize] if view.squash else [view.resize]
        resized = tv.resize(picture, target, InterpolationMode(view.interpolation))
        return np.asarray(tv.center_crop(resized, [view.size, view.size]))

    def scores(self, views: Views, preparation: Preparation) -> Scores:
        """One forward pass in 32 bits, without TensorFloat.

        Args:
            views: of one batch.
            preparation: its hole is made here.

        Returns:
            [B, 1000] logits in ImageNet's order.

        Raises:
            UserFault: if a score is not a number, or the network does not take pictures of this size.
        """
        with torch.inference_mode(), torch.backends.cudnn.flags(allow_tf32=False):
            logits = self._logits(views, preparation)
            found = np.asarray((logits if self.order is None else logits[:, list(self.order)]).cpu().numpy())
        if np.isnan(found).any():
            raise UserFault(
                f"model '{self.subject.provenance.recipe}'",
                seen="a score that is not a number",
                allowed="finite scores",
                remedy="Its training diverged: measure an earlier checkpoint",
            )
        return found

    def _logits(self, views: Views, preparation: Preparation) -> Tensor:
        try:
            return self.subject.backbone(self.inputs(views, preparation)).logits.float()
        except AssertionError as error:  # timm's, of a network that takes one size only
            if preparation.fit != "none":
                raise
            raise UserFault(
                f"model '{self.subject.provenance.recipe}'",
                seen=str(error).rstrip("."),
                allowed=f"a network that takes {AS_IS} pixels: the pictures of this benchmark are not resized",
                remedy="Leave ImageNet-C and the Backgrounds Challenge out of --on",
            ) from error

    def inputs(self, views: Views, preparation: Preparation) -> Tensor:
        """[B, 3, H, W] on the device: normalised, with the hole."""
        device = next(self.subject.backbone.parameters()).device
        mean, std = (torch.tensor(each, device=device).view(1, 3, 1, 1) for each in self.subject.backbone.normalisation)
        own = views if views.flags.writeable else views.copy()  # torch warns of what it could not write to
        pixels = torch.from_numpy(own).to(device).permute(0, 3, 1, 2)
        images = pixels.float().div_(255).sub_(mean).div_(std)
        if preparation.hole:
            rows, columns = (_hole(side, preparation.hole) for side in images.shape[2:])
            images[:, :, rows, columns] = hole_value(preparation.fill, mean, std)
        return images.contiguous(memory_format=torch.channels_last)


def hole_value(fill: Fill, mean: Tensor, std: Tensor) -> Tensor:
    """[1, 3, 1, 1] what the hole holds, after normalisation."""
    return torch.zeros_like(mean) if fill == "normalized_zero" else -mean / std


def _hole(side: int, hole: int) -> slice:
    """The middle `hole / 224` of a side, as `x[56:168]` of 224 for 112.

    >>> _hole(224, 112), _hole(8, 112)
    (slice(56, 168, None), slice(2, 6, None))
    """
    length = round(hole * side / AS_IS)
    first = (side - length) // 2
    return slice(first, first + length)


def load_public(model: str, *, weights: Path | None = None, options: ViewOptions | None = None) -> PublicModel:
    """Load a classifier of ImageNet-1K.

    Args:
        model: a run's folder, a file of weights with its JSON, or timm:NAME.
        weights: a checkpoint of timm or torchvision (.safetensors or .pth) for the network timm:NAME; nothing is
            fetched then.
        options: what to change about how it cuts pictures.

    Raises:
        UserFault: if there is no such model, or it has other classes than ImageNet-1K.
    """
    subject = load_subject(model) if weights is None else _with_weights(model, weights)
    return PublicModel(subject, changed(view_of(subject), options or ViewOptions()), _order(subject))


def changed(view: View, options: ViewOptions) -> View:
    """The view with the asked-for changes; a changed size keeps the proportion of resizing and cut.

    >>> changed(View(224, 256, "bicubic"), ViewOptions(size=112))
    View(size=112, resize=128, interpolation='bicubic', squash=False)
    """
    size = options.size or view.size
    resize = options.resize or round(view.resize * size / view.size)
    if resize < size:
        raise UserFault(
            "option --view.resize", seen=f"{resize}", allowed=f">= the input's {size} pixels", remedy="Enlarge it"
        )
    return View(size, resize, options.interpolation or view.interpolation, view.squash)


def view_of(subject: Subject) -> View:
    """How a model wants pictures: a run as it was validated, a network of timm as its weights were published.

    Raises:
        UserFault: for timm's one model that pads pictures instead of cutting them.
    """
    if subject.classes is not None:
        own = subject.augmentation
        return View(own.size, own.eval_resize or own.size, own.interpolation, squash=own.eval_fit == "squash")
    backbone = subject.backbone
    known = backbone.net.pretrained_cfg
    mode = known.get("crop_mode", "center")
    if mode not in ("center", "squash"):
        raise UserFault(
            f"model '{subject.provenance.recipe}'",
            seen=f"it cuts pictures by '{mode}'",
            allowed="center or squash",
            remedy="Measure another model",
        )
    interpolation: Literal["bilinear", "bicubic"] = "bilinear" if known["interpolation"] == "bilinear" else "bicubic"
    resize = math.floor(backbone.image_size / known["crop_pct"])
    return View(backbone.image_size, resize, interpolation, squash=mode == "squash")


def _with_weights(model: str, weights: Path) -> Subject:
    if not model.startswith("timm:"):
        raise UserFault(
            "option --weights", seen=f"with model '{model}'", allowed="with timm:NAME", remedy="Leave it out"
        )
    name = model.removeprefix("timm:").partition(".")[0]
    backbone = Backbone(Network(name, weights=str(weights)), CLASSES, generator_seed=0).eval()
    gpu = torch.cuda.is_available()
    where = environment() | {"device": torch.cuda.get_device_name() if gpu else "cpu"}
    provenance = Provenance(recipe=f"{model}, {weights.name}", version=__version__, commit=commit(), environment=where)
    augmentation = Augmentation(size=backbone.image_size)
    return Subject(backbone.to("cuda" if gpu else "cpu"), {}, augmentation, None, None, provenance)


def _order(subject: Subject) -> Sequence[int] | None:
    """Which output is each class of ImageNet-1K; refuses a model of other classes."""
    classes = subject.classes
    if subject.backbone.classes != CLASSES or (classes is not None and set(classes) != set(wnids())):
        raise UserFault(
            f"model '{subject.provenance.recipe}'",
            seen=f"{subject.backbone.classes} outputs" + (f": {', '.join(classes[:5])} ..." if classes else ""),
            allowed="the 1000 classes of ImageNet-1K; those of a run named by wnids",
            remedy="Measure it on a dataset of its own classes (--data)",
        )
    if classes is None or classes == wnids():
        return None
    place = {wnid: output for output, wnid in enumerate(classes)}
    return [place[wnid] for wnid in wnids()]
