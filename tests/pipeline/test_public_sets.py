"""ImageNet-C, ObjectNet, SI-Score, the Backgrounds Challenge and ImageNet-9 from their layouts to their numbers."""

import json

import pytest
from tests.fakes import ColourNet, colour_model, paint
from tests.public_trees import (
    backgrounds_challenge,
    imagenet_c,
    in9_map,
    objectnet,
    rings,
    si_score,
)

from sidelight.data.public.backgrounds_challenge import VARIANTS
from sidelight.data.public.imagenet_9 import ImageNet9
from sidelight.data.public.imagenet_names import wnids
from sidelight.data.public.objectnet import ObjectNet
from sidelight.evaluate.public.coarse import CoarseTop1
from sidelight.evaluate.public.corruptions import ALEXNET
from sidelight.evaluate.public.objectnet import ObjectNetTop1
from sidelight.pipeline.public import Chosen, Place, chosen, evaluate_public
from sidelight.pipeline.public_model import PublicModel, View
from sidelight.pipeline.public_predictions import score_predictions
from sidelight.pipeline.subject import Subject
from sidelight.records.errors import UserFault


def measured(model, root, name, *parts):
    asked = {name: Chosen(*parts)} if parts else chosen([name])
    found = evaluate_public(model, asked, Place(root, partial=True))
    assert {result.benchmark for result in found} == {name}
    return {(r.metric, r.subset.removesuffix(" (partial)")): r.value for r in found}


def test_imagenet_c_is_a_mean_over_corruptions_and_severities(tmp_path):
    def right(name, severity, label):
        return (len(name) + severity + label) % 3 > 0

    imagenet_c(tmp_path / "ImageNet-C", lambda *cell: cell[2] if right(*cell) else 900)
    found = measured(colour_model(), tmp_path, "imagenet_c")
    errors = {c: sum(not right(c, s, label) for s in range(1, 6) for label in (1, 500)) / 10 for c in ALEXNET}
    assert found["accuracy", "all"] == pytest.approx(1 - sum(errors.values()) / 15)
    assert found["mce", "all"] == pytest.approx(sum(errors[c] / alex for c, alex in ALEXNET.items()) / 15)


@pytest.mark.parametrize("name", ["imagenet_c", "backgrounds_challenge"])
def test_pictures_of_224_pixels_are_not_resized(tmp_path, name):
    """Their outermost pixels are seen: after Resize(256) and CenterCrop(224) those would be cut away."""
    if name == "imagenet_c":
        place = tmp_path / "ImageNet-C" / "fog" / "1" / wnids()[1]
    else:
        backgrounds_challenge(tmp_path / "bg_challenge", {})
        place = tmp_path / "bg_challenge" / "original" / "val" / "08_fish"
        for file in (tmp_path / "bg_challenge").glob("*/val/*/*.JPEG"):
            file.unlink()
    rings(place / "ILSVRC2012_val_00000001.JPEG", (1, 8), (900, 104), side=224)
    model = colour_model(view=View(224, 256, "bilinear"), place=(0.01, 0.01))
    found = measured(model, tmp_path, name)
    assert found["accuracy", "all" if name == "imagenet_c" else "original"] == 1
    assert model.subject.backbone.sizes == [(1, 3, 224, 224)]


def test_objectnet_s_border_is_cut_and_the_whole_rest_is_shown(tmp_path):
    """The class is seen only in a ring next to the border: two pixels must go, and no more be cut after resizing."""
    objectnet(
        tmp_path / "objectnet-1.0",
        {"full_sized_towel": [434, 434, 0], "alarm_clock": [409, 530], "tv": [3], "blender": [434], "tape": [851]},
    )
    model = colour_model(view=View(16, 32, "bilinear"), place=(0.02, 0.02))
    found = measured(model, tmp_path, "objectnet")
    assert found == {("top1", "all"): pytest.approx(4 / 7)}  # the hand towel shows 0
    with_others = measured(model, tmp_path, "objectnet", ObjectNet(others=True), ObjectNetTop1())
    assert with_others == {("top1", "all"): pytest.approx(4 / 7), ("top1_of_all", "all"): pytest.approx(4 / 9)}
    among = measured(model, tmp_path, "objectnet", ObjectNet(), ObjectNetTop1(slice=True))
    assert among == {("top1", "all"): pytest.approx(4 / 7)}


