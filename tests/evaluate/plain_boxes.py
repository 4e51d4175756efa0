"""The evaluator's law, step by step: nothing is shared between thresholds, contours are OpenCV's own."""

import cv2
import numpy as np


def plain_levels(found, law):
    """[grid, grid] uint8, and the value above which each threshold keeps."""
    found, shape = found.astype(np.float32), (law.grid, law.grid)
    if found.max() == found.min():
        return np.zeros(shape, np.uint8), [0] * len(np.arange(0, 1, law.step))
    if law.stretch == "before":
        found = (found - found.min()) / (found.max() - found.min())
    large = cv2.resize(found, shape, interpolation=cv2.INTER_CUBIC)
    large = large.clip(0, 1) if law.stretch == "before" else (large - large.min()) / (large.max() - large.min())
    grey = (large * 255).astype(np.uint8)
    return grey, [int(tau * grey.max()) for tau in np.arange(0, 1, law.step)]


def plain_boxes_above(grey, level):
    """The boxes of all contours, that of the first among those with the largest area in front."""
    binary = np.where(grey > level, 255, 0).astype(np.uint8)
    contours, _ = cv2.findContours(binary, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE)
    if len(contours) == 0:
        return [(0, 0, 0, 0)]
    boxes = []
    for contour in [max(contours, key=cv2.contourArea), *contours]:
        x, y, w, h = cv2.boundingRect(contour)
        boxes.append((x, y, min(x + w, grey.shape[1] - 1), min(y + h, grey.shape[0] - 1)))
    return boxes


def plain_boxes(found, law):
    """`plain_boxes_above` at every threshold."""
    grey, levels = plain_levels(found, law)
    return [plain_boxes_above(grey, level) for level in levels]


def plain_corner(box, grid):
    """A person's box on the grid."""
    return [min(int(side * grid), grid - 1) for side in box]


def plain_iou(a, b):
    """Overlap of two boxes whose corners are both included."""
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]) + 1)
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]) + 1)
    areas = [(q[2] - q[0] + 1) * (q[3] - q[1] + 1) for q in (a, b)]
    return width * height / (sum(areas) - width * height)
