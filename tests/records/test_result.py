import msgspec
import pytest

from sidelight.records.result import Provenance, Result

RESULT = Result(
    "accuracy", "top1", 0.625, "Share of photos.", True, 8, provenance=Provenance("r", seed=3, fingerprint="f")
)


def test_a_result_survives_json():
    assert msgspec.json.decode(msgspec.json.encode(RESULT), type=Result) == RESULT


def test_a_result_is_about_all_test_pictures_unless_it_says_otherwise():
    assert (RESULT.split, RESULT.subset) == ("test", "all")


def test_a_result_cannot_be_changed():
    with pytest.raises(AttributeError):
        RESULT.value = 1.0
