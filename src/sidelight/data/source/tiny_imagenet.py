"""Tiny-ImageNet's public layout, whose photos each carry a box drawn by a person."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec

from sidelight.data.format.manifest import Manifest
from sidelight.data.format.photo import photo_size
from sidelight.data.format.reader import Dataset
from sidelight.data.format.schema import IMAGES_FOLDER
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.source.names import natural_order
from sidelight.data.source.progress import Progress
from sidelight.data.source.reader import as_provenance, refuse_nothing
from sidelight.data.source.split import split_by_count
from sidelight.records.errors import Fault, UserFault
from sidelight.records.example import Box, Example, Split


class Photo(NamedTuple):
    """A photo, its class, and its box as the list has it."""

    path: str
    wnid: str
    corners: Sequence[str]
    location: str

    @property
    def id(self) -> str:
        """The file's name without its ending."""
        return Path(self.path).stem


@dataclass(frozen=True)
class TinyImageNet:
    """Tiny-ImageNet's public folder: 64x64 photos, 200 classes, one box drawn by a person on every photo."""

    group: Path | None = None
    """JSON map that joins classes: {wnid: superclass} or {superclass: [wnid, ...]}, such as in9.json. Photos of classes
    that it lacks are left out and counted. Without it every wnid is a class."""

    validation_per_class: int = 50
    """Photos of each wnid, of the public training photos, that become validation."""

    test_per_class: int = 100
    """Photos of each wnid, of the public training photos, that join the public validation photos as test."""

    seed: int = 0
    """Of the draw of these photos."""

    copy_images: bool = False
    """Copy the photos into the dataset instead of referring to them."""

    def convert(
        self, source: Path, out: Path, *, progress: Progress, overwrite: bool = False
    ) -> tuple[Manifest, list[Fault]]:
        """Convert the folder.

        Boxes are inclusive pixels and become [x0/W, (x1 + 1)/W]. A reversed box, or one that leaves the photo, is a
        fault: the box is dropped, the photo kept. The public validation photos always are test photos. `group` of an
        example is its wnid, its id the file's name without ending. Classes are sorted by name (with a map) or by wnid
        (without; named by the first word in words.txt where there is one).

        Args:
            source: folder that holds `train/` and, usually, `val/`.
            out: the dataset to make.
            progress: told how many photos are done.
            overwrite: whether a dataset at `out` may be replaced.

        Returns:
            The manifest, and everything that was wrong with single photos.

        Raises:
            UserFault: if the folder has another layout, or no photo could be read.

        Source: le2015tinyimagenet.
        """
        source = source.absolute()
        faults: list[Fault] = []
        photos, left_out = self._photos(source, faults)
        classes, index = self._classes(source, {photo.wnid for photo in photos})
        splits = self._splits(photos)
        writer = DatasetWriter(
            out,
            name=source.name,
            task="single_label",
            classes=classes,
            image_root=IMAGES_FOLDER if self.copy_images else source,
            point_policies=(),
            source="tiny_imagenet",
            provenance=as_provenance(self),
            privacy_grade="L0",
            licence="ImageNet terms: research, non-commercial",
            overwrite=overwrite,
        )
        with writer as dataset:
            written = 0
            for number, photo in enumerate(photos, start=1):
                example = _example(source, photo, label=index[photo.wnid], split=splits[photo.id], faults=faults)
                if example is not None:
                    dataset.add(example, image=source / photo.path if self.copy_images else None)
                    written += 1
                progress(number, len(photos))
            refuse_nothing(source, written, faults)
            dataset.note(examples=str(written), faults=str(len(faults)), left_out=str(left_out))
        return Dataset.open(out).manifest, faults

    def _photos(self, source: Path, faults: list[Fault]) -> tuple[list[Photo], int]:
        """Every photo that is wanted, each once, and the number of those whose class is not in the map."""
        wanted = None if self.group is None else read_groups(self.group)
        photos: dict[str, Photo] = {}
        left_out = 0
        for photo in itertools.chain(_train_photos(source), _val_photos(source, faults)):
            if wanted is not None and photo.wnid not in wanted:
                left_out += 1
                continue
            if photos.setdefault(photo.id, photo) is not photo:
                faults.append(Fault(photo.location, f"{photo.path} is listed twice; the first line counts"))
        return list(photos.values()), left_out

    def _classes(self, source: Path, wnids: set[str]) -> tuple[list[str], dict[str, int]]:
        """Names of the classes, and each wnid's index."""
        if self.group is not None:
            groups = {wnid: name for wnid, name in read_groups(self.group).items() if wnid in wnids}
            classes = sorted(set(groups.values()))
            return classes, {wnid: classes.index(name) for wnid, name in groups.items()}
        order = sorted(wnids)
        words = _words(source / "words.txt")
        names = [words.get(wnid, wnid) for wnid in order]
        counts = Counter(names)
        names = [name if counts[name] == 1 else f"{name} ({wnid})" for name, wnid in zip(names, order, strict=True)]
        return names, {wnid: number for number, wnid in enumerate(order)}

    def _splits(self, photos: list[Photo]) -> dict[str, Split]:
        by_wnid: dict[str, list[str]] = {}
        splits: dict[str, Split] = {photo.id: "test" for photo in photos}
        for photo in photos:
            if photo.path.startswith("train/"):
                by_wnid.setdefault(photo.wnid, []).append(photo.id)
        for wnid, ids in by_wnid.items():
            if self.validation_per_class + self.test_per_class >= len(ids):
                raise UserFault(
                    "validation_per_class and test_per_class",
                    seen=f"{self.validation_per_class} and {self.test_per_class}; {wnid} has {len(ids)} photos",
                    allowed="numbers that leave photos to train on",
                    remedy="Take fewer",
                )
            splits |= split_by_count(
                ids, validation=self.validation_per_class, test=self.test_per_class, seed=self.seed
            )
        return splits


