import json
from dataclasses import replace

import pytest
import timm
import torch
from safetensors.torch import load_file

from sidelight.model.backbone import Backbone
from sidelight.model.checkpoint import export_timm, fingerprint, load_any, load_model, save_model
from sidelight.model.heads import PointHead
from sidelight.model.network import Network
from sidelight.records.errors import UserFault

IMAGES = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def run(backbone, point_head, tmp_path):
    save_model(
        tmp_path / "model.safetensors", backbone, {"point": point_head}, objective="luab", class_names=("a", "b", "c")
    )
    return tmp_path


def test_a_loaded_model_says_what_the_saved_one_said(run, backbone, point_head):
    loaded = load_model(run)
    saved, again = backbone.eval()(IMAGES), loaded.backbone(IMAGES)
    assert torch.equal(saved.logits, again.logits)
    assert torch.equal(point_head(saved.pooled), loaded.heads["point"](again.pooled))


def test_a_loaded_model_is_ready_for_evaluation(run):
    loaded = load_model(run)
    assert not loaded.backbone.training
    assert not loaded.heads["point"].training


def test_the_description_holds_all_that_is_needed(run, backbone):
    info = load_any(str(run)).info
    assert (info.classes, info.class_names, info.objective) == (3, ("a", "b", "c"), "luab")
    assert info.network == backbone.network
    assert (info.mean, info.std) == backbone.normalisation
    assert info.image_size == 32


def test_the_folder_and_the_file_name_the_same_model(run):
    assert load_any(str(run)).info == load_any(str(run / "model.safetensors")).info


def test_tensors_are_named_for_people_who_read_the_file(run, backbone):
    names = set(load_file(run / "model.safetensors"))
    assert names == {f"backbone.{name}" for name in backbone.export_state()} | {
        "heads.point.linear.weight",
        "heads.point.linear.bias",
    }


def test_the_origin_of_the_weights_is_remembered_and_not_read_again(backbone, tmp_path):
    backbone.network = replace(backbone.network, weights="long/gone.safetensors")
    backbone.normalisation = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    save_model(tmp_path / "model.safetensors", backbone, {})
    loaded = load_model(tmp_path).backbone
    assert loaded.network == backbone.network
    assert loaded.normalisation == backbone.normalisation


def test_a_loaded_model_saves_to_equal_files(run, tmp_path):
    loaded = load_model(run)
    save_model(
        tmp_path / "again" / "model.safetensors",
        loaded.backbone,
        loaded.heads,
        objective=loaded.info.objective,
        class_names=loaded.info.class_names,
    )
    for name in ("model.safetensors", "model.json"):
        assert (run / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_a_folder_without_a_model_is_a_clear_fault(tmp_path):
    with pytest.raises(UserFault, match="a run has a model only when its training is over"):
        load_any(str(tmp_path))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"network": {"name": "resnet18"}}', '{"network": 3}'])
def test_a_broken_description_is_a_clear_fault(run, text):
    (run / "model.json").write_text(text)
    with pytest.raises(UserFault, match="not a description of a model"):
        load_model(run)


def test_a_later_schema_is_refused(run):
    described = json.loads((run / "model.json").read_text())
    (run / "model.json").write_text(json.dumps({**described, "schema_version": 2}))
    with pytest.raises(UserFault, match="schema version 2"):
        load_model(run)


def test_weights_of_another_model_are_refused(run):
    described = json.loads((run / "model.json").read_text())
    (run / "model.json").write_text(json.dumps({**described, "classes": 4}))
    with pytest.raises(UserFault, match="do not fit its description"):
        load_model(run)


@pytest.mark.parametrize(
    ("name", "answer"),
    [("timm:resnett18", "Did you mean"), ("timm:resnet18.nothing", "no such tag"), ("timm:dpn48b", "tag")],
)
def test_an_unknown_published_model_is_a_clear_fault(name, answer):
    with pytest.raises(UserFault, match=answer):
        load_any(name)


@pytest.mark.parametrize(
    "network",
    [
        Network("resnet18", width=0.125, stem_stride=1, first_pool=False, image_size=32),
        Network("vit_tiny_patch16_224", image_size=32, drop_path=0.1),
    ],
    ids=lambda network: network.name,
)
def test_the_export_loads_in_plain_timm_and_says_the_same(network, tmp_path):
    backbone = Backbone(network, 3, generator_seed=0).eval()
    export_timm(backbone, tmp_path / "net.safetensors")
    usage = json.loads((tmp_path / "net.json").read_text())
    net = timm.create_model(usage["name"], **usage["arguments"])
    for statement in usage["edits"]:
        exec(statement, {"net": net, "torch": torch})
    net.load_state_dict(load_file(tmp_path / "net.safetensors"), strict=True)
    assert torch.equal(net.eval()(IMAGES), backbone(IMAGES).logits)


def test_the_point_head_is_not_exported(run, tmp_path):
    export_timm(load_model(run).backbone, tmp_path / "net.safetensors")
    assert not [name for name in load_file(tmp_path / "net.safetensors") if "point" in name]


def test_heads_for_several_classes_come_back(backbone, tmp_path):
    save_model(tmp_path / "model.safetensors", backbone, {"point": PointHead(64, 3, "sigmoid")})
    head = load_model(tmp_path).heads["point"]
    assert (head.points, head.activation) == (3, "sigmoid")


def attending(seed=0):
    network = Network("resnet18", width=0.125, image_size=32, pooling="attention")
    backbone = Backbone(network, 3, generator_seed=seed)
    with torch.no_grad():
        backbone.attention.score.weight.normal_(generator=torch.Generator().manual_seed(seed))
    return backbone.eval()


def test_attention_pooling_comes_back(tmp_path):
    backbone = attending()
    save_model(tmp_path / "model.safetensors", backbone, {})
    assert "pooling.score.weight" in load_file(tmp_path / "model.safetensors")
    images = torch.rand(2, 3, 64, 64)
    saved, again = backbone(images), load_model(tmp_path).backbone(images)
    assert torch.equal(saved.attention, again.attention)
    assert torch.equal(saved.logits, again.logits)


def test_a_description_from_before_there_was_a_choice_of_pooling_is_read(run):
    file = run / "model.json"
    written = json.loads(file.read_text())
    del written["network"]["pooling"]
    file.write_text(json.dumps(written))
    assert load_model(run).backbone.attention is None


def test_plain_timm_cannot_have_our_pooling(tmp_path):
    with pytest.raises(UserFault, match="pooling 'attention'"):
        export_timm(attending(), tmp_path / "net.safetensors")
    assert not list(tmp_path.iterdir())


def test_a_fingerprint_changes_with_any_weight_and_with_nothing_else(run, backbone):
    first = fingerprint(backbone)
    assert first == fingerprint(load_model(run).backbone)
    assert len(first) == 16
    with torch.no_grad():
        backbone.net.fc.bias[0] += 1e-3
    assert fingerprint(backbone) != first
    assert fingerprint(attending(0)) != fingerprint(attending(1))
