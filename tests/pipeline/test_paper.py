import csv
import json
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from sidelight.model.network import Network
from sidelight.pipeline.evaluate import evaluate
from sidelight.pipeline.paper import gather, report_paper
from sidelight.recipes.conditions import plain
from sidelight.recipes.recipe import as_values, recipe_hash
from sidelight.recipes.table import RECIPES
from sidelight.records.errors import UserFault
from sidelight.records.result import Provenance, Result

LUAB = RECIPES["luab_imagenet_resnet"].recipe


def right(seed, n=200):
    return np.random.default_rng(seed).random(n) < 0.6


def write_results(folder, results):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_bytes(msgspec.json.encode(results))


def imagenet_v2(recipe, seed, answers):
    made = Provenance(recipe=recipe.name, recipe_hash=recipe_hash(recipe), seed=seed, fingerprint="v2", dataset="v2")
    n, value = len(answers), float(answers.mean())
    return Result("imagenet_v2", "top1", value, "Top-1.", True, n, subset="matched_frequency", provenance=made)


def run_of(folder, recipe, *, seed=0, answers=None, data="data"):
    """A run's folder as training and a public evaluation leave it, without the weights."""
    folder.mkdir(parents=True)
    described = {"recipe": as_values(recipe), "recipe_hash": recipe_hash(recipe), "seed": seed, "task": recipe.task}
    (folder / "recipe.json").write_text(json.dumps(described | {"fingerprint": data, "dataset": data}))
    (folder / "metrics.csv").write_text("epoch,loss_point,val_point_in_box\n1,0.2,\n2,0.1,0.5\n")
    if answers is not None:
        write_results(folder / "public", [imagenet_v2(recipe, seed, answers)])
        (folder / "public" / "answers").mkdir()
        arrays = {"seen": np.ones(len(answers), bool), "column_top1": answers}
        np.savez(folder / "public" / "answers" / "imagenet_v2.npz", key=np.array("k"), **arrays)
    return folder


@pytest.fixture
def pair(tmp_path):
    """Plain and guided R50 on two seeds, four folders."""
    recipes = {"plain": plain(LUAB), "luab": LUAB}
    return [
        run_of(tmp_path / f"{name}{seed}", recipe, seed=seed, answers=right(10 * seed + place))
        for place, (name, recipe) in enumerate(recipes.items())
        for seed in (0, 1)
    ]


def cells(page):
    with page.with_suffix(".csv").open(newline="") as lines:
        return {(row["table"], row["recipe"], row["column"]): row for row in csv.DictReader(lines)}


def test_runs_of_one_recipe_are_seeds_of_one_row(pair, tmp_path):
    page = report_paper(pair, tmp_path / "out" / "paper.html")
    row = cells(page)["Table 1", "R50 clicks", "IN-V2"]
    values = [right(1).mean(), right(11).mean()]
    assert (row["seeds"], float(row["ours"]), row["paper"]) == ("0 1", pytest.approx(np.mean(values)), "0.652")
    assert float(row["std"]) == pytest.approx(np.std(values, ddof=1))
    differences = [right(1).mean() - right(0).mean(), right(11).mean() - right(10).mean()]
    assert (row["against"], float(row["difference"])) == ("R50 plain", pytest.approx(np.mean(differences)))
    assert float(row["pictures_low"]) < np.mean(differences) < float(row["pictures_high"])


def test_the_page_tells_runs_and_command(pair, tmp_path):
    page = report_paper(pair, tmp_path / "paper.html").read_text()
    assert "sidelight report plain0 plain1 luab0 luab1 --out paper.html" in page
    assert f"<td>{recipe_hash(LUAB)}</td>" in page
    assert "R50 not a claim: no controls, 2 seeds" in " ".join(page.replace("</b>", "").split())


def test_curves_with_gaps_are_left_out(pair):
    found = gather(pair)[recipe_hash(LUAB), "data"]
    assert found.curves == {seed: {"epoch": [1, 2], "loss_point": [0.2, 0.1]} for seed in (0, 1)}


def test_an_evaluation_elsewhere_is_put_to_its_run(pair, tmp_path):
    made = Provenance(recipe=LUAB.name, recipe_hash=recipe_hash(LUAB), seed=1)
    found = [Result("detection", "box_ap", 0.37, "AP.", True, 50, provenance=made)]
    write_results(tmp_path / "detector", found)
    gathered = gather([tmp_path / "detector", *pair])
    assert len(gathered) == 2
    luab = gathered[recipe_hash(LUAB), "data"]
    assert luab.folders == ["luab0", "luab1", "detector"]
    assert luab.numbers["Bbox AP"][1].result.value == 0.37


