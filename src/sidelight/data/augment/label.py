"""What becomes of a class when its point leaves the picture."""

import numpy as np
from jaxtyping import Bool, Float


def drop_labels(
    targets: Float[np.ndarray, " classes"],
    had_point: Bool[np.ndarray, " classes"],
    has_point: Bool[np.ndarray, " classes"],
) -> Float[np.ndarray, " classes"]:
    """Set a class to 0 when its point was on the photo and is no longer on the crop.

    For `point_leaves="drop_label"`, the rule of the public COCO-AB loader: a class whose icon was cropped away is taken
    to be absent, while a class that nobody placed stays present always. Without it labels stay as they are.

    Args:
        targets: [C], 1 where the class is on the photo.
        had_point: [C], whether the class has a point on the whole photo.
        has_point: [C], whether that point is still inside after augmentation.

    Returns:
        [C], a new array.

    Raises:
        ValueError: if the three differ in shape (a point about the whole photo belongs to no class).

    Source: [@han2023luab], the public COCO-AB loader.

    >>> drop_labels(np.ones(3), np.array([True, True, False]), np.array([True, False, False])).tolist()
    [1.0, 0.0, 1.0]
    """
    if not targets.shape == had_point.shape == has_point.shape:
        raise ValueError(f"targets {targets.shape}, points {had_point.shape} and {has_point.shape} differ in shape")
    return np.where(had_point & ~has_point, 0.0, targets).astype(targets.dtype)
