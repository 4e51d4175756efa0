"""Any timm network behind one forward pass."""

import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec
import torch
from jaxtyping import Float
from torch import Tensor, nn

from sidelight.model.create import create
from sidelight.model.heads import seeded
from sidelight.model.inner import watched
from sidelight.model.network import Network
from sidelight.model.outputs import Outputs, Pooling, on_grid
from sidelight.model.pooling import AttentionPool, everywhere, folded, norm_after_pooling
from sidelight.model.weights import TimmNet
from sidelight.records.errors import UserFault

Normalisation = tuple[tuple[float, float, float], tuple[float, float, float]]


class Backbone(nn.Module):
    """A classifier g(f(X)) that shows its inside.

    `features = f(X)`, `pooled = pool(features)`, `logits = W pooled + b`, once. On construction it is checked, whatever
    the network, that these logits are the ones of timm's own forward pass, bit for bit; a network whose head is built
    otherwise (two heads, no linear classifier, several feature maps) is refused. How it pools is found out in the same
    way: `mean` is what gives the mean of the features, a norm after it included, on a picture of noise.

    Args:
        network: which one, and how it is changed.
        classes: C, >= 1.
        generator_seed: the initial weights depend on (network, classes, generator_seed) and on nothing else.

    Attributes:
        network: as given.
        classes: as given.
        net: timm's module.
        attention: the pooling in place of the network's own; None for that.
        pooling: how features become what is classified; see `Outputs`.
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
        self._channels_last = getattr(self.net, "output_fmt", None) == "NHWC"
        self.attention: AttentionPool | None = None
        self.pooling: Pooling = "other"
        noise = self._checked()
        if network.pooling == "attention":
            with seeded(generator_seed):
                self.attention = AttentionPool(noise.shape[1 if noise.ndim == 4 else 2])
        self._find_pooling(noise)

    def forward(self, images: Float[Tensor, "batch 3 height width"], layers: Sequence[str] = ()) -> Outputs:
        """One pass; see `Outputs`.

        Args:
            images: normalised pictures.
            layers: names of layers inside `net` that `Outputs.inner` shall hold.

        Raises:
            UserFault: for a layer that the network does not have, or that gives no single tensor.
        """
        aspect = images.shape[2] / images.shape[3]
        if not layers:
            return self._head(self._turned(self.net.forward_features(images)), aspect)
        with watched(self.net, layers, channels_last=self._channels_last) as inner:
            outputs = self._head(self._turned(self.net.forward_features(images)), aspect)
        return msgspec.structs.replace(outputs, inner=inner)

    def _turned(self, native: Tensor) -> Tensor:
        """Channels-last networks are turned round *before* pooling, so that gradients pass."""
        return native.permute(0, 3, 1, 2) if self._channels_last else native

    def _head(self, features: Tensor, aspect: float) -> Outputs:
        """Pool and classify."""
        prefix = int(getattr(self.net, "num_prefix_tokens", 0)) if features.ndim == 3 else 0
        norm = norm_after_pooling(self.net) if self.pooling != "other" else None
        attention, seen = None, features
        if self.attention is not None:
            attention, summed = self.attention(on_grid(features, prefix=prefix, aspect=aspect))
            seen = everywhere(summed, features.ndim, prefix)
        elif norm is not None:
            summed = on_grid(features, prefix=prefix, aspect=aspect).mean(dim=(2, 3))
        scale, shift = (None, None) if norm is None else folded(norm, summed)
        pooled = self._pooled(seen)
        classifier = self.net.get_classifier()
        weight, bias = classifier.weight, classifier.bias
        return Outputs(
            logits=classifier(pooled),
            features=features,
            pooled=pooled,
            weight=weight,
            bias=weight.new_zeros(len(weight)) if bias is None else bias,
            pooling=self.pooling,
            scale=scale,
            shift=shift,
            attention=attention,
            prefix=prefix,
            aspect=aspect,
        )

    def _pooled(self, features: Tensor) -> Tensor:
        """What timm's own head makes of features, its classifier apart."""
        own = features.permute(0, 2, 3, 1) if self._channels_last else features
        return self.net.forward_head(own, pre_logits=True)

    @property
    def width(self) -> int:
        """D, of the pooled features."""
        return int(self.net.get_classifier().in_features)

    def export_state(self) -> dict[str, Tensor]:
        """The weights under timm's own names."""
        return {name: value.detach() for name, value in self.net.state_dict().items()}

    def pooling_state(self) -> dict[str, Tensor]:
        """The weights of the pooling; none for the network's own."""
        weights = {} if self.attention is None else self.attention.state_dict()
        return {name: value.detach() for name, value in weights.items()}

    @torch.no_grad()
    def _checked(self) -> Tensor:
        """Refuse networks whose forward pass is not: features, one pooled tensor, one linear classifier.

        Returns:
            Noise in the shape of the features, for `_find_pooling`.
        """
        forward_head = getattr(self.net, "forward_head", None)
        if forward_head is None or "pre_logits" not in inspect.signature(forward_head).parameters:
            raise self._unsupported("its forward pass does not split into features and head")
        classifier = self.net.get_classifier()
        if not isinstance(classifier, nn.Linear):
            raise self._unsupported(f"its classifier is a {type(classifier).__name__}, not one linear layer")
        with seeded(0), _evaluating(self.net):
            images = torch.rand(1, 3, self.image_size, self.image_size)
            native = self.net.forward_features(images)
            outputs = self._head(self._turned(native), 1.0) if isinstance(native, Tensor) else None
            if outputs is None or outputs.pooled.ndim != 2 or not torch.equal(outputs.logits, self.net(images)):
                raise self._unsupported("its logits are not a linear function of one pooled tensor")
            shape = outputs.features.shape
            # At least two places each way: over a single place the mean and the maximum are the same.
            return torch.randn(shape if len(shape) == 3 else (*shape[:2], shape[2] + 1, shape[3] + 1))

    @torch.no_grad()
    def _find_pooling(self, noise: Tensor) -> None:
        """Say what `pooled` is, if it is what it should be; noise tells every other pooling from it."""
        self.pooling = "mean" if self.attention is None else "attention"
        linear = self._is_linear_in_places(noise)
        if not linear and self.attention is not None:
            raise UserFault(
                f"network '{self.network.name}'",
                seen="pooling 'attention', but what it classifies is no weighted sum of its features",
                allowed="networks that pool by a mean, a maximum or a class token",
                remedy="Leave pooling at 'own', or take another network",
            )
        self.pooling = self.pooling if linear else "other"

    def _is_linear_in_places(self, features: Tensor) -> bool:
        try:
            with _evaluating(self.net):
                outputs = self._head(features, 1.0)
            maps = outputs.on_grid(features)
        except UserFault:  # tokens that fill no grid
            return False
        summed = maps.mean(dim=(2, 3)) if self.attention is None else self.attention(maps)[1]
        expected = summed
        if outputs.scale is not None and outputs.shift is not None:
            expected = outputs.scale * summed + outputs.shift
        return expected.shape == outputs.pooled.shape and torch.allclose(expected, outputs.pooled, 1e-3, 1e-4)

    def _unsupported(self, why: str) -> UserFault:
        return UserFault(
            f"network '{self.network.name}'",
            seen=why,
            allowed="networks with one linear classifier over one pooled tensor",
            remedy="Take the plain variant of its family (for example without distillation)",
        )


@contextmanager
def _evaluating(net: nn.Module) -> Iterator[None]:
    training = net.training
    net.eval()
    try:
        yield
    finally:
        net.train(training)
