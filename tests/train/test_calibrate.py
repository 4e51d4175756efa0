import statistics
from dataclasses import replace
from itertools import islice

import pytest
import torch

from sidelight.records.errors import UserFault
from sidelight.train.calibrate import calibrate, find_lambda, first_annotated
from sidelight.train.devices import launch
from sidelight.train.objective.luab import Luab
from sidelight.train.step import Learner
from sidelight.train.training import Training


@pytest.fixture(scope="module")
def fabric():
    return launch(Training())


@pytest.fixture
def learner(toy):
    return Learner(toy.toy_backbone(drop_path=0.0), Luab(), seed=0)


def batches(toy, number=3, **options):
    return islice(toy.ToySource(**options).epoch(0), number)


def ratio_by_hand(learner, batch):
    """The two gradients by their formulas: softmax minus target through W, and the miss through the head's A."""
    outputs, head = learner.backbone(batch.images), learner.heads["point"]
    classes = (outputs.logits.softmax(dim=1) - batch.targets) @ outputs.weight / len(batch)
    miss = (head(outputs.pooled) - batch.points)[:, 0] * batch.has_point
    points = miss.clamp(-1, 1) @ head.linear.weight / batch.has_point.sum()
    return float(points.detach().norm() / classes.detach().norm())


def test_lambda_is_the_ratio_over_the_median_of_what_the_batches_show(toy, learner, fabric):
    expected = statistics.median(ratio_by_hand(learner, batch) for batch in batches(toy))
    found = calibrate(learner, Luab(), batches(toy), ratio=0.3, fabric=fabric)
    assert found == pytest.approx(0.3 / expected, rel=1e-4)


def test_it_changes_nothing_of_the_learner(toy, learner, fabric):
    before = {name: value.clone() for name, value in learner.state_dict().items()}
    find_lambda(learner, Luab(ratio=0.1), lambda: batches(toy), calibration_batches=2, fabric=fabric)
    assert all(torch.equal(value, before[name]) for name, value in learner.state_dict().items())
    assert all(parameter.grad is None for parameter in learner.parameters())


def test_batches_without_annotations_are_passed_over(toy, learner, fabric):
    annotated = list(batches(toy))
    bare = [replace(batch, has_point=torch.zeros_like(batch.has_point)) for batch in annotated]
    expected = calibrate(learner, Luab(), annotated, ratio=1.0, fabric=fabric)
    assert calibrate(learner, Luab(), [*bare, *annotated], ratio=1.0, fabric=fabric) == pytest.approx(expected)


def test_too_few_batches_to_meet_an_annotation_are_a_fault(toy, learner, fabric):
    with pytest.raises(UserFault, match=r"first 3 batches.*Raise calibration_batches"):
        calibrate(learner, Luab(), batches(toy, annotated=0.0), ratio=1.0, fabric=fabric)


def test_the_first_annotated_batch_is_found_wherever_it_is(toy, fabric):
    annotated = list(batches(toy))
    bare = replace(annotated[0], has_point=torch.zeros_like(annotated[0].has_point))
    assert first_annotated([bare, bare, annotated[2]], needs="points", fabric=fabric) is annotated[2]


def test_what_is_annotated_otherwise_or_everywhere_alike_is_passed_over(toy, fabric):
    batch = next(batches(toy))
    flat = replace(batch, saliency=torch.full_like(batch.saliency, 0.4))
    pointed = replace(batch, saliency=None, weight=None, has_saliency=None)
    assert first_annotated([pointed, flat, batch], needs="maps", fabric=fabric) is batch
    with pytest.raises(UserFault, match="no picture annotated with maps"):
        first_annotated([pointed, flat], needs="maps", fabric=fabric)
