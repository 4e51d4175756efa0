import csv

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from sidelight.train.metrics_log import MetricsLog


def scalars(run, tag):
    board = EventAccumulator(str(run / "tensorboard"))
    board.Reload()
    return [(event.step, round(event.value, 3)) for event in board.Scalars(tag)]


def test_rows_become_a_csv_that_any_reader_opens(tmp_path):
    with MetricsLog(tmp_path, step=0) as log:
        log.rows([{"epoch": 1, "loss": 0.1 + 0.2}, {"epoch": 2, "loss": 0.25, "val_accuracy": 0.5}])
    with (tmp_path / "metrics.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert float(rows[0]["loss"]) == 0.1 + 0.2
    assert (rows[0]["val_accuracy"], rows[1]["val_accuracy"]) == ("", "0.5")


def test_no_rows_leave_no_file_not_even_an_old_one(tmp_path):
    (tmp_path / "metrics.csv").write_text("of a training that was interrupted")
    with MetricsLog(tmp_path, step=0) as log:
        log.rows([])
    assert not (tmp_path / "metrics.csv").exists()


def test_losses_are_placed_at_their_steps(tmp_path):
    with MetricsLog(tmp_path, step=0) as log:
        log.losses([3.0, 2.0], last_step=2)
        log.losses([1.0], last_step=3)
        log.gradient_ratio(0.1, step=3)
        log.epoch({"epoch": 1, "loss": 2.0}, step=3)
    assert scalars(tmp_path, "step/loss") == [(1, 3.0), (2, 2.0), (3, 1.0)]
    assert scalars(tmp_path, "step/gradient_ratio") == [(3, 0.1)]
    assert scalars(tmp_path, "epoch/loss") == [(3, 2.0)]


def test_what_was_logged_after_the_checkpoint_is_hidden_when_the_training_resumes(tmp_path):
    with MetricsLog(tmp_path, step=0) as killed:
        killed.losses([3.0, 2.0, 9.0], last_step=3)
    with MetricsLog(tmp_path, step=2) as resumed:
        resumed.losses([1.0], last_step=3)
    assert scalars(tmp_path, "step/loss") == [(1, 3.0), (2, 2.0), (3, 1.0)]
