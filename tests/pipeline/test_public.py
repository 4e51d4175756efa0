import json

import numpy as np
import pytest
from tests.fakes import colour_model, paint

from sidelight.data.public.imagenet_v2 import FOLDERS, ImageNetV2
from sidelight.evaluate.public.top1 import Top1
from sidelight.pipeline.public import Chosen, Place, chosen, evaluate_public, kept_results
from sidelight.pipeline.public_pass import Pace
from sidelight.records.errors import UserFault

LABELS = (0, 1, 2, 9, 10, 11, 100, 999)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """ImageNetV2's layout: a picture in eight looks like another class."""
    root = tmp_path_factory.mktemp("downloads")
    for label in LABELS:
        for number in range(8):
            shown = label if number else 500
            paint(root / FOLDERS["matched_frequency"][0] / str(label) / f"{number}a.jpeg", shown)
    return root


def values(results):
    return {(r.benchmark, r.metric, r.subset): round(r.value, 6) for r in results}


def test_folders_in_the_order_of_text_would_be_wrong(root):
    found = evaluate_public(colour_model(), chosen(["imagenet_v2"]), Place(root, partial=True))
    assert values(found)["imagenet_v2", "top1", "matched_frequency (partial)"] == 7 / 8
    assert {r.n for r in found} == {64}
    as_text = sorted(map(str, range(1000)))  # what ImageFolder would make of the same folders
    assert sum(as_text[label] == str(label) for label in LABELS) == 3


def test_an_incomplete_benchmark_is_refused_unless_asked_for(root):
    with pytest.raises(UserFault, match=r"'imagenet_v2' \(64 of 10,000 pictures\): 9 faults(.|\n)*--partial"):
        evaluate_public(colour_model(), chosen(["imagenet_v2"]), Place(root))


def test_the_definition_used_stands_beside_the_number(root):
    asked = {"imagenet_v2": Chosen(ImageNetV2(), Top1(top5=False))}
    (found,) = evaluate_public(colour_model(), asked, Place(root, partial=True))
    assert "of 1000 scores" in found.definition
    assert (found.provenance.recipe, found.provenance.dataset) == ("colours", "imagenet_v2")
    assert found.provenance.environment["weights"]
    assert found.provenance.environment["view"] == "shorter side to 8, central 8, bilinear"


class Interrupted(Exception):
    pass


def test_an_interrupted_run_goes_on_where_it_was(root, tmp_path):
    def stop(done, total):
        if done >= 30:
            raise Interrupted

    model, place, pace = colour_model(), Place(root, tmp_path, partial=True), Pace(batch_size=10, workers=2)
    with pytest.raises(Interrupted):
        evaluate_public(model, chosen(["imagenet_v2"]), place, pace=pace, progress=stop)
    before = len(model.subject.backbone.sizes)
    told = []
    found = evaluate_public(model, chosen(["imagenet_v2"]), place, pace=pace, progress=lambda *now: told.append(now))
    assert (before, len(model.subject.backbone.sizes) - before) == (3, 4)
    assert told[-1] == (34, 34)
    assert values(found)["imagenet_v2", "top1", "matched_frequency (partial)"] == 7 / 8
    assert kept_results(tmp_path) == found


def test_kept_answers_of_other_options_or_pictures_are_not_gone_on_with(root, tmp_path):
    place = Place(root, tmp_path, partial=True)
    model = colour_model()
    evaluate_public(model, chosen(["imagenet_v2"]), place)
    shown = len(model.subject.backbone.sizes)
    evaluate_public(model, chosen(["imagenet_v2"]), place)
    assert len(model.subject.backbone.sizes) == shown  # finished: nothing is shown again
    evaluate_public(model, {"imagenet_v2": Chosen(ImageNetV2(), Top1(top5=False))}, place)
    assert len(model.subject.backbone.sizes) > shown
    assert {r.metric for r in kept_results(tmp_path)} == {"top1"}


def test_a_folder_holds_the_results_of_one_model(root, tmp_path):
    place = Place(root, tmp_path, partial=True)
    evaluate_public(colour_model(), chosen(["imagenet_v2"]), place)
    other = colour_model()
    other.subject.backbone.colours.data.add_(1)
    with pytest.raises(UserFault, match="results of another model"):
        evaluate_public(other, chosen(["imagenet_v2"]), place)


def test_what_is_kept_is_a_few_bytes_a_picture(root, tmp_path):
    evaluate_public(colour_model(), chosen(["imagenet_v2"]), Place(root, tmp_path, partial=True))
    with np.load(tmp_path / "answers" / "imagenet_v2.npz") as kept:
        per_picture = {name: kept[name].nbytes / 64 for name in kept.files if name not in ("key", "group_names")}
        assert per_picture == {"seen": 1, "group": 2, "answerable": 1, "column_top1": 1, "column_top5": 1}
        assert kept["group_names"].tolist() == ["matched_frequency"]
        assert json.loads(str(kept["key"]))["options"] == {"measure": "Top1", "top5": True}


def test_cut_pictures_are_kept_for_the_next_model(root, tmp_path, monkeypatch):
    pace = Pace(batch_size=10, workers=2, cache=tmp_path)
    first = evaluate_public(colour_model(), chosen(["imagenet_v2"]), Place(root, partial=True), pace=pace)
    monkeypatch.setattr("sidelight.pipeline.public_pass.open_picture", None)  # nothing is decoded again
    again = evaluate_public(colour_model(), chosen(["imagenet_v2"]), Place(root, partial=True), pace=pace)
    assert values(first) == values(again)
