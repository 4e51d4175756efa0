"""COCO's instances JSON: labels, boxes and masks of the objects on every photo."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from sidelight.data.format.manifest import Manifest
from sidelight.data.format.photo import photo_size
from sidelight.data.format.reader import Dataset
from sidelight.data.format.schema import IMAGES_FOLDER
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.source.coco_json import CocoAnnotation, CocoImage, Instances, Located, add_instances
from sidelight.data.source.coco_mask import Mask, paint, read_segmentation, require_polygon_filler
from sidelight.data.source.progress import Progress
from sidelight.data.source.reader import as_provenance, refuse_nothing
from sidelight.data.source.split import refuse_shares, split_by_share
from sidelight.records.errors import Fault, UserFault
from sidelight.records.example import Box, Example, Split


@dataclass(frozen=True)
class Coco:
    """COCO instances JSON (any year): labels (several a photo), boxes, and masks of the objects."""

    images: Path | None = None
    """Folder of the photos. When not given: beside the JSON or its folder annotations/, the folder named as the JSON's
    part (train2017), else images/, else the folder itself."""

    masks: bool = True
    """Paint the objects' segmentations into one picture of class indices a photo (needs pycocotools)."""

    public_val: Literal["validation", "test"] = "test"
    """What COCO's validation photos become. With "test", validation photos are drawn from the training photos."""

    validation_share: float = 0.1
    """Share of the training photos that is drawn for validation, unless the public validation photos are."""

    test_share: float = 0.2
    """Share drawn for test of photos whose split neither the JSON nor its file's name tells."""

    seed: int = 0
    """Of the draw. It decides for each photo by its id alone."""

    copy_images: bool = False
    """Copy the photos into the dataset instead of referring to them."""

    def convert(
        self, source: Path, out: Path, *, progress: Progress, overwrite: bool = False
    ) -> tuple[Manifest, list[Fault]]:
        """Convert one instances JSON, or all those of a folder.

        Classes are the categories by ascending id, without gaps. A photo's labels come from all of its annotations,
        crowds included; photos without any are kept, with no label. Boxes are x/W, y/H, (x + w)/W, (y + h)/H, cut at
        the photo's border; those of crowds are left out. A mask is stored when every annotation of the photo has a
        sound segmentation; smaller objects lie over larger ones, crowds under everything. The split is the photo's
        own field (`split`, `split2017`), else what the JSON's name says, else drawn. An example's id is the photo's id.
        The JSON is held in memory.

        Args:
            source: `instances_*.json`, or a folder that holds such files, or holds them in `annotations/`.
            out: the dataset to make.
            progress: told how many photos are done.
            overwrite: whether a dataset at `out` may be replaced.

        Returns:
            The manifest, and one fault for every entry or photo that was left out.

        Raises:
            UserFault: if there is no such JSON, or no photo, or pycocotools is missing.

        Source: lin2014coco.
        """
        refuse_shares(self.validation_share, self.test_share)
        if self.masks:
            require_polygon_filler()
        faults: list[Fault] = []
        instances = Instances()
        for path in _instances_files(source.absolute()):
            add_instances(instances, path, faults)
        index = {category: number for number, category in enumerate(sorted(instances.categories))}
        root, folders = self._photo_folders(instances)
        classes = [instances.categories[category] for category in index]
        with self._writer(source.stem, out, classes, root, overwrite=overwrite) as dataset:
            written = 0
            for number, (image, path) in enumerate(instances.images.values(), start=1):
                progress(number, len(instances.images))
                file = f"{folders[path]}{image.file_name}"
                if not _fits(image, root / file, f"{path.name}, image {image.id}", faults):
                    continue
                found = instances.annotations.get(image.id, [])
                example = Example(
                    id=str(image.id),
                    path=file,
                    split=self._split(image, path),
                    width=image.width,
                    height=image.height,
                    labels=tuple(sorted({index[each.annotation.category_id] for each in found})),
                    boxes=object_boxes(found, image, index, faults),
                )
                mask = _mask(found, image, index, faults) if self.masks else None
                dataset.add(example, mask=mask, image=root / file if self.copy_images else None)
                written += 1
            refuse_nothing(source, written, faults)
            dataset.note(examples=str(written), faults=str(len(faults)))
        return Dataset.open(out).manifest, faults

    def _writer(self, name: str, out: Path, classes: Sequence[str], root: Path, *, overwrite: bool) -> DatasetWriter:
        return DatasetWriter(
            out,
            name=name,
            task="multi_label",
            classes=classes,
            image_root=IMAGES_FOLDER if self.copy_images else root,
            point_policies=(),
            source="coco",
            provenance=as_provenance(self),
            privacy_grade="L0",
            licence="annotations: CC BY 4.0; photos: each its own",
            overwrite=overwrite,
        )

    def _photo_folders(self, instances: Instances) -> tuple[Path, dict[Path, str]]:
        """The root of all photos, and for every JSON the front of its photos' paths below it."""
        files = {path for _, path in instances.images.values()}
        if self.images is not None:
            return self.images.absolute(), dict.fromkeys(files, "")
        fronts: dict[Path, str] = {}
        root = Path()
        for file in files:
            root = file.parent.parent if file.parent.name == "annotations" else file.parent
            part = _part(file)
            known = [f"{part}/", f"images/{part}/", "images/"] if part else ["images/"]
            fronts[file] = next((front for front in known if (root / front).is_dir()), "")
        return root, fronts

    def _split(self, image: CocoImage, path: Path) -> Split:
        said = image.split or _part(path)
        if said.startswith("val"):
            return self.public_val
        if said.startswith("test"):
            return "test"
        return split_by_share(
            str(image.id),
            validation=self.validation_share if self.public_val == "test" else 0.0,
            test=0.0 if said.startswith("train") else self.test_share,
            seed=self.seed,
        )


