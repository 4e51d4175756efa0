"""How fast passwords may be guessed: a few wrong ones a minute from one address, and not many from all together."""

import threading
from collections import deque
from collections.abc import Callable

WINDOW_S = 60.0
"""How long a wrong guess counts."""

FROM_ONE = 5
"""Wrong guesses from one address within the window; the next one waits."""

FROM_ALL = 50
"""Wrong guesses from all addresses within the window. A flood from many is stopped; the requester then waits, too."""


class Guesses:
    """Guesses of the last minute, in this process's memory only: addresses are never written down.

    A guess counts as wrong from the moment it is made, so that many at once gain nothing; a right one is struck out.

    Args:
        clock: seconds; any clock that goes forward.

    >>> guesses = Guesses(clock=lambda: 0.0)
    >>> [guesses.take("127.0.0.1") for _ in range(FROM_ONE + 1)]
    [0.0, 0.0, 0.0, 0.0, 0.0, 60.0]
    >>> guesses.take("10.0.0.7")
    0.0
    """

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._made: deque[tuple[float, str]] = deque()
        self._lock = threading.Lock()

    def take(self, address: str) -> float:
        """Make a guess.

        Returns:
            0 if it may be made; else the seconds to wait, and nothing is counted.
        """
        with self._lock:
            now = self._clock()
            while self._made and now - self._made[0][0] >= WINDOW_S:
                self._made.popleft()
            every = [when for when, _ in self._made]
            mine = [when for when, where in self._made if where == address]
            full = [times[-limit] for times, limit in ((mine, FROM_ONE), (every, FROM_ALL)) if len(times) >= limit]
            if not full:
                self._made.append((now, address))
            return max((when + WINDOW_S - now for when in full), default=0.0)

    def strike_out(self, address: str) -> None:
        """The guess was right: forget what this address guessed before."""
        with self._lock:
            self._made = deque(made for made in self._made if made[1] != address)
