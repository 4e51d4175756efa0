import json
import multiprocessing

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import distributed

from sidelight.train.objective.cross_entropy import CrossEntropy
from sidelight.train.objective.luab import Luab
from sidelight.train.term import GuidedObjective, Term, reduce_term, total

VALUES = torch.tensor([1.0, 2.0, 4.0, 8.0])
pairs = st.lists(st.tuples(st.floats(0, 100), st.sampled_from([0.0, 0.25, 1.0])), min_size=1, max_size=8)


def term_of(values, weights):
    return Term(torch.tensor(values, dtype=torch.float32), torch.tensor(weights, dtype=torch.float32))


@given(pairs)
def test_a_term_is_reduced_to_its_weighted_mean(rows):
    values, weights = zip(*rows, strict=True)
    expected = np.average(values, weights=weights) if any(weights) else 0.0
    assert float(reduce_term(term_of(values, weights))) == pytest.approx(expected, rel=1e-5, abs=1e-6)


@given(pairs)
def test_or_to_its_weighted_sum_over_the_number_of_images(rows):
    values, weights = zip(*rows, strict=True)
    expected = np.dot(values, weights) / len(rows)
    assert float(reduce_term(term_of(values, weights), normalise="batch")) == pytest.approx(
        expected, rel=1e-5, abs=1e-6
    )


@pytest.mark.parametrize("normalise", ["annotated", "batch"])
def test_where_nothing_is_annotated_there_is_a_zero_that_touches_the_graph(normalise):
    values = VALUES.clone().requires_grad_()
    reduced = reduce_term(Term(values, torch.zeros(4)), normalise=normalise)
    reduced.backward()
    assert reduced == 0
    assert torch.equal(values.grad, torch.zeros(4))


def test_what_is_not_annotated_may_be_anything():
    values = torch.tensor([1.0, torch.nan, torch.inf]).requires_grad_()
    reduced = reduce_term(Term(values, torch.tensor([1.0, 0.0, 0.0])))
    reduced.backward()
    assert reduced == 1
    assert values.grad.tolist() == [1.0, 0.0, 0.0]


def test_the_total_adds_lambda_times_each_term():
    terms = {"class": term_of([1.0, 3.0], [1.0, 1.0]), "point": term_of([5.0, 7.0], [1.0, 0.0])}
    assert total(terms, {"point": 0.1}) == pytest.approx(2 + 0.5)
    assert total(terms, {"class": 2.0, "point": 0.0}) == pytest.approx(4)
    assert total(terms, {"point": 0.1}, normalise="batch") == pytest.approx(2 + 0.25)


@pytest.mark.parametrize(("terms", "weights"), [({}, {}), ({"class": term_of([1.0], [1.0])}, {"piont": 1.0})])
def test_a_weight_without_a_term_is_refused(terms, weights):
    with pytest.raises(ValueError, match="the terms are"):
        total(terms, weights)


def test_only_objectives_with_a_lambda_are_guided():
    assert isinstance(Luab(), GuidedObjective)
    assert not isinstance(CrossEntropy(), GuidedObjective)


def on_rank(rank, folder, weights, normalise):
    """One process of two: the first two values are its own, or the last two."""
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", init_method=f"file://{folder}/store", rank=rank, world_size=2)
    mine = slice(2 * rank, 2 * rank + 2)
    values = VALUES[mine].clone().requires_grad_()
    reduced = reduce_term(Term(values, torch.tensor(weights[mine])), normalise=normalise)
    reduced.backward()
    (folder / f"{rank}.json").write_text(json.dumps({"value": reduced.item(), "gradient": values.grad.tolist()}))
    distributed.destroy_process_group()


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("normalise", ["annotated", "batch"])
@pytest.mark.parametrize("weights", [[1.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.5, 1.0], [0.0] * 4], ids=str)
def test_two_ranks_give_the_number_and_after_ddps_mean_the_gradient_of_one(tmp_path, weights, normalise):
    fork = multiprocessing.get_context("fork")
    ranks = [fork.Process(target=on_rank, args=(rank, tmp_path, weights, normalise)) for rank in (0, 1)]
    for process in ranks:
        process.start()
    for process in ranks:
        process.join(60)
    both = [json.loads((tmp_path / f"{rank}.json").read_text()) for rank in (0, 1)]
    alone = VALUES.clone().requires_grad_()
    expected = reduce_term(Term(alone, torch.tensor(weights)), normalise=normalise)
    expected.backward()
    assert [one["value"] for one in both] == pytest.approx([expected.item()] * 2)
    averaged = [gradient / 2 for one in both for gradient in one["gradient"]]
    assert averaged == pytest.approx(alone.grad.tolist())
