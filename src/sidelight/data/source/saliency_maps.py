"""Pictures with people's heat maps, as CYBORG has them: a table without header, and a folder of grey maps."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from sidelight.data.format.fingerprint import MapArray
from sidelight.data.format.manifest import Manifest
from sidelight.data.format.photo import photo_size
from sidelight.data.format.reader import Dataset
from sidelight.data.format.schema import IMAGES_FOLDER
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.source.csv_rows import decoded
from sidelight.data.source.heat_map_file import read_heat_map
from sidelight.data.source.map_folder import MapFolder
from sidelight.data.source.names import natural_order, relative_path
from sidelight.data.source.progress import Progress
from sidelight.data.source.reader import as_provenance, refuse_nothing
from sidelight.records.errors import Fault, UserFault
from sidelight.records.example import Example, Split


class Line(NamedTuple):
    """One good line: where a picture is, what it is, and what it is for."""

    number: int
    split: Split
    label: str
    path: str


@dataclass(frozen=True)
class SaliencyMaps:
    """Pictures with heat maps, as for CYBORG: a table of split,class,path without header, and a folder of maps."""

    images: Path | None = None
    """Folder that the paths are relative to (a leading slash counts for nothing); the table's own when not given."""

    maps: Path | None = None
    """Folder of the maps: grey pictures that are called as their pictures, whatever the ending. None = no maps."""

    stretch_maps: bool = False
    """Accept maps of another shape than their picture, and lay them over it from edge to edge."""

    classes: tuple[str, ...] = ()
    """Classes in the order of their indices (the last of two is the positive one); in natural order when not given."""

    test_is: Literal["validation", "test"] = "validation"
    """What the word `test` in the table means; CYBORG chooses its epoch on it."""

    copy_images: bool = False
    """Copy the pictures into the dataset instead of referring to them."""

    def convert(
        self, source: Path, out: Path, *, progress: Progress, overwrite: bool = False
    ) -> tuple[Manifest, list[Fault]]:
        """Convert the table.

        A line is `split,class,path`; split is train, test, or validation (val). A picture whose map is missing, blank,
        in colours, of another shape or not certainly its own is kept without a map. Pictures for validation and test
        may lack maps.

        Args:
            source: the table.
            out: the dataset to make.
            progress: told how many pictures are done.
            overwrite: whether a dataset at `out` may be replaced.

        Returns:
            The manifest, and one fault, with its line, for everything that was left out.

        Raises:
            UserFault: if the table has no good line, or names a class that `classes` lacks.

        Source: boyd2023cyborg, and the layout of its data.
        """
        source = source.absolute()
        images = source.parent if self.images is None else self.images.absolute()
        faults: list[Fault] = []
        lines = _without_repeats(list(_lines(source, self.test_is, faults)), source.name, faults)
        index = self._index(lines, source)
        folder = None if self.maps is None else _folder(self.maps, lines)
        writer = DatasetWriter(
            out,
            name=source.stem,
            task="single_label",
            classes=tuple(index),
            image_root=IMAGES_FOLDER if self.copy_images else images,
            point_policies=(),
            source="saliency_maps",
            provenance=as_provenance(self),
            privacy_grade="L0",
            overwrite=overwrite,
        )
        with writer as dataset:
            written = with_map = 0
            for number, line in enumerate(lines, start=1):
                progress(number, len(lines))
                try:
                    size = photo_size(images / line.path)
                except OSError as error:
                    faults.append(_fault(source, line, f"{error}; left out"))
                    continue
                saliency = self._map(folder, line, size, source, faults)
                example = Example(line.path, line.path, line.split, *size, (index[line.label],))
                dataset.add(example, saliency=saliency, image=images / line.path if self.copy_images else None)
                written, with_map = written + 1, with_map + (saliency is not None)
            refuse_nothing(source, written, faults)
            if folder is not None:
                faults.extend(_stray_faults(self.maps, folder))
            dataset.note(examples=str(written), maps=str(with_map), faults=str(len(faults)))
        return Dataset.open(out).manifest, faults

    def _index(self, lines: Sequence[Line], source: Path) -> dict[str, int]:
        found = sorted({line.label for line in lines}, key=natural_order)
        unknown = [name for name in found if self.classes and name not in self.classes]
        if unknown:
            raise UserFault(
                f"{source.name}, class {unknown[0]!r}",
                seen="a class that --classes lacks",
                allowed=", ".join(self.classes),
                remedy="Name every class, or leave --classes out for natural order",
            )
        return {name: number for number, name in enumerate(self.classes or found)}

    def _map(
        self, folder: MapFolder | None, line: Line, size: tuple[int, int], source: Path, faults: list[Fault]
    ) -> MapArray | None:
        """The picture's map; None, with a fault where one is expected, when there is none that could be used."""
        if folder is None or self.maps is None:
            return None
        try:
            name = folder.find(line.path)
        except ValueError as error:
            faults.append(_fault(source, line, f"{error}; kept without map"))
            return None
        if name is None:
            if line.split == "train":
                faults.append(_fault(source, line, f"no map in {str(self.maps)!r}; kept without map"))
            return None
        try:
            return read_heat_map(self.maps / name, size, stretch=self.stretch_maps)
        except ValueError as error:
            faults.append(_fault(source, line, f"map {name!r}: {error}; kept without map"))
            return None


