"""ImageNet-AB: what people did while they labelled ImageNet's training photos."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sidelight.data.format.manifest import Manifest
from sidelight.data.format.reader import Dataset
from sidelight.data.format.repeats import Repeats
from sidelight.data.format.schema import IMAGES_FOLDER
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.source.ab_file import AbFile
from sidelight.data.source.ab_records import annotation_of, box_of, picture_size
from sidelight.data.source.ab_xml import MAX_BYTES, RefusedXml, parse_record
from sidelight.data.source.excerpt import excerpt, printable
from sidelight.data.source.identity import Identities, IdentityChoice
from sidelight.data.source.progress import Progress
from sidelight.data.source.reader import as_provenance, refuse_nothing
from sidelight.data.source.release_files import is_apple_double, read_files
from sidelight.data.source.tar_stream import Member
from sidelight.records.annotation import Annotation
from sidelight.records.errors import Fault, UserFault
from sidelight.records.example import Box, Example, Split

_NAME = re.compile(r"(?:.*/)?([A-Za-z0-9]{1,40})/(\1_[A-Za-z0-9]{1,40})\.xml", re.DOTALL)
_TOLD_EVERY = 1000


@dataclass(frozen=True)
class ImageNetAB:
    """The public ImageNet-AB: people's clicks, pointer traces and times on ImageNet's training photos."""

    images: Path | None = None
    """Folder of ImageNet that holds train/<wnid>/<name>.JPEG. Without it the dataset looks for them in its own folder
    `images`, which may be a link."""

    classes: Path | None = None
    """Text file with a class a line, its wnid first, in the order of their indices. Records of other classes are left
    out and counted. Without it: every wnid that occurs, sorted."""

    keep_boxes: bool = True
    """Take over ILSVRC's boxes, which 42 % of the pictures have."""

    identity: IdentityChoice = "pseudonym"
    """pseudonym: annotators and tasks are renamed, differently in every conversion, and the place of the picture on the
    annotator's screen is dropped. keep: as released, where annotators can be linked to COCO-AB and task ids are raw."""

    split: Split = "train"
    """Which split all pictures belong to."""

    def convert(
        self, source: Path, out: Path, *, progress: Progress, overwrite: bool = False
    ) -> tuple[Manifest, list[Fault]]:
        """Convert the release.

        Nothing is unpacked to disk; a tar is gone through twice, first for the names alone. An example's id is the
        picture's name, taken from the file's name; pictures without a file are unknown to the release and absent. A
        file may hold several annotators' records, or none. `._` files of macOS are skipped and counted. Of two files
        about one picture the first counts. Whatever cannot be read is a fault of one line, and costs a file or a part
        of it.

        Args:
            source: `imagenet_ab_v1_0.tar.gz`, the unpacked tar, or the folder.
            out: the dataset to make.
            progress: told how many files are done.
            overwrite: whether a dataset at `out` may be replaced.

        Returns:
            The manifest, and everything that was wrong with single files. The fingerprint repeats only where
            `identity` is `keep`, since pseudonyms are fresh.

        Raises:
            UserFault: if there is no such source, or no record in it.

        Source: han2023luab; the release's loader averages `first` over the records of a picture.
        """
        survey = _survey(source)
        classes = _read_classes(self.classes) if self.classes else survey.wnids
        conversion = _Conversion(self, {wnid: label for label, wnid in enumerate(classes)}, survey.repeated)
        writer = DatasetWriter(
            out,
            name="imagenet_ab",
            task="single_label",
            classes=classes,
            image_root=self._image_root(),
            source="imagenet_ab",
            provenance=as_provenance(self),
            privacy_grade="L3" if self.identity == "keep" else "L2",
            licence="Apache-2.0",
            overwrite=overwrite,
        )
        with writer as dataset:
            for done, file in enumerate(read_files(source, wanted=conversion.wants, limit=MAX_BYTES), start=1):
                record = conversion.record(file)
                if record is not None:
                    dataset.add(*record)
                if done % _TOLD_EVERY == 0:
                    progress(done, survey.files)
            progress(survey.files, survey.files)
            refuse_nothing(source, conversion.counts["examples"], conversion.faults)
            dataset.note(**conversion.tally())
        return Dataset.open(out).manifest, conversion.faults

    def _image_root(self) -> Path | str:
        if self.images is None:
            return IMAGES_FOLDER
        if not (self.images / "train").is_dir():
            raise UserFault(
                f"images {str(self.images)!r}",
                seen="no folder 'train' in it",
                allowed="the folder of ImageNet that holds train/<wnid>/<name>.JPEG",
                remedy="Give that folder, or leave the option out",
            )
        return self.images.absolute()


@dataclass(frozen=True)
class _Survey:
    """What the names alone tell: number of files, classes, and candidates (see `Repeats`) for pictures with several."""

    files: int
    wnids: tuple[str, ...]
    repeated: frozenset[int]


