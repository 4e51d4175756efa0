import json
from collections import Counter
from dataclasses import replace

import cv2
import msgspec
import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from sidelight.data.format.reader import Dataset
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.images import read_image
from sidelight.data.plant import Plant
from sidelight.data.source.progress import silent
from sidelight.model.backbone import Backbone
from sidelight.model.checkpoint import save_model
from sidelight.model.network import Network
from sidelight.pipeline.evaluate import evaluate
from sidelight.pipeline.measurement import BackgroundOptions, LocalisationOptions, Measurement, Options, PixelOptions
from sidelight.pipeline.removal import RemovalOptions
from sidelight.pipeline.subject import load_subject
from sidelight.pipeline.train import train
from sidelight.records.errors import UserFault
from sidelight.records.result import Result


@pytest.fixture(scope="module")
def results(run, clicks, median_area):
    return evaluate(str(run), clicks, options=Options(subsets=(median_area, 1e-6)))


def value(results, benchmark, metric, subset="all"):
    found = [r for r in results if (r.benchmark, r.metric, r.subset) == (benchmark, metric, subset)]
    assert len(found) == 1
    return found[0].value


@pytest.fixture(scope="module")
def answers(run, clicks):
    """Test pictures, class the run names, and where its point head points."""
    dataset, subject = Dataset.open(clicks), load_subject(str(run))
    examples = [e for e in dataset.examples() if e.split == "test"]
    views = [subject.view(read_image(dataset.image_path(e))).image for e in examples]
    (outputs,) = subject.look(views)
    return examples, outputs.logits.argmax(dim=1).tolist(), subject.points(outputs)[:, 0].tolist()


def test_accuracy_counts_the_right_answers(results, answers, median_area):
    examples, classes, _ = answers
    right = [c == e.labels[0] for c, e in zip(classes, examples, strict=True)]
    assert value(results, "accuracy", "top1") == pytest.approx(np.mean(right))
    small = [r for r, e in zip(right, examples, strict=True) if e.boxes[0].area <= median_area]
    assert 0 < len(small) < len(right)
    assert value(results, "accuracy", "top1", f"box<={median_area:g}") == pytest.approx(np.mean(small))


def test_the_point_head_is_held_against_the_boxes(results, answers):
    examples, _, points = answers
    inside = [e.boxes[0].contains(x, y) for e, (x, y) in zip(examples, points, strict=True)]
    assert value(results, "point_head", "in_box") == pytest.approx(np.mean(inside))


def test_the_baseline_of_localisation_knows_the_picture_s_centre(results, answers):
    inside = [e.boxes[0].contains(0.5, 0.5) for e in answers[0]]
    assert value(results, "localisation", "centre_point") == pytest.approx(np.mean(inside))


def test_background_reliance_is_scored_where_a_class_has_a_partner(results, answers):
    examples, classes, _ = answers
    count = Counter(e.labels[0] for e in examples)
    scored = [c == e.labels[0] for c, e in zip(classes, examples, strict=True) if count[e.labels[0]] > 1]
    assert value(results, "background", "original", "box<=0.5") == pytest.approx(np.mean(scored))
    same, rand = (value(results, "background", name, "box<=0.5") for name in ("mixed_same", "mixed_rand"))
    assert value(results, "background", "gap", "box<=0.5") == pytest.approx(same - rand)


def test_a_part_without_pictures_is_left_out(results, median_area):
    assert {r.subset for r in results} == {"all", f"box<={median_area:g}", "box<=0.5"}


def test_every_number_says_what_it_is_and_where_it_comes_from(results, clicks):
    fingerprint = Dataset.open(clicks).manifest.fingerprint
    for result in results:
        assert result.definition
        assert result.n > 0
        assert result.split == "test"
        made = result.provenance
        assert (made.recipe, made.seed, made.dataset, made.fingerprint) == ("tiny", 3, "digits", fingerprint)
        assert made.simulated


