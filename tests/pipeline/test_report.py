import csv
import json
import re
import shutil

import numpy as np
import pytest
from rich.console import Console

from sidelight.data.format.reader import Dataset
from sidelight.pipeline.evaluate import evaluate
from sidelight.pipeline.measured import Measured, read_study
from sidelight.pipeline.report import (
    PANELS,
    print_tables,
    report_any,
    report_run,
    report_study,
    study_content,
    whole_pairs,
)
from sidelight.pipeline.study import run_study
from sidelight.recipes.conditions import plain
from sidelight.recipes.recipe import Condition, Study, Tuning
from sidelight.records.errors import UserFault


@pytest.fixture(scope="module")
def study(tiny, clicks, median_area, tmp_path_factory):
    """Folder of a study of two conditions, tuned, on two seeds."""
    out = tmp_path_factory.mktemp("reported") / "mini"
    rows = (
        Condition("plain", plain(tiny), "baseline", "Labels only."),
        Condition("clicks", tiny, "treated", "Clicks."),
    )
    tuning = Tuning(ratios=(0.1, 1.0), epochs=1)
    run_study(Study("mini", "Do clicks help?", rows, tuning=tuning, subsets=(median_area,)), clicks, out, seeds=2)
    return out


@pytest.fixture(scope="module")
def content(study, clicks):
    return study_content(study, clicks)


@pytest.fixture(scope="module")
def page(study, clicks):
    return report_study(study, clicks).read_text()


