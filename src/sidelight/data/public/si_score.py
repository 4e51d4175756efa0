"""SI-Score: objects cut out and pasted on backgrounds, with their size, location or rotation varied.

Class folders are named in words with spaces and brackets ("pitcher (container)"). Which ImageNet class each is stands
in the download's foreground_classes.csv and is taken from there ("kite" is 21, the bird). The factor's value stands
in metadata.csv under the number that is the picture's name; it is not the number of the row, as pictures were left out.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from sidelight.data.public.imagenet_names import CLASSES
from sidelight.data.public.listing import Listing, Part, class_folders, count_fault, find_folder
from sidelight.records.errors import Fault, UserFault
from sidelight.records.shown import Shown

OBJECTS = 61
ADDRESS = "s3.us-east-1.amazonaws.com/si-score-dataset/object_{factor}/"


@dataclass(frozen=True)
class SiScore:
    """One of the three public archives, <folder>/<object>/<image id>.jpg with its two CSV files."""

    folder: Path | None = None
    """Folder of the class folders, where it is none of the usual ones."""

    metadata: Path | None = None
    """Its metadata.csv, where it does not lie beside the class folders."""

    foreground_classes: Path | None = None
    """Its foreground_classes.csv, where it does not lie beside the class folders."""

    factor: ClassVar[str]
    folders: ClassVar[tuple[str, ...]]
    columns: ClassVar[tuple[str, ...]]

    def read(self, root: Path) -> Listing:
        """List the pictures, groups being values of the factor; see `listing.Reader`.

        Raises:
            UserFault: also if one of the CSV files is missing or malformed.

        Source: djolonga2021robustness; yung2021siscore.
        """
        faults: list[Fault] = []
        places = [f"{nest}{name}" for nest in ("", "si-score/") for name in (*self.folders, f"object_{self.factor}")]
        folder = find_folder(root, self.folder, places, name=f"si_{self.factor}")
        indices = self._indices(self.foreground_classes or folder / "foreground_classes.csv")
        metadata = self.metadata or folder / "metadata.csv"
        values = self._values(metadata)
        if len(set(values.values())) < 2:
            faults.append(Fault(str(metadata), f"{self.factor} does not vary: the file of another factor"))
        rows = []
        for row in class_folders(folder, indices.get, faults):
            value = values.get(Path(row.path).stem)
            if value is None:
                faults.append(Fault(str(folder / row.path), "metadata.csv has no such picture"))
            else:
                rows.append(Shown(row.path, row.labels, value))
        faults += count_fault(folder, "objects with pictures", len({row.labels for row in rows}), OBJECTS)
        faults += count_fault(folder, "pictures of metadata.csv", len(rows), len(values))
        return Listing((Part(folder, tuple(rows)),), len(values), faults=tuple(faults))

    def _indices(self, file: Path) -> dict[str, int]:
        """{name of a class folder: index of ImageNet-1K}."""
        found = {}
        for line, row in self._lines(file, ("int", "label")):
            if not row["int"].isdecimal() or int(row["int"]) >= CLASSES:
                raise self._malformed(f"{file}, line {line}", f"int is {row['int']!r}")
            found[row["label"]] = int(row["int"])
        return found

    def _values(self, file: Path) -> dict[str, str]:
        """{number of a picture: value of the factor, the same text for the same value}."""
        found, texts = {}, dict[tuple[float, ...], str]()
        for line, row in self._lines(file, ("image_id", *self.columns)):
            try:
                value = tuple(float(row[name]) for name in self.columns)
            except ValueError as error:
                raise self._malformed(f"{file}, line {line}", str(error)) from error
            found[row["image_id"]] = texts.setdefault(value, ",".join(f"{each:g}" for each in value))
        return found

    def _lines(self, file: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
        try:
            with file.open(encoding="utf-8", newline="") as opened:
                reader = csv.DictReader(opened, restval="")
                if lacking := set(needed) - set(reader.fieldnames or ()):
                    raise self._malformed(str(file), f"no column {', '.join(sorted(lacking))}")
                for row in reader:
                    yield reader.line_num, row
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise self._malformed(str(file), f"unreadable ({type(error).__name__})") from error

    def _malformed(self, thing: str, seen: str) -> UserFault:
        return UserFault(
            thing,
            seen=seen,
            allowed="the CSV file of the download",
            remedy=f"Get it from {ADDRESS.format(factor=self.factor)}, and put it beside the class folders or name it "
            f"with --si_{self.factor}.metadata or --si_{self.factor}.foreground-classes",
        )


class SiSize(SiScore):
    """Objects of different sizes, area/<object>/<image id>.jpg."""

    factor, folders, columns = "size", ("area",), ("area",)


class SiLocation(SiScore):
    """Objects at different places, location20_area02_min0pc/<object>/<image id>.jpg."""

    factor, folders, columns = "location", ("location20_area02_min0pc",), ("x_coord", "y_coord")


class SiRotation(SiScore):
    """Objects turned by different angles, rotation/<object>/<image id>.jpg."""

    factor, folders, columns = "rotation", ("rotation",), ("rotation",)
