"""What a handful of seeds allow one to say about the difference between two ways of training.

Two conditions that share a seed share initial weights and batch order, so the unit of analysis is the difference on one
seed. Everything here works on plain numbers; `report.table` puts them in rows and columns.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import optimize, stats

from sidelight.records.errors import UserFault

CONFIDENCE = 0.95
"""Coverage of every interval; 1 - CONFIDENCE is the level of every test."""

POWER = 0.8
"""Chance with which the smallest detectable difference would have been found."""

NULL_MARGIN = 0.005
"""Half a point of a share: an interval inside +-NULL_MARGIN is called null."""

VerdictKind = Literal["higher", "lower", "null", "inconclusive", "no interval"]


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation of one number over seeds.

    Attributes:
        n: number of seeds.
        mean: their mean, in the number's own unit.
        std: sample standard deviation (ddof 1); None for one seed, which shows no spread.
    """

    n: int
    mean: float
    std: float | None


@dataclass(frozen=True)
class PairedDifference:
    """How much higher one condition came out than another, seed by seed.

    Attributes:
        n: number of seeds that both have.
        mean: mean over seeds of (treated - control).
        std: of these differences (ddof 1); None for one seed.
        interval: 95 % t interval of the mean; None if there is one seed, or if all seeds gave the same difference.
        p: of the two-sided paired t test against 0; None where there is no interval.
        detectable: smallest true difference that would have been found with power .8; None where there is no interval.
    """

    n: int
    mean: float
    std: float | None
    interval: tuple[float, float] | None
    p: float | None
    detectable: float | None


@dataclass(frozen=True)
class Verdict:
    """What a difference allows one to say.

    Attributes:
        kind: "null" only if the whole interval lies within +-margin (also when p is small: the difference is there, and
            too small to matter); else "higher" or "lower" only if the Holm-adjusted p is below .05; else
            "inconclusive"; "no interval" for one seed, or for seeds that all gave the same difference.
        bound: no effect larger than this (in the metric's unit) fits the interval; None without an interval.
    """

    kind: VerdictKind
    bound: float | None


def spread(values: Sequence[float]) -> Spread:
    """Mean and sample standard deviation (ddof 1).

    Raises:
        ValueError: if there is no value.

    >>> spread([0.61, 0.63])
    Spread(n=2, mean=0.62, std=0.014142135623730963)
    """
    if not values:
        raise ValueError("the spread of no values is undefined")
    mean = math.fsum(values) / len(values)
    return Spread(len(values), mean, float(np.std(values, ddof=1)) if len(values) > 1 else None)


def paired_difference(treated: Mapping[int, float], control: Mapping[int, float], *, thing: str) -> PairedDifference:
    """Difference of two conditions over the seeds they share, with its t interval.

    With d_s = treated_s - control_s over n seeds: mean(d) +- t(.975, n - 1) * std(d) / sqrt(n).

    Args:
        treated: seed -> value under the condition of interest.
        control: seed -> value under the condition it is compared with; the same seeds.
        thing: what is compared, for the message of a fault ("top1: clicks and random").

    Raises:
        UserFault: if a seed is missing on one side, or a value is not finite.

    Source: [@student1908mean].

    >>> d = paired_difference({0: 0.64, 1: 0.66, 2: 0.65}, {0: 0.63, 1: 0.63, 2: 0.63}, thing="top1")
    >>> f"{d.mean:.3f} [{d.interval[0]:.3f}, {d.interval[1]:.3f}], p = {d.p:.3f}"
    '0.020 [-0.005, 0.045], p = 0.074'
    """
    _refuse_unpaired(treated, control, thing)
    seeds = sorted(treated)
    differences = np.array([treated[seed] - control[seed] for seed in seeds])
    seen = spread(differences.tolist())
    scale = max(abs(value) for side in (treated, control) for value in side.values())
    if seen.std is None or seen.std <= 1e-12 * scale:
        return PairedDifference(seen.n, seen.mean, seen.std, None, None, None)
    error = seen.std / math.sqrt(seen.n)
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, seen.n - 1)) * error
    p = 2 * float(stats.t.sf(abs(seen.mean) / error, seen.n - 1))
    interval = (seen.mean - half, seen.mean + half)
    return PairedDifference(seen.n, seen.mean, seen.std, interval, p, smallest_detectable_difference(seen.std, seen.n))


