import csv

import numpy as np
import pytest
import torch
from lightning_fabric import Fabric
from torch import nn
from torch.optim.lr_scheduler import LinearLR, MultiStepLR

from sidelight.records.errors import UserFault
from sidelight.records.objects import Objects
from sidelight.train.detection import DetectionTraining, fit_detector
from sidelight.train.loop import TrainingDiverged

SHORT = DetectionTraining(epochs=3, batch_size=2, lr=0.8, drop_epochs=(2,), warmup_steps=3, checkpoint_every=3)


class ToyDetector(nn.Module):
    """Answers as torchvision's detectors do in training: losses by name, which depend on chance, boxes and pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 4)
        self.frozen = nn.Linear(3, 3)
        self.frozen.requires_grad_(False)
        with torch.no_grad():
            for tensor in self.state_dict().values():
                tensor.copy_(torch.linspace(-1, 1, tensor.numel()).reshape(tensor.shape))

    def forward(self, images, targets):
        seen = self.layer(self.frozen(torch.stack([image.mean(dim=(1, 2)) for image in images])))
        wanted = torch.stack([target["boxes"][0] / 10 for target in targets])
        drawn = torch.rand(())  # as the regions that a step is trained on
        return {"loss_box_reg": (seen - wanted).pow(2).mean() * drawn, "loss_classifier": seen.abs().mean()}


class ToySource:
    """Five batches an epoch of two random pictures; from `broken` on (a step) their boxes are no numbers."""

    def __init__(self, *, broken=None):
        self.broken = broken

    def __len__(self):
        return 5

    def epoch(self, number, *, first=0):
        for place in range(first, 5):
            rng = np.random.default_rng([number, place])
            boxes = rng.random((2, 1, 4), np.float32)
            if self.broken is not None and number * 5 + place >= self.broken:
                boxes[:] = np.nan
            known = {"crowd": np.zeros(1, bool), "area": np.ones(1)}
            yield [
                (torch.from_numpy(rng.random((3, 4, 4), np.float32)), Objects("p", box, np.zeros(1, int), **known))
                for box in boxes
            ]


def fit(run, *, net=None, source=None, training=SHORT, resume=False, fingerprint="", report=None):
    net = net or ToyDetector()
    fabric = Fabric(accelerator="cpu", devices=1)
    rows = fit_detector(
        net, ToySource() if source is None else source, training, run=run, seed=4, fabric=fabric, resume=resume,
        fingerprint=fingerprint, report=report,
    )  # fmt: skip
    return net, rows


def without_times(rows):
    return [{name: value for name, value in row.items() if name not in ("images_per_s", "seconds")} for row in rows]


@pytest.mark.parametrize(("batch_size", "steps_per_epoch", "epochs"), [(16, 1200, 2), (2, 30, 26)])
def test_the_learning_rate_is_that_of_torchvisions_reference(batch_size, steps_per_epoch, epochs):
    schedule = DetectionTraining(batch_size=batch_size)
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.02 * batch_size / 16)
    main = MultiStepLR(optimizer, milestones=[16, 22], gamma=0.1)
    for epoch in range(epochs):
        rising = min(1000, steps_per_epoch - 1)
        warmup = LinearLR(optimizer, start_factor=1 / 1000, total_iters=rising) if epoch == 0 else None
        for step in range(steps_per_epoch):
            ours = schedule.lr_at(epoch * steps_per_epoch + step, steps_per_epoch=steps_per_epoch)
            assert ours == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-6)
            optimizer.step()
            if warmup:
                warmup.step()
        main.step()


def test_everything_that_is_trained_decays(tmp_path):
    net = ToyDetector()
    (group,) = SHORT.rule.build(net).param_groups
    assert (group["weight_decay"], group["momentum"], len(group["params"])) == (1e-4, 0.9, 2)


def test_a_fine_tuning_leaves_its_curve_and_does_not_move_what_is_frozen(tmp_path):
    net, rows = fit(tmp_path)
    assert [row["step"] for row in rows] == [5, 10, 15]
    assert [row["lr"] for row in rows] == pytest.approx([0.1, 0.1, 0.01])
    assert rows[0]["loss"] == pytest.approx(rows[0]["loss_box_reg"] + rows[0]["loss_classifier"], rel=1e-5)
    with (tmp_path / "metrics.csv").open() as file:
        assert [float(row["loss"]) for row in csv.DictReader(file)] == [row["loss"] for row in rows]
    assert torch.equal(net.frozen.weight, ToyDetector().frozen.weight)
    assert not torch.equal(net.layer.weight, ToyDetector().layer.weight)
    assert not net.training


def test_the_reports_say_how_far_it_is(tmp_path):
    reports = []
    fit(tmp_path, report=reports.append)
    assert [(report.step, report.total_steps) for report in reports] == [(step, 15) for step in range(1, 16)]
    assert (reports[0].epoch, reports[-1].epoch) == (1, 3)


@pytest.mark.parametrize("stop", [1, 4, 5, 9, 15])
def test_an_interrupted_fine_tuning_ends_with_the_same_bits(tmp_path, stop):
    def interrupt(report):
        if report.step == stop:
            raise KeyboardInterrupt

    whole, rows = fit(tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        fit(tmp_path / "cut", report=interrupt)
    again, resumed = fit(tmp_path / "cut", resume=True)
    assert all(torch.equal(a, b) for a, b in zip(whole.parameters(), again.parameters(), strict=True))
    assert without_times(resumed) == without_times(rows)


def test_the_callers_chance_is_left_alone(tmp_path):
    net, before = ToyDetector(), torch.get_rng_state()
    fit(tmp_path, net=net)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_folder_that_is_taken_is_refused_and_so_is_another_fingerprint(tmp_path):
    fit(tmp_path, fingerprint="mine")
    with pytest.raises(UserFault, match="a run is already there"):
        fit(tmp_path, fingerprint="mine")
    with pytest.raises(UserFault, match="fingerprint 'mine'"):
        fit(tmp_path, fingerprint="other", resume=True)


def test_a_loss_that_is_no_number_stops_it_and_the_last_state_is_kept(tmp_path):
    with pytest.raises(TrainingDiverged, match="step 9 of the fine-tuning"):
        fit(tmp_path, source=ToySource(broken=8))
    assert [state.name for state in (tmp_path / "checkpoint").glob("step-*")] == ["step-00000006"]


def test_no_pictures_are_refused(tmp_path):
    class Empty(ToySource):
        def __len__(self):
            return 0

    with pytest.raises(UserFault, match="none with an object on it"):
        fit(tmp_path, source=Empty())


@pytest.mark.parametrize(
    "wrong",
    [{"epochs": 0}, {"batch_size": 0}, {"batch_size": 2, "devices": 3}, {"warmup_steps": -1}, {"look_every": 0}],
)
def test_numbers_that_make_no_sense_are_refused(wrong):
    with pytest.raises(UserFault, match=f"training's {next(iter(wrong))}"):
        DetectionTraining(**wrong)
