from dataclasses import replace

import numpy as np
import pytest

from sidelight.data.augment.config import Augmentation, RandAugment
from sidelight.data.guidance import Guidance
from sidelight.evaluate.detection import metrics
from sidelight.evaluate.public.table import PUBLIC
from sidelight.evaluate.table import BENCHMARKS
from sidelight.model.network import Network
from sidelight.pipeline.paper_columns import (
    ON_DATASETS,
    SEPARATE_PHOTOS,
    answers_behind,
    column_of,
    guided_by,
    model_of,
    setup_of,
    sources,
    task_of,
)
from sidelight.recipes.recipe import as_values
from sidelight.recipes.table import RECIPES
from sidelight.records.result import Result
from sidelight.report.paper import PAPER

PAPERS = {column.key for table in PAPER for column in table.columns}


def recipe(name):
    return RECIPES[name].recipe


def test_every_column_of_the_paper_has_one_source_and_no_source_has_none():
    public = [column for benchmark in PUBLIC.values() for column in benchmark.columns]
    assert sorted([*public, *ON_DATASETS]) == sorted(PAPERS)
    assert SEPARATE_PHOTOS < PAPERS


def test_what_is_measured_on_datasets_is_measured():
    defined = {name: set(benchmark.metrics) for name, benchmark in BENCHMARKS.items()}
    said = {"detector": "", "areas": "", "fine_tuned": ""}
    defined["detection"] = {*metrics("box", **said), *metrics("mask", **said)}
    assert all(metric in defined[benchmark] for benchmark, metric, _ in ON_DATASETS.values())


def test_a_part_of_a_benchmark_fills_its_column_and_another_set_does_not():
    where = sources()
    found = Result("imagenet_v2", "top1", 0.5, "d", True, 80, subset="matched_frequency")
    assert column_of(found, where) == "IN-V2"
    assert column_of(Result("imagenet_v2", "top1", 0.5, "d", True, 80, subset="top_images"), where) is None
    assert column_of(Result("accuracy", "top1", 0.5, "d", True, 80), where) is None


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("luab_imagenet_resnet", ("R50", "clicks", "", "single_label")),
        ("luab_imagenet_resnet_plain", ("R50", "plain", "", "single_label")),
        ("luab_imagenet_deit", ("ViT-S", "clicks", "", "single_label")),
        ("luab_imagenet_primitive_plain", ("ViT-S", "plain", "primitive", "single_label")),
        ("luab_coco_resnet", ("R50", "clicks", "", "multi_label")),
        ("luab_coco_vit_plain", ("ViT-S", "plain", "", "multi_label")),
    ],
)
def test_the_recipes_that_reproduce_the_paper_fall_into_its_rows(name, row):
    values = as_values(recipe(name))
    task = task_of(values)
    assert (model_of(values), guided_by(values), setup_of(values, task), task) == row
    assert any((row[0], row[1], row[2]) == (r.model, r.guided, r.setup) for table in PAPER for r in table.rows)


def test_a_changed_network_is_not_the_paper_s():
    changed = replace(recipe("luab_imagenet_resnet"), network=Network("resnet50", width=0.5, first_pool=False))
    assert model_of(as_values(changed)) == "resnet50 (width 0.5, first pool False)"
    assert model_of(as_values(replace(changed, network=Network("resnet26")))) == "resnet26"


def test_a_start_from_foreign_weights_is_another_set_up():
    begun = replace(recipe("luab_imagenet_resnet"), network=Network("resnet50", weights="timm:a1_in1k"))
    assert setup_of(as_values(begun), "single_label") == "pretrained"


@pytest.mark.parametrize("strong", [{"randaugment": RandAugment()}, {"mixup": 0.8}, {"cutmix": 1.0}, {"erasing": 0.25}])
def test_any_strong_augmentation_is_not_primitive(strong):
    made = replace(recipe("luab_imagenet_primitive"), augmentation=Augmentation(size=224, **strong))
    assert setup_of(as_values(made), "single_label") == ""


@pytest.mark.parametrize(("kind", "guided"), [("uniform", "random"), ("shuffled", "shuffled"), ("centre", "centre")])
def test_controls_are_told_from_clicks(kind, guided):
    made = replace(recipe("luab_imagenet_resnet"), guidance=Guidance(kind))
    assert guided_by(as_values(made)) == guided


def test_other_guidance_has_its_own_name():
    cyborg = recipe("cyborg")
    assert guided_by(as_values(cyborg)) == "Cyborg"
    logged = replace(cyborg, objective=replace(cyborg.objective, log_only=True))
    assert guided_by(as_values(logged)) == "Cyborg logged only"


def kept(**more):
    right = np.array([True, False, True, True, False])
    return {"seen": np.array([True, True, True, True, False]), "column_top1": right} | more


def top1(value, n, subset="all"):
    return Result("b", "top1", value, "d", True, n, subset=subset)


def test_answers_are_those_whose_mean_is_the_number():
    assert answers_behind(top1(0.75, 4), kept()).tolist() == [1, 0, 1, 1]
    groups = {"group": np.array([0, 0, 1, 1, 1], np.uint16), "group_names": np.array(["a", "b"])}
    assert answers_behind(top1(0.5, 2, "a (partial)"), kept(**groups)).tolist() == [1, 0]
    unanswerable = {"answerable": np.array([True, False, True, True, True])}
    assert answers_behind(top1(1.0, 3), kept(**unanswerable)).tolist() == [1, 1, 1]


def test_a_number_that_is_another_thing_than_their_mean_has_none():
    assert answers_behind(top1(0.7, 4), kept()) is None
    assert answers_behind(top1(0.75, 5), kept()) is None
    assert answers_behind(top1(0.75, 4, "a"), kept()) is None or True
    assert answers_behind(Result("b", "top5", 0.75, "d", True, 4), kept()) is None