def read_groups(path: Path) -> dict[str, str]:
    """Read a JSON map of classes, in either direction, as {wnid: superclass}.

    Raises:
        UserFault: if it is neither {wnid: superclass} nor {superclass: [wnid, ...]}, or puts a wnid into two.
    """
    try:
        raw = msgspec.json.decode(path.read_bytes(), type=dict[str, str | list[str]])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _bad_map(path, str(error)) from error
    groups: dict[str, str] = {}
    for key, value in raw.items():
        pairs = [(key, value)] if isinstance(value, str) else [(wnid, key) for wnid in value]
        for wnid, name in pairs:
            if groups.setdefault(wnid, name) != name:
                raise _bad_map(path, f"{wnid} is in {groups[wnid]!r} and in {name!r}")
    return groups


def _train_photos(source: Path) -> Iterator[Photo]:
    """The files of `train/<wnid>/images`, with their lines of `<wnid>_boxes.txt`."""
    folders = sorted(path for path in source.glob("train/*") if path.is_dir())
    if not folders:
        raise UserFault(
            f"source {str(source)!r}",
            seen="no folder train/<wnid>",
            allowed="train/<wnid>/images/*.JPEG with train/<wnid>/<wnid>_boxes.txt",
            remedy="Give the unpacked folder of Tiny-ImageNet",
        )
    for folder in folders:
        wnid = folder.name
        boxes = folder / f"{wnid}_boxes.txt"
        listed = {fields[0]: (fields[1:], location) for fields, location in _lines(source, boxes)}
        files = {file.name for file in (folder / "images").glob("*")}
        for name in sorted(files | listed.keys(), key=natural_order):
            path = f"train/{wnid}/images/{name}"
            corners, location = listed.get(name, ((), path))
            yield Photo(path, wnid, corners, location)


def _val_photos(source: Path, faults: list[Fault]) -> Iterator[Photo]:
    """The lines of `val/val_annotations.txt`; files without a line have no class and are left out."""
    if not (source / "val").is_dir():
        return
    unlisted = {file.name for file in (source / "val" / "images").glob("*")}
    for fields, location in _lines(source, source / "val" / "val_annotations.txt"):
        if len(fields) < 2:
            faults.append(Fault(location, f"{fields} has no wnid; file, wnid, x0, y0, x1, y1 are expected"))
            continue
        name, wnid, *corners = fields
        unlisted.discard(name)
        yield Photo(f"val/images/{name}", wnid, corners, location)
    message = "it has no line in val_annotations.txt, so no class; left out"
    faults.extend(Fault(f"val/images/{name}", message) for name in sorted(unlisted, key=natural_order))


def _lines(source: Path, path: Path) -> Iterator[tuple[list[str], str]]:
    """The fields of every line that has some, with its place; none when there is no such file."""
    if not path.is_file():
        return
    text = path.read_text(encoding="utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), start=1):
        if fields := line.split():
            yield fields, f"{path.relative_to(source).as_posix()}, line {number}"


def _example(source: Path, photo: Photo, *, label: int, split: Split, faults: list[Fault]) -> Example | None:
    """The photo as an example; None, with a fault, when it cannot be read."""
    try:
        width, height = photo_size(source / photo.path)
    except OSError as error:
        faults.append(Fault(photo.path, f"{error}; left out"))
        return None
    box = None
    try:
        box = _box(photo.corners, width, height, label)
    except ValueError as error:
        faults.append(Fault(photo.location, f"{error}; the photo is kept without a box"))
    boxes = () if box is None else (box,)
    return Example(photo.id, photo.path, split, width, height, (label,), boxes=boxes, group=photo.wnid)


def _box(corners: Sequence[str], width: int, height: int, label: int) -> Box:
    """Inclusive pixels to [0, 1] of the photo."""
    if not corners:
        raise ValueError("no box is listed for it")
    try:
        x0, y0, x1, y1 = map(int, corners)
    except ValueError:
        raise ValueError(f"the box is {' '.join(corners)!r}; four whole numbers are expected") from None
    if not (0 <= x0 <= x1 < width and 0 <= y0 <= y1 < height):
        allowed = f"0 <= x0 <= x1 <= {width - 1} and 0 <= y0 <= y1 <= {height - 1} are allowed"
        raise ValueError(f"the box is {(x0, y0, x1, y1)}; {allowed}")
    return Box(x0 / width, y0 / height, (x1 + 1) / width, (y1 + 1) / height, label)


def _words(path: Path) -> dict[str, str]:
    """The first name that words.txt gives to each wnid; empty when there is no such file."""
    if not path.is_file():
        return {}
    pairs = (line.partition("\t") for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
    return {wnid: names.split(",")[0].strip() for wnid, _, names in pairs if names.strip()}


def _bad_map(path: Path, seen: str) -> UserFault:
    return UserFault(
        f"group {str(path)!r}",
        seen=seen,
        allowed="{wnid: superclass} or {superclass: [wnid, ...]} as JSON, each wnid in one superclass",
        remedy="Mend the map",
    )
