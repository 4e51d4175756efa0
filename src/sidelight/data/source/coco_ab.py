"""COCO-AB: where people dropped class icons while they tagged COCO's training photos of 2014."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sidelight.data.format.manifest import Manifest
from sidelight.data.format.reader import Dataset
from sidelight.data.format.schema import IMAGES_FOLDER
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.source.coco import object_boxes
from sidelight.data.source.coco_ab_page import AbPage, decode_page, page_annotations
from sidelight.data.source.coco_classes import CATEGORIES
from sidelight.data.source.coco_json import Instances, add_instances
from sidelight.data.source.identity import Identities, IdentityChoice
from sidelight.data.source.json_list import Located, read_list
from sidelight.data.source.progress import Progress
from sidelight.data.source.reader import as_provenance, refuse_nothing
from sidelight.records.annotation import Annotation
from sidelight.records.errors import Fault, UserFault
from sidelight.records.example import Example, Split

MAX_SIDE = 1_000_000
_TOLD_EVERY = 1000


@dataclass(frozen=True)
class CocoAB:
    """The public COCO-AB: where people dropped class icons on COCO photos, and all they did before."""

    instances: Path | None = None
    """COCO's instances JSON (instances_train2014.json): labels, boxes, sizes and file names of the photos. Without it
    labels are the classes whose icons lay on the photo at the end, which are fewer (people placed 61.9 % of them)."""

    images: Path | None = None
    """Folder of the photos (train2014). Without it the dataset looks for them in its own folder `images`, which may be
    a link."""

    identity: IdentityChoice = "pseudonym"
    """pseudonym: annotators and tasks are renamed, differently in every conversion. keep: as released, where
    annotators can be linked to ImageNet-AB."""

    split: Split = "train"
    """Which split all photos belong to."""

    def convert(
        self, source: Path, out: Path, *, progress: Progress, overwrite: bool = False
    ) -> tuple[Manifest, list[Fault]]:
        """Convert the release.

        The list is streamed, twice, and never held in memory; a damaged record costs itself alone. Where several
        records are about one photo the last good one counts, as in the official loader; the others are counted as
        `superseded`. Each record becomes one annotation for the page and one for every class; see `page_annotations`.
        A size of 0, which the release has where a page was left before its photo had loaded, is taken from the
        instances JSON. An example's id is the photo's id. Photos without a record are counted (with `instances`) and
        absent.

        Args:
            source: `coco_ab_v1_0.json`, gzipped or not.
            out: the dataset to make.
            progress: told how many records are done.
            overwrite: whether a dataset at `out` may be replaced.

        Returns:
            The manifest, and everything that was wrong with single records. The fingerprint repeats only where
            `identity` is `keep`, since pseudonyms are fresh.

        Raises:
            UserFault: if there is no such file, it is no JSON list, or no record could be taken from it.

        Source: han2023luab. The official loader drops a label whose point leaves the crop; that is an option of
        augmentation. It also keeps the point of an icon that was removed; here such a record is not `selected`, and
        points of these do not count.
        """
        faults: list[Fault] = []
        instances = self._read_instances(faults)
        last = _last_records(source)
        conversion = _Conversion(self, instances, faults)
        writer = DatasetWriter(
            out,
            name="coco_ab",
            task="multi_label",
            classes=list(conversion.labels),
            image_root=self.images.absolute() if self.images else IMAGES_FOLDER,
            point_policies=("last_add", "final_position"),
            source="coco_ab",
            provenance=as_provenance(self),
            privacy_grade="L3" if self.identity == "keep" else "L2",
            licence="Apache-2.0",
            overwrite=overwrite,
        )
        with writer as dataset:
            for done, found in enumerate(read_list(source, decode_page), start=1):
                record = conversion.record(found, last)
                if record is not None:
                    dataset.add(*record)
                if done % _TOLD_EVERY == 0:
                    progress(done, None)
            refuse_nothing(source, conversion.counts["examples"], faults)
            dataset.note(**conversion.tally())
        return Dataset.open(out).manifest, faults

    def _read_instances(self, faults: list[Fault]) -> Instances | None:
        if self.instances is None:
            return None
        instances = Instances()
        add_instances(instances, self.instances, faults)
        return instances


def _last_records(source: Path) -> dict[int, int]:
    """For every photo the number of its last good record."""
    if not source.is_file():
        raise UserFault(
            f"source {str(source)!r}",
            seen="no such file",
            allowed="coco_ab_v1_0.json",
            remedy="Check the path",
        )
    found = (each for each in read_list(source, decode_page) if not isinstance(each, Fault))
    return {page.image_id: place.number for place, (page, _) in found}


class _Conversion:
    """Records of the release to records of ours, with what is counted on the way."""

    def __init__(self, options: CocoAB, instances: Instances | None, faults: list[Fault]) -> None:
        names = CATEGORIES if instances is None else dict(sorted(instances.categories.items()))
        self.labels: Mapping[str, int] = {name: label for label, name in enumerate(names.values())}
        self.counts: Counter[str] = Counter()
        self._index = {category: label for label, category in enumerate(names)}
        self._instances = instances
        self._options = options
        self._identities = Identities.choose(options.identity)
        self._faults = faults

    def record(
        self, found: tuple[Located, tuple[AbPage, int]] | Fault, last: Mapping[int, int]
    ) -> tuple[Example, list[Annotation]] | None:
        """The photo with its annotations; None where there is none, or a later record counts."""
        if isinstance(found, Fault):
            self._faults.append(found)
            return None
        place, (page, strange) = found
        if last[page.image_id] != place.number:
            self.counts["superseded"] += 1
            return None
        location = f"{place}, image {page.image_id}"
        if strange:
            self._faults.append(Fault(location, f"numbers that are NaN or infinite, read as missing: {strange}"))
        annotations, messages = page_annotations(page, labels=self.labels, identities=self._identities)
        self._faults.extend(Fault(location, message) for message in messages)
        try:
            example = (
                self._example(page, annotations) if self._instances is None else self._known(page, self._instances)
            )
        except ValueError as error:
            self._faults.append(Fault(location, f"{error}; the record is left out"))
            return None
        self.counts["examples"] += 1
        self.counts["annotations"] += len(annotations)
        others = {a.icon_type for a in page.action_histories} & set(CATEGORIES.values()) - self.labels.keys()
        self.counts["icons_of_other_classes"] += len(others)
        return example, annotations

    def tally(self) -> dict[str, str]:
        """The counts as the manifest's provenance."""
        counts = self.counts | {"faults": len(self._faults)}
        if self._instances is not None:
            counts["images_without_record"] = len(self._instances.images) - self.counts["examples"]
        return {name: str(count) for name, count in sorted(counts.items())}

    def _example(self, page: AbPage, annotations: Sequence[Annotation]) -> Example:
        """The photo as the record alone tells it."""
        width, height = page.original_image_width or 0, page.original_image_height or 0
        if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
            raise ValueError(f"the photo's size is {width}x{height}; give --instances, which knows it")
        placed = sorted(each.label for each in annotations if each.selected and each.label is not None)
        path = f"COCO_train2014_{page.image_id:012d}.jpg"
        return Example(str(page.image_id), path, self._options.split, width, height, tuple(placed))

    def _known(self, page: AbPage, instances: Instances) -> Example:
        """The photo as COCO tells it."""
        if page.image_id not in instances.images:
            raise ValueError(f"the instances JSON has no image {page.image_id}")
        image, _ = instances.images[page.image_id]
        found = instances.annotations.get(image.id, [])
        return Example(
            id=str(image.id),
            path=image.file_name,
            split=self._options.split,
            width=image.width,
            height=image.height,
            labels=tuple(sorted({self._index[each.annotation.category_id] for each in found})),
            boxes=object_boxes(found, image, self._index, self._faults),
        )