def test_results_stay_with_the_run(results, run, clicks, median_area):
    evaluate(str(run), clicks, on=["accuracy"])
    kept = msgspec.json.decode((run / "results.json").read_bytes(), type=list[Result])
    mine = [r for r in kept if r.benchmark == "accuracy"]
    assert mine == [r for r in results if r.benchmark == "accuracy" and r.subset == "all"]
    assert {r.benchmark for r in kept} == {r.benchmark for r in results}, "what was measured before stays"
    again = evaluate(str(run), clicks, options=Options(subsets=(median_area, 1e-6)))
    assert again == results


def test_results_go_where_they_are_asked_for(run, clicks, tmp_path):
    found = evaluate(str(run), clicks, on=["accuracy"], split="validation", out=tmp_path / "numbers.json")
    assert {(r.split, r.n) for r in found} == {("validation", 10)}
    assert len(json.loads((tmp_path / "numbers.json").read_text())) == len(found)


def test_options_reach_their_benchmarks(run, clicks, tmp_path):
    options = [Options(localisation=LocalisationOptions(grid=g), background=BackgroundOptions(g)) for g in (8, 20)]
    ran = [
        evaluate(str(run), clicks, on=["localisation", "background"], options=o, out=tmp_path / "n") for o in options
    ]
    assert ran[0] != ran[1]


def test_only_pictures_with_small_boxes_are_measured_where_that_is_asked(run, clicks, median_area, tmp_path):
    options = Options(max_box_coverage=median_area)
    found = evaluate(str(run), clicks, on=["accuracy", "localisation"], options=options, out=tmp_path / "n")
    parts = evaluate(
        str(run), clicks, on=["accuracy", "localisation"], options=Options(subsets=(median_area,)), out=tmp_path / "n"
    )
    small = [r for r in parts if r.subset != "all"]
    assert {r.n for r in found} == {r.n for r in small} != {20}
    assert [(r.metric, r.value) for r in found] == [(r.metric, r.value) for r in small]


def test_progress_counts_the_pictures(run, clicks, tmp_path):
    told = []
    evaluate(str(run), clicks, on=["accuracy"], out=tmp_path / "n", progress=lambda done, total: told.append(done))
    assert told == list(range(1, 21))


def test_an_unknown_benchmark_is_answered_with_the_closest(run, clicks):
    with pytest.raises(UserFault, match="Did you mean 'background'"):
        evaluate(str(run), clicks, on=["backgrund"])


@pytest.mark.parametrize(
    ("name", "lacks"), [("point_head", "point head"), ("planted", "planted"), ("average_precision", "several classes")]
)
def test_what_cannot_be_measured_is_refused_when_asked_for(plain_run, clicks, name, lacks):
    with pytest.raises(UserFault, match=f"'{name}': without .*{lacks}"):
        evaluate(str(plain_run), clicks, on=[name])


def test_what_cannot_be_measured_is_left_out_when_nobody_asks(plain_run, clicks, tmp_path):
    found = evaluate(str(plain_run), clicks, out=tmp_path / "numbers.json")
    assert {r.benchmark for r in found} == {"accuracy", "localisation", "pixel_ap", "alignment", "background"}


def bare(clicks, out, *, keep=lambda example: True, boxed=True):
    """The test pictures that `keep` says, with or without boxes; nobody clicked."""
    source = Dataset.open(clicks)
    with DatasetWriter(out, name="bare", task="single_label", classes=source.manifest.classes, source="test",
                       image_root=source.root / source.manifest.image_root) as writer:  # fmt: skip
        for example in source.examples():
            if example.split == "test" and keep(example):
                writer.add(msgspec.structs.replace(example, mask_path=None, boxes=example.boxes if boxed else ()))
    return out


def test_without_boxes_there_is_accuracy(run, clicks, tmp_path):
    found = evaluate(str(run), bare(clicks, tmp_path / "d", boxed=False), out=tmp_path / "numbers.json")
    assert {r.benchmark for r in found} == {"accuracy"}


def test_background_reliance_is_left_out_where_no_class_has_a_partner(run, clicks, tmp_path):
    first = {e.labels[0]: e.id for e in reversed(Dataset.open(clicks).examples()) if e.split == "test"}
    data = bare(clicks, tmp_path / "d", keep=lambda example: first[example.labels[0]] == example.id)
    found = evaluate(str(run), data, out=tmp_path / "numbers.json")
    assert {r.benchmark for r in found} == {"accuracy", "point_head", "localisation"}