def test_the_page_needs_no_other_file_and_no_network(page):
    assert not re.search(r"<(script|link|iframe|object)\b", page)
    addresses = re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?([^\"')\s>]+)", page)
    assert addresses
    assert all(address.startswith(("data:", "#")) for address in addresses)
    assert "@import" not in page


def test_without_controls_the_page_is_headed_not_a_claim(page):
    assert "not a claim: no controls, 2 seeds" in page


def test_the_page_says_what_is_simulated_and_what_it_was_measured_on(page, clicks):
    manifest = Dataset.open(clicks).manifest
    assert manifest.fingerprint in page
    assert "Clicks, traces and times are simulated" in page
    assert "Do clicks help?" in page


def test_the_gallery_shows_photos_with_the_first_seed_s_models(content):
    assert len(content.gallery) == 12
    assert all(set(item.cams) == {"plain", "clicks"} for item in content.gallery)


def test_the_curves_drawn_are_columns_that_runs_write(content):
    written = {name for curve in content.curves for name in curve.values}
    assert {panel.metric for panel in PANELS} <= written
    assert {(c.condition, c.seed) for c in content.curves} == {(n, s) for n in ("plain", "clicks") for s in (0, 1)}


def test_conditions_tell_their_points_and_lambda(content):
    bare, guided = content.conditions
    assert (bare.lambda_, bare.gradient_ratio, bare.points_in_box) == (None, None, {})
    assert guided.lambda_ > 0
    assert guided.gradient_ratio in (0.1, 1.0)
    assert guided.points_in_box["all"] > 0.5


def test_every_ratio_tried_is_told(content):
    (tried,) = content.parameters.values()
    assert re.fullmatch(r"0\.1: \d+\.\d%, 1: \d+\.\d%", tried)


def test_results_are_of_the_test_and_of_reported_runs_only(content, study, median_area):
    runs = [m for m in read_study(study) if m.purpose == "study"]
    assert len(content.results) == sum(len(m.results) for m in runs)
    assert {r.subset for _, _, r in content.results} == {"all", f"box<={median_area:g}", "box<=0.5"}


def test_tables_and_numbers_lie_beside_the_page(study, page, content):
    assert "| plain | 2 |" in (study / "tables.md").read_text()
    with (study / "numbers.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == len(content.results)
    assert {row["condition"] for row in rows} == {"plain", "clicks"}


def test_a_study_with_levels_gets_their_tables_and_figures(study, tmp_path):
    copy = shutil.copytree(study, tmp_path / "study", ignore=shutil.ignore_patterns("runs"))
    told = json.loads((copy / "study.json").read_text())
    level = {"at": "here", "treated": "clicks", "control": "plain"}
    told["axes"] = [{"name": "place", "levels": [level]}, {"name": "none", "levels": [level | {"treated": "gone"}]}]
    told["contrasts"] = [{"sentence": "More here than here?", "here": level, "there": level}]
    (copy / "study.json").write_text(json.dumps(told))
    report_study(copy, None)
    page = (copy / "levels.md").read_text()
    runs = [run for run in read_study(copy) if run.purpose == "study"]
    top1 = {
        (run.condition, run.seed): next(r.value for r in run.results if r.metric == "top1" and r.subset == "all")
        for run in runs
    }
    gain = np.mean([top1["clicks", seed] - top1["plain", seed] for seed in (0, 1)])
    assert f"{100 * gain:+.1f} [".replace("-", "−").replace("+0.0", "0.0") in page
    assert "not run" in page
    assert (copy / "levels-1.png").read_bytes().startswith(b"\x89PNG")
    assert not (copy / "levels-2.png").exists()
    assert not (study / "levels.md").exists()


def test_the_commands_would_repeat_it(content):
    assert content.commands[0] == "sidelight study mini --data clicks --seeds 2 --out mini"


def test_without_the_data_there_is_a_page_without_gallery(study):
    content = study_content(study, None)
    assert (content.gallery, content.conditions[1].points_in_box) == ((), {})


def test_weights_may_be_gone(study, clicks, tmp_path):
    kept = tmp_path / "kept"
    (kept / "measured").mkdir(parents=True)
    (kept / "study.json").write_bytes((study / "study.json").read_bytes())
    for file in (study / "measured").iterdir():
        (kept / "measured" / file.name).write_bytes(file.read_bytes())
    assert study_content(kept, clicks).gallery == []
    assert report_study(kept, clicks).is_file()


def test_tables_can_be_printed(study):
    console = Console(width=200, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as captured:
        print_tables(study, console)
    assert "not a claim: no controls, 2 seeds" in captured.get()
    assert "top-1" in captured.get()


def finished(condition, *seeds):
    return [Measured(condition, "study", "f", seed, None, 0.0, 0.5, 1.0, {}) for seed in seeds]


ABOUT = {"conditions": {"a": {"group": ""}, "b": {"group": ""}, "c": {"group": "planted"}}}


def test_only_seeds_that_a_whole_group_has_finished_are_shown():
    kept, said = whole_pairs(ABOUT, [*finished("a", 0, 1, 2), *finished("b", 0, 2), *finished("c", 1)])
    assert [(m.condition, m.seed) for m in kept] == [("a", 0), ("a", 2), ("b", 0), ("b", 2), ("c", 1)]
    assert said == ["Not finished: of the main conditions, 2 seeds are complete and shown."]


def test_a_condition_that_was_not_begun_does_not_hide_the_others():
    kept, said = whole_pairs(ABOUT, [*finished("a", 0, 1), *finished("c", 0)])
    assert [(m.condition, m.seed) for m in kept] == [("a", 0), ("a", 1), ("c", 0)]
    assert said == ["Not run: of the main conditions, b."]


def test_a_group_that_has_not_begun_is_named():
    _, said = whole_pairs(ABOUT, [*finished("a", 0), *finished("b", 0)])
    assert said == ["Not run: of group 'planted', c."]


def test_an_unfinished_study_can_be_reported(study, clicks, tmp_path):
    begun = tmp_path / "begun"
    (begun / "measured").mkdir(parents=True)
    (begun / "study.json").write_bytes((study / "study.json").read_bytes())
    assert "Nothing was measured" in report_study(begun, clicks).read_text()
    for file in (study / "measured").glob("study-plain-*seed0.json"):
        (begun / "measured" / file.name).write_bytes(file.read_bytes())
    page = report_study(begun, clicks).read_text()
    assert "Not run: of the main conditions, clicks." in page
    assert ">not run</td>" in page
    assert "not run" in (begun / "tables.md").read_text()


def test_a_single_run_has_a_page_that_is_not_a_claim(run, clicks, tmp_path):
    evaluate(str(run), clicks)
    page = report_run(run, clicks, out=tmp_path / "run.html").read_text()
    assert "not a claim: no controls, 1 seed" in page
    assert "One run of tiny" in page
    assert json.loads((run / "recipe.json").read_text())["fingerprint"] in page


def test_runs_and_studies_are_told_apart(run, study, tmp_path):
    assert "One run of" in report_any(run, out=tmp_path / "a.html").read_text()
    assert "Do clicks help?" in report_any(study, out=tmp_path / "b.html").read_text()
    with pytest.raises(UserFault, match=r"neither study\.json nor results\.json"):
        report_any(tmp_path)


def test_words_of_a_study_are_shown_as_text(study, clicks, tmp_path):
    described = json.loads((study / "study.json").read_text())
    hostile = tmp_path / "hostile"
    (hostile / "measured").mkdir(parents=True)
    (hostile / "study.json").write_text(json.dumps(described | {"question": "<script>alert(1)</script>"}))
    assert "<script>" not in report_study(hostile, clicks).read_text()
