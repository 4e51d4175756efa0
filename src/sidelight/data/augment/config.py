"""All knobs of augmentation, as values. Contradictions are refused when they are written down."""

from dataclasses import dataclass
from typing import Literal

from sidelight.records.errors import UserFault

Interpolation = Literal["bilinear", "bicubic"]
"""How a picture is enlarged. Where it shrinks, pixels are averaged by area with either."""


def _refuse_unless(holds: bool, name: str, seen: object, allowed: str, remedy: str) -> None:
    if not holds:
        raise UserFault(f"augmentation option {name!r}", seen=f"{seen}", allowed=allowed, remedy=remedy)


def _check_share(name: str, value: float) -> None:
    _refuse_unless(0 <= value <= 1, name, value, "a probability in [0, 1]", "Write 0.5 for one half")


def _check_not_negative(name: str, value: float) -> None:
    _refuse_unless(0 <= value < float("inf"), name, value, "a finite number >= 0", "Write 0 to switch it off")


@dataclass(frozen=True)
class RandAugment:
    """A few operations drawn at random from a fixed list, all of about the same severity.

    The defaults are timm's `rand-m9-mstd0.5-inc1`, which DeiT trains with.

    Source: [@cubuk2020randaugment], section 3; [@wightman2019timm] for std, probability and increasing severities.
    """

    magnitude: float = 9.0
    """severity of every operation, in [0, 10]; 0 changes little"""
    std: float = 0.5
    """standard deviation of the severity, which is drawn anew for every operation; 0 = fixed"""
    layers: int = 2
    """how many operations are drawn for a photo, >= 1"""
    probability: float = 0.5
    """with which a drawn operation is applied"""

    def __post_init__(self) -> None:
        _refuse_unless(0 <= self.magnitude <= 10, "magnitude", self.magnitude, "[0, 10]", "DeiT uses 9")
        _check_not_negative("std", self.std)
        _refuse_unless(self.layers >= 1, "layers", self.layers, ">= 1", "Leave RandAugment out to have none")
        _check_share("probability", self.probability)


@dataclass(frozen=True)
class Augmentation:
    """How photos are cut, moved, recoloured and mixed before a model sees them.

    The defaults are the "primitive" set-up of the LUAB paper: random resized crop and flip, nothing else.
    For DeiT's: `interpolation="bicubic"`, `randaugment=RandAugment()`, `erasing=0.25`, `mixup=0.8`, `cutmix=1.0`, and
    `jitter=0` (DeiT names 0.3, but timm ignores it beside RandAugment; here both would act).

    Raises:
        UserFault: for a value out of range, a reversed range, or options that contradict each other.

    Source: [@han2023luab], section 4; [@touvron2021deit], table 9; [@szegedy2015going], section 6, for the crop.

    >>> Augmentation(size=64, crop_scale=(0.5, 0.1))
    Traceback (most recent call last):
    ...
    sidelight.records.errors.UserFault: augmentation option 'crop_scale': (0.5, 0.1); allowed: 0 < low <= high <= 1. \
Write the smaller number first.
    """

    size: int = 224
    """height and width of the photos that come out, in pixels"""
    crop: Literal["random_resized", "none"] = "random_resized"
    """how training photos are cut; "none" cuts them as for evaluation"""
    crop_scale: tuple[float, float] = (0.08, 1.0)
    """smallest and largest share of the photo's area that a random crop covers"""
    crop_ratio: tuple[float, float] = (3 / 4, 4 / 3)
    """smallest and largest ratio of width to height of a random crop"""
    flip: float = 0.5
    """probability of mirroring left and right"""
    interpolation: Interpolation = "bilinear"
    """how photos are enlarged; where they shrink, pixels are averaged by area"""
    jitter: float = 0.0
    """brightness, contrast and saturation are multiplied by a factor in [1 - jitter, 1 + jitter], in random order"""
    hue: float = 0.0
    """largest turn of the hue, in turns of the colour circle, [0, 0.5]"""
    randaugment: RandAugment | None = None
    """operations drawn at random; none = leave them out"""
    fill: tuple[int, int, int] = (124, 116, 104)
    """colour of what lies outside the photo and of constant erasing, RGB in 0..255 (mean of ImageNet)"""
    erasing: float = 0.0
    """probability of overwriting a random rectangle"""
    erasing_mode: Literal["pixel", "constant"] = "pixel"
    """what an erased rectangle is filled with: normal noise a pixel, or the fill colour"""
    blur_outside: float = 0.0
    """probability of blurring what lies outside the picture's map, in training; pictures without a map stay sharp"""
    blur_sigma: float = 0.05
    """standard deviation of that blur, in sides of the picture"""
    mixup: float = 0.0
    """alpha of mixup, which blends two photos by a share drawn from Beta(alpha, alpha); 0 = never"""
    cutmix: float = 0.0
    """alpha of cutmix, which pastes a rectangle of another photo; 0 = never"""
    switch: float = 0.5
    """share of the mixed batches that get cutmix, when both are on"""
    mix_probability: float = 1.0
    """share of the batches that are mixed, when either is on"""
    point_leaves: Literal["keep_label", "drop_label"] = "keep_label"
    """what happens to a class when its point leaves the crop; "drop_label" is the public COCO-AB loader"""
    map_size: int | None = None
    """height and width of the maps that come out, in cells; none = as many cells as they came with"""
    eval_fit: Literal["crop", "squash"] = "crop"
    """evaluation: cut the central square, or squash the whole photo into one"""
    eval_resize: int | None = None
    """evaluation: shorter side before the central square of `size` is cut (256 for 224, say); none = `size`"""

    def __post_init__(self) -> None:
        self._check_geometry()
        for name in ("flip", "erasing", "blur_outside", "switch", "mix_probability"):
            _check_share(name, getattr(self, name))
        for name in ("jitter", "mixup", "cutmix"):
            _check_not_negative(name, getattr(self, name))
        _refuse_unless(0 <= self.hue <= 0.5, "hue", self.hue, "[0, 0.5]", "Half a turn reaches every hue")
        _refuse_unless(
            0 < self.blur_sigma < 1, "blur_sigma", self.blur_sigma, "(0, 1)", "0.05 is a twentieth of a side"
        )
        in_range = all(0 <= value <= 255 for value in self.fill)
        _refuse_unless(in_range, "fill", self.fill, "three values in 0..255", "Scale [0, 1] colours by 255")

    def _check_geometry(self) -> None:
        _refuse_unless(self.size >= 1, "size", self.size, ">= 1 pixel", "ImageNet models take 224")
        smaller_first = "Write the smaller number first"
        low, high = self.crop_scale
        _refuse_unless(0 < low <= high <= 1, "crop_scale", self.crop_scale, "0 < low <= high <= 1", smaller_first)
        low, high = self.crop_ratio
        ordered = 0 < low <= high < float("inf")
        _refuse_unless(ordered, "crop_ratio", self.crop_ratio, "0 < low <= high", smaller_first)
        if self.map_size is not None:
            _refuse_unless(
                self.map_size >= 1, "map_size", self.map_size, ">= 1 cell", "Leave it out to keep the maps' own"
            )
        if self.eval_resize is not None:
            large = self.eval_resize >= self.size
            _refuse_unless(
                large, "eval_resize", self.eval_resize, f">= size ({self.size})", "Enlarge it, or leave it out"
            )
            cut = self.eval_fit == "crop"
            remedy = "A squashed photo is not cut: leave eval_resize out"
            _refuse_unless(cut, "eval_resize", f"{self.eval_resize} with eval_fit 'squash'", "eval_fit 'crop'", remedy)
