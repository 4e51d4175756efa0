"""From a photo to what a model is shown of it: at random for training, always the same for evaluation."""

from dataclasses import replace

import cv2
import numpy as np

from sidelight.data.augment.config import Augmentation
from sidelight.data.augment.crop import Window, draw_window, evaluation_window
from sidelight.data.augment.erasing import erase
from sidelight.data.augment.geometry import Matrix, flip_matrix, transform_boxes, transform_points
from sidelight.data.augment.jitter import jitter_colours
from sidelight.data.augment.outside import blur_outside
from sidelight.data.augment.randaugment import draw_operations, paint, turn_of
from sidelight.data.augment.sample import Sample
from sidelight.data.augment.warp import forget_lost, resize_window, warp_image, warp_maps


def augment(sample: Sample, config: Augmentation, rng: np.random.Generator) -> Sample:
    """Draw one augmentation and apply it to the photo, its points, boxes and maps alike.

    Crop, flip and RandAugment's geometric operations are multiplied into one matrix and the photo is sampled once; then
    come the blur outside the maps, RandAugment's photometric operations in their order, colour jitter, and random
    erasing.

    Differs from timm, which takes RandAugment's operations strictly in turn, sampling and filling anew for each: here
    what a turned crop uncovers shows the photo beyond the crop, and only what lies beyond the photo is filled (before
    any recolouring). timm also drops colour jitter where RandAugment is on; here both act.

    Args:
        sample: the photo as stored.
        config: what may happen, and how often.
        rng: the only source of chance: the same generator state gives the same sample.

    Returns:
        A sample of [size, size, 3]. Points may have left [0, 1]; labels are the caller's
        business (`label.drop_labels`).
    """
    height, width = sample.image.shape[:2]
    random_crop = config.crop == "random_resized"
    window = draw_window(height, width, config, rng) if random_crop else evaluation_window(height, width, config)
    flipped = rng.random() < config.flip
    operations = draw_operations(config.randaugment, rng) if config.randaugment else ()
    moved = _move(sample, window, config, flipped=flipped, turn=turn_of(operations))
    image = moved.image
    # Drawn only where it can happen, and after the crop: other recipes keep their draws, and this one keeps its crops.
    if config.blur_outside and rng.random() < config.blur_outside:
        sigma = config.blur_sigma * config.size
        image = blur_outside(image, moved.maps, moved.map_weight, sigma=sigma)
    image = paint(image, operations)
    if config.jitter or config.hue:
        image = jitter_colours(image, rng, amount=config.jitter, hue_turns=config.hue)
    if config.erasing:
        image = erase(image, config, rng)
    return moved if image is moved.image else replace(moved, image=image)


def prepare(sample: Sample, config: Augmentation) -> Sample:
    """Show a photo as in evaluation: resized and cut by `eval_fit` and `eval_resize`, nothing random.

    >>> photo = Sample(np.zeros((40, 60, 3), np.uint8), points=np.array([[0.5, 0.5], [0.0, 0.5]]))
    >>> prepare(photo, Augmentation(size=20)).points.tolist()
    [[0.5, 0.5], [-0.25, 0.5]]
    """
    height, width = sample.image.shape[:2]
    window = evaluation_window(height, width, config)
    return _move(sample, window, config, flipped=False)


def _move(sample: Sample, window: Window, config: Augmentation, *, flipped: bool, turn: Matrix | None = None) -> Sample:
    """Cut, mirror and turn everything by one matrix."""
    matrix = window.matrix(*sample.image.shape[:2])
    if flipped:
        matrix = flip_matrix() @ matrix
    size = (config.size, config.size)
    if turn is None:
        image = resize_window(sample.image, window, size, config.interpolation)
        image = cv2.flip(image, 1) if flipped else image
    else:
        matrix = turn @ matrix
        image = warp_image(sample.image, matrix, size, interpolation=config.interpolation, fill=config.fill)
    return _follow(sample, image, matrix, config.map_size)


def _follow(sample: Sample, image: np.ndarray, matrix: Matrix, map_size: int | None) -> Sample:
    """The sample around an image that was moved by `matrix`."""
    cells = sample.maps.shape[1:] if map_size is None else (map_size, map_size)
    maps, map_weight = warp_maps(sample.maps, sample.map_weight, matrix, cells)
    if len(maps):
        before = (sample.maps * sample.map_weight).mean(axis=(1, 2))
        maps, map_weight = forget_lost(maps, map_weight, before, matrix)
    points = transform_points(sample.points, matrix)
    boxes = transform_boxes(sample.boxes, matrix) if len(sample.boxes) else sample.boxes
    return replace(sample, image=image, points=points, boxes=boxes, maps=maps, map_weight=map_weight)
