"""The single objects of a dataset's pictures, from the COCO instances JSON that it was converted from.

A dataset keeps boxes, and one mask a picture in which objects of a class run together; Mask R-CNN wants each object's
own pixels, and COCO's average precision its crowds and its areas. Both stand in that file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sidelight.data.source.coco_json import Instances, Located, add_instances
from sidelight.data.source.coco_mask import Mask, read_segmentation, require_polygon_filler
from sidelight.records.errors import Fault, FaultsFound, UserFault
from sidelight.records.example import Example
from sidelight.records.objects import Objects

NOTHING = (b"null", b"[]")


@dataclass(frozen=True)
class InstancesFile:
    """Instances JSON that belongs to a dataset: one file, or one for each part of COCO.

    Attributes:
        instances: its entries.
        label_of: class index of each category id.
        masks: whether masks are wanted beside the boxes.
    """

    instances: Instances
    label_of: dict[int, int]
    masks: bool

    @property
    def category_ids(self) -> tuple[int, ...]:
        """The file's category id of each class index."""
        return tuple(sorted(self.label_of, key=lambda category: self.label_of[category]))

    def objects(self, example: Example) -> Objects:
        """What is on a picture, in the file's order, with boxes and areas as they stand there.

        Raises:
            UserFault: for a segmentation that cannot be read, where masks are wanted.
        """
        found = self._listed(example)
        blank = np.zeros((0, example.height, example.width), np.bool_)
        masks = [blank, *(_pixels(each, example)[None] for each in found)] if self.masks else []
        entries = [each.annotation for each in found]
        sides = np.array([each.bbox for each in entries], np.float64).reshape(-1, 4)
        areas = zip(entries, (sides[:, 2] * sides[:, 3]).tolist(), strict=True)
        return Objects(
            id=example.id,
            boxes=np.concatenate([sides[:, :2], sides[:, :2] + sides[:, 2:]], axis=1),
            labels=np.array([self.label_of[each.category_id] for each in entries], np.int64),
            crowd=np.array([bool(each.iscrowd) for each in entries], np.bool_),
            area=np.array([box if each.area is None else each.area for each, box in areas], np.float64),
            masks=np.concatenate(masks) if self.masks else None,
        )

    def _listed(self, example: Example) -> list[Located]:
        return self.instances.annotations.get(int(example.id), [])


def read_instances(
    paths: Sequence[Path], classes: Sequence[str], examples: Sequence[Example], *, masks: bool
) -> InstancesFile:
    """Read the files, and see that they are those that these pictures came from.

    Args:
        paths: of the JSON.
        classes: of the dataset.
        examples: of the dataset, whose ids are COCO's.
        masks: whether every object's pixels are wanted.

    Raises:
        UserFault: if it is not JSON of that form, or has other classes or other pictures.
        FaultsFound: naming every broken entry, and, where masks are wanted, every object of these pictures without one.
    """
    if masks:
        require_polygon_filler()
    faults: list[Fault] = []
    instances = Instances()
    for path in paths:
        add_instances(instances, path, faults)
    given = f"instances {', '.join(map(str, paths))}"
    names = [instances.categories[category] for category in sorted(instances.categories)]
    unknown = [example for example in examples if not _same(example, instances)]
    if names != list(classes) or unknown:
        what = f"picture '{unknown[0].id}'" if unknown else "the dataset's classes"
        raise UserFault(
            given,
            seen=f"{what} not as in the dataset",
            allowed="the JSON that the dataset was converted from: its categories, picture ids and sizes",
            remedy="Give that file to --instances, or all of them where there were several",
        )
    label_of = {category: label for label, category in enumerate(sorted(instances.categories))}
    if masks:
        faults += _without_mask(instances, examples)
    if faults:
        raise FaultsFound(given, faults, remedy="Mend or remove these entries")
    return InstancesFile(instances, label_of, masks)


def _same(example: Example, instances: Instances) -> bool:
    known = instances.images.get(int(example.id)) if example.id.isdecimal() else None
    return known is not None and (known[0].width, known[0].height) == (example.width, example.height)


def _without_mask(instances: Instances, examples: Sequence[Example]) -> list[Fault]:
    listed = (each for example in examples for each in instances.annotations.get(int(example.id), []))
    return [
        Fault(each.location, "no segmentation, which every object must have here")
        for each in listed
        if bytes(each.annotation.segmentation).strip() in NOTHING
    ]


def _pixels(each: Located, example: Example) -> Mask:
    try:
        pixels = read_segmentation(each.annotation.segmentation, (example.height, example.width))
    except ValueError as error:
        raise UserFault(
            f"instances, {each.location}",
            seen=str(error),
            allowed="polygons or run lengths of the picture's size",
            remedy="Mend or remove the entry",
        ) from None
    return np.zeros((example.height, example.width), np.bool_) if pixels is None else pixels