def test_a_split_without_pictures_is_named(run, clicks, tmp_path):
    data = bare(clicks, tmp_path / "d")
    with pytest.raises(UserFault, match="no picture in split 'validation'"):
        evaluate(str(run), data, split="validation")


def test_a_model_of_other_classes_is_refused(run, tagged):
    with pytest.raises(UserFault, match=r"classes 0, 1, 2.*red, green, blue"):
        evaluate(str(run), tagged)


def test_a_model_with_another_number_of_outputs_is_refused(clicks, tmp_path):
    save_model(tmp_path / "net.safetensors", Backbone(Network("resnet10t", width=0.25), 4, generator_seed=0), {})
    with pytest.raises(UserFault, match="4 outputs; allowed: the dataset's 10"):
        evaluate(str(tmp_path / "net.safetensors"), clicks)


def test_a_published_model_of_other_classes_is_refused(clicks, monkeypatch):
    monkeypatch.setattr("timm.models._builder.load_pretrained", lambda *_, **__: None)  # nothing is downloaded
    with pytest.raises(UserFault, match="'timm:resnet10t': 1000 outputs; allowed: the dataset's 10"):
        evaluate("timm:resnet10t", clicks)


def test_planted_backgrounds_are_measured_for_models_trained_on_them(tiny, clicks, tmp_path):
    recipe = replace(tiny, plant=Plant(rate=1.0, donors_per_class=1), training=replace(tiny.training, epochs=1))
    train(recipe, clicks, tmp_path / "run")
    found = evaluate(str(tmp_path / "run"), clicks, on=["planted"])
    numbers = {r.metric: r.value for r in found}
    assert numbers["gap"] == pytest.approx(numbers["agreeing"] - numbers["conflicting"])
    assert {(r.n, r.subset) for r in found} == {(20, "box<=0.5")}


def test_several_labels_are_measured_by_average_precision(tagger, tagged):
    found = evaluate(str(tagger), tagged)
    assert {r.benchmark for r in found} == {"average_precision", "point_head", "localisation"}
    assert 0 < value(found, "average_precision", "map") <= 1


def test_a_point_a_class_is_held_against_the_boxes_of_its_class(tagger, tagged):
    dataset, subject = Dataset.open(tagged), load_subject(str(tagger))
    inside = []
    for example in (e for e in dataset.examples() if e.split == "test"):
        (outputs,) = subject.look([subject.view(read_image(dataset.image_path(example))).image])
        points = subject.points(outputs)[0].tolist()
        inside += [box.contains(*points[box.label]) for box in example.boxes]
    assert value(evaluate(str(tagger), tagged, on=["point_head"]), "point_head", "in_box") == np.mean(inside)


def test_attacks_are_measured_together_and_each_maker_s_against_all_genuine(teacher, decoy):
    found = evaluate(str(teacher), decoy, on=("two_class",))
    n = {r.subset: r.n for r in found if r.metric == "auc"}
    assert n == {"all": 14, "drop": 6, "shift": 6, "steps": 6, "screen": 6, "weave": 6}
    each = [r.value for r in found if r.metric == "auc" and r.subset != "all"]
    pooled = next(r.value for r in found if r.metric == "auc" and r.subset == "all")
    assert pooled == pytest.approx(sum(each) / 5)  # makers of equal numbers against the same genuine pictures


def test_alignment_is_measured_where_there_are_maps_or_masks(teacher, decoy):
    seen = {s: evaluate(str(teacher), decoy, on=("alignment",), split=s) for s in ("validation", "test")}
    assert {r.metric: r.n for r in seen["validation"]} == {"correlation": 6, "energy_inside": 8}
    assert {r.metric: r.n for r in seen["test"]} == {"energy_inside": 14}


def test_ten_digits_are_no_two_classes(run, clicks):
    with pytest.raises(UserFault, match=r"benchmark 'two_class'.*two classes"):
        evaluate(str(run), clicks, on=("two_class",))


@pytest.fixture(scope="module")
def looked(tagger, masked):
    dataset = Dataset.open(masked)
    return Measurement(load_subject(str(tagger)), dataset, dataset.examples(), Options(), silent)


