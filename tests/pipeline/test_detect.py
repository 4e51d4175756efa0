import contextlib
import csv
import io
import json
from dataclasses import replace

import msgspec
import pytest
import torch
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from safetensors.torch import load_file
from tests.drawn_objects import drawn_dataset

from sidelight.data.format.reader import Dataset
from sidelight.evaluate.detection import NUMBERS
from sidelight.model.backbone import Backbone
from sidelight.model.checkpoint import save_model
from sidelight.model.detector import Looking
from sidelight.model.heads import seeded
from sidelight.model.network import Network
from sidelight.pipeline.detect import FineTuning, Place, detect
from sidelight.records.errors import UserFault
from sidelight.records.result import Result
from sidelight.train.detection import DetectionTraining
from sidelight.train.objective.luab import Luab

NETWORK = Network("resnet18", width=0.25, image_size=32)
BOXES = FineTuning(
    looking=Looking(48, 48, training_proposals=12, proposals=8, min_score=0.0),
    training=DetectionTraining(epochs=1, batch_size=2, lr=0.1, drop_epochs=(), warmup_steps=0, look_every=1),
)
MASKS = replace(BOXES, kind="mask_rcnn")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Six pictures: four to train on, two to test; the dataset and its JSON."""
    return drawn_dataset(tmp_path_factory.mktemp("drawn"), pictures=6)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A model with a point head, as a run leaves it."""
    file = tmp_path_factory.mktemp("model") / "model.safetensors"
    backbone = Backbone(NETWORK, 5, generator_seed=0)
    with torch.no_grad(), seeded(0):
        for part in backbone.modules():
            if isinstance(part, torch.nn.BatchNorm2d):
                part.weight.fill_(0.7)
                part.running_var.fill_(1.3)
    save_model(file, backbone, Luab().heads(backbone.width, 5))
    return file


@pytest.fixture(scope="module")
def masked(drawn, model, tmp_path_factory):
    """Mask R-CNN after two steps: its folder and its results."""
    out = tmp_path_factory.mktemp("masked") / "out"
    return out, detect(str(model), Place(drawn[0], out, (drawn[1],)), MASKS)


@pytest.fixture(scope="module")
def boxed(drawn, model, tmp_path_factory):
    """Faster R-CNN after two steps, on the dataset's own boxes."""
    out = tmp_path_factory.mktemp("boxed") / "out"
    return out, detect(str(model), Place(drawn[0], out), BOXES)


def official(instances, detections, ids, *, iou_type):
    with contextlib.redirect_stdout(io.StringIO()):
        truth, found = COCO(str(instances)), json.loads(detections.read_text())
        if iou_type == "segm":  # with boxes beside them, pycocotools would take the boxes' areas for the masks'
            found = [{name: value for name, value in each.items() if name != "bbox"} for each in found]
        evaluation = COCOeval(truth, truth.loadRes(found), iou_type)
        evaluation.params.imgIds = ids
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation.stats[:6].tolist()


def values(results):
    return {result.metric: result.value for result in results}


def without_absent(expected):
    return {name: value for name, value in expected.items() if value >= 0}


@pytest.mark.parametrize(("shape", "iou_type"), [("mask_rcnn_box", "bbox"), ("mask", "segm")])
def test_numbers_are_pycocotools_on_the_detections_that_were_saved(drawn, masked, shape, iou_type):
    out, results = masked
    stats = official(drawn[1], out / "detections.json", [3, 6], iou_type=iou_type)
    expected = without_absent(dict(zip((f"{shape}_{name}" for name in NUMBERS), stats, strict=True)))
    ours = {name: value for name, value in values(results).items() if name.startswith(f"{shape}_ap")}
    assert ours == pytest.approx(expected, abs=1e-6)


def test_the_backbone_that_was_frozen_is_still_the_models(model, masked):
    theirs, ours = load_file(model), load_file(masked[0] / "detector.safetensors")
    stem = {name for name in theirs if name.startswith(("backbone.conv1", "backbone.bn", "backbone.layer1"))}
    norms = {name for name in theirs if ".bn" in name or "downsample.1" in name}
    compared = {name for name in stem | norms if "num_batches_tracked" not in name}
    assert len(compared) > 80
    for name in compared:
        assert torch.equal(theirs[name], ours[name.replace("backbone.", "backbone.body.", 1)]), name
    assert not [name for name in ours if "backbone.body.fc" in name or "point" in name]


