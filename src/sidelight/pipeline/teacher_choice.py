"""Which of several models shall teach: decided by data from the generators of the training alone.

The published experiment compares teachers by what their students reach in the open-set test. Whoever has a task has no
such test before the choice: what he has is the validation part. Our rule sees nothing else, and was written down before
any student was trained:

    worth = (2 AUC - 1) * max(0, r)

AUC says how well the candidate tells the classes on the validation pictures (chance is worth nothing), r how well its
activation maps correlate with people's maps of validation pictures that it was not trained on (a teacher that looks
elsewhere is worth nothing, however right it is: a shortcut is right in validation, too). The highest worth teaches; of
equals the one named first.
"""

from collections.abc import Mapping, Sequence

from sidelight.records.errors import UserFault
from sidelight.records.result import Result

SEEN = {"auc": "two_class", "correlation": "alignment"}
"""Metric -> benchmark: all that the rule looks at, on the validation split."""


def worth(results: Sequence[Result]) -> float:
    """What a candidate is worth as a teacher, in [0, 1].

    Args:
        results: of the candidate; only those of the validation split, over all its pictures, are looked at.

    Raises:
        UserFault: if one of the two numbers is missing.

    >>> seen = {"definition": "", "higher_is_better": True, "n": 9, "split": "validation"}
    >>> worth([Result("two_class", "auc", 0.75, **seen), Result("alignment", "correlation", 0.5, **seen)])
    0.25
    """
    found = {
        r.metric: r.value
        for r in results
        if r.split == "validation" and r.subset == "all" and SEEN.get(r.metric) == r.benchmark
    }
    for metric, benchmark in SEEN.items():
        if metric not in found:
            raise UserFault(
                "choice of a teacher",
                seen=f"a candidate without {benchmark}/{metric} on the validation pictures",
                allowed="candidates measured on 'two_class' and 'alignment' there",
                remedy="Name both in the study's `validation`, and draw maps of some validation pictures",
            )
    return (2 * found["auc"] - 1) * max(0.0, found["correlation"])


def choose_teacher(candidates: Mapping[str, Sequence[Result]]) -> str:
    """The name of the candidate of the highest worth.

    Args:
        candidates: name -> its results; one alone is taken without looking.

    Raises:
        UserFault: if a number is missing.
    """
    if len(candidates) == 1:
        return next(iter(candidates))
    return max(candidates, key=lambda name: worth(candidates[name]))
