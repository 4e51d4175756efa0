"""The simulated people: who they are, how fast they work, how much of the work each does."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from statistics import NormalDist

import numpy as np

from sidelight.signal.draws import generator

PAGES_A_PERSON = 10
"""Pages of one assignment; on average each person takes one assignment."""

LOG_SPEED = (6.69, 0.45)
"""Mean and standard deviation over people of the log of a person's mean dwell in ms."""

LOG_LOAD_SD = 1.25
"""Standard deviation over people of the log of the number of pictures each did."""

SPEED_LOAD_CORRELATION = -0.16
"""Busy people are slightly faster."""

SPAMMER_SHARE = 0.015
SPAMMER_MS = (25.0, 250.0)
"""People whose dwell is too short to have looked; their typical dwell is log-uniform in this range."""

KEYBOARD_SHARE = 0.5
"""People who page through the class panels with the arrow keys; both ways occur, their share is not published."""


@dataclass(frozen=True)
class Person:
    """One simulated annotator.

    Attributes:
        pseudonym: 10 upper-case hexadecimal digits, as in the public data.
        dwell_ms: this person's typical (median) dwell.
        load: share of the crew's pages, in [0, 1].
        spammer: whether this person clicks without looking.
        keyboard: whether this person uses the arrow keys between class panels.
    """

    pseudonym: str
    dwell_ms: float
    load: float
    spammer: bool
    keyboard: bool


@dataclass(frozen=True)
class Crew:
    """A fixed number of people, all of them a function of the seed.

    Loads and speeds are the quantiles of their laws, shuffled, so that the laws hold for every seed:

        log load ~ N(., 1.25),   log speed ~ N(6.69, .45),   corr(log load, log speed) = -.16.

    Log speeds are then shifted and stretched so that over the crew's *work* (people weighted by load) they have the
    mean of the published pooled dwell, 6.26, and a spread of .45. The two published laws do not fit each other: people
    of mean dwell exp(6.69) ms and their loads would give a pooled median of about 660 ms, not 515. The pooled law is
    kept; a simulated person's mean dwell is therefore shorter than published (median about 680 instead of 815 ms).

    Attributes:
        seed: of the simulation.
        size: number of people, at least 1.
        pooled_log_dwell: mean over pictures of the log of the typical dwell in ms.

    Source: aldakata2024byproducts (per-annotator statistics of ImageNet-AB, han2023luab).
    """

    seed: int
    size: int
    pooled_log_dwell: float = 6.26

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Everybody, in an order without meaning."""
        rng = generator(self.seed, "crew")
        scores = np.array([NormalDist().inv_cdf((i + 0.5) / self.size) for i in range(self.size)])
        z_load, z_speed = rng.permutation(scores), rng.permutation(scores)
        load = np.exp(LOG_LOAD_SD * z_load)
        load /= load.sum()
        rest = np.sqrt(1 - SPEED_LOAD_CORRELATION**2)
        log_speed = LOG_SPEED[0] + LOG_SPEED[1] * (SPEED_LOAD_CORRELATION * z_load + rest * z_speed)
        centred = log_speed - (load * log_speed).sum()
        log_dwell = self.pooled_log_dwell + centred * LOG_SPEED[1] / max(np.sqrt((load * centred**2).sum()), 1e-9)
        # Spammers are those nearest to the median load: one heavy spammer would bend the pooled law.
        spammers = set(np.argsort(np.abs(z_load), kind="stable")[: round(SPAMMER_SHARE * self.size)].tolist())
        too_fast = SPAMMER_MS[0] * (SPAMMER_MS[1] / SPAMMER_MS[0]) ** rng.random(self.size)
        keyboard = rng.random(self.size) < KEYBOARD_SHARE
        return tuple(
            Person(
                _pseudonym(self.seed, i),
                dwell_ms=float(too_fast[i] if i in spammers else np.exp(log_dwell[i])),
                load=float(load[i]),
                spammer=i in spammers,
                keyboard=bool(keyboard[i]),
            )
            for i in range(self.size)
        )

    @cached_property
    def _shares_up_to(self) -> list[float]:
        return np.cumsum([person.load for person in self.people]).tolist()

    def person_for(self, example_id: str) -> Person:
        """Who got this picture: a function of its id alone.

        An id falls on one of `size * 10` pages, and a page belongs to one person; a person's number of pages is
        proportional to the load. A data set of 120 pictures a person so has pages of 12 pictures, as the public one.

        >>> crew = Crew(seed=0, size=20)
        >>> crew.person_for("cat_1") == Crew(seed=0, size=20).person_for("cat_1")
        True
        """
        pages = PAGES_A_PERSON * self.size
        digest = blake2b(f"{self.seed}/page/{example_id}".encode(), digest_size=8).digest()
        page = int.from_bytes(digest) % pages
        return self.people[min(bisect_right(self._shares_up_to, (page + 0.5) / pages), self.size - 1)]


def _pseudonym(seed: int, number: int) -> str:
    return blake2b(f"{seed}/person/{number}".encode(), digest_size=5).hexdigest().upper()
