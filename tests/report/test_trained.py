import pytest
from tests.report.runs_beside_the_paper import imagenet, number

from sidelight.report.paper import CLICKS, PLAIN, RANDOM
from sidelight.report.trained import Trained


@pytest.mark.parametrize(
    ("guided", "role"),
    [
        (PLAIN, "baseline"),
        (RANDOM, "control"),
        (CLICKS, "treated"),
        ("shuffled", "control"),
        ("centre", "control"),
        ("AttentionPooling, uniform", "control"),
        ("Cyborg", "treated"),
        ("elsewhere", "treated"),
    ],
)
def test_what_knows_nothing_of_the_picture_is_a_control(guided, role):
    assert Trained("a", "R50", guided).role == role


def test_only_trainings_that_differ_in_their_guidance_are_of_one_group():
    one = Trained("a", "ViT-S", PLAIN)
    assert one.group == Trained("b", "ViT-S", CLICKS).group
    others = [
        Trained("c", "ViT-Ti", PLAIN),
        Trained("d", "ViT-S", PLAIN, setup="primitive"),
        Trained("e", "ViT-S", PLAIN, task="multi_label"),
    ]
    assert len({each.group for each in (one, *others)}) == 4
    assert one.condition.group == one.group


def test_everything_that_was_measured_is_told_by_seed():
    trained = imagenet("a", "R50", PLAIN, ("IN-1K", "IN-V2"), seeds=2)
    with_more = Trained("a", "R50", PLAIN, numbers=trained.numbers, others=((7, number("odd", 0.5).result),))
    assert [(name, seed, r.benchmark) for name, seed, r in with_more.measured()] == [
        ("a", 0, "IN-1K"),
        ("a", 1, "IN-1K"),
        ("a", 0, "IN-V2"),
        ("a", 1, "IN-V2"),
        ("a", 7, "odd"),
    ]
