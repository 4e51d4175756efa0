"""What a detector found, in the format in which COCO takes results: any tool that scores COCO can score it."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from pycocotools import mask as coco

from sidelight.model.files import write_whole
from sidelight.records.objects import Detections


class DetectionsFile:
    """A list that grows by a picture at a time and is written whole at the end.

    Args:
        category_ids: of each class index: those of the instances JSON, or the index + 1 where there is none.
    """

    def __init__(self, category_ids: Sequence[int]) -> None:
        self._category_ids, self._encoded = category_ids, list[bytes]()

    def add(self, found: Detections) -> None:
        """Take what was found on a picture; masks become run lengths.

        Boxes are x, y, width, height in pixels. `image_id` is the example's id, a number where it is one.
        """
        for row, (x0, y0, x1, y1) in enumerate(found.boxes.tolist()):
            entry: dict[str, object] = {
                "image_id": int(found.id) if found.id.isdecimal() else found.id,
                "category_id": self._category_ids[int(found.labels[row])],
                "bbox": [x0, y0, x1 - x0, y1 - y0],
                "score": float(found.scores[row]),
            }
            if found.masks is not None:
                runs = coco.encode(np.asfortranarray(found.masks[row], dtype=np.uint8))
                entry["segmentation"] = {"size": runs["size"], "counts": runs["counts"].decode()}
            self._encoded.append(msgspec.json.encode(entry))

    def write(self, file: Path) -> None:
        """Write the JSON."""
        write_whole(file, b"[" + b",\n".join(self._encoded) + b"]\n")