def _survey(source: Path) -> _Survey:
    files, wnids, repeats = 0, set(), Repeats()
    for file in read_files(source, wanted=lambda _: False, limit=MAX_BYTES):
        files += 1
        known = _NAME.fullmatch(file.name) if isinstance(file, Member) else None
        if known:
            wnids.add(known[1])
            repeats.add(known[2])
    return _Survey(files, tuple(sorted(wnids)), repeats.candidates())


class _Conversion:
    """Files to records, with what is counted on the way."""

    def __init__(self, options: ImageNetAB, labels: Mapping[str, int], repeated: frozenset[int]) -> None:
        self.counts: Counter[str] = Counter()
        self.faults: list[Fault] = []
        self._options = options
        self._labels = labels
        self._identities = Identities.choose(options.identity)
        self._repeated = repeated
        self._seen: set[str] = set()

    def wants(self, name: str) -> bool:
        """Whether a file holds a record that is to be converted; the others are counted or told."""
        known = _NAME.fullmatch(name)
        if known and known[1] in self._labels:
            return True
        if known:
            self.counts["other_classes"] += 1
        elif is_apple_double(name):
            self.counts["apple_doubles"] += 1
        elif name.endswith(".xml"):
            self._fault(name, "not named <wnid>/<wnid>_<n>.xml; left out")
        else:
            self.counts["other_files"] += 1
        return False

    def record(self, file: Member | Fault) -> tuple[Example, list[Annotation]] | None:
        """The picture with its annotations; None, with a fault, where there is none."""
        if isinstance(file, Fault):
            self.faults.append(file)
            return None
        if file.data is None:
            return None
        known = _NAME.fullmatch(file.name)
        assert known
        wnid, name = known.groups()
        if hash(name) in self._repeated:
            if name in self._seen:
                self._fault(file.name, f"a second file about {name}; the first counts")
                return None
            self._seen.add(name)
        try:
            parsed = parse_record(file.data)
        except RefusedXml as error:
            self._fault(file.name, str(error))
            return None
        for message in parsed.refused:
            self._fault(file.name, f"{message}; this part is left out")
        return self._records(parsed, file.name, wnid, name)

    def tally(self) -> dict[str, str]:
        """The counts as the manifest's provenance."""
        return {name: str(count) for name, count in sorted(self.counts.items())} | {"faults": str(len(self.faults))}

    def _records(self, parsed: AbFile, location: str, wnid: str, name: str) -> tuple[Example, list[Annotation]] | None:
        size = picture_size(parsed)
        if size is None:
            self._fault(location, "no usable width and height of the picture")
            return None
        label = self._labels[wnid]
        path = f"train/{wnid}/{name}.JPEG"
        boxes = self._boxes(parsed, location, size) if self._options.keep_boxes else ()
        example = Example(name, path, self._options.split, *size, labels=(label,), boxes=boxes, group=wnid)
        annotations = []
        for number, metadata in enumerate(parsed.metadata):
            if metadata.image_id not in (None, f"{wnid}/{name}"):
                self._fault(location, f"imageID is {excerpt(metadata.image_id or '')}; this part is left out")
                continue
            annotation = annotation_of(
                metadata, f"{name}:{number}", example_id=name, label=label, identities=self._identities
            )
            annotations.append(annotation)
        self.counts["examples"] += 1
        self.counts["annotations"] += len(annotations)
        self.counts["examples_without_annotation"] += not annotations
        return example, annotations

    def _boxes(self, parsed: AbFile, location: str, size: tuple[int, int]) -> tuple[Box, ...]:
        boxes = []
        for thing in parsed.objects:
            try:
                box = box_of(thing, parsed.size[:2] if parsed.size else size, self._labels)
            except ValueError as error:
                self._fault(location, f"{error}; the box is left out")
                continue
            if box:
                boxes.append(box)
        return tuple(boxes)

    def _fault(self, location: str, message: str) -> None:
        self.faults.append(Fault(printable(location), message))


def _read_classes(path: Path) -> tuple[str, ...]:
    """The first word of every line.

    Raises:
        UserFault: if the file cannot be read, is empty, or names a class twice.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _bad_classes(path, str(error)) from error
    wnids = [line.split()[0] for line in lines if line.strip()]
    repeated = [wnid for wnid, count in Counter(wnids).items() if count > 1]
    if repeated or not wnids:
        raise _bad_classes(path, f"{', '.join(repeated[:5])} more than once" if repeated else "no class")
    return tuple(wnids)


def _bad_classes(path: Path, seen: str) -> UserFault:
    return UserFault(f"classes {str(path)!r}", seen=seen, allowed="a wnid a line, each once", remedy="Mend the file")
