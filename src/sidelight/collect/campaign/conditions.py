"""Which variant of the page a session gets."""

import numpy as np

from sidelight.collect.campaign.settings import Condition, Settings


def draw(settings: Settings, nth: int) -> dict[str, bool]:
    """The condition of the nth session.

    Args:
        settings: of the campaign.
        nth: how many sessions there were before.

    Returns:
        As sessions and pages hold it; empty for tasks that have no variants.

    >>> both = Settings(task="browse", title="", images="", conditions=(Condition(), Condition(blurred=True)))
    >>> [draw(both, n)["blurred"] for n in range(4)]
    [False, True, False, True]
    """
    if settings.task != "browse":
        return {}
    deck = [one for one in settings.conditions for _ in range(one.weight)]
    place = nth
    if settings.drawn == "at_random":
        place = int(np.random.default_rng([settings.seed, nth]).integers(len(deck)))
    chosen: Condition = deck[place % len(deck)]
    return chosen.recorded()
