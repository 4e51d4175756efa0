"""Which devices a training runs on."""

import logging

import torch
from lightning_fabric import Fabric

from sidelight.records.errors import UserFault
from sidelight.train.training import Training


def launch(training: Training) -> Fabric:
    """Take the GPUs, or the CPU where there is none, and start one process a device.

    With more than one device Fabric starts the command that runs this again for every further device (unless torchrun
    or SLURM did so already): code after this call runs in all of them, told apart by `fabric.global_rank`.

    Raises:
        UserFault: if there are fewer GPUs than devices were asked for.
    """
    gpus = torch.cuda.device_count()
    if gpus and training.devices > gpus:
        raise UserFault(
            "training's devices",
            seen=str(training.devices),
            allowed=f"at most {gpus} on this machine",
            remedy="Ask for fewer",
        )
    logging.getLogger("lightning_fabric").setLevel(logging.WARNING)  # it announces its settings at every launch
    fabric = Fabric(
        accelerator="cuda" if gpus else "cpu",
        devices=training.devices,
        strategy="ddp" if training.devices > 1 else "auto",
        precision=training.precision,
    )
    fabric.launch()
    return fabric
