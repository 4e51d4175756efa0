"""The one forward pass of a step, with all that the objective will want to see of it."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from sidelight.model.backbone import Backbone
from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.records.errors import UserFault
from sidelight.train.term import GuidedObjective, Objective


def look(objective: Objective, backbone: Backbone, batch: Batch) -> tuple[Outputs, Batch]:
    """Run the backbone over a batch's pictures as this objective needs it.

    Args:
        objective: any. It may ask for inner layers, or (`second_order`) for gradients with respect to the pictures.
        backbone: the network.
        batch: on its device.

    Returns:
        What the network gave, and the batch to hand to the objective: the same one, but that its pictures carry
        gradients where the objective asks for them.

    Raises:
        UserFault: if gradients of gradients are asked of a compiled network.
    """
    if not isinstance(objective, GuidedObjective):
        return backbone(batch.images), batch
    if objective.second_order:
        _refuse_compiled(objective, backbone)
        batch = replace(batch, images=batch.images.detach().requires_grad_())
    layers = objective.layers(backbone.net)
    with _twice_differentiable(objective):
        outputs = backbone(batch.images, layers) if layers else backbone(batch.images)
    return outputs, batch


def _twice_differentiable(objective: GuidedObjective) -> AbstractContextManager[None]:
    """Fused attention has no second derivative; the plain one has."""
    return sdpa_kernel(SDPBackend.MATH) if objective.second_order else nullcontext()


def _refuse_compiled(objective: Objective, backbone: nn.Module) -> None:
    # The two ways of compiling: a wrapper around the module, and a replacement of its call.
    if any(
        hasattr(part, "_orig_mod") or getattr(part, "_compiled_call_impl", None) is not None
        for part in backbone.modules()
    ):
        raise UserFault(
            f"objective {type(objective).__name__}",
            seen="a network under torch.compile",
            allowed="one that runs eagerly: compiled code cannot be differentiated twice",
            remedy="Leave torch.compile out, or take an objective on the last layer's map",
        )
