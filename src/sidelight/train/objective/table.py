"""Every objective by name."""

from sidelight.records.errors import unknown_name
from sidelight.train.objective.binary_cross_entropy import BinaryCrossEntropy
from sidelight.train.objective.cross_entropy import CrossEntropy
from sidelight.train.objective.luab import Luab
from sidelight.train.term import Objective

OBJECTIVES: dict[str, type[CrossEntropy] | type[BinaryCrossEntropy] | type[Luab]] = {
    "cross_entropy": CrossEntropy,
    "binary_cross_entropy": BinaryCrossEntropy,
    "luab": Luab,
}


def objective_named(name: str) -> type[Objective]:
    """The objective's class.

    Raises:
        UserFault: for an unknown name, with the closest known one.

    >>> objective_named("luab")(ratio=0.1).guidance
    'point'
    """
    if name not in OBJECTIVES:
        raise unknown_name("objective", name, OBJECTIVES)
    return OBJECTIVES[name]


def name_of(objective: Objective) -> str:
    """The name that a checkpoint keeps.

    >>> name_of(CrossEntropy())
    'cross_entropy'
    """
    return next(name for name, kind in OBJECTIVES.items() if type(objective) is kind)
