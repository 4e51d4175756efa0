import huggingface_hub
import pytest
import torch
from safetensors.torch import save_file

from sidelight.model.create import create
from sidelight.model.network import Network
from sidelight.model.weights import load_file, refuse_unknown_tag
from sidelight.records.errors import UserFault

TINY = Network("resnet18", width=0.125)


@pytest.fixture
def theirs():
    return create(TINY, 3, seed=1).net


@pytest.fixture
def ours():
    return create(TINY, 3, seed=2).net


def same(first, second):
    return all(torch.equal(value, second.state_dict()[name]) for name, value in first.state_dict().items())


def test_a_safetensors_file_fills_the_network(theirs, ours, tmp_path):
    save_file(theirs.state_dict(), tmp_path / "net.safetensors")
    assert load_file(ours, str(tmp_path / "net.safetensors")) == ()
    assert same(theirs, ours)


@pytest.mark.parametrize("nest", [None, "state_dict", "model"])
@pytest.mark.parametrize("prefix", ["", "module.", "model."])
def test_a_pth_file_fills_it_however_other_trainers_wrap_it(theirs, ours, tmp_path, nest, prefix):
    state = {prefix + name: value for name, value in theirs.state_dict().items()}
    torch.save(state if nest is None else {nest: state, "epoch": 3}, tmp_path / "net.pth")
    load_file(ours, str(tmp_path / "net.pth"))
    assert same(theirs, ours)


def test_a_runs_own_file_fills_it_and_its_heads_and_pooling_are_left_out(theirs, ours, tmp_path):
    state = {f"backbone.{name}": value for name, value in theirs.state_dict().items()}
    beside = {"heads.point.linear.bias": torch.zeros(2), "pooling.score.weight": torch.zeros(1, 64, 1, 1)}
    save_file({**state, **beside}, tmp_path / "model.safetensors")
    load_file(ours, str(tmp_path / "model.safetensors"))
    assert same(theirs, ours)


def test_a_classifier_of_other_classes_keeps_its_random_start_and_that_is_said(ours, tmp_path):
    start = ours.fc.weight.clone()
    other = create(TINY, 7, seed=1).net
    save_file(other.state_dict(), tmp_path / "net.safetensors")
    (note,) = load_file(ours, str(tmp_path / "net.safetensors"))
    assert "7 classes, the data 3" in note
    assert torch.equal(ours.fc.weight, start)
    assert torch.equal(ours.conv1.weight, other.conv1.weight)


def test_all_names_that_do_not_fit_are_listed(theirs, ours, tmp_path):
    state = theirs.state_dict()
    state["surplus"] = state.pop("conv1.weight")
    state["bn1.bias"] = torch.zeros(3)
    save_file(state, tmp_path / "net.safetensors")
    with pytest.raises(UserFault) as fault:
        load_file(ours, str(tmp_path / "net.safetensors"))
    for part in ("conv1.weight is missing", "surplus is unknown", "bn1.bias has shape (3,) instead of (64,)"):
        assert part in str(fault.value)


def test_a_long_list_is_cut_and_counted(ours, tmp_path):
    save_file({"nothing": torch.zeros(1)}, tmp_path / "net.safetensors")
    with pytest.raises(UserFault, match=r"; and \d+ more"):
        load_file(ours, str(tmp_path / "net.safetensors"))


class Hostile:
    def __reduce__(self):
        return exec, ("raise SystemExit",)


def test_a_pth_file_that_would_run_code_is_refused(ours, tmp_path):
    torch.save({"conv1.weight": Hostile()}, tmp_path / "net.pth")
    with pytest.raises(UserFault, match="unreadable"):
        load_file(ours, str(tmp_path / "net.pth"))


@pytest.mark.parametrize("name", ["net.pth", "net.safetensors"])
@pytest.mark.parametrize("content", [b"", b"not weights at all"])
def test_a_file_of_something_else_is_a_clear_fault(ours, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserFault, match="unreadable"):
        load_file(ours, str(tmp_path / name))


def test_a_pth_file_without_tensors_is_a_clear_fault(ours, tmp_path):
    torch.save({"epoch": 3}, tmp_path / "net.pth")
    with pytest.raises(UserFault, match="no table of named tensors"):
        load_file(ours, str(tmp_path / "net.pth"))


def test_a_missing_file_is_a_clear_fault(ours):
    with pytest.raises(UserFault, match="no such file"):
        load_file(ours, "nowhere.safetensors")


def test_an_unknown_tag_is_answered_with_the_known_ones():
    with pytest.raises(UserFault, match="a1_in1k"):
        refuse_unknown_tag("resnet18", "a9_in1k")


def test_published_weights_without_network_are_a_clear_fault(monkeypatch, tmp_path):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(UserFault, match="could not be fetched"):
        create(Network("resnet18", weights="timm:a1_in1k"), 3, seed=0)
