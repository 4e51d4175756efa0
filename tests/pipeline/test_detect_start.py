import pytest
import torch
from safetensors.torch import save_file

from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.pipeline.detect_start import load_start
from sidelight.records.errors import UserFault


def same(one, other):
    return all(torch.equal(value, other.export_state()[name]) for name, value in one.export_state().items())


def test_none_is_a_random_start_by_the_seed():
    first, again, other = (load_start("none", "resnet18", seed=seed) for seed in (1, 1, 2))
    assert first.random
    assert same(first.backbone, again.backbone)
    assert not same(first.backbone, other.backbone)
    assert (first.provenance.recipe, first.provenance.seed) == ("resnet18 (none)", 1)


def test_a_bare_file_is_the_weights_of_the_network_that_is_named(tmp_path):
    theirs = Backbone(Network("resnet18"), 7, generator_seed=9).export_state()
    save_file(theirs, tmp_path / "bare.safetensors")
    start = load_start(str(tmp_path / "bare.safetensors"), "resnet18", seed=0)
    assert not start.random
    ours = start.backbone.export_state()
    assert all(torch.equal(value, ours[name]) for name, value in theirs.items() if not name.startswith("fc"))
    with pytest.raises(UserFault, match=r"weights .*bare"):
        load_start(str(tmp_path / "bare.safetensors"), "resnet50", seed=0)


def test_a_run_keeps_its_hash_and_its_seed(run):
    """So that a report puts the detector's numbers into that run's row."""
    start = load_start(str(run), "resnet50", seed=77)
    assert not start.random
    assert (start.provenance.recipe, start.provenance.seed) == ("tiny", 3)
    assert start.provenance.recipe_hash
    assert start.backbone.network.name == "resnet10t"
    assert {"torchmetrics", "faster-coco-eval"} <= start.provenance.environment.keys()


def test_a_model_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UserFault, match="no such file"):
        load_start(str(tmp_path / "nothing"), "resnet50", seed=0)
