"""Photos with what eyes and cursors did on them, as in the OSIE data: fixations become maps, traces become events."""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from sidelight.data.format.manifest import Manifest
from sidelight.data.format.photo import photo_size
from sidelight.data.format.reader import Dataset
from sidelight.data.format.schema import IMAGES_FOLDER
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.source.image_folder import ENDINGS
from sidelight.data.source.names import natural_order
from sidelight.data.source.progress import Progress
from sidelight.data.source.reader import as_provenance, refuse_nothing
from sidelight.records.annotation import Annotation
from sidelight.records.errors import Fault, UserFault
from sidelight.records.event import Event
from sidelight.records.example import Example
from sidelight.signal.heat_map import dwell_map, round_sigma

STIMULI = "stimuli"
FloatArray = npt.NDArray[np.float64]


class Recording(msgspec.Struct, frozen=True):
    """One line of a file of recordings: what one person's eyes, or cursor, did on one picture.

    Attributes:
        image: name of the picture in `stimuli/`.
        subject: who.
        x: of fixations, in pixels from the left border.
        y: of fixations, in pixels from the upper border.
        dur_ms: how long each fixation lasted.
        row: of cursor samples: which pixel, the uppermost being 1.
        col: likewise, the leftmost being 1.
    """

    image: str
    subject: int
    x: tuple[float, ...] = ()
    y: tuple[float, ...] = ()
    dur_ms: tuple[float, ...] = ()
    row: tuple[float, ...] = ()
    col: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        lengths = {name: len(getattr(self, name)) for name in ("x", "y", "dur_ms", "row", "col")}
        if not lengths["x"] == lengths["y"] == lengths["dur_ms"] or lengths["row"] != lengths["col"]:
            raise ValueError(f"its lists differ in length: {lengths}")

    def places(self, width: int, height: int) -> FloatArray:
        """(x, y) of every fixation or sample, [n, 2] in [0, 1] of a picture of that size.

        >>> Recording("1.jpg", 1, row=(1,), col=(2,)).places(4, 2).tolist()
        [[0.375, 0.25]]
        """
        pixels = np.array([self.x, self.y]) if self.x else np.array([self.col, self.row]) - 0.5
        return pixels.T.reshape(-1, 2) / (width, height)


@dataclass(frozen=True)
class Osie:
    """Photos in stimuli/ with eye fixations and cursor traces in .jsonl(.gz) files beside it, as in the OSIE data."""

    map_from: str = "eye_fixations"
    """The file (without ending) whose recordings become the picture's heat map, all people together; "" = no map."""

    sigma: float = 0.04
    """Standard deviation of the Gaussian around a fixation, in the shorter side of the picture (OSIE: 24 of 600 pixels
    are one degree of visual angle)."""

    cells: int = 64
    """Height of the heat maps that are written, in cells; their width follows the picture."""

    copy_images: bool = False
    """Copy the pictures into the dataset instead of referring to them."""

    def convert(
        self, source: Path, out: Path, *, progress: Progress, overwrite: bool = False
    ) -> tuple[Manifest, list[Fault]]:
        """Convert the folder.

        Pictures lie in `stimuli/`, one folder a class or, as in OSIE, without classes (a multi-label dataset without
        any). Each line of a `*.jsonl` or `*.jsonl.gz` file is one person on one picture: `image`, `subject`, and either
        fixations (`x`, `y` in pixels, `dur_ms`) or cursor samples (`row`, `col`, counted from 1, in order). Cursor
        recordings become annotations with an event a sample; their times are not known. All is held in memory.

        Args:
            source: the folder.
            out: the dataset to make.
            progress: told how many pictures are done.
            overwrite: whether a dataset at `out` may be replaced.

        Returns:
            The manifest, and one fault for everything that was left out.

        Raises:
            UserFault: if there is no picture, or no recording of the name in `map_from`.

        Source: xu2014osie; jiang2015salicon for cursors in the place of eyes.
        """
        source = source.absolute()
        faults: list[Fault] = []
        pictures = _pictures(source)
        recordings = _recordings(source, set(pictures), faults)
        if self.map_from and self.map_from not in recordings:
            raise UserFault(
                f"map_from {self.map_from!r}",
                seen="no such file of recordings",
                allowed=", ".join(recordings) or "none: there is no *.jsonl or *.jsonl.gz file",
                remedy="Name one of them, or pass --map-from ''",
            )
        classes = sorted({name.split("/")[0] for name in pictures if "/" in name}, key=natural_order)
        writer = DatasetWriter(
            out,
            name=source.name,
            task="single_label" if classes else "multi_label",
            classes=classes,
            image_root=IMAGES_FOLDER if self.copy_images else source / STIMULI,
            point_policies=(),
            source="osie",
            provenance=as_provenance(self),
            privacy_grade="L2",
            overwrite=overwrite,
        )
        with writer as dataset:
            written = 0
            for number, name in enumerate(pictures, start=1):
                progress(number, len(pictures))
                try:
                    size = photo_size(source / STIMULI / name)
                except OSError as error:
                    faults.append(Fault(name, f"{error}; left out"))
                    continue
                labels = (classes.index(name.split("/")[0]),) if classes else ()
                of_picture = {file: by_image.get(name, []) for file, by_image in recordings.items()}
                dataset.add(
                    Example(name, name, "train", *size, labels),
                    _annotations(name, size, of_picture),
                    saliency=self._map(of_picture.get(self.map_from, []), size),
                    image=source / STIMULI / name if self.copy_images else None,
                )
                written += 1
            refuse_nothing(source, written, faults)
            dataset.note(examples=str(written), faults=str(len(faults)))
        return Dataset.open(out).manifest, faults

    def _map(self, recordings: list[Recording], size: tuple[int, int]) -> FloatArray | None:
        """All people's heat map; None when nobody looked."""
        if not any(recording.x or recording.row for recording in recordings):
            return None
        places = np.concatenate([recording.places(*size) for recording in recordings])
        times = np.concatenate([recording.dur_ms or np.ones(len(recording.row)) for recording in recordings])
        grid = (self.cells, max(1, round(self.cells * size[0] / size[1])))
        found = dwell_map(places, times, grid, sigma=round_sigma(self.sigma, *size))
        return found if found.max() > 0 else None


