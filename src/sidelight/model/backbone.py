"""Any timm network behind one forward pass."""

import inspect

import torch
from jaxtyping import Float
from torch import Tensor, nn

from sidelight.model.create import create
from sidelight.model.heads import seeded
from sidelight.model.network import Network
from sidelight.model.outputs import Outputs
from sidelight.model.weights import TimmNet
from sidelight.records.errors import UserFault

Normalisation = tuple[tuple[float, float, float], tuple[float, float, float]]


class Backbone(nn.Module):
    """A classifier g(f(X)) that shows its inside.

    `features = f(X)`, `pooled = pool(features)`, `logits = W pooled + b`, once. On construction it is checked, whatever
    the network, that these logits are the ones of timm's own forward pass, bit for bit; a network whose head is built
    otherwise (two heads, no linear classifier, several feature maps) is refused.

    Args:
        network: which one, and how it is changed.
        classes: C, >= 1.
        generator_seed: the initial weights depend on (network, classes, generator_seed) and on nothing else.

    Attributes:
        network: as given.
        classes: as given.
        net: timm's module.
        create_arguments: `timm.create_model(network.name, **create_arguments)` makes a network of the same shape ...
        edits: ... and these Python statements about `net` make it the same network. None of them has weights.
        notes: what the user should be told about the initial weights; may be empty.
        normalisation: (mean, std) per channel of pixels in [0, 1]: those of timm's weights, also for a random start.
        image_size: side of the square input in pixels; where nothing was asked for, that of timm's weights.

    Raises:
        UserFault: for an unknown network, a change or an input size its family does not know, a head of another form,
            or weights that do not fit.

    >>> backbone = Backbone(Network("resnet18", width=0.25), 3, generator_seed=0).eval()
    >>> outputs = backbone(torch.zeros(1, 3, 64, 64))
    >>> tuple(outputs.logits.shape), tuple(outputs.features.shape), backbone.width
    ((1, 3), (1, 128, 2, 2), 128)

    Source: wightman2019timm (the networks and their names); han2023luab, section 4.2 (f and g).
    """

    def __init__(self, network: Network, classes: int, *, generator_seed: int) -> None:
        super().__init__()
        made = create(network, classes, seed=generator_seed)
        self.network, self.classes = network, classes
        self.net: TimmNet = made.net
        self.create_arguments, self.edits, self.notes = made.arguments, made.edits, made.notes
        known = self.net.pretrained_cfg
        self.normalisation: Normalisation = (tuple(known["mean"]), tuple(known["std"]))
        self.image_size: int = network.image_size or int(known["input_size"][-1])
        self._refuse_other_heads()

    def forward(self, images: Float[Tensor, "batch 3 height width"]) -> Outputs:
        """One pass; see `Outputs`."""
        return self._head(self.net.forward_features(images))

    def _head(self, native: Tensor) -> Outputs:
        """Pool and classify. Channels-last networks are turned round *before* pooling, so that gradients pass."""
        channels_last = getattr(self.net, "output_fmt", None) == "NHWC"
        features = native.permute(0, 3, 1, 2) if channels_last else native
        pooled = self.net.forward_head(features.permute(0, 2, 3, 1) if channels_last else features, pre_logits=True)
        classifier = self.net.get_classifier()
        weight, bias = classifier.weight, classifier.bias
        bias = weight.new_zeros(len(weight)) if bias is None else bias
        return Outputs(logits=classifier(pooled), features=features, pooled=pooled, weight=weight, bias=bias)

    @property
    def width(self) -> int:
        """D, of the pooled features."""
        return int(self.net.get_classifier().in_features)

    def export_state(self) -> dict[str, Tensor]:
        """The weights under timm's own names."""
        return {name: value.detach() for name, value in self.net.state_dict().items()}

    def _refuse_other_heads(self) -> None:
        """Networks whose forward pass is not: features, one pooled tensor, one linear classifier."""
        forward_head = getattr(self.net, "forward_head", None)
        if forward_head is None or "pre_logits" not in inspect.signature(forward_head).parameters:
            raise self._unsupported("its forward pass does not split into features and head")
        classifier = self.net.get_classifier()
        if not isinstance(classifier, nn.Linear):
            raise self._unsupported(f"its classifier is a {type(classifier).__name__}, not one linear layer")
        if not self._agrees_with_timm():
            raise self._unsupported("its logits are not a linear function of one pooled tensor")

    @torch.no_grad()
    def _agrees_with_timm(self) -> bool:
        training = self.net.training
        self.net.eval()
        with seeded(0):
            images = torch.rand(1, 3, self.image_size, self.image_size)
        native = self.net.forward_features(images)
        single = isinstance(native, Tensor)
        outputs = self._head(native) if single else None
        agrees = outputs is not None and outputs.pooled.ndim == 2 and torch.equal(outputs.logits, self.net(images))
        self.net.train(training)
        return agrees

    def _unsupported(self, why: str) -> UserFault:
        return UserFault(
            f"network '{self.network.name}'",
            seen=why,
            allowed="networks with one linear classifier over one pooled tensor",
            remedy="Take the plain variant of its family (for example without distillation)",
        )
