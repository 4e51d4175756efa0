"""Photos for a report: the person's box and click, and where each model looked, side by side."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from sidelight.data.format.points import read_points
from sidelight.data.format.reader import Dataset
from sidelight.data.images import read_image
from sidelight.data.selection import box_coverage
from sidelight.explain.cam import cam, has_cam
from sidelight.pipeline.load import boxes_of
from sidelight.pipeline.subject import Subject, load_subject
from sidelight.records.example import Box, Example
from sidelight.report.content import GalleryItem

SHOWN = 12
AT_MOST = 4
"""Conditions side by side; more would not fit a page."""


def gallery(dataset: Dataset, runs: Mapping[str, Path], *, shown: int = SHOWN) -> list[GalleryItem]:
    """Test photos with small objects, as every given model sees them.

    The photos are chosen without looking at any model: of those whose boxes cover at most half of the photo, evenly
    spaced in the order of the classes.

    Args:
        dataset: of the photos.
        runs: condition -> a run's folder; conditions beyond the fourth are left out.
        shown: how many photos.

    Returns:
        The items; none for multi-label data or without boxes.
    """
    subjects = {name: load_subject(str(folder)) for name, folder in list(runs.items())[:AT_MOST]}
    if dataset.manifest.task != "single_label" or not subjects:
        return []
    everything = dataset.examples()
    usable = [i for i, e in enumerate(everything) if e.split == "test" and e.boxes and box_coverage(e) <= 0.5]
    usable.sort(key=lambda i: (everything[i].labels, everything[i].id))
    chosen = [usable[place] for place in np.linspace(0, len(usable) - 1, min(shown, len(usable))).astype(int)]
    clicks = read_points(dataset)
    return [
        _item(dataset, everything[row], subjects, clicks.xy[row][clicks.has[row]].astype(np.float64)) for row in chosen
    ]


def _item(dataset: Dataset, example: Example, subjects: Mapping[str, Subject], clicks: np.ndarray) -> GalleryItem:
    classes = dataset.manifest.classes
    image = read_image(dataset.image_path(example))
    first = next(iter(subjects.values())).view(image, boxes_of(example), clicks)
    predictions, cams, guesses = {}, {}, {}
    for name, subject in subjects.items():
        outputs = next(subject.look([subject.view(image).image]))
        probabilities = subject.probabilities(outputs)[0]
        best = int(probabilities.argmax())
        predictions[name] = (classes[best], float(probabilities[best]))
        if has_cam(outputs):
            with torch.no_grad():
                cams[name] = cam(outputs, torch.tensor([best])).float()[0].numpy()
        points = subject.points(outputs)
        if points is not None:
            guesses[name] = (float(points[0, 0, 0]), float(points[0, 0, 1]))
    return GalleryItem(
        image=first.image,
        label=classes[example.labels[0]],
        boxes=tuple(Box(x0=b[0], y0=b[1], x1=b[2], y1=b[3]) for b in first.boxes.tolist()),
        clicks=tuple((x, y) for x, y in first.points.tolist()),
        predictions=predictions,
        cams=cams,
        predicted_points=guesses,
    )
