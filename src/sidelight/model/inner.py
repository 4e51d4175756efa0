"""Layers inside a network, seen in the same forward pass as its logits."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from torch import Tensor, nn

from sidelight.records.errors import UserFault, unknown_name


@contextmanager
def watched(net: nn.Module, layers: Sequence[str], *, channels_last: bool = False) -> Iterator[dict[str, Tensor]]:
    """Keep what the named layers give while the block runs `net` once.

    What is kept is the layer's output itself, and a copy of it goes on: an activation that works in place (ReLU after
    a norm, say) then changes the copy, and the logits still have a gradient at what was kept.

    Args:
        net: any network.
        layers: names as in `net.named_modules()`.
        channels_last: the network works on [B, h, w, D]; what is kept is turned to [B, D, h, w].

    Yields:
        Tensors by layer, filled as the network runs.

    Raises:
        UserFault: for a layer that the network does not have, that runs more than once, or that gives no single
            tensor.

    >>> import torch
    >>> net = nn.Sequential(nn.Identity(), nn.ReLU(inplace=True))
    >>> with watched(net, ["0"]) as kept:
    ...     net(torch.tensor([-1.0]))
    tensor([0.])
    >>> kept["0"]
    tensor([-1.])
    """
    modules = dict(net.named_modules())
    for name in layers:
        if name not in modules or not name:
            raise unknown_name("layer", name, filter(None, modules))
    kept: dict[str, Tensor] = {}
    hooks = [modules[name].register_forward_hook(_keep(name, kept, channels_last)) for name in layers]
    try:
        yield kept
    finally:
        for hook in hooks:
            hook.remove()


def _keep(name: str, kept: dict[str, Tensor], channels_last: bool) -> Callable[[nn.Module, object, object], Tensor]:
    def keep(_: nn.Module, __: object, output: object) -> Tensor:
        if not isinstance(output, Tensor) or name in kept:
            seen = "it runs more than once" if name in kept else f"it gives a {type(output).__name__}, not a tensor"
            raise UserFault(
                f"layer '{name}'",
                seen=seen,
                allowed="a layer that gives one tensor, once in a forward pass",
                remedy="Name the layer around it, or one inside it",
            )
        if channels_last and output.ndim == 4:
            kept[name] = output.permute(0, 3, 1, 2)
            return kept[name].permute(0, 2, 3, 1).clone()
        kept[name] = output
        return output.clone()

    return keep
