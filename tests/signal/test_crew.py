import re
from collections import Counter

import numpy as np
import pytest

from sidelight.signal.crew import Crew
from sidelight.signal.statistics import gini

CREW = Crew(seed=4, size=200)


def column(name, people=CREW.people):
    return np.array([getattr(person, name) for person in people])


def test_everybody_has_a_pseudonym_of_ten_upper_case_hexadecimal_digits():
    names = column("pseudonym")
    assert len(set(names)) == 200
    assert all(re.fullmatch("[0-9A-F]{10}", name) for name in names)


def test_a_crew_is_a_function_of_its_seed():
    assert Crew(seed=4, size=200).people == CREW.people
    assert set(column("pseudonym", Crew(seed=5, size=200).people)).isdisjoint(column("pseudonym"))


@pytest.mark.parametrize("seed", range(5))
def test_loads_are_as_unequal_as_their_law(seed):
    load = column("load", Crew(seed=seed, size=200).people)
    assert load.sum() == pytest.approx(1)
    assert np.log(load).std() == pytest.approx(1.25, abs=0.03)  # quantiles of a normal law lose a little of its tails
    assert gini(load) == pytest.approx(0.623, abs=0.02)  # 2 Phi(1.25 / sqrt 2) - 1


@pytest.mark.parametrize("seed", range(5))
def test_the_pooled_work_has_the_published_speed(seed):
    people = Crew(seed=seed, size=200).people
    log_dwell, load = np.log(column("dwell_ms", people)), column("load", people)
    honest = ~column("spammer", people)
    load = load * honest / load[honest].sum()
    mean = (load * log_dwell).sum()
    # Three spammers of median load stand for .7 % of the work; leaving them out moves the rest by less than 1 %.
    assert mean == pytest.approx(6.26, abs=0.02)
    assert np.sqrt((load * (log_dwell - mean) ** 2).sum()) == pytest.approx(0.45, abs=0.02)


def test_one_or_two_in_a_hundred_are_too_fast_to_have_looked():
    spammers = [person for person in CREW.people if person.spammer]
    assert len(spammers) == 3
    assert all(25 <= person.dwell_ms <= 250 for person in spammers)


def test_the_work_is_shared_by_load():
    n = 20_000
    work = Counter(CREW.person_for(f"photo_{i}").pseudonym for i in range(n))
    for person in CREW.people:
        # An id falls on one of 2,000 pages: a person's share is rounded to a page, and the rest is binomial.
        slack = 1 / 2000 + 4 * np.sqrt((person.load + 1 / 2000) / n)
        assert abs(work[person.pseudonym] / n - person.load) < slack


def test_a_picture_goes_to_the_same_person_whenever_asked():
    ids = [f"photo_{i}" for i in range(50)]
    assert [CREW.person_for(i) for i in ids] == [Crew(seed=4, size=200).person_for(i) for i in ids[::-1]][::-1]


def test_a_crew_of_one_does_everything():
    (only,) = Crew(seed=0, size=1).people
    assert Crew(seed=0, size=1).person_for("a") == only
    assert only.load == 1
