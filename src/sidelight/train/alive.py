"""Guidance must be alive: proof, before the first step, that the guidance moves what it is meant to move."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from sidelight.model.backbone import Backbone
from sidelight.records.batch import Batch
from sidelight.train.look import look
from sidelight.train.term import Objective, reduce_term

STEPS = (1e-2, 1e-3, 1e-4)
"""Shares by which a step would lower the term if it were linear; one of them must lower it."""


class GuidanceDead(ValueError):
    """The guidance does not train what it says it trains: a fault of the objective, not of the data.

    Args:
        group: the parameter group, or the step, that failed.
        seen: what was measured.
    """

    def __init__(self, group: str, seen: str) -> None:
        self.group = group
        super().__init__(f"guidance is dead for '{group}': {seen}")


def assert_guidance_alive(
    objective: Objective, backbone: Backbone, heads: Mapping[str, nn.Module], batch: Batch
) -> dict[str, float]:
    """Check that the guidance term alone has a gradient in every group it `reaches`, and that following it helps.

    Public implementations of guided training have run with a guidance loss that was detached, in part or whole, and
    nobody noticed: the classes trained on. Call this once, on the first batch with an annotated image.

    First the gradient of the reduced guidance term with respect to every group must be finite and not zero. Then one
    small step against it, `w - eta g` with `eta = s L / |g|^2` for s of 1e-2, else 1e-3, else 1e-4, must lower the term
    on the same batch with the same random draws. Both are done in float32, in the modules' present mode. Weights,
    buffers (batch norm's statistics), gradients and random numbers are afterwards what they were, bit for bit.

    Args:
        objective: any; one without guidance passes.
        backbone: the bare module, not wrapped for distributed training. Its linear classifier is the group
            "classifier", what predicts the attention of its pooling the group "attention", and the rest "backbone":
            a map that hangs on the classifier's weights alone would else pass for one that trains the features.
        heads: likewise; group "<name>_head" is `heads[name]`.
        batch: on the modules' device; at least one image annotated.

    Returns:
        Gradient norm of the guidance term for every group; empty without guidance.

    Raises:
        GuidanceDead: naming the group and what was seen.
        ValueError: if no image of the batch is annotated.
    """
    if objective.guidance is None:
        return {}
    groups = {name: _parameters(name, backbone, heads) for name in sorted(objective.reaches)}
    with _untouched([backbone, *heads.values()]) as rewind:
        value = _guidance(objective, backbone, heads, batch)
        every = [parameter for group in groups.values() for parameter in group]
        gradients = _gradients(value, every)
        norms, before = _norms(groups, gradients), value.item()
        for share in STEPS:
            rewind()
            _step(every, gradients, share * before / sum(norm**2 for norm in norms.values()))
            if _guidance(objective, backbone, heads, batch).item() < before:
                return norms
    raise GuidanceDead("a small step", f"the term stays at {before:.6g} or above when its gradient is followed")


def _parameters(group: str, backbone: Backbone, heads: Mapping[str, nn.Module]) -> list[nn.Parameter]:
    apart: dict[str, nn.Module] = {"classifier": backbone.net.get_classifier()}
    if backbone.attention is not None:
        apart["attention"] = backbone.attention
    if group != "backbone":
        module = apart[group] if group in apart else heads[group.removesuffix("_head")]
        return [parameter for parameter in module.parameters() if parameter.requires_grad]
    others = {id(parameter) for module in apart.values() for parameter in module.parameters()}
    return [p for p in backbone.parameters() if p.requires_grad and id(p) not in others]


def _guidance(objective: Objective, backbone: Backbone, heads: Mapping[str, nn.Module], batch: Batch) -> Tensor:
    outputs, seen = look(objective, backbone, batch)
    term = objective(outputs, seen, heads)[str(objective.guidance)]
    if not bool((term.weight > 0).any()):
        raise ValueError(f"no image of this batch of {len(batch)} is annotated: nothing to see the guidance by")
    return reduce_term(term)


def _gradients(value: Tensor, parameters: list[nn.Parameter]) -> list[Tensor]:
    if not value.requires_grad:
        return [torch.zeros_like(parameter) for parameter in parameters]
    found = torch.autograd.grad(value, parameters, allow_unused=True)
    return [torch.zeros_like(p) if g is None else g for p, g in zip(parameters, found, strict=True)]


def _norms(groups: Mapping[str, list[nn.Parameter]], gradients: list[Tensor]) -> dict[str, float]:
    remaining = iter(gradients)
    norms = {}
    for name, group in groups.items():
        squares = [float(next(remaining).square().sum()) for _ in group]
        norms[name] = sum(squares) ** 0.5
        if not 0 < norms[name] < float("inf"):
            raise GuidanceDead(name, f"the gradient norm of its guidance term is {norms[name]}")
    return norms


@torch.no_grad()
def _step(parameters: list[nn.Parameter], gradients: list[Tensor], eta: float) -> None:
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.sub_(eta * gradient)


@contextmanager
def _untouched(modules: list[nn.Module]) -> Iterator["_Rewind"]:
    """Work on modules as if nothing had happened: all is put back at the end, and whenever `rewind()` is called."""
    rewind = _Rewind(modules)
    try:
        yield rewind
    finally:
        rewind()


class _Rewind:
    """Weights, buffers and random numbers as they are now; calling it puts them back."""

    def __init__(self, modules: list[nn.Module]) -> None:
        self._live = [tensor for module in modules for tensor in (*module.parameters(), *module.buffers())]
        self._kept = [tensor.detach().clone() for tensor in self._live]
        devices = {tensor.device for tensor in self._live if tensor.device.type == "cuda"}
        self._random = torch.get_rng_state(), {device: torch.cuda.get_rng_state(device) for device in devices}

    @torch.no_grad()
    def __call__(self) -> None:
        for live, kept in zip(self._live, self._kept, strict=True):
            live.copy_(kept)
        torch.set_rng_state(self._random[0])
        for device, state in self._random[1].items():
            torch.cuda.set_rng_state(state, device)
