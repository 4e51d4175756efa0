import numpy as np
import pytest

from sidelight.evaluate.public.backgrounds import Backgrounds
from sidelight.records.shown import Shown

DOG, FISH = (2, 3, 4), (0, 6)


def test_accuracy_is_that_of_the_authors_mapping():
    """Highest of all scores, mapped to a coarse class, -1 for none: as in9_eval does it."""
    rng = np.random.default_rng(0)
    to_coarse = {index: 0 if index in DOG else 8 if index in FISH else -1 for index in range(10)}
    coarse = rng.choice([0, 8], 300)
    rows = [Shown("a", DOG if each == 0 else FISH, rng.choice(["mixed_same", "mixed_rand"])) for each in coarse]
    scores = rng.normal(size=(300, 10)).astype(np.float32)
    right = np.array([to_coarse[int(np.argmax(row))] == each for row, each in zip(scores, coarse, strict=True)])
    measure = Backgrounds()
    columns = measure.answers(scores, rows, ())
    found = {(number.metric, number.subset): number.value for number in measure.numbers(columns, rows)}
    own = {name: right[[row.group == name for row in rows]].mean() for name in ("mixed_same", "mixed_rand")}
    assert found["accuracy", "mixed_same"] == pytest.approx(own["mixed_same"])
    assert found["bg_gap", "all"] == pytest.approx(own["mixed_same"] - own["mixed_rand"])


def test_there_is_no_gap_without_both_variants():
    found = Backgrounds().numbers({"top1": np.array([True])}, [Shown("a", DOG, "original")])
    assert [(number.metric, number.subset, number.value) for number in found] == [("accuracy", "original", 1.0)]
