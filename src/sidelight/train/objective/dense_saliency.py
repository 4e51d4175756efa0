"""Dense saliency: beside the class, predict the map of where people looked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from sidelight.model.heads import Head, SaliencyHead
from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.train.objective.classes import labelled
from sidelight.train.objective.map_guided import MapGuided
from sidelight.train.objective.pair import Pair, mean_over_known, min_max, over_maps, pair_at, uneven
from sidelight.train.term import Term

Distance = Literal["bce", "mse"]


def dense_loss(
    predicted: Float[Tensor, "batch k h w"], human: Pair, *, distance: Distance
) -> tuple[Float[Tensor, "batch k"], Float[Tensor, "batch k"]]:
    """The mean over known cells of how far each predicted map is from s = mm(human).

    `bce = -s log p - (1 - s) log(1 - p)` or `mse = (p - s)^2`, with p the sigmoid of the prediction.

    Args:
        predicted: logits.
        human: at the same resolution.
        distance: which of the two.

    Returns:
        Distances [B, K] >= 0 and their weights; 0 for maps that are blank or constant.
    """
    wanted = min_max(human.saliency, human.weight)
    if distance == "bce":
        cells = binary_cross_entropy_with_logits(predicted, wanted, reduction="none")
    else:
        cells = (predicted.sigmoid() - wanted).square()
    return mean_over_known(cells, human.weight), human.has * uneven(human.saliency, human.weight)


@dataclass(frozen=True, kw_only=True)
class DenseSaliency(MapGuided):
    """`L_class + lambda d(head(F), mm(H))`: beside the classifier a small decoder draws people's map.

    With several labels it draws a map a class; those of classes that are there, and that people drew, are compared.

    The dense twin of LUAB: the features must *know* where people look; nothing forces the classifier to look there too.
    The head is dropped when the model is used. It works with any network whose features are a map or tokens.

    Differs from the originals: they decode with connections from earlier layers (U-Net), or train the decoder first and
    the classifier afterwards; here both learn together, and the decoder sees only what the classifier sees.

    Raises:
        UserFault: if a knob is out of range, or the guidance is to be logged only: an untrained head draws nothing.

    Source: crum2025mentor (a saliency decoder, mean squared error of its sigmoid); karargyris2021gaze (decoder of gaze
    beside the classifier).
    """

    weight: float = 1.0
    """Lambda, >= 0; counts when `ratio` is not given."""
    distance: Distance = "bce"
    """Binary cross-entropy, or mean squared error of the sigmoid."""
    hidden: int = 64
    """Channels inside the decoder."""
    scale: int = 2
    """How many times finer than the features the predicted map is."""

    reaches = frozenset({"backbone", "saliency_head"})

    def __post_init__(self) -> None:
        super().__post_init__()
        self._refuse(self.hidden < 1, "hidden", self.hidden, ">= 1")
        self._refuse(self.scale < 1, "scale", self.scale, ">= 1")
        self._refuse(self.log_only, "log_only", True, "False: a head that is not trained draws nothing worth logging")

    def heads(self, width: int, classes: int) -> dict[str, Head]:
        """`{"saliency"}`: one map, or C."""
        maps = 1 if self.labels == "single" else classes
        return {"saliency": SaliencyHead(width, self.hidden, self.scale, maps)}

    def __call__(self, outputs: Outputs, batch: Batch, heads: Mapping[str, nn.Module]) -> dict[str, Term]:
        """`{"class", "map"}`."""
        predicted = heads["saliency"](outputs.on_grid(outputs.features))
        human = pair_at(batch, (predicted.shape[2], predicted.shape[3]), k=predicted.shape[1])
        value, has = dense_loss(predicted, human, distance=self.distance)
        return {
            "class": labelled(outputs, batch, labels=self.labels, label_smoothing=self.label_smoothing),
            "map": over_maps(value, self.told(batch, has)),
        }
