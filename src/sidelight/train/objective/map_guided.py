"""What all objectives have in common that compare a map of the network with where people looked."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import ClassVar

from torch import Tensor, nn

from sidelight.explain.cam import cam, cams
from sidelight.explain.gradcam import grad_cam
from sidelight.model.heads import Head
from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.records.errors import UserFault
from sidelight.train.objective.classes import labelled
from sidelight.train.objective.cross_entropy import refuse_smoothing
from sidelight.train.objective.pair import Pair, over_maps, pair_at
from sidelight.train.term import Labels, Needs, Term

Distance = Callable[[Tensor, Pair], tuple[Tensor, Tensor]]
"""Maps of the network and of people, [B, K, h, w], to values [B, K] >= 0 and their weights."""


@dataclass(frozen=True, kw_only=True)
class MapGuided:
    """Knobs of every objective that is told by maps.

    Raises:
        UserFault: if a knob is out of range, lambda is given both as a number and by a ratio, or labels are smoothed
            where there are several.
    """

    ratio: float | None = None
    """Choose lambda so that the guidance's gradient is this multiple of the class term's, at the last tensor that both
    share; the class term then counts once."""
    label_smoothing: float = 0.0
    """Of the class term, single-label only; in [0, 1)."""
    labels: Labels = "single"
    """One label an image and one map, or several labels and a map for each."""
    log_only: bool = False
    """Compute and log the guidance, but train on the classes alone: how would plain training have scored?"""

    guidance = "map"
    needs: ClassVar[Needs] = "maps"
    second_order = False

    def __post_init__(self) -> None:
        refuse_smoothing(self.label_smoothing)
        smoothed = self.labels == "multi" and self.label_smoothing > 0
        self._refuse(smoothed, "label_smoothing", self.label_smoothing, "0 with several labels")
        self._refuse(self.ratio is not None and self.ratio <= 0, "ratio", self.ratio, "> 0")
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in ("weight", "alpha"):
                self._refuse(value < 0, field.name, value, ">= 0")
                both = self.ratio is not None and value != field.default
                self._refuse(both, field.name, value, "its default, as a ratio is given")

    def _refuse(self, bad: bool, field: str, seen: object, allowed: str) -> None:
        if bad:
            thing = f"objective {type(self).__name__}, {field}"
            raise UserFault(thing, seen=str(seen), allowed=allowed, remedy="Correct the value")

    @property
    def class_weight(self) -> float:
        """The class term counts once."""
        return 1.0

    def heads(self, width: int, classes: int) -> dict[str, Head]:
        """None."""
        del width, classes
        return {}

    def layers(self, net: nn.Module) -> tuple[str, ...]:
        """None: the guidance sees what the classifier sees."""
        del net
        return ()

    def shared(self, outputs: Outputs) -> Tensor:
        """The features before they are pooled."""
        return outputs.features

    def told(self, batch: Batch, has: Tensor) -> Tensor:
        """[B, K] weights of the maps that count: with several labels, those of classes that are on the image."""
        return has if self.labels == "single" else has * (batch.targets > 0)


@dataclass(frozen=True, kw_only=True)
class CamGuided(MapGuided):
    """Knobs of the objectives whose map is a class activation map.

    Raises:
        UserFault: if inner layers are asked for with several labels.
    """

    layer: str = ""
    """Where the network's map is taken: "" is the exact CAM of the features that are pooled, the name of one of timm's
    modules is Grad-CAM there. Class-token ViTs need the latter; it costs a second backward pass from that layer on."""

    reaches = frozenset({"backbone", "classifier"})

    def __post_init__(self) -> None:
        super().__post_init__()
        # One backward pass a class would be needed.
        inner = self.labels == "multi" and bool(self.layer)
        self._refuse(inner, "layer", self.layer, '"" with several labels')

    def layers(self, net: nn.Module) -> tuple[str, ...]:
        """The inner layer, if there is one."""
        del net
        return (self.layer,) if self.layer else ()

    def shared(self, outputs: Outputs) -> Tensor:
        """The tensor that the map is made of."""
        return outputs.inner[self.layer] if self.layer else outputs.features

    def model_maps(self, outputs: Outputs, classes: Tensor) -> Tensor:
        """The network's own maps, unscaled, in the units of its logits.

        Args:
            outputs: of a forward pass with `layers`.
            classes: [B], the class to explain of each image; not asked with several labels.

        Returns:
            [B, 1, h, w], or [B, C, h, w] with several labels; float32, with its graph.
        """
        if self.labels == "multi":
            return cams(outputs)
        if not self.layer:
            return cam(outputs, classes)[:, None]
        found = grad_cam(outputs, classes, self.layer, create_graph=True)[:, None]
        # Grad-CAM divides the gradient by the number of places; without that it is the CAM where there is one.
        return found * (found.shape[2] * found.shape[3])

    def compared(
        self, outputs: Outputs, batch: Batch, distance: Distance, *, classes: Tensor | None = None
    ) -> dict[str, Term]:
        """`{"class", "map"}`: the classes' own term, and the distance between the network's maps and people's.

        Args:
            outputs: of a forward pass with `layers`.
            batch: with maps.
            distance: of the two, at the features' resolution.
            classes: [B] that the network is asked about; the true ones where not given.
        """
        model = self.model_maps(outputs, batch.targets.argmax(dim=1) if classes is None else classes)
        human = pair_at(batch, (model.shape[2], model.shape[3]), k=model.shape[1])
        value, has = distance(model, human)
        return {
            "class": labelled(outputs, batch, labels=self.labels, label_smoothing=self.label_smoothing),
            "map": over_maps(value, self.told(batch, has)),
        }
