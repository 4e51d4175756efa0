import json

import pytest
import torch
from torch import nn

from sidelight.records.errors import UserFault
from sidelight.train.optimise import Optimiser
from sidelight.train.state import Checkpoints, Progress, pack, unpack


def network() -> nn.Module:
    torch.manual_seed(0)
    made = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2))
    return made.to(memory_format=torch.channels_last)


def some_steps(learner: nn.Module, optimizer: torch.optim.Optimizer, *, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(3):
        optimizer.zero_grad()
        learner(torch.rand(4, 3, 8, 8, generator=generator)).square().sum().backward()
        optimizer.step()


@pytest.mark.parametrize("rule", [Optimiser("sgd"), Optimiser("sgd", momentum=0), Optimiser("adamw", lr=0.01)])
def test_a_restored_training_goes_on_as_if_it_had_not_stopped(tmp_path, rule):
    learner = network()
    optimizer = rule.build(learner)
    some_steps(learner, optimizer, seed=1)
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(Progress(seed=0, fingerprint="", step=3), pack(learner, optimizer, {}))
    other = network()
    restored = rule.build(other)
    unpack(checkpoints.tensors(), other, restored)
    some_steps(learner, optimizer, seed=2)
    some_steps(other, restored, seed=2)
    assert all(
        torch.equal(a, b) for a, b in zip(learner.state_dict().values(), other.state_dict().values(), strict=True)
    )


def test_moments_keep_the_memory_layout_of_their_parameters():
    learner = network()
    optimizer = Optimiser("sgd").build(learner)
    some_steps(learner, optimizer, seed=1)
    unpack(pack(learner, optimizer, {}), learner, optimizer)
    for parameter, held in optimizer.state.items():
        assert held["momentum_buffer"].stride() == parameter.stride()
        assert not held["momentum_buffer"].requires_grad


def test_numbers_and_sums_come_back_as_they_were(tmp_path):
    progress = Progress(
        seed=3,
        fingerprint="abc",
        step=7,
        lambda_=0.1 + 0.2,
        rows=({"epoch": 1, "loss": 1 / 3},),
        ratios=(0.1, 0.25),
        best_epoch=1,
        best_value=0.5,
    )
    sums = {"loss": torch.tensor([1 / 3, 3.0], dtype=torch.float64)}
    learner = network()
    Checkpoints(tmp_path).save(progress, pack(learner, Optimiser().build(learner), sums))
    found = Checkpoints(tmp_path)
    assert found.progress() == progress
    assert torch.equal(unpack(found.tensors(), learner, Optimiser().build(learner))["loss"], sums["loss"])


def test_only_the_newest_state_and_the_best_weights_stay(tmp_path):
    checkpoints, learner = Checkpoints(tmp_path), network()
    for epoch in (1, 2, 3):
        if epoch < 3:
            checkpoints.save_best(epoch, learner)
        checkpoints.save(Progress(seed=0, fingerprint="", step=epoch, best_epoch=min(epoch, 2)), {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["best-0002.safetensors", "step-00000003"]
    assert torch.equal(checkpoints.load_best(2)["0.weight"], learner.state_dict()["0.weight"])


def test_a_state_that_was_being_written_when_the_process_died_does_not_count(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(Progress(seed=0, fingerprint="", step=1), {"a": torch.ones(1)})
    (tmp_path / "partial").mkdir()
    (tmp_path / "partial" / "state.json").write_text('{"step": 2,')
    assert checkpoints.progress().step == 1
    checkpoints.save(Progress(seed=0, fingerprint="", step=2), {"a": torch.ones(1)})
    assert checkpoints.progress().step == 2


def test_an_older_state_that_was_being_deleted_does_not_count(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    (tmp_path / "step-00000001").mkdir(parents=True)
    checkpoints.save(Progress(seed=0, fingerprint="", step=2), {"a": torch.ones(1)})
    assert checkpoints.progress().step == 2
    assert list(checkpoints.tensors()) == ["a"]


def test_where_there_is_no_state_there_is_none(tmp_path):
    assert Checkpoints(tmp_path / "missing").progress() is None
    assert Checkpoints(tmp_path / "missing").tensors() == {}


def test_a_state_of_another_version_is_refused(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(Progress(seed=0, fingerprint="", step=2), {})
    file = tmp_path / "step-00000002" / "state.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"schema_version": 7}))
    with pytest.raises(UserFault, match="schema version 7; allowed: 1"):
        checkpoints.progress()
