"""How often each kind of Z lies in the object's box: what the guidance could tell at all."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from sidelight.data.format.points import PointPolicyChoice, PointTable, read_points
from sidelight.data.format.reader import Dataset
from sidelight.data.guidance import Guidance, choose_points
from sidelight.data.selection import Selection, box_coverage
from sidelight.signal.placing import Boxes

LIMITS = (1.0, 0.5, 0.25)
"""Largest coverage of the boxes: all training pictures, and those with small objects."""


def points_in_box(dataset: Dataset, recipe: Mapping[str, Any], *, seed: int = 0) -> dict[str, float]:
    """Share of a condition's training points that lie in a box of their picture.

    Args:
        dataset: with boxes.
        recipe: as plain values, as written by `recipes.recipe.as_values`.
        seed: of the run, for controls that are drawn.

    Returns:
        "all", "box<=0.5", "box<=0.25" -> share in [0, 1], of the pictures that have a point and a box; a part without
        such pictures is left out. Single-label data only: for others the result is empty.
    """
    guidance = msgspec.convert(recipe["guidance"], Guidance)
    examples = dataset.examples()
    chosen = [i for i, e in enumerate(examples) if e.split == "train" and e.boxes]
    if dataset.manifest.task != "single_label" or not chosen:
        return {}
    clicks = read_points(dataset, PointPolicyChoice(within=guidance.within, across=guidance.across))
    kept = [examples[i] for i in chosen]
    told = choose_points(PointTable(xy=clicks.xy[chosen], has=clicks.has[chosen]), kept, guidance.kind, seed=seed)
    boxes = Boxes.of([(b.x0, b.y0, b.x1, b.y1) for b in example.boxes] for example in kept)
    inside = boxes.contain(told.xy[:, 0].astype(np.float64))
    coverage = np.array([box_coverage(example) for example in kept])
    allowed = msgspec.convert(recipe["selection"], Selection).max_box_coverage
    shares = {}
    for limit in LIMITS:
        rows = told.has[:, 0] & (coverage <= min(limit, allowed))
        if rows.any() and limit <= allowed:
            shares["all" if limit == 1 else f"box<={limit:g}"] = float(inside[rows].mean())
    return shares