def test_results_carry_their_definition_and_where_they_come_from(boxed, drawn):
    out, results = boxed
    assert {result.metric for result in results} >= {"box_ap", "box_ap50", "box_ap75"}
    assert {(result.benchmark, result.split, result.n, result.subset) for result in results} == {
        ("detection", "test", 2, "all")
    }
    first = results[0]
    assert "Faster R-CNN, fine-tuned 1 epochs of 4 photos, 2 a step" in first.definition
    assert "areas of the dataset's boxes" in first.definition
    assert first.provenance.fingerprint == Dataset.open(drawn[0]).manifest.fingerprint
    assert {"torchmetrics", "faster-coco-eval", "torch"} <= first.provenance.environment.keys()
    assert msgspec.json.decode((out / "results.json").read_bytes(), type=list[Result]) == results


def test_the_instances_file_gives_crowds_and_areas(masked):
    assert "areas and crowds of the instances JSON" in masked[1][0].definition


def test_the_folder_holds_the_curve_and_the_settings(boxed):
    out, _ = boxed
    with (out / "metrics.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert {"loss_classifier", "loss_box_reg", "loss_objectness", "loss_rpn_box_reg"} <= row.keys()
    assert float(row["lr"]) == pytest.approx(0.1 * 2 / 16)
    settings = json.loads((out / "detect.json").read_text())
    assert settings["tuning"]["kind"] == "faster_rcnn"
    assert {entry["image_id"] for entry in json.loads((out / "detections.json").read_text())} <= {3, 6}


def test_an_interrupted_command_goes_on_to_the_same_detector(drawn, model, boxed, tmp_path):
    def interrupt(report):
        raise KeyboardInterrupt

    tuning = replace(BOXES, training=replace(BOXES.training, checkpoint_every=1))
    place = Place(drawn[0], tmp_path / "out")
    with pytest.raises(KeyboardInterrupt):
        detect(str(model), place, tuning, report=lambda step: interrupt(step) if step.step == 2 else None)
    with pytest.raises(UserFault, match="one is already there"):
        detect(str(model), place, tuning)
    results = detect(str(model), place, tuning, resume=True)
    assert values(results) == values(boxed[1])
    whole, again = (load_file(out / "detector.safetensors") for out in (boxed[0], tmp_path / "out"))
    assert all(torch.equal(whole[name], again[name]) for name in whole)


def test_a_finished_one_is_measured_again_without_training(drawn, model, boxed):
    def refuse(report):
        raise AssertionError(report)

    out, results = boxed
    assert values(detect(str(model), Place(drawn[0], out), BOXES, resume=True, report=refuse)) == values(results)
    other = detect(str(model), Place(drawn[0], out, split="train"), BOXES, resume=True, report=refuse)
    assert {(result.split, result.n) for result in other} == {("train", 4)}


def test_another_seed_or_setting_does_not_go_on_in_the_folder(drawn, model, boxed):
    place = Place(drawn[0], boxed[0])
    with pytest.raises(UserFault, match="one of another seed"):
        detect(str(model), place, BOXES, seed=1, resume=True)
    with pytest.raises(UserFault, match="one of another tuning"):
        detect(str(model), place, replace(BOXES, looking=Looking()), resume=True)
    detect(str(model), place, replace(BOXES, workers=1), resume=True)


def test_masks_need_the_instances_file(drawn, model, tmp_path):
    with pytest.raises(UserFault, match="for mask_rcnn: --instances FILE"):
        detect(str(model), Place(drawn[0], tmp_path / "out"), MASKS)
    assert not (tmp_path / "out").exists()


def test_another_architecture_is_refused_before_anything_is_written(drawn, tmp_path):
    with pytest.raises(UserFault, match="network 'vit_tiny_patch16_224'"):
        detect("none", Place(drawn[0], tmp_path / "out"), BOXES, network="vit_tiny_patch16_224")
    assert not (tmp_path / "out").exists()


def test_a_split_without_pictures_is_refused(drawn, model, tmp_path):
    with pytest.raises(UserFault, match="no picture in split 'validation'"):
        detect(str(model), Place(drawn[0], tmp_path / "out", split="validation"), BOXES)
