"""CYBORG: the network's activation map shall look like the people's."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.records.errors import UserFault
from sidelight.train.objective.map_guided import CamGuided
from sidelight.train.objective.pair import Pair, mean_over_known, min_max, uneven
from sidelight.train.term import Term

Distance = Literal["l2", "mse"]
CAM_LAYERS = ("layer4.2.conv3", "layer4.2.conv2", "layer4.1.conv2", "features.norm5.drop", "conv4", "Mixed_7c")
"""What the authors' script takes for the features, by timm's names: of ResNets the last convolution (before its norm,
the residual sum and the ReLU), of DenseNets the last norm before its ReLU, of Xception the last convolution before norm
and ReLU, of Inception-v3 the features themselves. The first that a network has is meant."""


def cyborg_distance(
    model: Float[Tensor, "batch k h w"], human: Pair, *, distance: Distance
) -> tuple[Float[Tensor, "batch k"], Float[Tensor, "batch k"]]:
    """How far the network's map is from the people's, both stretched to [0, 1] over the known cells.

    With `d = mm(model) - mm(human)` and n = h w cells: `mse = sum w d^2 / sum w`, `l2 = sqrt(n mse)`, which is the
    Euclidean norm of d where all is known.

    Args:
        model: unscaled.
        human: at the same resolution.
        distance: which of the two.

    Returns:
        Distances [B, K] >= 0 and their weights; 0 for maps that are blank or constant.
    """
    difference = min_max(model, human.weight) - min_max(human.saliency, human.weight)
    squared = mean_over_known(difference.square(), human.weight)
    if distance == "l2":
        # A limit from below: the root's gradient at 0 is infinite.
        squared = (squared * model.shape[2] * model.shape[3]).clamp(min=1e-12).sqrt()
    return squared, human.has * uneven(human.saliency, human.weight)


@dataclass(frozen=True, kw_only=True)
class Cyborg(CamGuided):
    """`alpha L_class + (1 - alpha) |mm(CAM_y) - mm(H)|`: classes, and a class activation map that looks like people's.

    mm stretches to [0, 1], each map on its own. Alpha belongs to the *class* term: 1 is plain training, .5 the authors'
    default, .01 what the teacher-student poster found best for students. The class term is the mean over all images,
    the distance over those with a map that is neither blank nor constant.

    Differs from the authors' script (which `compat="cyborg"`, `cam_class="predicted"` and `distance="mse"` reproduce):
    the CAM is taken of the tensor that is pooled, which theirs is for Inception alone; the class is the true one, which
    means something from the first step on; the distance is the norm that the paper writes, about sqrt(h w) times the
    root of the script's mean, so that alpha is not portable between the two; maps are brought to the features by area;
    images without a map take part in the class term. The script adapts no alpha; later code that does lets the
    gradient pass through alpha, which then raises the distance where it is small. We do not offer it.

    Raises:
        UserFault: if a knob is out of range or contradicts another.

    Source: boyd2023cyborg (loss); crum2023teaching, the loss on the poster (the norm, alpha for students).
    """

    alpha: float = 0.5
    """Of the class term, in [0, 1]; the distance has 1 - alpha."""
    cam_class: Literal["true", "predicted"] = "true"
    """Whose map is compared: the label's class, or the one that the network favours at the moment."""
    distance: Distance = "l2"
    """Euclidean norm (as written), or mean squared error (as coded: about a seventeenth of it for 7 x 7 cells)."""
    compat: Literal["", "cyborg"] = ""
    """"cyborg" takes the tensors that the authors' script hooks; only for ResNets, DenseNets, Xception, Inception."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._refuse(self.alpha > 1, "alpha", self.alpha, "in [0, 1]")
        multi = self.labels == "multi"
        self._refuse(multi and self.cam_class == "predicted", "cam_class", "predicted", "'true' with several labels")
        self._refuse(bool(self.compat) and (multi or bool(self.layer)), "compat", self.compat, '"" with these knobs')

    @property
    def class_weight(self) -> float:
        """Alpha; 1 where lambda is chosen by a ratio, or the distance is only logged."""
        return 1.0 if self.ratio is not None or self.log_only else self.alpha

    @property
    def weight(self) -> float:
        """1 - alpha."""
        return 1 - self.alpha

    def layers(self, net: nn.Module) -> tuple[str, ...]:
        """Those of the script, with `compat`.

        Raises:
            UserFault: if the script has no such network.
        """
        if not self.compat:
            return super().layers(net)
        known = {name for name, _ in net.named_modules()}
        layer = next((name for name in CAM_LAYERS if name in known), None)
        if layer is None:
            raise UserFault(
                "objective Cyborg, compat",
                seen=f"'{self.compat}' with a {type(net).__name__}",
                allowed="resnet*, densenet*, legacy_xception, inception_v3",
                remedy="Leave it out: the exact map is the better one",
            )
        return (layer,)

    def shared(self, outputs: Outputs) -> Tensor:
        """The tensor that the map is made of."""
        return self._hooked(outputs) if self.compat else super().shared(outputs)

    def model_maps(self, outputs: Outputs, classes: Tensor) -> Tensor:
        """As ever, or with `compat` `sum_d W[c, d] T_d` for the tensor T of the script."""
        if not self.compat:
            return super().model_maps(outputs, classes)
        rows = outputs.weight.float()[classes]
        return torch.einsum("bd,bdhw->bhw", rows, self._hooked(outputs).float())[:, None]

    def _hooked(self, outputs: Outputs) -> Tensor:
        (tensor,) = outputs.inner.values()
        return tensor

    def __call__(self, outputs: Outputs, batch: Batch, heads: Mapping[str, nn.Module]) -> dict[str, Term]:
        """`{"class", "map"}`."""
        del heads
        predicted = outputs.logits.argmax(dim=1) if self.cam_class == "predicted" else None
        return self.compared(outputs, batch, partial(cyborg_distance, distance=self.distance), classes=predicted)
