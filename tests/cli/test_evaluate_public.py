import json

import numpy as np
import pytest
import timm
from safetensors.torch import save_file
from tests.fakes import paint

from sidelight.data.public.imagenet_names import wnids
from sidelight.data.public.imagenet_v2 import FOLDERS
from sidelight.evaluate.public.table import PUBLIC


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("downloads")
    for label in (3, 30):
        paint(root / FOLDERS["matched_frequency"][0] / str(label) / "a.jpeg", label, side=40)
        paint(root / "val" / wnids()[label] / f"ILSVRC2012_val_{label:08d}.JPEG", label, side=40)
    return root


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """A checkpoint of random weights under timm's names."""
    file = tmp_path_factory.mktemp("weights") / "net.safetensors"
    save_file(timm.create_model("resnet10t", num_classes=1000).state_dict(), file)
    return file


def test_any_network_of_timm_is_measured_from_a_checkpoint(sidelight, root, weights, tmp_path):
    words = ["evaluate", "timm:resnet10t", "--weights", weights, "--data-root", root, "--partial", "--out", tmp_path]
    said = sidelight(
        *words, "--on", "imagenet_v2", "imagenet_occluded", "--imagenet_occluded.hole", 56, "--view.size", 32
    )
    assert said.code == 0, said.err
    found = {(r["benchmark"], r["metric"]): r for r in json.loads((tmp_path / "results.json").read_text())}
    assert set(found) == {("imagenet_v2", "top1"), ("imagenet_v2", "top5"), ("imagenet_occluded", "top1")}
    assert "56/224" in found["imagenet_occluded", "top1"]["definition"]
    assert "56/224" in " ".join(said.out.split())
    assert (tmp_path / "answers" / "imagenet_v2.npz").is_file()


def test_a_dump_needs_no_model(sidelight, root, tmp_path):
    np.savez(tmp_path / "dump.npz", names=["3/a.jpeg", "30/a.jpeg"], top=[[3, 1, 2, 4, 5], [1, 2, 3, 4, 30]])
    words = ["evaluate", "theirs", "--predictions", tmp_path / "dump.npz", "--data-root", root, "--on", "imagenet_v2"]
    said = sidelight(*words, "--partial")
    assert said.code == 0, said.err
    assert "0.5000" in said.out
    assert "1.0000" in said.out
    assert "nothing is kept" in said.out


def test_without_a_model_and_without_a_dump_there_is_nothing_to_measure(sidelight, root):
    said = sidelight("evaluate", "--data-root", root, "--on", "imagenet_v2")
    assert (said.code, "no model" in said.err) == (1, True)


def test_without_names_every_whole_benchmark_is_measured_and_none_is_a_fault(sidelight, root):
    said = sidelight("evaluate", "timm:resnet10t", "--data-root", root)
    assert (said.code, "no whole benchmark" in said.err) == (1, True)


def test_an_unknown_name_is_answered_with_the_closest(sidelight, root):
    said = sidelight("evaluate", "timm:resnet10t", "--data-root", root, "--on", "imagenet_v3")
    assert said.code == 1
    assert "Did you mean 'imagenet_v2'" in said.err


def test_help_shows_every_benchmark_s_options(sidelight):
    said = sidelight("evaluate", "--data-root", "x", "--help")
    assert said.code == 0
    for option in ("--imagenet-v2.sets", "--imagenet-occluded.fill", "--imagenet-a.slice", "--imagenet.ground-truth"):
        assert option in said.out
    assert all(f"--{name.replace('_', '-')}." in said.out for name in PUBLIC)
