"""The blocks of the page "Use an objective in your own training loop" run, and do what the page says."""

import re
from pathlib import Path

import pytest
import torch

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "own-training-loop.md"


@pytest.fixture(scope="module")
def ran():
    """All names that the page's blocks leave behind, run one after the other as a reader would."""
    names: dict[str, object] = {}
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) == 6
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        for block in blocks:
            exec(compile(block, str(PAGE), "exec"), names)
    return names


def test_the_point_head_learns_more_than_the_centre_as_the_page_says(ran):
    batch = ran["draw"](1000, torch.Generator().manual_seed(1))
    assert float((batch.points - 0.5).norm(dim=-1).mean()) == pytest.approx(0.29, abs=0.01)
    assert sum(ran["errors"][-5:]) / 5 < 0.15


def test_lambda_is_found(ran):
    assert 0 < ran["lambda_"] < float("inf")


def test_the_objective_trains_a_network_that_is_not_ours(ran):
    gradients = [parameter.grad for parameter in (*ran["trunk"].parameters(), *ran["heads"]["point"].parameters())]
    assert all(gradient is not None and gradient.isfinite().all() for gradient in gradients)
    assert set(ran["terms"]) == {"class", "point"}


def test_maps_inside_the_network_are_compared_with_peoples(ran):
    assert 0 < ran["terms_inside"]["map"].value.mean() < 1
