import json

from sidelight.evaluate.table import BENCHMARKS


def test_numbers_come_with_their_definitions(walked):
    at, said = walked
    assert said["evaluate"].code == 0
    for words in ("accuracy", "top1", "background", "gap", "localisation", "box<=0.5", "point_head"):
        assert words in said["evaluate"].out
    assert (at / "run" / "results.json").is_file()


def test_only_what_is_asked_for_is_measured(sidelight, walked, tmp_path):
    at, _ = walked
    words = ["evaluate", at / "run", "--data", at / "clicks", "--on", "accuracy", "background", "--background.seed", 3]
    said = sidelight(*words, "--split", "validation", "--subsets", 0.2, "--out", tmp_path / "numbers.json")
    assert said.code == 0
    numbers = json.loads((tmp_path / "numbers.json").read_text())
    assert {number["benchmark"] for number in numbers} == {"accuracy", "background"}
    assert {number["split"] for number in numbers} == {"validation"}
    assert "localisation" not in said.out


def test_help_says_what_each_benchmark_measures(sidelight):
    said = sidelight("evaluate", "--help")
    assert said.code == 0
    assert all(f"{name}:" in said.out for name in BENCHMARKS)
    assert "--background.seed" in said.out
