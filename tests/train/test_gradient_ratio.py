import pytest
import torch

from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.train.gradient_ratio import gradient_ratio
from sidelight.train.objective.luab import Luab
from sidelight.train.term import Term, total


@pytest.fixture
def step():
    """A linear network on five pictures: outputs that hang on `below`, the objective's terms, and the tensor below."""
    torch.manual_seed(0)
    below = torch.randn(5, 6, requires_grad=True)
    pooled, weight = 2 * below, torch.randn(3, 6)
    outputs = Outputs(
        logits=pooled @ weight.T, features=pooled[..., None], pooled=pooled, weight=weight, bias=torch.zeros(3)
    )
    has_point = torch.tensor([[1.0], [1.0], [0.0], [1.0], [0.0]])
    batch = Batch(
        tuple("abcde"), torch.zeros(5, 3, 1, 1), torch.eye(3)[[0, 1, 2, 0, 1]], torch.rand(5, 1, 2), has_point
    )
    objective = Luab()
    return outputs, objective(outputs, batch, objective.heads(6, 3)), below


def test_it_is_the_ratio_of_the_two_norms_at_the_pooled_features(step):
    outputs, terms, _ = step
    norms = {}
    for name, term in terms.items():
        reduced = (term.value * term.weight).sum() / term.weight.sum()
        norms[name] = torch.autograd.grad(reduced, outputs.pooled, retain_graph=True)[0].square().sum().sqrt()
    torch.testing.assert_close(gradient_ratio(outputs, terms, guidance="point"), norms["point"] / norms["class"])


def test_or_at_another_tensor_that_both_hang_on(step):
    outputs, terms, below = step
    there = gradient_ratio(outputs, terms, guidance="point", at=below)
    torch.testing.assert_close(there, gradient_ratio(outputs, terms, guidance="point"))  # pooled is twice as much
    flat = {**terms, "point": Term(below.sum(dim=1), torch.ones(5))}
    with pytest.raises(RuntimeError, match="appears to not have been used"):
        gradient_ratio(outputs, flat, guidance="point")
    assert gradient_ratio(outputs, flat, guidance="point", at=below) > 0


def test_it_grows_in_step_with_the_guidance(step):
    outputs, terms, _ = step
    tripled = {**terms, "point": Term(3 * terms["point"].value, terms["point"].weight)}
    once, thrice = (gradient_ratio(outputs, each, guidance="point") for each in (terms, tripled))
    torch.testing.assert_close(thrice, 3 * once)


def test_dividing_by_the_batch_lowers_it_by_the_share_that_is_annotated(step):
    outputs, terms, _ = step
    annotated, batch = (gradient_ratio(outputs, terms, guidance="point", normalise=n) for n in ("annotated", "batch"))
    torch.testing.assert_close(batch, annotated * 3 / 5)


def test_looking_changes_neither_the_gradients_nor_the_backward_pass(step):
    outputs, terms, below = step
    gradient_ratio(outputs, terms, guidance="point")
    assert below.grad is None
    loss = total(terms, {"point": 0.5})
    loss.backward(retain_graph=True)
    seen = below.grad.clone()
    below.grad = None
    gradient_ratio(outputs, terms, guidance="point")
    loss.backward()
    assert torch.equal(below.grad, seen)


def test_it_is_zero_where_nothing_is_annotated(step):
    outputs, terms, _ = step
    silent = Term(terms["point"].value, torch.zeros(5))
    assert gradient_ratio(outputs, {**terms, "point": silent}, guidance="point") == 0


def test_it_is_nan_where_the_classifier_starts_at_zero(step):
    outputs, terms, _ = step
    flat = Term(0 * outputs.pooled.sum(dim=1), torch.ones(5))
    assert gradient_ratio(outputs, {**terms, "class": flat}, guidance="point").isnan()
