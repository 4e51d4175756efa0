import json

import numpy as np
import pytest
import timm
import torch
from safetensors.torch import load_file

from sidelight.pipeline.export import export
from sidelight.pipeline.subject import load_subject
from sidelight.records.errors import UserFault


@pytest.fixture
def exported(run, tmp_path):
    lines = export(run, tmp_path / "deep" / "net.safetensors")
    return tmp_path / "deep" / "net.safetensors", lines


def test_plain_timm_loads_it_strictly_and_says_the_same(exported, run):
    weights, _ = exported
    usage = json.loads(weights.with_suffix(".json").read_text())
    net = timm.create_model(usage["name"], **usage["arguments"])
    for edit in usage["edits"]:
        exec(edit, {"net": net, "torch": torch})
    net.load_state_dict(load_file(weights), strict=True)
    pictures = np.random.default_rng(0).integers(0, 256, (3, 20, 20, 3)).astype(np.uint8)
    mean, std = (torch.tensor(usage[part])[:, None, None] for part in ("mean", "std"))
    batch = (torch.from_numpy(pictures).permute(0, 3, 1, 2) / 255 - mean) / std
    with torch.no_grad():
        scores = net.eval()(batch)
    assert np.allclose(scores.numpy(), load_subject(str(run)).scores(pictures), atol=1e-4)


def test_the_lines_it_prints_load_it(exported):
    weights, (where, *lines) = exported
    assert str(weights) in where
    space = {"torch": torch}
    exec("\n".join(line.strip() for line in lines), space)
    assert all(torch.equal(value, load_file(weights)[name]) for name, value in space["net"].state_dict().items())


def test_the_point_head_stays_behind(exported, run):
    assert any(name.startswith("heads.point") for name in load_file(run / "model.safetensors"))
    assert not any("point" in name or name.startswith("heads") for name in load_file(exported[0]))


def test_a_folder_without_a_model_is_named(tmp_path):
    with pytest.raises(UserFault, match="no such file"):
        export(tmp_path, tmp_path / "net.safetensors")
    assert not (tmp_path / "net.safetensors").exists()