def test_without_its_run_an_evaluation_stands_by_itself(tmp_path):
    write_results(tmp_path / "only", [imagenet_v2(LUAB, 3, right(0))])
    hub = Provenance(recipe="timm:resnet50.tv_in1k")
    write_results(
        tmp_path / "hub", [Result("imagenet_v2", "top1", 0.6, "d", True, 9, "test", "matched_frequency", hub)]
    )
    rows = cells(report_paper([tmp_path / "only", tmp_path / "hub"], tmp_path / "paper.html"))
    assert rows["Table 1", LUAB.name, "IN-V2"]["paper"] == ""
    assert rows["Table 1", "timm:resnet50.tv_in1k", "IN-V2"]["ours"] == "0.6"


def test_the_same_recipe_on_other_data_is_another_training(pair, tmp_path):
    other = run_of(tmp_path / "small", LUAB, answers=right(5), data="small")
    names = {row for _, row, _ in cells(report_paper([*pair, other], tmp_path / "paper.html"))}
    assert {"R50 clicks (on data)", "R50 clicks (on small)"} <= names


def test_two_recipes_of_one_row_are_told_apart(pair, tmp_path):
    longer = replace(LUAB, training=replace(LUAB.training, epochs=3))
    other = run_of(tmp_path / "longer", longer, answers=right(5))
    names = {row for _, row, _ in cells(report_paper([*pair, other], tmp_path / "paper.html"))}
    assert {f"R50 clicks ({recipe_hash(each)[:6]})" for each in (LUAB, longer)} <= names


def test_one_run_measured_twice_and_differently_is_refused(pair, tmp_path):
    write_results(tmp_path / "again", [imagenet_v2(LUAB, 0, right(1))])
    kept = gather([*pair, tmp_path / "again"])[recipe_hash(LUAB), "data"].numbers["IN-V2"]
    assert all(number.answers is not None for number in kept.values())
    write_results(tmp_path / "again", [imagenet_v2(LUAB, 0, ~right(1))])
    with pytest.raises(UserFault, match=r"IN-V2 of luab_imagenet_resnet, seed 0(.|\n)*one measurement of a run"):
        gather([*pair, tmp_path / "again"])


def test_a_folder_without_numbers_is_refused(pair, tmp_path):
    bare = run_of(tmp_path / "bare", LUAB)
    for folder in (bare, tmp_path):
        with pytest.raises(UserFault, match="no measured numbers"):
            gather([*pair, folder])


def test_a_real_run_and_a_study_can_stand_beside_each_other(run, plain_run, clicks, tmp_path):
    """What training and evaluation write is what is read; a network that is not the paper's stands below it."""
    evaluate(str(plain_run), clicks)
    page = report_paper([run, plain_run], tmp_path / "paper.html")
    gathered = gather([run, plain_run])
    assert {each.name for each in gathered.values()} == {"tiny", "tiny_plain"}
    assert all(each.others for each in gathered.values())
    assert "resnet10t (width 0.25, first pool False) clicks" in page.read_text()


def test_a_study_s_runs_are_read_from_its_measured_numbers(tmp_path):
    study = tmp_path / "study"
    (study / "measured").mkdir(parents=True)
    network = Network("resnet18")
    conditions = {"a": plain(replace(LUAB, network=network)), "b": replace(LUAB, network=network)}
    about = {name: {"recipe": as_values(recipe)} for name, recipe in conditions.items()}
    (study / "study.json").write_text(json.dumps({"fingerprint": "f", "conditions": about}))
    for name, recipe in conditions.items():
        result = imagenet_v2(recipe, 0, right(0))
        kept = {"condition": name, "purpose": "study", "folder": "f", "seed": 0, "ratio": None, "lambda_": 0.0}
        kept |= {"validation": 0.5, "seconds": 1.0, "curves": {"loss_point": [0.1]}, "results": [result]}
        (study / "measured" / f"{name}.json").write_bytes(msgspec.json.encode(kept | {"provenance": result.provenance}))
    rows = cells(report_paper([study], tmp_path / "paper.html"))
    assert float(rows["Table 1", "R18 clicks", "IN-V2"]["ours"]) == pytest.approx(right(0).mean())
    assert rows["Table 1", "R18 plain", "IN-V2"]["paper"] == "0.599"
