import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.records.errors import UserFault
from sidelight.train.schedule import Schedule


def rates(schedule: Schedule, *, peak: float = 1.0, steps_per_epoch: int = 10, epochs: int = 10) -> list[float]:
    return [
        schedule.lr(step, peak=peak, steps_per_epoch=steps_per_epoch, epochs=epochs)
        for step in range(epochs * steps_per_epoch)
    ]


def test_a_cosine_without_warm_up_starts_at_the_peak_and_is_half_way_at_half_time():
    found = rates(Schedule("cosine", min_lr=0.2))
    assert found[0] == 1.0
    assert found[50] == pytest.approx(0.6)
    assert found[25] == pytest.approx(0.2 + 0.8 * (1 + math.sqrt(0.5)) / 2)
    assert 0.2 < found[-1] < 0.2003


def test_the_warm_up_is_a_straight_line_to_the_peak():
    found = rates(Schedule("cosine", warmup_epochs=2, warmup_lr=0.1), peak=0.5)
    assert found[:3] == pytest.approx([0.1, 0.12, 0.14])
    assert found[19] == pytest.approx(0.48)
    assert found[20] == 0.5
    assert found[60] == pytest.approx(0.25)


def test_a_warm_up_of_half_an_epoch_ends_in_the_middle_of_it():
    assert rates(Schedule("constant", warmup_epochs=0.5))[:7] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1, 1])


def test_steps_fall_at_whole_multiples_of_their_epochs_counted_from_the_start():
    found = rates(Schedule("step", warmup_epochs=1, step_epochs=4, step_factor=0.1))
    assert (found[10], found[39]) == (1.0, 1.0)
    assert (found[40], found[79]) == (pytest.approx(0.1), pytest.approx(0.1))
    assert found[80] == pytest.approx(0.01)


def test_steps_stop_at_the_floor():
    assert rates(Schedule("step", step_epochs=1, step_factor=0.1, min_lr=0.05))[-1] == 0.05


def test_a_constant_is_constant():
    assert set(rates(Schedule("constant"), peak=0.3)) == {0.3}


@given(
    name=st.sampled_from(["cosine", "step", "constant"]),
    warmup=st.floats(0, 5),
    floor=st.floats(0, 1),
    per_epoch=st.integers(1, 9),
)
def test_no_schedule_leaves_the_range_between_floor_and_peak(name, warmup, floor, per_epoch):
    found = rates(Schedule(name, warmup_epochs=warmup, warmup_lr=floor, min_lr=floor), steps_per_epoch=per_epoch)
    assert all(floor - 1e-12 <= rate <= 1 + 1e-12 for rate in found)


@pytest.mark.parametrize(
    "wrong", [{"warmup_epochs": -1}, {"min_lr": math.nan}, {"step_epochs": 0}, {"step_factor": 2}, {"warmup_lr": -0.1}]
)
def test_numbers_out_of_range_are_refused_with_their_value(wrong):
    (name, value), *_ = wrong.items()
    with pytest.raises(UserFault, match=f"{name}.*{value}"):
        Schedule(**wrong)
