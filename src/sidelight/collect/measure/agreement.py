"""How far people say the same of the same things."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping

Judgements = Mapping[str, Hashable]
"""What each person said of one thing; who did not judge it is not in it."""


def percent_agreement(things: Iterable[Judgements]) -> float | None:
    """Of all pairs of people who judged the same thing, the share that said the same.

    Args:
        things: judgements of each.

    Returns:
        A share in [0, 1]; None where nothing was judged twice.

    >>> percent_agreement([{"ann": 1, "bob": 1, "cy": 0}, {"ann": 1}])
    0.3333333333333333
    """
    same = pairs = 0
    for said in things:
        n = len(said)
        pairs += n * (n - 1)
        same += sum(count * (count - 1) for count in Counter(said.values()).values())
    return same / pairs if pairs else None


def krippendorff_alpha(things: Iterable[Judgements]) -> float | None:
    """Krippendorff's alpha for names (nominal data): agreement beyond what chance would give.

        alpha = 1 - D_o / D_e
        D_o = sum_u (1 / (m_u - 1)) sum_{c != k} n_uc n_uk,   D_e = sum_{c != k} n_c n_k / (n - 1)

    with n_uc how often c was said of thing u, m_u how many judged it, n_c how often c was said in all, n the number of
    judgements; things that fewer than two people judged do not count. 1 is perfect, 0 what chance gives, below 0 less.

    Args:
        things: judgements of each.

    Returns:
        alpha; None where nothing was judged twice, or everybody said one and the same everywhere: then it is not
        defined, since chance could not have given anything else.

    >>> krippendorff_alpha([{"ann": "cat", "bob": "cat"}, {"ann": "dog", "bob": "dog"}])
    1.0
    """
    counted = [Counter(said.values()) for said in things if len(said) > 1]
    totals = sum(counted, Counter[Hashable]())
    n = totals.total()
    expected = n * n - sum(count * count for count in totals.values())
    if not expected:
        return None
    observed = sum(
        (each.total() ** 2 - sum(count * count for count in each.values())) / (each.total() - 1) for each in counted
    )
    return 1.0 - observed * (n - 1) / expected


def agreement_by_person(things: Iterable[Judgements]) -> dict[str, float]:
    """For each person, the share of others' judgements of the same things that were hers too.

    Args:
        things: judgements of each.

    Returns:
        Person -> share in [0, 1]; who never judged a thing together with others is not in it.

    >>> agreement_by_person([{"ann": 1, "bob": 1, "cy": 0}, {"dee": 1}])
    {'ann': 0.5, 'bob': 0.5, 'cy': 0.0}
    """
    same: dict[str, int] = defaultdict(int)
    others: dict[str, int] = defaultdict(int)
    for said in things:
        counts = Counter(said.values())
        for person, what in said.items():
            same[person] += counts[what] - 1
            others[person] += len(said) - 1
    return {person: same[person] / count for person, count in others.items() if count}
