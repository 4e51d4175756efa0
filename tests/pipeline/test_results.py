import msgspec
import pytest

from sidelight.pipeline.results import write_results
from sidelight.records.errors import UserFault
from sidelight.records.result import Provenance, Result


def result(benchmark, value=0.5, *, split="test", seed=0):
    return Result(benchmark, "top1", value, "Said.", True, 9, split, provenance=Provenance("r", "h", seed))


def told(file):
    return [(r.benchmark, r.value, r.split) for r in msgspec.json.decode(file.read_bytes(), type=list[Result])]


def test_what_was_measured_before_stays_and_what_is_measured_again_is_replaced(tmp_path):
    file = tmp_path / "results.json"
    write_results([result("accuracy", 0.1), result("accuracy", 0.2, split="validation")], file)
    write_results([result("background", 0.3)], file)
    write_results([result("accuracy", 0.4)], file)
    assert told(file) == [("accuracy", 0.2, "validation"), ("background", 0.3, "test"), ("accuracy", 0.4, "test")]


def test_results_of_another_model_do_not_stay(tmp_path):
    file = tmp_path / "results.json"
    write_results([result("background", seed=1)], file)
    write_results([result("accuracy")], file)
    assert told(file) == [("accuracy", 0.5, "test")]


def test_a_file_that_holds_something_else_is_left_alone(tmp_path):
    file = tmp_path / "notes.json"
    file.write_text("{}")
    with pytest.raises(UserFault, match="Move it away"):
        write_results([result("accuracy")], file)
    assert file.read_text() == "{}"