def smallest_detectable_difference(std: float, n: int) -> float:
    """Smallest true difference that a two-sided paired t test at .05 finds with power .8.

    Solves P(T > t(.975, n - 1)) = .8 for the non-centrality c of T, which has a non-central t law with n - 1 degrees of
    freedom; the difference is c * std / sqrt(n). The far tail (significant with the wrong sign, 1e-6) is left out.

    Args:
        std: standard deviation of the differences between pairs, as observed.
        n: number of pairs, at least 2.

    Raises:
        ValueError: if n is below 2.

    Source: [@cohen1988power], section 2.4, with the exact law in place of his tables.

    >>> round(smallest_detectable_difference(1.0, 5), 3)
    1.682
    """
    if n < 2:
        raise ValueError(f"a paired test needs 2 pairs, got {n}")
    critical = float(stats.t.ppf((1 + CONFIDENCE) / 2, n - 1))

    def shortfall(centre: float) -> float:
        return float(stats.nct.sf(critical, n - 1, centre)) - POWER

    return float(optimize.brentq(shortfall, 0.0, 2 * critical)) * std / math.sqrt(n)


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Adjust p values so that the chance of any false alarm in the family stays below the level.

    Sorted upwards, the i-th of m is multiplied by (m - i), i from 0; then made non-decreasing, and cut at 1.

    Args:
        p_values: the family, in any order; None where no test was made (not counted in m).

    Returns:
        Adjusted values in the same order; compare them with .05 directly.

    Source: [@holm1979].

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03, 0.005])]
    [0.03, 0.06, 0.06, 0.02]
    """
    tested = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    running = 0.0
    for rank, (p, place) in enumerate(tested):
        running = max(running, min(1.0, (len(tested) - rank) * p))
        adjusted[place] = running
    return tuple(adjusted)


def verdict(difference: PairedDifference, adjusted_p: float | None, *, null_margin: float = NULL_MARGIN) -> Verdict:
    """Say what the interval and the adjusted p allow, and no more.

    Args:
        difference: of two conditions.
        adjusted_p: its p after Holm's correction over the columns of its table.
        null_margin: in the metric's unit; 0 for a metric on which no margin was agreed (never "null" then).

    >>> seen = PairedDifference(5, 0.001, 0.002, (-0.0015, 0.0035), 0.33, 0.003)
    >>> verdict(seen, 0.66)
    Verdict(kind='null', bound=0.0035)
    """
    if difference.interval is None:
        return Verdict("no interval", None)
    low, high = difference.interval
    bound = max(abs(low), abs(high))
    if bound <= null_margin:
        return Verdict("null", bound)
    if adjusted_p is not None and adjusted_p < 1 - CONFIDENCE:
        return Verdict("higher" if difference.mean > 0 else "lower", bound)
    return Verdict("inconclusive", bound)


def _refuse_unpaired(treated: Mapping[int, float], control: Mapping[int, float], thing: str) -> None:
    missing = sorted(treated.keys() ^ control.keys())
    if missing or not treated:
        sides = [f"seed {seed} is missing in the {'second' if seed in treated else 'first'}" for seed in missing]
        raise UserFault(
            thing,
            seen=", ".join(sides) or "no seed at all",
            allowed="the same seeds on both sides",
            remedy="Run the missing seeds",
        )
    wild = [seed for side in (treated, control) for seed, value in side.items() if not math.isfinite(value)]
    if wild:
        raise UserFault(
            thing,
            seen=f"the value of seed {wild[0]} is not a finite number",
            allowed="finite numbers",
            remedy="Look into that run: a training that diverged is no result",
        )
