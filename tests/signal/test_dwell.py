import numpy as np
import pytest

from sidelight.signal.crew import Crew, Person
from sidelight.signal.dwell import draw_dwell
from sidelight.signal.statistics import DWELL_QUANTILES

TYPICAL = Person("A" * 10, dwell_ms=500.0, load=1.0, spammer=False, keyboard=False)


def pooled(seed, n=6000):
    crew, rng = Crew(seed=seed, size=200), np.random.default_rng(seed)
    return np.array([draw_dwell(crew.person_for(str(i)), rng) for i in range(n)])


@pytest.mark.parametrize("seed", [0, 1])
def test_the_pooled_dwell_has_the_published_quantiles(seed):
    logs = np.log(pooled(seed))
    for q, published in DWELL_QUANTILES.items():
        # The standard error of a quantile is sqrt(q (1-q) / n) / density, here the density of N(6.26, .73). How much
        # everybody works is fixed by the crew, so that pictures are nearly independent draws.
        z = (np.log(published) - 6.26) / 0.73
        error = np.sqrt(q * (1 - q) / len(logs)) / (np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) / 0.73)
        # .10: the published numbers were read off bins of 100 ms, a fifth of the median.
        assert abs(np.quantile(logs, q) - np.log(published)) < 0.10 + 4 * error


def test_five_in_six_decide_within_a_second():
    share = (pooled(2) < 1000).mean()
    assert abs(share - 0.83) < 0.015 + 4 * np.sqrt(0.83 * 0.17 / 6000)


def test_a_person_s_own_dwell_has_its_median():
    rng = np.random.default_rng(0)
    dwell = np.array([draw_dwell(TYPICAL, rng) for _ in range(4000)])
    # The standard error of a log-normal's log-median is 1.25 sigma / sqrt n.
    assert abs(np.log(np.median(dwell)) - np.log(500)) < 4 * 1.25 * 0.53 / np.sqrt(4000) + 0.004


def test_few_idle_and_for_long():
    rng = np.random.default_rng(0)
    dwell = np.array([draw_dwell(TYPICAL, rng) for _ in range(20_000)])
    share = (dwell > 6000).mean()  # half of the idle ones, and nobody else: 6 s are 4.7 standard deviations away
    assert abs(share - 0.002) < 4 * np.sqrt(0.002 / 20_000)


def test_dwell_is_in_whole_milliseconds_and_never_zero():
    rng = np.random.default_rng(0)
    dwell = [draw_dwell(Person("B" * 10, 3.0, 1.0, True, False), rng) for _ in range(500)]
    assert min(dwell) >= 2
    assert all(ms == int(ms) for ms in dwell)


def test_spammers_do_not_idle():
    rng = np.random.default_rng(0)
    assert max(draw_dwell(Person("B" * 10, 50.0, 1.0, True, False), rng) for _ in range(3000)) < 1000
