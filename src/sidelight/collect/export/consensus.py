"""What several people's answers come to."""

from collections import Counter
from collections.abc import Iterable

from sidelight.records.annotation import Annotation


def voted_labels(annotations: Iterable[Annotation]) -> tuple[int, ...]:
    """The classes that at least half of the people asked about them saw on the picture, ascending.

    >>> yes, no = (Annotation("1", "cat", label=0, selected=answer) for answer in (True, False))
    >>> voted_labels([yes, yes, no]), voted_labels([yes, no, no])
    ((0,), ())
    """
    seen: Counter[int] = Counter()
    asked: Counter[int] = Counter()
    for annotation in annotations:
        if annotation.label is not None:
            asked[annotation.label] += 1
            seen[annotation.label] += bool(annotation.selected)
    return tuple(sorted(label for label, count in seen.items() if 2 * count >= asked[label] and count))


def tagged_labels(annotations: Iterable[Annotation], *, people: int) -> tuple[int, ...]:
    """The classes whose icon at least half of the people left on the picture, ascending.

    >>> tagged_labels([Annotation("1", "7", label=3, selected=True)], people=2)
    (3,)
    """
    seen = Counter(a.label for a in annotations if a.label is not None and a.selected)
    return tuple(sorted(label for label, count in seen.items() if 2 * count >= people))


def decided_label(annotations: Iterable[Annotation]) -> int | None:
    """The class that most people decided on; None without a decision, or where two classes have as many.

    >>> decided_label([Annotation("1", "cat", label=1, selected=True), Annotation("2", "cat", label=1, selected=True)])
    1
    """
    ranked = Counter(a.label for a in annotations if a.label is not None and a.selected).most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]
