"""The wall clock, which everything below is told."""

from datetime import UTC, datetime


def wall_clock() -> float:
    """Seconds since 1970.

    >>> wall_clock() > 1.7e9
    True
    """
    return datetime.now(UTC).timestamp()
