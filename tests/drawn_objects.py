"""Pictures of coloured rectangles with a COCO instances JSON: objects of two classes, and a crowd."""

import json
from pathlib import Path

import cv2
import numpy as np

from sidelight.data.source.coco import Coco

SIDE = 48
CLASSES = {3: ("red", 0), 11: ("blue", 2)}
"""Name and colour channel of each category id."""


def rectangle(number: int, image: int, category: int, corners: tuple[int, int, int, int]) -> dict[str, object]:
    """An annotation whose segmentation is the whole box."""
    x, y, width, height = corners
    polygon = [x, y, x + width, y, x + width, y + height, x, y + height]
    known = {"id": number, "image_id": image, "category_id": category, "bbox": list(corners), "iscrowd": 0}
    return known | {"area": float(width * height), "segmentation": [polygon]}


def crowd(number: int, image: int, category: int) -> dict[str, object]:
    """The lowest eight rows of a picture, as run lengths down its columns."""
    counts = [40, 8] * SIDE
    known = {"id": number, "image_id": image, "category_id": category, "bbox": [0, 40, SIDE, 8], "iscrowd": 1}
    return known | {"area": 8.0 * SIDE, "segmentation": {"size": [SIDE, SIDE], "counts": counts}}


def draw_objects(folder: Path, *, pictures: int = 12) -> Path:
    """Draw the pictures, two objects each, on every third a crowd below them.

    Returns:
        The JSON; two thirds of the pictures are for training.
    """
    rng = np.random.default_rng(0)
    (folder / "images").mkdir(parents=True)
    images, annotations = [], []
    for image in range(1, pictures + 1):
        canvas = rng.integers(0, 40, (SIDE, SIDE, 3)).astype(np.uint8)
        for place, (category, (_, channel)) in enumerate(CLASSES.items()):
            x, y = int(rng.integers(0, 4)) + 24 * place, int(rng.integers(0, 16))
            width, height = (int(length) for length in rng.integers(12, 20, size=2))
            canvas[y : y + height, x : x + width, channel] = 255
            annotations.append(rectangle(len(annotations) + 1, image, category, (x, y, width, height)))
        if image % 3 == 0:
            canvas[40:, :, 0] = 200
            annotations.append(crowd(len(annotations) + 1, image, 3))
        cv2.imwrite(str(folder / "images" / f"{image}.png"), canvas[..., ::-1])
        split = "val" if image % 3 == 0 else "train"
        images.append({"id": image, "file_name": f"{image}.png", "width": SIDE, "height": SIDE, "split": split})
    categories = [{"id": number, "name": name} for number, (name, _) in CLASSES.items()]
    file = folder / "instances.json"
    file.write_text(json.dumps({"images": images, "annotations": annotations, "categories": categories}))
    return file


def drawn_dataset(folder: Path, *, pictures: int = 12) -> tuple[Path, Path]:
    """The same as a dataset, without validation pictures: its folder, and the JSON."""
    file = draw_objects(folder / "coco", pictures=pictures)
    Coco(validation_share=0.0).convert(file, folder / "dataset", progress=lambda done, total: None)
    return folder / "dataset", file
