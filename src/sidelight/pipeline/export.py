"""A run becomes a checkpoint for others."""

import json
from pathlib import Path

from sidelight.model.checkpoint import export_timm, load_any


def export(run: Path, out: Path) -> list[str]:
    """Write a run's backbone under timm's own names, without the point head.

    Args:
        run: the run's folder.
        out: a .safetensors file; a .json of the same name says how the network was made.

    Returns:
        Lines of Python that load it, to be shown to the user.

    Raises:
        UserFault: if there is no trained model in the folder.
    """
    backbone = load_any(str(run)).backbone
    out.parent.mkdir(parents=True, exist_ok=True)
    export_timm(backbone, out)
    arguments = ", ".join(f"{name}={value!r}" for name, value in backbone.create_arguments.items())
    return [
        f"{out} and {out.with_suffix('.json')}: load them with",
        "  import timm, safetensors.torch",
        f"  net = timm.create_model({json.dumps(backbone.network.name)}, {arguments})",
        *[f"  {edit}" for edit in backbone.edits],
        f"  net.load_state_dict(safetensors.torch.load_file({str(out)!r}), strict=True)",
    ]
