import pytest

from sidelight.records.errors import UserFault
from sidelight.train.schedule import Schedule
from sidelight.train.training import COUNTS, Training


@pytest.mark.parametrize("name", COUNTS)
def test_counts_start_at_one(name):
    with pytest.raises(UserFault, match=f"{name}: 0"):
        Training(**{name: 0})


def test_a_warm_up_as_long_as_the_training_is_refused():
    with pytest.raises(UserFault, match="5 of 5 epochs"):
        Training(epochs=5, schedule=Schedule(warmup_epochs=5))


def test_a_batch_must_have_a_picture_for_every_device():
    with pytest.raises(UserFault, match="2 pictures for 4 devices"):
        Training(batch_size=2, devices=4)


def test_the_best_epoch_is_chosen_among_all_or_not_at_all():
    with pytest.raises(UserFault, match="assess_every: 2 with keep 'best_val'"):
        Training(keep="best_val", assess_every=2)
