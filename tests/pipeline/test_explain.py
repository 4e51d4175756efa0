from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch

from sidelight.data.format.reader import Dataset
from sidelight.data.format.teacher_maps import TEACHER_MAPS_FILE, read_teacher_maps
from sidelight.data.format.writer import DatasetWriter
from sidelight.explain.cam import Cam, cam
from sidelight.explain.gradcam import GradCam
from sidelight.explain.input_gradient import InputGradient
from sidelight.explain.rise import Rise
from sidelight.model.backbone import Backbone
from sidelight.model.checkpoint import fingerprint, save_model
from sidelight.model.network import Network
from sidelight.pipeline.explain import explain, look_for
from sidelight.pipeline.subject import load_subject
from sidelight.records.errors import UserFault
from sidelight.records.example import Example


@pytest.fixture(scope="module")
def explained(run, clicks, tmp_path_factory):
    out = tmp_path_factory.mktemp("explained")
    assert explain(str(run), clicks, out, method=Cam(), split="test") == 20
    return out


def test_there_is_a_map_a_picture_with_all_that_tells_where_it_came_from(explained, run, clicks):
    subject = load_subject(str(run))
    examples = [e for e in Dataset.open(clicks).examples() if e.split == "test"]
    found = list(read_teacher_maps(explained / TEACHER_MAPS_FILE))
    assert [(f.example_id, f.label) for f in found] == [(e.id, e.labels[0]) for e in examples]
    assert {(f.method, f.teacher, f.weight) for f in found} == {("cam", fingerprint(subject.backbone), 1.0)}
    assert all(0 < f.confidence < 1 for f in found)


def test_the_maps_are_those_of_the_class_on_the_picture(explained, run, clicks):
    subject, dataset = load_subject(str(run)), Dataset.open(clicks)
    example = next(e for e in dataset.examples() if e.split == "test")
    image = cv2.imread(str(dataset.image_path(example)))[..., ::-1]
    outputs = next(subject.look([subject.view(image).image]))
    found = next(read_teacher_maps(explained / TEACHER_MAPS_FILE))
    by_hand = cam(outputs, torch.tensor(example.labels)).detach().numpy()[0]
    np.testing.assert_allclose(found.map, by_hand, rtol=1e-2, atol=1e-2)
    assert found.confidence == pytest.approx(float(subject.probabilities(outputs)[0, example.labels[0]]), abs=1e-5)


def test_there_is_a_page_to_look_at(explained):
    page = (explained / "maps.html").read_text("utf-8")
    assert "20 of the pictures" in page
    assert "method <b>cam</b>" in page


@pytest.mark.parametrize("method", [GradCam(layer="layer3"), InputGradient(), Rise(masks=4, cells=2)])
def test_finer_maps_are_averaged_over_cells(run, clicks, tmp_path, method):
    explain(str(run), clicks, tmp_path, method=method, split="validation", size=5)
    found = list(read_teacher_maps(tmp_path / TEACHER_MAPS_FILE))
    assert len(found) == 10
    assert max(max(f.map.shape) for f in found) <= 5


def test_the_class_that_the_model_names_can_be_explained_instead(run, clicks, tmp_path):
    explain(str(run), clicks, tmp_path, method=Cam(), split="test", of="predicted")
    subject, dataset = load_subject(str(run)), Dataset.open(clicks)
    asked = [(e, None) for e in dataset.examples() if e.split == "test"]
    for found, told in zip(
        read_teacher_maps(tmp_path / TEACHER_MAPS_FILE),
        look_for(subject, dataset, asked, method=Cam(), size=16),
        strict=True,
    ):
        assert found.label == told.map.label == told.probabilities.argmax()
        assert found.confidence == pytest.approx(told.probabilities.max())


@pytest.fixture
def wide(tmp_path):
    """One picture of 40 x 20 pixels, in two classes at once."""
    cv2.imwrite(str(tmp_path / "drawn.png"), np.full((20, 40, 3), 90, np.uint8))
    with DatasetWriter(
        tmp_path / "wide", name="wide", task="multi_label", classes=("red", "green"), image_root="images", source="test"
    ) as writer:  # fmt: skip
        writer.add(Example("w", "w.png", "test", 40, 20, (0, 1), ()), image=tmp_path / "drawn.png")
    return tmp_path / "wide"


def published(tmp_path, **changed):
    network = Network("resnet18", width=0.125, image_size=32)
    save_model(tmp_path / "net.safetensors", Backbone(replace(network, **changed), 2, generator_seed=0), {})
    return str(tmp_path / "net.safetensors")


def test_a_map_says_which_part_of_the_picture_the_model_was_shown(wide, tmp_path):
    explain(published(tmp_path), wide, tmp_path / "out", method=Cam())
    found = list(read_teacher_maps(tmp_path / "out" / TEACHER_MAPS_FILE))
    assert {f.view for f in found} == {(0.25, 0.0, 0.75, 1.0)}  # the central square
    assert [f.label for f in found] == [0, 1]  # a map a class


def test_scores_of_rise_must_fit_what_the_model_was_trained_for(wide, tmp_path):
    with pytest.raises(UserFault, match=r"RISE.*sigmoid.*--probability"):
        explain(published(tmp_path), wide, tmp_path / "out", method=Rise(probability="sigmoid"))


def test_a_network_without_an_exact_map_says_what_to_take(wide, tmp_path):
    model = published(tmp_path, name="vit_tiny_patch16_224", width=1.0)
    with pytest.raises(UserFault, match="gradcam"):
        explain(model, wide, tmp_path / "out", method=Cam())
    assert not (tmp_path / "out" / TEACHER_MAPS_FILE).exists()
    assert explain(model, wide, tmp_path / "out", method=GradCam()) == 2


def test_a_model_of_other_classes_is_refused(wide, run, tmp_path):
    with pytest.raises(UserFault, match="classes"):
        explain(str(run), wide, tmp_path / "out", method=Cam())


def test_numbers_beyond_half_precision_are_a_fault_and_not_an_infinity(wide, tmp_path):
    backbone = Backbone(Network("resnet18", width=0.125, image_size=32), 2, generator_seed=0)
    with torch.no_grad():
        backbone.net.fc.weight.fill_(1e6)
    save_model(tmp_path / "wild.safetensors", backbone, {})
    with pytest.raises(UserFault, match=r"map of 'w'.*float16.*diverge"):
        explain(str(tmp_path / "wild.safetensors"), wide, tmp_path / "out", method=Cam())
