"""A model and a dataset become maps of where the model looked: as data, and as a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from sidelight.data.augment.crop import evaluation_window
from sidelight.data.format.reader import Dataset
from sidelight.data.format.teacher_maps import TEACHER_MAPS_FILE, TeacherMap, TeacherMapWriter, teacher_map_faults
from sidelight.data.images import read_image
from sidelight.data.source.progress import Progress, silent
from sidelight.explain.cam import Cam
from sidelight.explain.method import Choose, Explained, Method, predicted
from sidelight.explain.rise import Rise
from sidelight.explain.table import METHODS
from sidelight.model.checkpoint import fingerprint
from sidelight.pipeline.evaluate import refuse_misfit
from sidelight.pipeline.load import boxes_of
from sidelight.pipeline.subject import BATCH, Subject, load_subject
from sidelight.records.errors import UserFault
from sidelight.records.example import Box, Example, Split
from sidelight.report.map_page import MapItem, MapPage, write_map_page

GRADIENT_BATCH = 32
"""Pictures at a time where a backward pass keeps every layer's activations."""
SHOWN = 24
Asked = tuple[Example, int | None]
"""A picture and the class to explain; None for the one that the model names."""


@dataclass(frozen=True)
class Told:
    """What a model said about one picture.

    Attributes:
        map: where it saw the class.
        probabilities: [C] float32, of all classes.
    """

    map: TeacherMap
    probabilities: np.ndarray


def explain(
    model: str,
    data: Path,
    out: Path,
    *,
    method: Method,
    split: Split | None = None,
    of: Literal["label", "predicted"] = "label",
    size: int = 16,
    progress: Progress = silent,
) -> int:
    """Write where a model saw the classes of pictures.

    Args:
        model: a run's folder, a file of weights, or timm:NAME.
        data: folder of the dataset.
        out: folder for teacher_maps.parquet (one row a picture and class) and maps.html.
        method: how.
        split: which pictures; None for all.
        of: explain every class that a picture has, or the one that the model names.
        size: most cells a side; finer maps are averaged over cells.
        progress: told (maps done, maps in all).

    Returns:
        How many maps were written.

    Raises:
        UserFault: if there is no such picture, the model knows other classes, or the method does not fit it.
    """
    subject, dataset = load_subject(model), Dataset.open(data)
    examples = [e for e in dataset.examples() if split is None or e.split == split]
    refuse_misfit(subject, dataset, examples, split or "all")
    asked: list[Asked] = [(e, label) for e in examples for label in (e.labels if of == "label" else (None,))]
    shown = _evenly(asked)
    items = []
    out.mkdir(parents=True, exist_ok=True)
    with TeacherMapWriter(out / TEACHER_MAPS_FILE) as file:
        for place, told in enumerate(look_for(subject, dataset, asked, method=method, size=size)):
            file.add(told.map)
            if place in shown:
                items.append(_item(subject, dataset, asked[place][0], told))
            progress(place + 1, len(asked))
    write_map_page(_page(subject, dataset, method, items=items, number=len(asked)), out / "maps.html")
    return len(asked)


