"""Folders of pictures, one folder a class."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sidelight.data.format.manifest import Manifest
from sidelight.data.format.photo import photo_size
from sidelight.data.format.reader import Dataset
from sidelight.data.format.schema import IMAGES_FOLDER
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.source.names import natural_order
from sidelight.data.source.progress import Progress
from sidelight.data.source.reader import as_provenance, refuse_nothing
from sidelight.data.source.split import refuse_shares, split_by_share
from sidelight.records.errors import Fault, UserFault
from sidelight.records.example import Example, Split

ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})
SPLIT_FOLDERS: dict[str, Split] = {
    "train": "train",
    "val": "validation",
    "validation": "validation",
    "test": "test",
}


class Picture(NamedTuple):
    """A file, its class, and the split that its folder says (None = to be drawn)."""

    path: str
    class_name: str
    split: Split | None


@dataclass(frozen=True)
class ImageFolder:
    """Folders of pictures: ROOT/<class>/*, or ROOT/{train,val,test}/<class>/* (jpg, jpeg, png, webp, bmp)."""

    validation_share: float = 0.1
    """Share of the pictures drawn for validation, of those in no folder val/ or test/. Ignored when there is val/."""

    test_share: float = 0.2
    """Share of the pictures drawn for test, of those in no folder val/ or test/. Ignored when there is test/."""

    seed: int = 0
    """Of the draw. It decides for each picture by its path alone, so adding pictures moves no other."""

    copy_images: bool = False
    """Copy the pictures into the dataset instead of referring to them."""

    def convert(
        self, source: Path, out: Path, *, progress: Progress, overwrite: bool = False
    ) -> tuple[Manifest, list[Fault]]:
        """Convert the folder.

        When every folder below the root is named train, val, validation or test, these are the splits; otherwise the
        folders are the classes. Classes are in natural order ("class_9" before "class_10"). Pictures may lie deeper in
        a class's folder. Names that begin with a dot are passed over; files with other endings are faults. An example's
        id is its path.

        Args:
            source: the root.
            out: the dataset to make.
            progress: told how many pictures are done.
            overwrite: whether a dataset at `out` may be replaced.

        Returns:
            The manifest, and one fault for every file that was left out.

        Raises:
            UserFault: if no picture could be read, or the shares leave nothing to train on.
        """
        refuse_shares(self.validation_share, self.test_share)
        source = source.absolute()
        faults: list[Fault] = []
        pictures = list(_pictures(source, faults))
        classes = sorted({picture.class_name for picture in pictures}, key=natural_order)
        index = {name: number for number, name in enumerate(classes)}
        given = {picture.split for picture in pictures}
        writer = DatasetWriter(
            out,
            name=source.name,
            task="single_label",
            classes=classes,
            image_root=IMAGES_FOLDER if self.copy_images else source,
            point_policies=(),
            source="image_folder",
            provenance=as_provenance(self),
            privacy_grade="L0",
            overwrite=overwrite,
        )
        with writer as dataset:
            written = 0
            for number, picture in enumerate(pictures, start=1):
                progress(number, len(pictures))
                try:
                    width, height = photo_size(source / picture.path)
                except OSError as error:
                    faults.append(Fault(picture.path, f"{error}; left out"))
                    continue
                labels = (index[picture.class_name],)
                example = Example(picture.path, picture.path, self._split(picture, given), width, height, labels)
                dataset.add(example, image=source / picture.path if self.copy_images else None)
                written += 1
            refuse_nothing(source, written, faults)
            dataset.note(examples=str(written), faults=str(len(faults)))
        return Dataset.open(out).manifest, faults

    def _split(self, picture: Picture, given: set[Split | None]) -> Split:
        """As the folder says; what is in train/, or in no folder of a split, is drawn for the splits without folder."""
        if picture.split in ("validation", "test"):
            return picture.split
        return split_by_share(
            picture.path,
            validation=0.0 if "validation" in given else self.validation_share,
            test=0.0 if "test" in given else self.test_share,
            seed=self.seed,
        )


def _pictures(source: Path, faults: list[Fault]) -> Iterator[Picture]:
    """Every picture, in natural order; files in the wrong place or of another kind are faults."""
    folders = _folders(source)
    if not folders:
        raise UserFault(
            f"source {str(source)!r}",
            seen="no folder in it" if source.is_dir() else "no such folder",
            allowed="<class>/* or {train,val,test}/<class>/* with jpg, jpeg, png, webp or bmp files",
            remedy="Give the folder above the classes",
        )
    above = [source]
    splits: list[Split | None] = [None]
    if all(folder.name.lower() in SPLIT_FOLDERS for folder in folders):
        above, splits = folders, [SPLIT_FOLDERS[folder.name.lower()] for folder in folders]
    for parent, split in zip(above, splits, strict=True):
        stray = sorted(path for path in parent.iterdir() if path.is_file() and path.suffix.lower() in ENDINGS)
        faults.extend(Fault(_name(path, source), "it lies in no class's folder; left out") for path in stray)
        for folder in _folders(parent):
            yield from _pictures_of(folder, source, split, faults)


def _pictures_of(folder: Path, source: Path, split: Split | None, faults: list[Fault]) -> Iterator[Picture]:
    """The pictures of one class."""
    names = {_name(path, source): path for path in folder.rglob("*") if not path.is_dir()}
    for name in sorted(names, key=natural_order):
        suffix = names[name].suffix.lower()
        if any(part.startswith(".") for part in name.split("/")):
            continue
        if not _is_text(name):
            faults.append(Fault(ascii(name), "its name is not UTF-8; left out"))
        elif suffix not in ENDINGS:
            faults.append(Fault(name, f"ends in {suffix!r}; allowed: {', '.join(sorted(ENDINGS))}; left out"))
        else:
            yield Picture(name, folder.name, split)


def _name(path: Path, source: Path) -> str:
    return path.relative_to(source).as_posix()


def _is_text(name: str) -> bool:
    """Whether the file system's bytes were UTF-8 (what was not comes as lone surrogates)."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _folders(above: Path) -> list[Path]:
    """Its folders in natural order, hidden ones left out."""
    if not above.is_dir():
        return []
    folders = [path for path in above.iterdir() if path.is_dir() and not path.name.startswith(".")]
    return sorted(folders, key=lambda path: natural_order(path.name))
