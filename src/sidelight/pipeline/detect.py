"""A trained backbone becomes a detector, and the detector results: what its features are worth for another task."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from lightning_fabric import Fabric

from sidelight.data.format.reader import Dataset
from sidelight.data.instances import InstancesFile, read_instances
from sidelight.data.objects import DetectionBatches, ObjectsOf, Photos, boxed_objects, in_order, thumbnails
from sidelight.data.selection import Selection
from sidelight.data.source.progress import Progress, silent
from sidelight.evaluate.detection import Shape, detection_ap, metrics
from sidelight.evaluate.table import Metric
from sidelight.model.checkpoint import fingerprint
from sidelight.model.detector import (
    WEIGHTS,
    DetectorInfo,
    DetectorNet,
    Kind,
    Looking,
    build_detector,
    find_objects,
    load_detector,
    save_detector,
)
from sidelight.model.files import write_whole
from sidelight.pipeline.detect_files import DetectionsFile
from sidelight.pipeline.detect_start import Start, load_start
from sidelight.records.errors import UserFault
from sidelight.records.example import Split
from sidelight.records.objects import Detections, Objects
from sidelight.records.result import Provenance, Result
from sidelight.train.detection import DetectionTraining, fit_detector
from sidelight.train.devices import launch
from sidelight.train.loop import StepReport
from sidelight.train.training import Training

SETTINGS, RESULTS, DETECTIONS = "detect.json", "results.json", "detections.json"
NAMES = {"faster_rcnn": "Faster R-CNN", "mask_rcnn": "Mask R-CNN"}
SHAPES: dict[str, tuple[Shape, ...]] = {"faster_rcnn": ("box",), "mask_rcnn": ("box", "mask")}


@dataclass(frozen=True)
class FineTuning:
    """What is made of a backbone, and how. A value."""

    kind: Kind = "faster_rcnn"
    """faster_rcnn finds boxes, mask_rcnn also the pixels of each object."""
    looking: Looking = field(default_factory=Looking)
    """How large it sees a picture, and how many regions it looks into."""
    training: DetectionTraining = field(default_factory=DetectionTraining)
    """How it is trained."""
    selection: Selection = field(default_factory=Selection)
    """Which pictures are used."""
    workers: int = 2
    """Threads that read pictures beside the training."""


@dataclass(frozen=True)
class Place:
    """Where the pictures are, and where everything goes.

    Attributes:
        data: folder of the dataset.
        out: folder to make.
        instances: the COCO instances JSON that the dataset was converted from, all files of it; none takes the
            dataset's boxes.
        split: which pictures to measure on.
    """

    data: Path
    out: Path
    instances: tuple[Path, ...] = ()
    split: Split = "test"


def detect(
    model: str,
    place: Place,
    tuning: FineTuning,
    *,
    network: str = "resnet50",
    seed: int = 0,
    resume: bool = False,
    report: Callable[[StepReport], None] | None = None,
    progress: Progress = silent,
) -> list[Result]:
    """Fine-tune a detector on the training pictures' objects, and measure it on those of a split.

    The folder gets `detect.json` (all settings), `metrics.csv`, `checkpoint/`, `detector.safetensors` with
    `detector.json`, `detections.json` (COCO's format for results) and `results.json`.

    Args:
        model: a run's folder, a file of weights (with its JSON beside it, or bare), timm:NAME, or none.
        place: of the data and of what is made.
        tuning: what is made, and how.
        network: the architecture of `none` and of a bare file of weights.
        seed: of the new parts' weights, the order, the mirroring and the regions that are drawn.
        resume: go on where an interrupted command of the same settings stopped; one that is done is only measured.
        report: told of every training step.
        progress: told how many pictures have been measured.

    Returns:
        Every number with its definition; none in the processes but the first, where there are several.

    Raises:
        UserFault: if the folder is taken, the model is no ResNet, or the data have no objects (or no masks).
    """
    dataset = Dataset.open(place.data)
    start = load_start(model, network, seed=seed)
    settings = _settings(start, dataset, place, tuning, seed)
    _refuse_occupied(place.out, settings, resume=resume)
    work = _prepared(dataset, place, tuning)
    fabric = launch(Training(batch_size=tuning.training.batch_size, devices=tuning.training.devices))
    if (place.out / WEIGHTS).with_suffix(".json").exists():
        net: DetectorNet = load_detector(place.out)[0].to(fabric.device)
    else:
        net = _fine_tuned(start, work, settings, fabric=fabric, resume=resume, report=report)
    return _measured(net, work, start.provenance, progress=progress) if fabric.is_global_zero else []


@dataclass(frozen=True)
class _Work:
    """What a detector is trained and measured on, and how."""

    place: Place
    tuning: FineTuning
    training: Photos
    measured: Photos
    file: InstancesFile | None

    @property
    def classes(self) -> tuple[str, ...]:
        return self.training.dataset.manifest.classes


def _settings(start: Start, dataset: Dataset, place: Place, tuning: FineTuning, seed: int) -> dict[str, Any]:
    """What `detect.json` holds: all that decides what the detector becomes."""
    known = [hashlib.sha256(file.read_bytes()).hexdigest()[:16] for file in place.instances if file.is_file()]
    values = {name: value for name, value in asdict(tuning).items() if name != "workers"}
    return json.loads(
        json.dumps(
            {
                "recipe": start.provenance.recipe,
                "recipe_hash": start.provenance.recipe_hash,
                "backbone": fingerprint(start.backbone),
                "dataset": dataset.manifest.name,
                "fingerprint": dataset.manifest.fingerprint,
                "instances": known,
                "tuning": values,
                "seed": seed,
            }
        )
    )


def _refuse_occupied(out: Path, settings: dict[str, Any], *, resume: bool) -> None:
    """Refuse a folder that holds a detector, unless it is this one and is to be gone on with."""
    file = out / SETTINGS
    if not file.exists():
        return
    there = json.loads(file.read_text())
    other = [name for name, value in settings.items() if there.get(name) != value]
    if other or not resume:
        raise UserFault(
            f"detector {out}",
            seen=f"one of another {' and '.join(other)}" if other else "one is already there",
            allowed="a new folder, or with --resume one of the same settings, model, data and seed",
            remedy="Choose another --out" if other else "Go on with it by --resume, or choose another --out",
        )


def _prepared(dataset: Dataset, place: Place, tuning: FineTuning) -> _Work:
    """The pictures to train on, which have an object each, and those to measure on, all of their split."""
    listed, name = dataset.examples(), f"dataset '{dataset.manifest.name}'"
    training = tuple(each for each in tuning.selection.of(listed, "train") if each.boxes)
    measured = tuple(tuning.selection.of(listed, place.split))
    if tuning.kind == "mask_rcnn" and not place.instances:
        raise UserFault(
            name,
            seen="boxes, but not the pixels of each object",
            allowed="for mask_rcnn: --instances FILE, the COCO instances JSON that the dataset was converted from",
            remedy="Give that file, or choose faster_rcnn",
        )
    if not measured:
        raise UserFault(
            name, seen=f"no picture in split '{place.split}'", allowed="at least one", remedy="Choose another --split"
        )
    file = None
    if place.instances:
        masks, classes = tuning.kind == "mask_rcnn", dataset.manifest.classes
        file = read_instances(place.instances, classes, [*training, *measured], masks=masks)
    objects_of: ObjectsOf = boxed_objects if file is None else file.objects
    return _Work(place, tuning, Photos(dataset, training, objects_of), Photos(dataset, measured, objects_of), file)


def _fine_tuned(
    start: Start,
    work: _Work,
    settings: dict[str, Any],
    *,
    fabric: Fabric,
    resume: bool,
    report: Callable[[StepReport], None] | None,
) -> DetectorNet:
    tuning, seed = work.tuning, settings["seed"]
    kind, looking, classes = tuning.kind, tuning.looking, len(work.classes)
    shown = thumbnails(work.training, number=16, side=128) if start.random and work.training else None
    net = build_detector(start.backbone, kind, looking, classes, seed=seed, settle_on=shown)
    if fabric.is_global_zero:
        write_whole(work.place.out / SETTINGS, json.dumps(settings, indent=1, sort_keys=True).encode())
    source = DetectionBatches(
        work.training,
        batch_size=tuning.training.batch_size,
        seed=seed,
        workers=tuning.workers,
        rank=fabric.global_rank,
        world=fabric.world_size,
    )
    fit_detector(
        net,
        source,
        tuning.training,
        run=work.place.out,
        seed=seed,
        fabric=fabric,
        resume=resume,
        fingerprint=hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:12],
        report=report,
    )
    if fabric.is_global_zero:
        mean, std = start.backbone.normalisation
        made = start.backbone.network
        info = DetectorInfo(kind=kind, looking=looking, network=made, class_names=work.classes, mean=mean, std=std)
        save_detector(work.place.out, net, info)
    return net


def _measured(net: DetectorNet, work: _Work, provenance: Provenance, *, progress: Progress) -> list[Result]:
    ids = range(1, len(work.classes) + 1) if work.file is None else work.file.category_ids
    written = DetectionsFile(ids)

    def pairs() -> Iterator[tuple[Detections, Objects]]:
        for number, (image, there) in enumerate(in_order(work.measured, workers=work.tuning.workers), start=1):
            found = find_objects(net, image, there.id)
            written.add(found)
            progress(number, len(work.measured))
            yield found, there

    shapes = SHAPES[work.tuning.kind]
    numbers = detection_ap(pairs(), shapes)
    written.write(work.place.out / DETECTIONS)
    defined = {name: metric for shape in shapes for name, metric in _definitions(shape, work).items()}
    manifest = work.measured.dataset.manifest
    provenance = msgspec.structs.replace(provenance, dataset=manifest.name, fingerprint=manifest.fingerprint)
    found = [
        Result(
            benchmark="detection",
            # A table's "box AP" is Faster R-CNN's.
            metric=f"mask_rcnn_{name}" if work.tuning.kind == "mask_rcnn" and name.startswith("box") else name,
            value=value,
            definition=defined[name].definition,
            higher_is_better=defined[name].higher_is_better,
            n=len(work.measured),
            split=work.place.split,
            provenance=provenance,
        )
        for name, value in numbers.items()
    ]
    write_whole(work.place.out / RESULTS, msgspec.json.format(msgspec.json.encode(found), indent=1))
    return found


def _definitions(shape: Shape, work: _Work) -> dict[str, Metric]:
    schedule = work.tuning.training
    areas = "areas of the dataset's boxes, no crowds" if work.file is None else "areas and crowds of the instances JSON"
    how = f"{schedule.epochs} epochs of {len(work.training)} photos, {schedule.batch_size} a step"
    return metrics(shape, detector=NAMES[work.tuning.kind], areas=areas, fine_tuned=how)
