import numpy as np
import pytest

from sidelight.evaluate.accuracy import accuracy
from sidelight.evaluate.alignment import correlation, energy_inside
from sidelight.evaluate.background import VARIANTS, background_reliance
from sidelight.evaluate.box_overlap import box_overlap
from sidelight.evaluate.contour_boxes import BoxLaw
from sidelight.evaluate.localisation import localisation
from sidelight.evaluate.multilabel import average_precision
from sidelight.evaluate.object_removal import Removals, object_removal
from sidelight.evaluate.pixel_ap import PixelTally
from sidelight.evaluate.planted import SHARES_OWN, planted_reliance
from sidelight.evaluate.point_head import point_head
from sidelight.evaluate.table import BENCHMARKS, benchmark, results
from sidelight.evaluate.two_class import two_class
from sidelight.records.errors import UserFault
from sidelight.records.result import Provenance

RNG = np.random.default_rng(0)
SCORES, LABELS = RNG.normal(size=(7, 6)), np.arange(7) % 6
BOXES = [np.array([[0.2, 0.2, 0.8, 0.9]])] * 7
MAPS = RNG.random((7, 4, 4))
RUNS = {
    "accuracy": lambda: accuracy(SCORES, LABELS),
    "two_class": lambda: two_class(SCORES[:, :2], LABELS % 2),
    "alignment": lambda: {
        "correlation": correlation(MAPS, list(MAPS)),
        "energy_inside": energy_inside(MAPS, list(MAPS)),
    },
    "average_precision": lambda: average_precision(SCORES, np.eye(6)[LABELS]),
    "point_head": lambda: point_head(RNG.random((7, 2)), BOXES),
    "localisation": lambda: (
        localisation(MAPS, BOXES, law=BoxLaw(grid=32), named=np.ones(7, bool)) | box_overlap(MAPS, BOXES)
    ),
    "pixel_ap": lambda: _pixels(pooled=True) | _pixels(pooled=False),
    "object_removal": lambda: object_removal(Removals(np.zeros(2, int), np.arange(2), SCORES[:2])),
    "background": lambda: background_reliance(dict.fromkeys(VARIANTS, SCORES), LABELS),
    "planted": lambda: planted_reliance(dict.fromkeys(SHARES_OWN, SCORES), LABELS),
}


def _pixels(*, pooled):
    tally = PixelTally(1, pooled, BoxLaw(grid=8))
    tally.add(MAPS[0], np.eye(8, dtype=bool), label=0)
    return tally.numbers()


def test_every_row_is_known_to_this_test():
    assert set(RUNS) == set(BENCHMARKS)
    assert all(name == row.name for name, row in BENCHMARKS.items())


@pytest.mark.parametrize("name", BENCHMARKS)
def test_every_benchmark_gives_exactly_the_numbers_that_it_defines(name):
    assert RUNS[name]().keys() == BENCHMARKS[name].metrics.keys()


@pytest.mark.parametrize("name", BENCHMARKS)
def test_every_definition_is_one_sentence(name):
    for text in [BENCHMARKS[name].definition, *(metric.definition for metric in BENCHMARKS[name].metrics.values())]:
        assert text.endswith(".")
        assert ". " not in text


def test_results_carry_their_definitions():
    made = results(
        "background", RUNS["background"](), n=7, split="test", subset="box<=0.5", provenance=Provenance(seed=3)
    )
    gap = next(result for result in made if result.metric == "gap")
    assert (gap.value, gap.higher_is_better, gap.n, gap.subset, gap.provenance.seed) == (0.0, False, 7, "box<=0.5", 3)
    assert gap.definition == benchmark("background").metrics["gap"].definition


def test_a_definition_says_which_options_were_others():
    made = results(
        "accuracy", {"top1": 1.0}, n=1, split="test", subset="all", provenance=Provenance(), departures="step 0.01"
    )
    assert made[0].definition.endswith("that of their class. But here: step 0.01.")


def test_a_number_without_a_definition_is_refused():
    with pytest.raises(ValueError, match=r"'accuracy' does not define .'top7'."):
        results("accuracy", {"top7": 1.0}, n=1, split="test", subset="all", provenance=Provenance())


def test_an_unknown_benchmark_is_answered_with_the_closest():
    with pytest.raises(UserFault, match="Did you mean 'localisation'"):
        benchmark("localization")