def _pictures(source: Path) -> list[str]:
    folder = source / STIMULI
    found = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix.lower() in ENDINGS]
    deep = {"/" in name for name in found}
    if len(deep) != 1:
        raise UserFault(
            f"source {str(source)!r}",
            seen="pictures both in class folders and outside of any" if deep else f"no picture in {STIMULI}/",
            allowed=f"pictures in {STIMULI}/, or in {STIMULI}/<class>/",
            remedy="Give the folder that holds the pictures' folder and the recordings",
        )
    return sorted(found, key=natural_order)


def _recordings(source: Path, pictures: set[str], faults: list[Fault]) -> dict[str, dict[str, list[Recording]]]:
    """Recordings by file and picture; broken lines and lines about other pictures are faults."""
    found: dict[str, dict[str, list[Recording]]] = {}
    for path in sorted([*source.glob("*.jsonl"), *source.glob("*.jsonl.gz")]):
        by_image = found.setdefault(path.name.split(".")[0], {})
        for number, line in enumerate(_lines(path), start=1):
            location = f"{path.name}, line {number}"
            try:
                recording = msgspec.json.decode(line, type=Recording)
            except (msgspec.DecodeError, ValueError) as error:
                faults.append(Fault(location, f"{error}; left out"))
                continue
            if recording.image in pictures:
                by_image.setdefault(recording.image, []).append(recording)
            else:
                faults.append(Fault(location, f"there is no picture {recording.image!r}; left out"))
    return found


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            yield from file
    except (OSError, EOFError) as error:
        raise UserFault(
            f"recordings {str(path)!r}",
            seen=str(error),
            allowed="a JSON object a line, plain or compressed with gzip",
            remedy="Restore the file, or take it away",
        ) from error


def _annotations(name: str, size: tuple[int, int], recordings: Mapping[str, list[Recording]]) -> Iterator[Annotation]:
    """A cursor's way over the picture, one annotation a person; a place outside the picture is kept as it was."""
    for file, of_picture in recordings.items():
        for number, recording in enumerate(of_picture):
            if recording.row:
                events = tuple(Event("move", x=float(x), y=float(y)) for x, y in recording.places(*size))
                who = f"{file}/{recording.subject}"
                yield Annotation(f"{name}:{file}:{number}", name, annotator=who, source="osie", events=events)
