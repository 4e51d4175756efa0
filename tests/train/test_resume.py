"""Trainings in processes of their own, killed without warning."""

import random
import signal
import socket
import time

import pytest
import torch
from safetensors.torch import load_file

from sidelight.train.objective.cyborg import Cyborg
from sidelight.train.objective.luab import Luab
from sidelight.train.objective.map_match import MapMatch
from sidelight.train.objective.rrr import Rrr

LUAB = Luab(weight=0.5)


def kill_after_step(child, run, step, *, delay):
    """SIGKILL, `delay` seconds after the training said that it took this step; whether it still lived."""
    said = run / "step"
    while child.is_alive() and not (said.exists() and int(said.read_text() or 0) >= step):
        time.sleep(0.001)
    time.sleep(delay)
    child.kill()
    child.join()
    return child.exitcode == -signal.SIGKILL


def finish(*children):
    for child in children:
        child.join(120)
        assert child.exitcode == 0


@pytest.fixture(scope="module")
def uninterrupted(toy, process, tmp_path_factory):
    run = tmp_path_factory.mktemp("whole") / "run"
    run.mkdir()
    finish(process(toy.train_alone, run))
    return run


@pytest.mark.parametrize("seed", [0, 1])
def test_a_training_killed_at_random_moments_ends_with_the_same_bits(toy, process, tmp_path, uninterrupted, seed):
    rng = random.Random(seed)
    steps = sorted(rng.sample(range(12), 4))
    delays = [rng.uniform(0, 0.03) for _ in steps]
    killed = [
        kill_after_step(process(toy.train_alone, tmp_path), tmp_path, step, delay=delay)
        for step, delay in zip(steps, delays, strict=True)
    ]
    assert any(killed)
    finish(process(toy.train_alone, tmp_path))
    for file in ("model.safetensors", "model.json", "checkpoint/step-00000015/state.safetensors"):
        assert (tmp_path / file).read_bytes() == (uninterrupted / file).read_bytes()
    assert toy.rows_of(tmp_path) == toy.rows_of(uninterrupted)


def free_port():
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def two(toy, process, run, objective=LUAB):
    port = free_port()
    return [process(toy.train_as_one_of_two, run, objective, rank, port) for rank in (0, 1)]


@pytest.mark.parametrize(
    "objective", [LUAB, Cyborg(alpha=0.3), MapMatch(layer="layer3"), Rrr()], ids=lambda o: type(o).__name__
)
def test_two_processes_train_as_one_on_the_whole_batch(toy, process, tmp_path, objective):
    toy.train_without_batch_norm(tmp_path / "one", objective, source=toy.ToySource())
    finish(*two(toy, process, tmp_path / "two", objective))
    one, both = (load_file(tmp_path / run / "model.safetensors") for run in ("one", "two"))
    assert all(torch.allclose(one[name], both[name], atol=1e-5) for name in one)
    for mine, theirs in zip(toy.rows_of(tmp_path / "one"), toy.rows_of(tmp_path / "two"), strict=True):
        for loss in ("loss", f"loss_{objective.guidance}"):
            assert float(mine[loss]) == pytest.approx(float(theirs[loss]), rel=1e-4)


def test_two_processes_that_are_killed_resume_exactly(toy, process, tmp_path):
    finish(*two(toy, process, tmp_path / "two"))
    killed = two(toy, process, tmp_path / "killed")
    while not (tmp_path / "killed" / "checkpoint").exists() and all(child.is_alive() for child in killed):
        time.sleep(0.001)
    time.sleep(0.1)
    for child in killed:
        child.kill()
        child.join()
    finish(*two(toy, process, tmp_path / "killed"))
    assert toy.rows_of(tmp_path / "killed") == toy.rows_of(tmp_path / "two")
    weights = [(tmp_path / run / "model.safetensors").read_bytes() for run in ("killed", "two")]
    assert weights[0] == weights[1]
