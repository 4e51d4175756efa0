"""Every objective by name."""

from sidelight.records.errors import unknown_name
from sidelight.train.objective.attention_pooling import AttentionPooling
from sidelight.train.objective.binary_cross_entropy import BinaryCrossEntropy
from sidelight.train.objective.cross_entropy import CrossEntropy
from sidelight.train.objective.cyborg import Cyborg
from sidelight.train.objective.dense_saliency import DenseSaliency
from sidelight.train.objective.energy import Energy
from sidelight.train.objective.luab import Luab
from sidelight.train.objective.map_match import MapMatch
from sidelight.train.objective.rrr import Rrr

AnyObjective = (
    CrossEntropy | BinaryCrossEntropy | Luab | Cyborg | MapMatch | Energy | DenseSaliency | AttentionPooling | Rrr
)

OBJECTIVES: dict[str, type[AnyObjective]] = {
    "cross_entropy": CrossEntropy,
    "binary_cross_entropy": BinaryCrossEntropy,
    "luab": Luab,
    "cyborg": Cyborg,
    "map_match": MapMatch,
    "energy": Energy,
    "dense_saliency": DenseSaliency,
    "attention_pooling": AttentionPooling,
    "rrr": Rrr,
}


def objective_named(name: str) -> type[AnyObjective]:
    """The objective's class.

    Raises:
        UserFault: for an unknown name, with the closest known one.

    >>> objective_named("luab")(ratio=0.1).guidance
    'point'
    """
    if name not in OBJECTIVES:
        raise unknown_name("objective", name, OBJECTIVES)
    return OBJECTIVES[name]
