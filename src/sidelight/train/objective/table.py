"""Every objective by name."""

from sidelight.records.errors import unknown_name
from sidelight.train.objective.binary_cross_entropy import BinaryCrossEntropy
from sidelight.train.objective.cross_entropy import CrossEntropy
from sidelight.train.objective.luab import Luab

ObjectiveKind = type[CrossEntropy] | type[BinaryCrossEntropy] | type[Luab]

OBJECTIVES: dict[str, ObjectiveKind] = {
    "cross_entropy": CrossEntropy,
    "binary_cross_entropy": BinaryCrossEntropy,
    "luab": Luab,
}


def objective_named(name: str) -> ObjectiveKind:
    """The objective's class.

    Raises:
        UserFault: for an unknown name, with the closest known one.

    >>> objective_named("luab")(ratio=0.1).guidance
    'point'
    """
    if name not in OBJECTIVES:
        raise unknown_name("objective", name, OBJECTIVES)
    return OBJECTIVES[name]
