import csv
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from sidelight.train.loop import fit
from sidelight.train.objective.cross_entropy import CrossEntropy
from sidelight.train.objective.luab import Luab

TIMES = {"seconds", "images_per_s"}


def rows_of(run: Path) -> list[dict[str, str]]:
    with (run / "metrics.csv").open() as file:
        return [{name: text for name, text in row.items() if name not in TIMES} for row in csv.DictReader(file)]


def same_weights(one: Path, other: Path) -> bool:
    a, b = (load_file(run / "model.safetensors") for run in (one, other))
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


@pytest.fixture
def trained(toy, tmp_path):
    """Train the toy with changes; gives the outcome and the folder."""

    def train(name="run", objective=None, source=None, backbone=None, **changes):
        options = {
            k: changes.pop(k) for k in ("resume", "assess", "report", "fingerprint", "clock", "seed") if k in changes
        }
        fitted = fit(
            backbone or toy.toy_backbone(),
            objective or CrossEntropy(),
            source or toy.ToySource(),
            replace(toy.TRAINING, **changes),
            run=tmp_path / name,
            **{"seed": 1, **options},
        )
        return fitted, tmp_path / name

    return train


def test_the_loss_falls_and_every_epoch_has_a_row(trained):
    fitted, run = trained(epochs=6)
    rows = rows_of(run)
    assert [row["epoch"] for row in rows] == list("123456")
    assert float(rows[-1]["loss"]) < 0.9 * float(rows[0]["loss"])
    assert (fitted.epochs, fitted.steps, fitted.best_epoch, fitted.lambda_) == (6, 30, 6, 0.0)


def test_a_second_run_is_the_same_run(trained):
    torch.manual_seed(5)
    _, one = trained("one", Luab(ratio=0.3))
    _, other = trained("other", Luab(ratio=0.3))
    assert same_weights(one, other)
    assert rows_of(one) == rows_of(other)


def test_another_seed_draws_other_random_numbers(trained):
    assert not same_weights(trained("one")[1], trained("other", seed=2)[1])
