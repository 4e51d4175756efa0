"""A model and a folder of pictures become a table, and a picture of where the model looked."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch

from sidelight.data.images import Image, read_image
from sidelight.data.source.progress import Progress, silent
from sidelight.explain.cam import cam
from sidelight.model.outputs import Outputs
from sidelight.pipeline.subject import BATCH, Subject, load_subject
from sidelight.records.errors import Fault, UserFault
from sidelight.report.gallery import cam_tile

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})


def predict_images(
    model: str,
    images: Path,
    out: Path,
    *,
    top: int = 5,
    explain: Path | None = None,
    progress: Progress = silent,
) -> tuple[int, list[Fault]]:
    """Classify pictures.

    Args:
        model: a run's folder, or timm:NAME (whose classes then have numbers for names).
        images: a picture, or a folder searched with its subfolders.
        out: CSV to write, with the columns path, point_x, point_y (empty without a point head; in [0, 1] of what the
        model
            sees), then class_1, probability_1, ... in falling order.
        top: how many classes a picture.
        explain: folder for one PNG a picture: the picture under the activation map of its first class.
        progress: told (done, total).

    Returns:
        How many pictures were classified, and a fault for each that could not be read.

    Raises:
        UserFault: if there is no picture, or the model has no exact activation map and `explain` is asked for.
    """
    files = _find(images)
    subject = load_subject(model)
    names = subject.classes or tuple(map(str, range(subject.backbone.classes)))
    shown = min(top, len(names))
    faults: list[Fault] = []
    done = 0
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", newline="") as lines:
        table = csv.writer(lines)
        ranked = [column for place in range(1, shown + 1) for column in (f"class_{place}", f"probability_{place}")]
        table.writerow(["path", "point_x", "point_y", *ranked])
        for start in range(0, len(files), BATCH):
            read = list(_readable(files[start : start + BATCH], faults))
            if read:
                _classify(subject, names, read, write_row=table.writerow, root=images, shown=shown, explain=explain)
            done += len(read)
            progress(min(start + BATCH, len(files)), len(files))
    return done, faults


def _find(images: Path) -> list[Path]:
    found = [images] if images.is_file() else sorted(p for p in images.rglob("*") if p.suffix.lower() in SUFFIXES)
    if not found:
        raise UserFault(
            f"pictures {images}",
            seen="no picture there" if images.exists() else "no such file or folder",
            allowed=f"a file or a folder with {', '.join(sorted(SUFFIXES))}",
            remedy="Give the folder that holds the pictures",
        )
    return found


def _readable(files: list[Path], faults: list[Fault]) -> Iterator[tuple[Path, Image]]:
    for file in files:
        try:
            yield file, read_image(file)
        except UserFault as fault:
            faults.append(Fault(str(file), fault.seen))


def _classify(
    subject: Subject,
    names: tuple[str, ...],
    read: list[tuple[Path, Image]],
    *,
    write_row: Callable[[list[object]], object],
    root: Path,
    shown: int,
    explain: Path | None,
) -> None:
    views = [subject.view(image).image for _, image in read]
    outputs = next(subject.look(views))
    probabilities = subject.probabilities(outputs).numpy()
    ranks = np.argsort(-probabilities, axis=1, kind="stable")[:, :shown]
    points = _points(subject, outputs, ranks[:, 0])
    maps = _maps(outputs, ranks[:, 0]) if explain is not None else None
    for row, (file, _) in enumerate(read):
        name = file.relative_to(root) if root.is_dir() else Path(file.name)
        point = [f"{value:.4f}" for value in points[row]] if points is not None else ["", ""]
        pairs = [cell for c in ranks[row] for cell in (names[c], f"{probabilities[row, c]:.6f}")]
        write_row([name.as_posix(), *point, *pairs])
        if explain is not None and maps is not None:
            target = explain / name.with_suffix(f"{name.suffix}.png")
            target.parent.mkdir(parents=True, exist_ok=True)
            guess = (points[row][0], points[row][1]) if points is not None else None
            cam_tile(views[row], maps[row], guess=guess).save(target)


def _points(subject: Subject, outputs: Outputs, classes: np.ndarray) -> list[list[float]] | None:
    """(x, y) a picture: of the class named, where the head has a point a class; None without a head."""
    points = subject.points(outputs)
    if points is None:
        return None
    chosen = classes if points.shape[1] > 1 else np.zeros_like(classes)
    return [picture[place].tolist() for picture, place in zip(points, chosen.tolist(), strict=True)]


def _maps(outputs: Outputs, classes: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        return cam(outputs, torch.from_numpy(classes)).float().numpy()
