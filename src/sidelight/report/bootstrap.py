"""What another draw of the test pictures could have shown, for models that are given.

A t interval over seeds asks what another training would give on these pictures; the bootstrap asks what these trainings
would give on other pictures of the same kind. Neither answers the other's question.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sidelight.report.statistics import CONFIDENCE

DRAWS = 2000
"""Resamples behind an interval; its ends are then known to about a twentieth of its width."""

_AT_ONCE = 50
"""Resamples held in memory together, where pictures have a number each instead of right or wrong."""

Answers = npt.NDArray[np.float64]
"""[n] what one model scored on every picture; its number is their mean."""


def difference_over_pictures(
    treated: Sequence[Answers], control: Sequence[Answers], *, draws: int = DRAWS, seed: int = 0
) -> tuple[float, float]:
    """95 % percentile interval, over pictures, of how much higher the treated models score than the controls.

    With `d_i` the mean over the treated models of what they scored on picture i, minus that of the controls: pictures
    are drawn with replacement, n of n, and the mean of their d is kept; the interval holds the middle 95 % of `draws`
    such means. Models of all seeds are shown the same resample, so the seeds stay as they are.

    Pictures with the same d are alike, so that instead of n pictures the number of each value of d is drawn
    (multinomial): the same law, and fast, since right-or-wrong answers of S seeds have at most 2 S + 1 values.

    Args:
        treated: [n] a model; at least one.
        control: [n] a model, of the same pictures in the same order.
        draws: number of resamples.
        seed: of the generator.

    Raises:
        ValueError: if the models saw different numbers of pictures, or there is none.

    Source: [@efron1993bootstrap], chapter 13.

    >>> low, high = difference_over_pictures([np.array([1.0, 1, 1, 0] * 50)], [np.array([1.0, 0, 1, 0] * 50)])
    >>> round(low, 2), round(high, 2)
    (0.18, 0.32)
    """
    sizes = {len(answers) for answers in (*treated, *control)}
    if len(sizes) != 1 or not treated or not control or sizes == {0}:
        raise ValueError(f"models that are compared over pictures saw {sorted(sizes)} of them")
    (pictures,) = sizes
    differences = np.mean(treated, axis=0) - np.mean(control, axis=0)
    # Sums of the same numbers in another order differ in their last digits; rounded, they are one value again.
    values, counts = np.unique(differences.round(12), return_counts=True)
    generator = np.random.default_rng(seed)
    means = [
        generator.multinomial(pictures, counts / pictures, size=min(_AT_ONCE, draws - start)) @ values / pictures
        for start in range(0, draws, _AT_ONCE)
    ]
    low, high = np.quantile(np.concatenate(means), [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)
