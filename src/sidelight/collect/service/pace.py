"""How much one sender may send: a bucket each that fills steadily and is emptied by what comes."""

from collections import OrderedDict
from collections.abc import Callable

KEYS = 20_000
"""Senders that are remembered; the one not heard of for longest is forgotten first."""


class Pace:
    """Token buckets by sender, in this process's memory only: nothing of who sends is written down.

    Args:
        burst: what a sender may send at once.
        rate: what comes back a second.
        clock: seconds; one that steps back only delays.

    >>> pace = Pace(burst=2, rate=0.5, clock=lambda: 0.0)
    >>> [pace.take("a") for _ in range(3)], pace.take("b")
    ([0.0, 0.0, 2.0], 0.0)
    """

    def __init__(self, *, burst: float, rate: float, clock: Callable[[], float]) -> None:
        self._burst, self._rate, self._clock = burst, rate, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, sender: str, amount: float = 1.0) -> float:
        """Take from a sender's bucket.

        Returns:
            0 when it was there; else the seconds until it will be, and nothing was taken.
        """
        now = self._clock()
        left = self._now(sender, now)
        wait = 0.0 if amount <= left else (min(amount, self._burst) - left) / self._rate
        if not wait:
            left -= amount
        self._left[sender] = (left, now)
        self._left.move_to_end(sender)
        if len(self._left) > KEYS:
            self._left.popitem(last=False)
        return wait

    def empty(self, sender: str) -> float:
        """Seconds until a sender's bucket holds anything again, taking nothing."""
        return max(0.0, (1.0 - self._now(sender, self._clock())) / self._rate)

    def _now(self, sender: str, now: float) -> float:
        left, when = self._left.get(sender, (self._burst, now))
        return min(self._burst, left + max(0.0, now - when) * self._rate)
