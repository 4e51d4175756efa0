from dataclasses import replace

import numpy as np
import pytest
import torch

from sidelight.data.augment.config import Augmentation
from sidelight.data.format.reader import Dataset
from sidelight.data.images import read_image
from sidelight.data.loader import Normalisation, evaluation_batches
from sidelight.data.plant import Plant
from sidelight.model.backbone import Backbone
from sidelight.model.checkpoint import save_model
from sidelight.model.network import Network
from sidelight.model.predict import predict
from sidelight.pipeline.load import boxes_of, load_split
from sidelight.pipeline.subject import load_subject, measured_on
from sidelight.pipeline.train import train
from sidelight.recipes.recipe import recipe_hash
from sidelight.records.errors import UserFault


@pytest.fixture(scope="module")
def subject(run):
    return load_subject(str(run))


@pytest.fixture(scope="module")
def test_pictures(clicks):
    dataset = Dataset.open(clicks)
    return [read_image(dataset.image_path(e)) for e in dataset.examples() if e.split == "test"]


def test_a_run_brings_its_recipe_along(subject, tiny):
    assert subject.augmentation == tiny.augmentation
    assert subject.classes == tuple("0123456789")
    assert subject.plant is None
    assert not subject.backbone.training


def test_provenance_names_recipe_seed_and_data(subject, tiny):
    made = measured_on(subject, dataset="digits", fingerprint="f00d")
    assert (made.recipe, made.recipe_hash, made.seed) == ("tiny", recipe_hash(tiny), 3)
    assert (made.dataset, made.fingerprint, made.checkpoint) == ("digits", "f00d", "last")
    assert made.simulated.startswith("Clicks, traces and times are simulated")
    assert made.environment["torch"]
    assert made.environment["device"] == (torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu")


def test_a_subject_sees_what_training_validates_on(subject, test_pictures, clicks, tiny):
    views = [subject.view(picture).image for picture in test_pictures]
    labelled = load_split(Dataset.open(clicks), tiny, "test", seed=0).labelled
    normalisation = Normalisation(*subject.backbone.normalisation)
    batches = evaluation_batches(labelled, tiny.augmentation, batch_size=7, normalisation=normalisation)
    expected = predict(subject.backbone, batches, heads=subject.heads)
    (outputs,) = subject.look(views)
    assert np.allclose(subject.scores(views), expected.scores, atol=1e-4)
    assert np.allclose(subject.points(outputs).numpy(), expected.points, atol=1e-4)


def test_boxes_move_with_the_view(subject, clicks):
    example = Dataset.open(clicks).examples()[0]
    wide = np.zeros((40, 80, 3), np.uint8)
    view = subject.view(wide, np.array([[0.25, 0.0, 0.5, 1.0]]))
    assert view.image.shape == (20, 20, 3)
    assert view.boxes.tolist() == [[0.0, 0.0, 0.5, 1.0]]
    square = subject.view(np.zeros((40, 40, 3), np.uint8), boxes_of(example))
    assert square.boxes == pytest.approx(boxes_of(example))


def test_a_plain_run_predicts_no_points(plain_run, test_pictures):
    subject = load_subject(str(plain_run))
    (outputs,) = subject.look([subject.view(test_pictures[0]).image])
    assert subject.points(outputs) is None


def test_a_planted_run_remembers_its_plant(tiny, clicks, tmp_path):
    plant = Plant(rate=0.7, donors_per_class=1)
    once = replace(tiny.training, epochs=1)
    train(replace(tiny, plant=plant, training=once), clicks, tmp_path / "run")
    assert load_subject(str(tmp_path / "run")).plant == plant


def test_a_file_of_weights_is_shown_pictures_of_its_own_size(tmp_path):
    network = Network("resnet10t", width=0.25, image_size=24)
    save_model(tmp_path / "net.safetensors", Backbone(network, 4, generator_seed=0), {})
    subject = load_subject(str(tmp_path / "net.safetensors"))
    assert subject.augmentation == Augmentation(size=24, interpolation="bicubic")
    assert (subject.classes, subject.plant, dict(subject.heads)) == (None, None, {})
    assert subject.view(np.zeros((50, 60, 3), np.uint8)).image.shape == (24, 24, 3)


def test_scores_do_not_depend_on_the_company_of_a_picture(subject, test_pictures):
    views = [subject.view(picture).image for picture in test_pictures]
    together, alone = subject.scores(views), np.concatenate([subject.scores([view]) for view in views])
    assert np.allclose(together, alone, atol=1e-4)


def test_looking_leaves_no_gradient(subject, test_pictures):
    (outputs,) = subject.look([subject.view(test_pictures[0]).image])
    assert not outputs.logits.requires_grad
    assert outputs.logits.dtype == torch.float32


@pytest.mark.parametrize("model", ["nowhere", "timm:resnett18"])
def test_a_model_that_is_not_there_is_named(model):
    with pytest.raises(UserFault, match=model.removeprefix("timm:")):
        load_subject(model)