def _instances_files(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    found = sorted(source.glob("instances*.json")) or sorted(source.glob("annotations/instances*.json"))
    if not found:
        raise UserFault(
            f"source {str(source)!r}",
            seen="no instances*.json in it or in its annotations/" if source.is_dir() else "no such file or folder",
            allowed="COCO's instances JSON, or the folder that holds it",
            remedy="Check the path",
        )
    return found


def _part(path: Path) -> str:
    """The part of COCO that a file's name tells: "train2017" of instances_train2017.json; "" when it tells none."""
    match = re.fullmatch(r"instances_((train|val|test)\w*)", path.stem)
    return match[1] if match else ""


def _fits(image: CocoImage, file: Path, location: str, faults: list[Fault]) -> bool:
    """Whether the photo is there and has the size that its boxes were drawn on; else a fault."""
    try:
        size = photo_size(file)
    except OSError as error:
        faults.append(Fault(location, f"photo {image.file_name!r}: {error}; left out"))
        return False
    if size != (image.width, image.height):
        said = f"the JSON says {image.width}x{image.height}"
        faults.append(Fault(location, f"photo {image.file_name!r} is {size[0]}x{size[1]}, {said}; left out"))
        return False
    return True


def object_boxes(
    found: Sequence[Located], image: CocoImage, index: Mapping[int, int], faults: list[Fault]
) -> tuple[Box, ...]:
    """The boxes of a photo's objects, crowds left out, as x/W, y/H, (x + w)/W, (y + h)/H and cut at its border.

    Args:
        found: the photo's annotations.
        image: the photo.
        index: class index of each category id.
        faults: gathers the boxes that cover nothing.
    """
    boxes = []
    for annotation, location in found:
        if annotation.iscrowd:
            continue
        try:
            boxes.append(_box(annotation, image, index[annotation.category_id]))
        except ValueError as error:
            faults.append(Fault(location, f"{error}; the label is kept without it"))
    return tuple(boxes)


def _box(annotation: CocoAnnotation, image: CocoImage, label: int) -> Box:
    x, y, width, height = annotation.bbox
    x0, x1 = (min(max(value / image.width, 0.0), 1.0) for value in (x, x + width))
    y0, y1 = (min(max(value / image.height, 0.0), 1.0) for value in (y, y + height))
    if not (x0 < x1 and y0 < y1):
        size = f"{image.width}x{image.height}"
        raise ValueError(f"bbox {annotation.bbox} covers nothing of the photo of {size} pixels")
    return Box(x0, y0, x1, y1, label)


def _mask(
    found: Sequence[Located], image: CocoImage, index: dict[int, int], faults: list[Fault]
) -> npt.NDArray[np.uint8] | npt.NDArray[np.uint16] | None:
    """The photo's picture of class indices; None when an object's segmentation is absent or broken."""
    size = (image.height, image.width)
    objects: list[tuple[int, bool, Mask]] = []
    for annotation, location in found:
        try:
            pixels = read_segmentation(annotation.segmentation, size)
        except ValueError as error:
            faults.append(Fault(location, f"{error}; the photo is kept without a mask"))
            continue
        if pixels is not None:
            objects.append((index[annotation.category_id], bool(annotation.iscrowd), pixels))
    if not found or len(objects) < len(found):
        return None
    return paint(objects, size, classes=len(index))
