from types import SimpleNamespace

import numpy as np
import PIL.Image
import pytest
import timm
import torch
from safetensors.torch import save_file
from tests.fakes import ColourNet, colour_model, colour_of, square
from timm.data import create_transform, resolve_model_data_config

from sidelight.data.public.imagenet_names import wnids
from sidelight.evaluate.public.measure import Preparation
from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.pipeline.public_model import (
    PublicModel,
    View,
    ViewOptions,
    changed,
    load_public,
    view_of,
)
from sidelight.records.errors import UserFault

PHOTO = PIL.Image.fromarray(np.random.default_rng(0).integers(0, 256, (70, 91, 3), dtype=np.uint8))


@pytest.fixture
def nothing_fetched(monkeypatch):
    monkeypatch.setattr("timm.models._builder.load_pretrained", lambda *_, **__: None)


@pytest.mark.parametrize("name", ["resnet18.tv_in1k", "deit_tiny_patch16_224.fb_in1k", "resnet10t.c3_in1k"])
def test_pictures_are_cut_as_timm_cuts_them(name, nothing_fetched):
    model = load_public(f"timm:{name}")
    net = timm.create_model(name, pretrained=False)
    expected = create_transform(**resolve_model_data_config(net), is_training=False)(PHOTO)
    view = model.show(PHOTO, Preparation())
    mean, std = (np.array(each) for each in model.subject.backbone.normalisation)
    assert (view / 255 - mean) / std == pytest.approx(expected.permute(1, 2, 0).numpy(), abs=1e-5)


def test_a_border_is_cut_as_timm_cuts_it_and_then_only_the_input_s_size_is_resized_to():
    expected = create_transform(
        input_size=16, interpolation="bilinear", crop_pct=1.0, crop_border_pixels=2, is_training=False, normalize=False
    )(PHOTO)
    model = colour_model(view=View(16, 20, "bilinear"))
    view = model.show(PHOTO, Preparation(border=2, fit="input"))
    assert view.tolist() == expected.permute(1, 2, 0).tolist()


def test_what_is_shown_as_it_is_is_not_resized():
    pixels = np.asarray(PHOTO)
    model = colour_model(view=View(16, 20, "bilinear"))
    assert model.show(PHOTO, Preparation(fit="none")).tolist() == pixels[:, 10:80].tolist()
    large = PIL.Image.fromarray(np.tile(pixels, (4, 4, 1)))
    assert model.show(large, Preparation(fit="none")).shape == (224, 224, 3)


def test_squashing_keeps_the_whole_picture():
    model = colour_model(view=View(8, 8, "bilinear", squash=True))
    wide = np.zeros((8, 40, 3), np.uint8)
    wide[:, :4] = 255
    assert model.show(PIL.Image.fromarray(wide), Preparation())[4, 0, 0] > 100


def answer(model, view, preparation=Preparation()):  # noqa: B008
    return int(model.scores(view[None], preparation).argmax())


@pytest.mark.parametrize("side", [8, 224])
def test_a_hole_hides_the_middle_half_and_nothing_else(side):
    view = np.asarray(square(123, side=side))
    hole = Preparation(hole=112, fill="black")
    eighth = 1 / 8
    for place, hidden in ((0.5, True), (0.26, True), (0.74, True), (0.25 - eighth, False), (0.76, False)):
        seen = answer(colour_model(place=(place, place)), view, hole)
        assert (seen != 123) == hidden, place


def test_the_hole_is_mean_colour_or_black():
    seen = {}
    for fill in ("normalized_zero", "black"):
        model = colour_model()
        model.scores(np.asarray(square(999))[None], Preparation(hole=112, fill=fill))
        net = ColourNet()
        images = model.inputs(np.asarray(square(999))[None], Preparation(hole=112, fill=fill))
        mean, std = (torch.tensor(each) for each in net.normalisation)
        seen[fill] = ((images[0, :, 4, 4] * std + mean) * 255).round().tolist()
        assert images[0, :, 0, 0].tolist() != images[0, :, 4, 4].tolist()
    assert seen == {"normalized_zero": [124, 116, 104], "black": [0, 0, 0]}


def test_outputs_are_brought_into_the_order_of_wnids():
    """A run knows its classes by name, in any order."""
    shuffled = tuple(wnids()[place] for place in np.random.default_rng(0).permutation(1000))
    order = [shuffled.index(wnid) for wnid in wnids()]
    model = colour_model()
    turned = PublicModel(model.subject, model.view, order)
    views = np.asarray(square(7))[None]
    assert turned.scores(views, Preparation()).tolist() == model.scores(views, Preparation())[:, order].tolist()


def test_a_score_that_is_not_a_number_is_refused():
    model = colour_model()
    model.subject.backbone.colours.data[3] = torch.nan
    with pytest.raises(UserFault, match="not a number"):
        model.scores(np.asarray(square(7))[None], Preparation())


def test_a_checkpoint_of_others_is_read_into_its_network(tmp_path):
    net = timm.create_model("resnet10t", num_classes=1000)
    save_file(net.state_dict(), tmp_path / "net.safetensors")
    model = load_public("timm:resnet10t", weights=tmp_path / "net.safetensors")
    views = np.array(model.show(PHOTO, Preparation()))[None]
    mean, std = (torch.tensor(each).view(1, 3, 1, 1) for each in model.subject.backbone.normalisation)
    with torch.no_grad():
        expected = net.eval()((torch.from_numpy(views).permute(0, 3, 1, 2) / 255 - mean) / std)
    assert model.scores(views, Preparation()) == pytest.approx(expected.numpy(), abs=1e-5)
    assert model.subject.provenance.recipe == "timm:resnet10t, net.safetensors"


def test_weights_belong_to_a_network_that_is_named(tmp_path):
    with pytest.raises(UserFault, match="option --weights"):
        load_public(str(tmp_path), weights=tmp_path / "net.safetensors")


def test_a_model_of_other_classes_is_refused(run):
    with pytest.raises(UserFault, match=r"10 outputs: 0, 1, 2.*1000 classes of ImageNet-1K"):
        load_public(str(run))


def test_a_run_sees_pictures_as_it_was_validated():
    subject = SimpleNamespace(
        classes=wnids(), augmentation=SimpleNamespace(size=64, eval_resize=73, interpolation="bicubic", eval_fit="crop")
    )
    assert view_of(subject) == View(64, 73, "bicubic")


def test_a_model_that_pads_pictures_is_refused():
    backbone = Backbone(Network("resnet10t", width=0.25), 1000, generator_seed=0)
    backbone.net.pretrained_cfg["crop_mode"] = "border"
    with pytest.raises(UserFault, match="'border'"):
        view_of(SimpleNamespace(classes=None, backbone=backbone, provenance=SimpleNamespace(recipe="x")))


def test_the_way_of_cutting_can_be_changed():
    own = View(224, 256, "bilinear")
    assert changed(own, ViewOptions()) == own
    assert changed(own, ViewOptions(resize=224, interpolation="bicubic")) == View(224, 224, "bicubic")
    with pytest.raises(UserFault, match=r"--view.resize: 200"):
        changed(own, ViewOptions(resize=200))


def test_the_fake_knows_all_its_classes():
    assert len({colour_of(label) for label in range(1000)}) == 1000
    assert all(answer(colour_model(), np.asarray(square(label))) == label for label in (0, 9, 10, 123, 999))
