"""A table of a user's own annotations: one line is what one person said about one picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sidelight.data.format.fingerprint import MapArray
from sidelight.data.format.manifest import Manifest, Task
from sidelight.data.format.photo import photo_size
from sidelight.data.format.reader import Dataset
from sidelight.data.format.schema import IMAGES_FOLDER
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.source.csv_rows import Row, Units, read_rows
from sidelight.data.source.heat_map_file import read_heat_map
from sidelight.data.source.names import natural_order
from sidelight.data.source.progress import Progress
from sidelight.data.source.reader import as_provenance, refuse_nothing
from sidelight.data.source.split import refuse_shares, split_by_share
from sidelight.records.annotation import Annotation, PointPolicy
from sidelight.records.errors import Fault, UserFault
from sidelight.records.example import Box, Example

_POLICY: dict[Task, PointPolicy] = {"single_label": "final", "multi_label": "final_position"}


@dataclass(frozen=True)
class Csv:
    """Your own table: path,label[,x,y,annotator,time,x0,y0,x1,y1,map_path,split], several lines a picture allowed."""

    images: Path | None = None
    """Folder that the paths are relative to; the table's own when not given."""

    task: Task = "single_label"
    """single_label: lines of one picture agree on its label. multi_label: its lines may name several."""

    units: Units = "fraction"
    """Of x, y and of boxes: fractions of the picture's width and height in [0, 1], or pixels. Never guessed."""

    validation_share: float = 0.1
    """Share of the pictures without a split of their own that is drawn for validation."""

    test_share: float = 0.2
    """Share of the pictures without a split of their own that is drawn for test."""

    seed: int = 0
    """Of the draw. It decides for each picture by its path alone, so adding pictures moves no other."""

    stretch_maps: bool = False
    """Accept maps of another shape than their picture, and lay them over it from edge to edge."""

    copy_images: bool = False
    """Copy the pictures into the dataset instead of referring to them."""

    def convert(
        self, source: Path, out: Path, *, progress: Progress, overwrite: bool = False
    ) -> tuple[Manifest, list[Fault]]:
        """Convert the table.

        Columns: `path` (backslashes are read as slashes) and `label` are needed. `x`, `y`: where the person clicked;
        `time`: milliseconds from showing the picture to the click; `x0, y0, x1, y1`: edges of a box, pixel i covering
        [i, i + 1]; `map_path`: a grey picture with 8 or 16 bits that says where people looked, relative to the table;
        `split`: train, validation or test. Fields may be empty. A line with a click, an annotator or a time becomes an
        annotation, whose point is filed under the policy `final` (multi-label: `final_position`); other lines only
        label the picture. Where lines of one picture contradict each other the first counts and the others are faults.
        Classes are in natural order. The whole table is held in memory.

        Args:
            source: the table.
            out: the dataset to make.
            progress: told how many pictures are done.
            overwrite: whether a dataset at `out` may be replaced.

        Returns:
            The manifest, and one fault, with its line, for everything that was left out.

        Raises:
            UserFault: if the table has no good header or no good line, or the shares leave nothing to train on.
        """
        refuse_shares(self.validation_share, self.test_share)
        source = source.absolute()
        images = source.parent if self.images is None else self.images.absolute()
        faults: list[Fault] = []
        pictures = self._pictures(source, faults)
        classes = sorted({row.label for rows in pictures.values() for row in rows}, key=natural_order)
        index = {name: number for number, name in enumerate(classes)}
        with self._writer(source.stem, out, classes, images, overwrite=overwrite) as dataset:
            written = 0
            for number, (path, rows) in enumerate(pictures.items(), start=1):
                progress(number, len(pictures))
                try:
                    size = photo_size(images / path)
                except OSError as error:
                    message = f"picture {path!r}: {error}; left out"
                    faults.append(Fault(f"{source.name}, line {rows[0].line}", message))
                    continue
                agreeing = self._agreeing(rows, size, source.name, faults)
                if not agreeing:
                    continue
                example, annotations = self._records(path, agreeing, size, index)
                saliency = self._map(source, agreeing, size, faults)
                image = images / path if self.copy_images else None
                dataset.add(example, annotations, saliency=saliency, image=image)
                written += 1
            refuse_nothing(source, written, faults)
            dataset.note(examples=str(written), faults=str(len(faults)))
        return Dataset.open(out).manifest, faults

    def _writer(self, name: str, out: Path, classes: Sequence[str], images: Path, *, overwrite: bool) -> DatasetWriter:
        return DatasetWriter(
            out,
            name=name,
            task=self.task,
            classes=classes,
            image_root=IMAGES_FOLDER if self.copy_images else images,
            point_policies=(_POLICY[self.task],),
            source="csv",
            provenance=as_provenance(self),
            overwrite=overwrite,
        )

    def _pictures(self, source: Path, faults: list[Fault]) -> dict[str, list[Row]]:
        """The good lines of every picture, pictures in the order in which they first appear."""
        try:
            content = source.read_bytes()
        except OSError as error:
            raise UserFault(
                f"source {str(source)!r}",
                seen=error.strerror or str(error),
                allowed="a table with the header path,label[,...]",
                remedy="Give the CSV file",
            ) from None
        pictures: dict[str, list[Row]] = {}
        for row in read_rows(content, name=source.name, units=self.units, faults=faults):
            pictures.setdefault(row.path, []).append(row)
        return pictures

    def _agreeing(self, rows: Sequence[Row], size: tuple[int, int], name: str, faults: list[Fault]) -> list[Row]:
        """Those lines that fit the picture and the lines before them; the others become faults."""
        kept: list[Row] = []
        for row in rows:
            messages = [self._contradiction(row, other) for other in kept] + [self._outside(row, size)]
            wrong = next(filter(None, messages), "")
            if wrong:
                faults.append(Fault(f"{name}, line {row.line}", f"{wrong}; left out"))
            else:
                kept.append(row)
        return kept

    def _contradiction(self, row: Row, other: Row) -> str:
        """What two lines of one picture disagree about; "" if nothing."""
        if self.task == "single_label" and row.label != other.label:
            hint = "one label a picture is expected; for several pass --task multi_label"
            return f"label is {row.label!r}, line {other.line} says {other.label!r}; {hint}"
        for column, mine, yours in (("split", row.split, other.split), ("map_path", row.map_path, other.map_path)):
            if None not in (mine, yours) and mine != yours:
                return f"{column} is {mine!r}, line {other.line} says {yours!r}; one a picture is expected"
        return ""

    def _outside(self, row: Row, size: tuple[int, int]) -> str:
        """Which place of the line, in pixels, is not in the picture; "" if none."""
        corners = [row.point or (0.0, 0.0), (row.box or (0.0, 0.0, 0.0, 0.0))[2:]]
        for x, y in corners if self.units == "pixel" else []:
            if x > size[0] or y > size[1]:
                return f"({x}, {y}) lies outside the picture of {size[0]}x{size[1]} pixels"
        return ""

    def _records(
        self, path: str, rows: Sequence[Row], size: tuple[int, int], index: dict[str, int]
    ) -> tuple[Example, list[Annotation]]:
        """One picture's lines as records."""
        scale = (1.0, 1.0) if self.units == "fraction" else (float(size[0]), float(size[1]))
        given = [row.split for row in rows if row.split is not None]
        drawn = split_by_share(path, validation=self.validation_share, test=self.test_share, seed=self.seed)
        example = Example(
            id=path,
            path=path,
            split=given[0] if given else drawn,
            width=size[0],
            height=size[1],
            labels=tuple(dict.fromkeys(index[row.label] for row in rows)),
            boxes=tuple(dict.fromkeys(_box(row, scale, index) for row in rows if row.box is not None)),
        )
        said = [row for row in rows if row.point is not None or row.annotator or row.time_ms is not None]
        return example, [self._annotation(row, scale, index[row.label]) for row in said]

    def _annotation(self, row: Row, scale: tuple[float, float], label: int) -> Annotation:
        points = {} if row.point is None else {_POLICY[self.task]: (row.point[0] / scale[0], row.point[1] / scale[1])}
        return Annotation(
            id=f"line_{row.line}",
            example_id=row.path,
            annotator=row.annotator,
            source="csv",
            label=label,
            selected=True,
            points=points,
            dwell_ms=row.time_ms,
        )

    def _map(self, source: Path, rows: Sequence[Row], size: tuple[int, int], faults: list[Fault]) -> MapArray | None:
        """The picture's map; None, with a fault, when it cannot be used."""
        row = next((row for row in rows if row.map_path is not None), None)
        if row is None or row.map_path is None:
            return None
        try:
            return read_heat_map(source.parent / row.map_path, size, stretch=self.stretch_maps)
        except ValueError as error:
            location = f"{source.name}, line {row.line}"
            faults.append(Fault(location, f"map {row.map_path!r}: {error}; the picture is kept without it"))
            return None


def _box(row: Row, scale: tuple[float, float], index: dict[str, int]) -> Box:
    x0, y0, x1, y1 = row.box or (0.0, 0.0, 0.0, 0.0)
    return Box(x0 / scale[0], y0 / scale[1], x1 / scale[0], y1 / scale[1], index[row.label])
