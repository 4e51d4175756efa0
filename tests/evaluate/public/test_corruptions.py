import numpy as np
import pytest

from sidelight.data.public.imagenet_c import ARCHIVES
from sidelight.evaluate.public.corruptions import ALEXNET, Corruptions
from sidelight.records.errors import UserFault
from sidelight.records.shown import Shown


def measured(right: dict[str, list[bool]]) -> dict[tuple[str, str], float]:
    """Numbers by metric and subset, of {"fog/3": whether each of its pictures is right}."""
    rows = [Shown("a", (0,), group) for group, answers in right.items() for _ in answers]
    columns = {"top1": np.array([answer for answers in right.values() for answer in answers])}
    return {(found.metric, found.subset): found.value for found in Corruptions().numbers(columns, rows)}


def random_answers(names):
    rng = np.random.default_rng(len(names))
    return {
        f"{name}/{severity}": (rng.random(20) < rng.random()).tolist() for name in names for severity in range(1, 6)
    }


def test_the_fifteen_are_those_of_the_four_archives():
    four = [name for archive, names in ARCHIVES.items() for name in names if archive != "extra"]
    assert four == list(ALEXNET)


def test_means_and_mce_are_those_of_the_authors_formula():
    right = random_answers([*ALEXNET, *ARCHIVES["extra"]])
    error = {cell: 1 - sum(answers) / len(answers) for cell, answers in right.items()}
    of = {name: [error[f"{name}/{s}"] for s in range(1, 6)] for name in dict.fromkeys(c.split("/")[0] for c in right)}
    mce = sum(sum(of[name]) / (5 * alex) for name, alex in ALEXNET.items()) / 15
    found = measured(right)
    assert found["mce", "all"] == pytest.approx(mce)
    assert found["accuracy", "all"] == pytest.approx(1 - sum(sum(of[name]) for name in ALEXNET) / 75)
    assert found["accuracy_19", "all"] == pytest.approx(1 - sum(sum(errors) for errors in of.values()) / 95)
    assert found["corruption_accuracy", "fog"] == pytest.approx(1 - sum(of["fog"]) / 5)


def test_nineteen_are_spoken_of_only_where_they_were_shown():
    assert ("accuracy_19", "all") not in measured(random_answers(ALEXNET))


def test_a_model_that_errs_like_alexnet_has_an_mce_of_one():
    right = {f"{name}/{severity}": [False] * 10_000 for name in ALEXNET for severity in range(1, 6)}
    for name, error in ALEXNET.items():
        for severity in range(1, 6):
            wrong = round(10_000 * error)
            right[f"{name}/{severity}"] = [False] * wrong + [True] * (10_000 - wrong)
    found = measured(right)
    assert found["mce", "all"] == pytest.approx(1, abs=1e-4)
    assert found["accuracy", "all"] == pytest.approx(1 - np.mean(list(ALEXNET.values())), abs=1e-4)


def test_severities_weigh_the_same_however_many_pictures_each_has():
    found = measured({"fog/1": [True] * 9, "fog/2": [False]})
    assert found["accuracy", "all"] == 0.5


def test_the_extra_corruptions_alone_are_no_benchmark():
    with pytest.raises(UserFault, match="none of the 15"):
        measured({"spatter/1": [True]})