def look_for(
    subject: Subject, dataset: Dataset, asked: Sequence[Asked], *, method: Method, size: int
) -> Iterator[Told]:
    """Where a model saw each class asked for, in order, a batch of pictures in memory at a time.

    Args:
        subject: the model.
        dataset: of the pictures.
        asked: pictures and classes.
        method: how.
        size: most cells a side; finer maps are averaged over cells, by area.

    Yields:
        One answer for each.

    Raises:
        UserFault: if the method does not fit the model, or a map holds a number beyond float16.
    """
    if isinstance(method, Rise) and (method.probability == "softmax") != (subject.task == "single_label"):
        raise UserFault(
            "RISE",
            seen=f"probability '{method.probability}' for a {subject.task} model",
            allowed="softmax where classes exclude each other, sigmoid where they do not",
            remedy="Set --probability",
        )
    views = (subject.view(read_image(dataset.image_path(example))).image for example, _ in asked)
    waiting = iter(asked)
    name, teacher = _name(method), fingerprint(subject.backbone)
    for images in subject.inputs(views, batch=BATCH if isinstance(method, Cam) else GRADIENT_BATCH):
        group = list(islice(waiting, len(images)))
        with subject.casting():
            explained = method(subject.backbone, images, _chosen([label for _, label in group]))
        classes, maps, probabilities = _as_arrays(subject, explained, size)
        for place, (example, _) in enumerate(group):
            found = TeacherMap(
                example_id=example.id,
                label=int(classes[place]),
                map=maps[place],
                view=_view(subject, example),
                confidence=float(probabilities[place, classes[place]]),
                method=name,
                teacher=teacher,
            )
            for fault in teacher_map_faults(found, classes=subject.backbone.classes):
                raise UserFault(
                    f"the map of '{example.id}'",
                    seen=fault,
                    allowed="finite numbers of a trained model",
                    remedy="Check the run's log: did its training diverge?",
                )
            yield Told(found, probabilities[place])


def _name(method: Method) -> str:
    return next(name for name, kind in METHODS.items() if isinstance(method, kind))


def _chosen(labels: Sequence[int | None]) -> Choose:
    """The class given for each picture; where none is, the one that the model names."""

    def choose(logits: Tensor) -> Tensor:
        given = torch.tensor([-1 if label is None else label for label in labels], device=logits.device)
        return torch.where(given < 0, predicted(logits), given)

    return choose


def _as_arrays(subject: Subject, explained: Explained, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Classes [B], maps [B, h, w] float16 of at most `size` cells a side, probabilities [B, C]."""
    height, width = explained.maps.shape[1:]
    maps = functional.adaptive_avg_pool2d(explained.maps[:, None], (min(size, height), min(size, width)))[:, 0]
    said = explained.logits.softmax(dim=1) if subject.task == "single_label" else explained.logits.sigmoid()
    return explained.classes.cpu().numpy(), maps.half().cpu().numpy(), said.cpu().numpy()


def _view(subject: Subject, example: Example) -> tuple[float, float, float, float]:
    """The part of the picture that the model is shown, in [0, 1]."""
    seen = evaluation_window(example.height, example.width, subject.augmentation)
    right, below = seen.left + seen.width, seen.top + seen.height
    return seen.left / example.width, seen.top / example.height, right / example.width, below / example.height


def _evenly(asked: Sequence[Asked]) -> set[int]:
    """Rows to show: evenly spaced in the order of the classes, chosen without looking at any map."""
    order = sorted(range(len(asked)), key=lambda row: (asked[row][0].labels, asked[row][0].id))
    return {order[place] for place in np.linspace(0, len(order) - 1, min(SHOWN, len(order))).astype(int)}


def _item(subject: Subject, dataset: Dataset, example: Example, told: Told) -> MapItem:
    names, best = dataset.manifest.classes, int(told.probabilities.argmax())
    seen = subject.view(read_image(dataset.image_path(example)), boxes_of(example))
    return MapItem(
        image=seen.image,
        map=told.map.map.astype(np.float32),
        labels=tuple(names[label] for label in example.labels),
        explained=names[told.map.label],
        said=(names[best], float(told.probabilities[best])),
        boxes=tuple(Box(*box) for box in seen.boxes.tolist()),
    )


def _page(subject: Subject, dataset: Dataset, method: Method, *, items: list[MapItem], number: int) -> MapPage:
    knobs = ", ".join(f"{key} {value!r}" for key, value in vars(method).items() if value not in ("", None))
    facts = {
        "model": subject.provenance.recipe,
        "network": subject.backbone.network.name,
        "weights": fingerprint(subject.backbone),
        "dataset": dataset.manifest.name,
        "method": _name(method) + (f" ({knobs})" if knobs else ""),
        "maps": f"{number:,}",
    }
    return MapPage(facts, tuple(items))
