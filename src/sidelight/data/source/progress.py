"""How a reader tells that it is still at work."""

from collections.abc import Callable

Progress = Callable[[int, int | None], None]
"""Called as `progress(done, total)` now and then; `total` is None while it is unknown."""


def silent(done: int, total: int | None) -> None:
    """Tell nobody."""
