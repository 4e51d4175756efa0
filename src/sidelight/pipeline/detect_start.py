"""The backbone that a detector starts from, by the name that the command line gives it."""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import msgspec

from sidelight import __version__
from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.pipeline.provenance import commit, environment
from sidelight.pipeline.subject import load_subject
from sidelight.records.result import Provenance

NONE = "none"


@dataclass(frozen=True)
class Start:
    """What a detector is built on.

    Attributes:
        backbone: a classifier; its heads and its way of preparing pictures play no part.
        provenance: of the run that it comes from.
        random: whether it has learnt nothing yet.
    """

    backbone: Backbone
    provenance: Provenance
    random: bool = False


def load_start(model: str, network: str, *, seed: int) -> Start:
    """Load it.

    Args:
        model: `none`, a run's folder, timm:NAME, a file of weights with its JSON beside it, or a bare one.
        network: the architecture of `none` and of a bare file.
        seed: the weights of `none` depend on it.

    Raises:
        UserFault: if there is no such model, or a bare file does not fit the architecture.
    """
    file = Path(model)
    bare = file.is_file() and not file.with_suffix(".json").is_file()
    if model != NONE and not bare:
        subject = load_subject(model)
        return Start(subject.backbone, with_libraries(subject.provenance))
    made = Network(network, weights=NONE if model == NONE else str(file))
    provenance = Provenance(
        recipe=f"{network} ({model})", seed=seed, version=__version__, commit=commit(), environment=environment()
    )
    return Start(Backbone(made, 1, generator_seed=seed), with_libraries(provenance), random=model == NONE)


def with_libraries(provenance: Provenance) -> Provenance:
    """The same, naming what average precision is computed with."""
    used = {name: version(name) for name in ("torchmetrics", "faster-coco-eval")}
    return msgspec.structs.replace(provenance, environment=provenance.environment | used)
