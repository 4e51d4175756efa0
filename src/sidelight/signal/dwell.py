"""How long a simulated person looks before deciding."""

import math

import numpy as np

from sidelight.signal.crew import Person

WITHIN_PERSON_SD = 0.53
"""Spread of the log of one person's dwell.

With .45 between people, idling and spammers the pooled spread is .73, as published."""

IDLE_SHARE = 0.004
"""Pictures at which a person idles (a pause, another window)."""

LOG_IDLE = (8.7, 1.3)
"""Mean and standard deviation of the log of an idle dwell in ms: median 6 s, one in a hundred over 2 minutes."""

SHORTEST_MS, LONGEST_MS = 2.0, 1.8e7


def draw_dwell(person: Person, rng: np.random.Generator) -> float:
    """Draw the time from the pointer's arrival on the picture to the decision, in whole ms.

        log dwell ~ N(log dwell_of_person, .53), replaced by N(8.7, 1.3) for four pictures in a thousand.

    Over the crew's work this gives a log-normal law with log-median 6.26 and log-spread .73: a median of 515 ms, 83 %
    below one second. The long tail carries what the log-normal law does not: the published mean over all pictures
    (752 ms) is higher than the law's (about 680 ms), and half the people have a picture of seven seconds or more.

    Source: aldakata2024byproducts (histogram of estimated times; statistics of annotators).
    """
    normal, chance = float(rng.standard_normal()), float(rng.random())
    if chance < IDLE_SHARE and not person.spammer:
        log_ms = LOG_IDLE[0] + LOG_IDLE[1] * normal
    else:
        log_ms = math.log(person.dwell_ms) + WITHIN_PERSON_SD * normal
    return float(round(min(max(math.exp(log_ms), SHORTEST_MS), LONGEST_MS)))