def test_masks_of_several_classes_are_measured(tagger, masked, looked):
    """mPxAP against scikit-learn's average precision of the same maps, binned; the crowd of blue does not count."""
    found = evaluate(str(tagger), masked, on=["pixel_ap"])
    borders = [*np.arange(0, 1, 0.001), 1.0]
    expected = []
    for label in (0, 1):
        masks, scores = [], []
        for place in np.flatnonzero(looked.seen.label == label):
            masks.append(looked.viewed_mask(looked.seen.row[place], 20) == label + 1)
            large = cv2.resize(looked.seen.maps[place], (20, 20), interpolation=cv2.INTER_CUBIC)
            scores.append(np.digitize((large - large.min()) / (large.max() - large.min()), borders))
        expected.append(average_precision_score(np.ravel(masks), np.ravel(scores)))
    assert value(found, "pixel_ap", "mpxap") == pytest.approx(np.mean(expected), abs=1e-7)
    assert value(found, "pixel_ap", "classes_without_pixels") == 1
    kept = evaluate(str(tagger), masked, on=["pixel_ap"], options=Options(pixel_ap=PixelOptions(crowds="objects")))
    assert value(kept, "pixel_ap", "classes_without_pixels") == 0


def test_objects_are_removed_one_class_at_a_time(tagger, masked, looked):
    """The violations of scores that are computed here, picture by picture."""
    options = Options(object_removal=RemovalOptions(backend="mean", dilate=1))
    found = evaluate(str(tagger), masked, on=["object_removal"], options=options)
    worst = []
    for row in range(12):
        view, mask = looked.subject.view(looked.images[row]).image, looked.viewed_mask(row, 20)
        left = [np.where((mask == k + 1)[..., None], view[mask != k + 1].mean(axis=0).round(), view) for k in range(3)]
        scores = looked.subject.scores(iter([image.astype(np.uint8) for image in left]))
        worst += [min(scores[k, c] for k in range(3) if k != c) < scores[c, c] for c in range(3)]
    assert value(found, "object_removal", "v_min") == pytest.approx(np.mean(worst))
    assert value(found, "object_removal", "pairs") == 36
    assert {r.n for r in found} == {12}
    assert "But here: backend mean, dilate 1." in found[0].definition


def test_the_published_number_is_the_one_of_the_saved_scores(tagger, masked, looked):
    found = evaluate(str(tagger), masked, on=["average_precision"])
    expected = average_precision_score(looked.targets, looked.seen.scores.astype(np.float64), average="macro")
    assert value(found, "average_precision", "map") == pytest.approx(expected)


def test_maps_of_each_class_are_held_against_the_boxes_of_their_class(tagger, tagged):
    found = evaluate(str(tagger), tagged, on=["localisation"])
    examples = [e for e in Dataset.open(tagged).examples() if e.split == "test"]
    inside = [box.contains(0.5, 0.5) for example in examples for box in example.boxes]
    assert value(found, "localisation", "centre_point") == pytest.approx(np.mean(inside))
    assert "top1_localisation" not in {r.metric for r in found}


def test_the_map_of_the_named_class_has_no_meaning_with_several_labels(tagger, tagged):
    options = Options(localisation=LocalisationOptions(map_of="named"))
    with pytest.raises(UserFault, match="several labels a picture"):
        evaluate(str(tagger), tagged, on=["localisation"], options=options)


def test_a_right_class_in_the_right_place_is_at_most_either(results):
    top1 = value(results, "accuracy", "top1")
    assert value(results, "localisation", "top1_localisation") <= min(
        top1, value(results, "localisation", "max_box_accuracy")
    )
    assert value(results, "localisation", "top1_localisation_fixed") <= top1


def test_a_benchmark_that_finds_nothing_says_so_where_it_was_asked_for(tagger, masked, tmp_path):
    options = Options(object_removal=RemovalOptions(limit=1e-6))
    with pytest.raises(UserFault, match="'object_removal': none of the 12 pictures"):
        evaluate(str(tagger), masked, on=["object_removal"], options=options)
    found = evaluate(str(tagger), masked, options=options, out=tmp_path / "n")
    assert "object_removal" not in {r.benchmark for r in found}
