import pytest
import torch

from sidelight.records.errors import UserFault
from sidelight.train.devices import launch
from sidelight.train.training import Training


def test_one_process_is_launched_at_the_precision_asked_for():
    fabric = launch(Training(precision="bf16-mixed"))
    assert (fabric.world_size, fabric.global_rank) == (1, 0)
    with fabric.autocast():
        assert (torch.ones(2, 2, device=fabric.device) @ torch.ones(2, 2, device=fabric.device)).dtype == torch.bfloat16


def test_more_devices_than_there_are_gpus_are_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    with pytest.raises(UserFault, match="3; allowed: at most 2"):
        launch(Training(devices=3))
