from sidelight.data.format.reader import Dataset
from sidelight.signal.annotator import SIMULATED_STATEMENT


def test_clicks_are_added_and_said_to_be_simulated(walked):
    at, said = walked
    assert said["simulate"].code == 0
    assert SIMULATED_STATEMENT in said["simulate"].out
    assert Dataset.open(at / "clicks").manifest.simulated == SIMULATED_STATEMENT
    assert sum(1 for _ in Dataset.open(at / "clicks").annotations()) > 0


def test_parameters_of_the_annotator_are_options(sidelight, walked, tmp_path):
    words = ["data", "simulate", walked[0] / "boxes", "--out", tmp_path / "d", "--outside-share", 1, "--seed", 7]
    assert sidelight(*words).code == 0
    dataset = Dataset.open(tmp_path / "d")
    assert dataset.manifest.provenance["annotator.outside_share"] == "1.0"
    boxes = {e.id: e.boxes[0] for e in dataset.examples()}
    placed = [(a.example_id, a.points["final"]) for a in dataset.annotations() if a.points]
    assert placed
    assert not any(boxes[name].contains(*point) for name, point in placed)