def _lines(source: Path, test_is: Split, faults: list[Fault]) -> Iterator[Line]:
    """The good lines; a broken one becomes a fault."""
    splits: dict[str, Split] = {"train": "train", "test": test_is, "val": "validation", "validation": "validation"}
    try:
        content = source.read_bytes()
    except OSError as error:
        raise UserFault(
            f"source {str(source)!r}",
            seen=error.strerror or str(error),
            allowed="a table of split,class,path without header",
            remedy="Give the CSV file",
        ) from None
    for number, fields in enumerate(csv.reader(decoded(content, source.name).splitlines()), start=1):
        cells = [cell.strip() for cell in fields]
        if not any(cells) or (number == 1 and cells == ["split", "class", "path"]):
            continue
        try:
            yield _line(number, cells, splits)
        except ValueError as error:
            faults.append(Fault(f"{source.name}, line {number}", f"{error}; left out"))


def _line(number: int, cells: Sequence[str], splits: dict[str, Split]) -> Line:
    if len(cells) != 3:
        raise ValueError(f"{len(cells)} fields; split,class,path are expected")
    split, label, path = cells
    if split not in splits:
        raise ValueError(f"split is {split!r}; allowed: {', '.join(splits)}")
    if not label:
        raise ValueError("the class is empty")
    return Line(number, splits[split], label, relative_path("path", path.lstrip("/\\")))


def _without_repeats(lines: Sequence[Line], name: str, faults: list[Fault]) -> list[Line]:
    """Every picture once: its first line counts."""
    first: dict[str, Line] = {}
    for line in lines:
        known = first.setdefault(line.path, line)
        if known is not line:
            message = f"picture {line.path!r} is in line {known.number} already; left out"
            faults.append(Fault(f"{name}, line {line.number}", message))
    return list(first.values())


def _folder(maps: Path, lines: Sequence[Line]) -> MapFolder:
    if not maps.is_dir():
        raise UserFault(
            f"maps {str(maps)!r}",
            seen="no such folder",
            allowed="a folder of grey pictures that are called as their pictures",
            remedy="Give it by --maps",
        )
    return MapFolder(maps, [line.path for line in lines])


def _stray_faults(maps: Path | None, folder: MapFolder) -> Iterator[Fault]:
    strays = list(folder.strays())
    if strays:
        yield Fault(str(maps), f"{len(strays)} of {len(folder)} maps belong to no picture, such as {strays[0]!r}")


def _fault(source: Path, line: Line, message: str) -> Fault:
    return Fault(f"{source.name}, line {line.number}, picture {line.path!r}", message)
