"""A small study with known numbers."""

import numpy as np
import pytest

from sidelight.records.result import Provenance, Result
from sidelight.report.content import Condition, Content

TOP1 = "Share of pictures whose highest-scoring class is the true one."
GAP = "Mixed-Same minus Mixed-Rand accuracy."


def measured(condition, seed, *, top1, gap, subset="all"):
    """Two numbers of one run."""
    source = Provenance(recipe="tiny", seed=seed, fingerprint="f00d", version="0.1.0")
    top1 = Result("accuracy", "top1", top1, TOP1, True, 900, subset=subset, provenance=source)
    gap = Result("background", "gap", gap, GAP, False, 300, subset=subset, provenance=source)
    return [(condition, seed, top1), (condition, seed, gap)]


@pytest.fixture(scope="session")
def make_content():
    """Build a study of plain, random and clicks, in which clicks are 4 points above plain."""

    def make(seeds=5, *, subsets=("all",), **fields):
        rng = np.random.default_rng(7)
        lift = {"plain": 0.0, "random": 0.001, "clicks": 0.04}
        noise = rng.normal(0, 0.004, (3, seeds))
        results = [
            row
            for subset in subsets
            for place, (name, up) in enumerate(lift.items())
            for seed in range(seeds)
            for row in measured(name, seed, top1=0.63 + up + noise[place, seed], gap=0.1 - up / 2, subset=subset)
        ]
        conditions = (
            Condition("plain", "Labels only.", "baseline"),
            Condition("random", "A random point on every photo.", "control", "", {"all": 0.278}, 0.1, 2.5),
            Condition("clicks", "Where people clicked.", "treated", "", {"all": 0.829}, 0.1, 2.1),
        )
        return Content(**{"title": "Clicks", "conditions": conditions, "results": results} | fields)

    return make
