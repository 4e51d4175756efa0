from sidelight.pipeline.curves import read_curves


def curves(tmp_path, text):
    (tmp_path / "metrics.csv").write_text(text)
    return read_curves(tmp_path / "metrics.csv")


def test_columns_come_back_epoch_by_epoch(tmp_path):
    assert curves(tmp_path, "epoch,loss\n1,0.5\n2,0.25\n") == {"epoch": [1.0, 2.0], "loss": [0.5, 0.25]}


def test_what_was_not_measured_is_none(tmp_path):
    assert curves(tmp_path, "epoch,val_accuracy\n1,\n2,0.5\n")["val_accuracy"] == [None, 0.5]


def test_what_is_no_number_is_none(tmp_path):
    assert curves(tmp_path, "epoch,device\n1,cpu\n")["device"] == [None]


def test_a_training_without_a_finished_epoch_has_no_curves(tmp_path):
    assert curves(tmp_path, "epoch,loss\n") == {}