def test_objectnet_among_the_occurring_classes_is_another_number(tmp_path):
    neighbour, none = [435], [951]  # next to 434; next to 851
    shown = {"full_sized_towel": neighbour, "tv": [851], "alarm_clock": none, "hand_towel_or_rag": none}
    objectnet(tmp_path / "objectnet-1.0", shown)
    model = colour_model(view=View(16, 32, "bilinear"), place=(0.02, 0.02))
    assert measured(model, tmp_path, "objectnet")["top1", "all"] == pytest.approx(1 / 4)
    among = measured(model, tmp_path, "objectnet", ObjectNet(), ObjectNetTop1(slice=True))
    assert among["top1", "all"] == pytest.approx(2 / 4)


def test_si_score_weighs_values_of_the_factor_and_knows_the_kite_for_a_bird(tmp_path):
    shown = [(0.05, 21), (0.05, 21), (0.05, 99), (0.05, 99), (0.5, 21)]
    si_score(tmp_path / "area", [(10 * n, "kite", label, {"area": area}) for n, (area, label) in enumerate(shown)])
    found = measured(colour_model(), tmp_path, "si_size")
    assert found == {("group_mean", "all"): 0.75, ("micro", "all"): 0.6}


def test_the_background_gap_counts_answers_of_no_coarse_class_as_wrong(tmp_path):
    unmapped = 398  # its neighbour 397 is a fish: the highest among the 370 would be right
    assert in9_map()["398"] == -1
    fish = {("mixed_same", "08_fish"): [0, 397, 389], ("mixed_rand", "08_fish"): [unmapped, 397, 151]}
    backgrounds_challenge(tmp_path / "bg_challenge", fish)
    found = measured(colour_model(), tmp_path, "backgrounds_challenge")
    assert found["accuracy", "mixed_rand"] == pytest.approx(9 / 11)
    assert found["bg_gap", "all"] == pytest.approx(2 / 11)
    assert {subset for metric, subset in found if metric == "accuracy"} == set(VARIANTS)


def test_imagenet_9_takes_any_map(tmp_path):
    for label, shown in ((0, 1), (1, 9), (7, 7), (20, 20)):
        paint(tmp_path / "val" / wnids()[label] / f"ILSVRC2012_val_{label + 1:08d}.JPEG", shown)
    (tmp_path / "map.json").write_text(json.dumps({"fish": [0, 1], "bird": [7]}))
    found = measured(colour_model(), tmp_path, "imagenet_9", ImageNet9(class_map=tmp_path / "map.json"), CoarseTop1())
    assert found == {("top1", "all"): pytest.approx(2 / 3)}


def test_a_dump_of_top_classes_is_scored_although_variants_share_their_files_names(tmp_path):
    fish = {("mixed_same", "08_fish"): [0, 397], ("mixed_rand", "08_fish"): [398, 0]}
    backgrounds_challenge(tmp_path / "bg_challenge", fish)
    rows = ["path,class_1"]
    for file in sorted((tmp_path / "bg_challenge").glob("*/val/*/*.JPEG")):
        variant, _, name, picture = file.parts[-4:]
        right = next(index for index, number in in9_map().items() if number == int(name[:2]))
        wrong = variant == "mixed_rand" and picture.endswith("_n00.JPEG")
        rows.append(f"{variant}/val/{name}/{picture},{999 if wrong else right}")
    (tmp_path / "top.csv").write_text("\n".join(rows))
    chosen_ones = chosen(["backgrounds_challenge"])
    found = score_predictions(tmp_path / "top.csv", chosen_ones, Place(tmp_path, partial=True))
    values = {(r.metric, r.subset.removesuffix(" (partial)")): r.value for r in found}
    assert values["bg_gap", "all"] == pytest.approx(9 / 10)
    assert values["accuracy", "only_bg_t"] == 1


class Choosy(ColourNet):
    """Takes one size of input only, as timm's transformers do."""

    def forward(self, images):
        raise AssertionError(f"Input height ({images.shape[-2]}) doesn't match model (384).")


def test_a_network_of_another_fixed_size_cannot_see_what_is_not_resized(tmp_path):
    backgrounds_challenge(tmp_path / "bg_challenge", {})
    plain = colour_model().subject
    subject = Subject(Choosy(), {}, plain.augmentation, None, None, plain.provenance)
    model = PublicModel(subject, View(384, 384, "bilinear"))
    with pytest.raises(UserFault, match=r"Input height \(8\) doesn't match model \(384\); allowed: .*not resized"):
        measured(model, tmp_path, "backgrounds_challenge")


def test_nothing_is_not_measured_even_in_part(tmp_path):
    for variant in VARIANTS:
        (tmp_path / "bg_challenge" / variant / "val").mkdir(parents=True)
    (tmp_path / "in_to_in9.json").write_text(json.dumps(in9_map()))
    with pytest.raises(UserFault, match="0 of 32,400 pictures"):
        measured(colour_model(), tmp_path, "backgrounds_challenge")
