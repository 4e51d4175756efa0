import json

from tests.drawn_objects import drawn_dataset

SMALL = {
    "--network": "resnet18",
    "--looking.min-size": 48,
    "--looking.max-size": 48,
    "--looking.training-proposals": 20,
    "--looking.proposals": 10,
    "--looking.min-score": 0,
    "--training.epochs": 1,
    "--training.batch-size": 4,
}


def test_a_detector_is_made_and_its_numbers_come_with_their_definitions(sidelight, tmp_path):
    data, _ = drawn_dataset(tmp_path, pictures=6)
    options = [word for option in SMALL.items() for word in option]
    said = sidelight("detect", "none", "--data", data, "--kind", "faster_rcnn", "--out", tmp_path / "out", *options)
    assert (said.code, said.err) == (0, "")
    for words in ("box_ap50", "COCO's interpolated average precision", "fine-tuned 1 epochs"):
        assert words in " ".join(said.out.split())
    assert json.loads((tmp_path / "out" / "results.json").read_text())[0]["benchmark"] == "detection"


def test_masks_without_the_instances_file_are_refused_in_one_line(sidelight, tmp_path):
    data, _ = drawn_dataset(tmp_path, pictures=6)
    words = ["--network", "resnet18", "--kind", "mask_rcnn", "--out", tmp_path / "out"]
    said = sidelight("detect", "none", "--data", data, *words)
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "--instances FILE" in said.err


def test_help_names_both_detectors_and_the_reference_schedule(sidelight):
    said = sidelight("detect", "--help")
    assert said.code == 0
    for words in ("faster_rcnn", "mask_rcnn", "26 epochs", "--training.drop-epochs", "--instances"):
        assert words in said.out
