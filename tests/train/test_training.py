import pytest

from sidelight.records.errors import UserFault
from sidelight.train.schedule import Schedule
from sidelight.train.training import Training


@pytest.mark.parametrize(
    "name", ["epochs", "batch_size", "devices", "calibration_batches", "ratio_every", "checkpoint_every"]
)
def test_counts_start_at_one(name):
    with pytest.raises(UserFault, match=f"{name}: 0"):
        Training(**{name: 0})


def test_a_warm_up_as_long_as_the_training_is_refused():
    with pytest.raises(UserFault, match="5 of 5 epochs"):
        Training(epochs=5, schedule=Schedule(warmup_epochs=5))


def test_a_batch_must_have_a_picture_for_every_device():
    with pytest.raises(UserFault, match="2 pictures for 4 devices"):
        Training(batch_size=2, devices=4)
