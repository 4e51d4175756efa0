"""The whole study on real photos in miniature: the same conditions, tuning, plant and report on drawn digits."""

import csv
import re
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from sidelight.data.format.reader import Dataset
from sidelight.data.format.validator import validate
from sidelight.data.source.progress import silent
from sidelight.model.network import Network
from sidelight.pipeline.digits import Digits, draw_digits
from sidelight.pipeline.measured import read_study
from sidelight.pipeline.report import report_study
from sidelight.pipeline.runs import chosen_knobs
from sidelight.pipeline.simulate import simulate
from sidelight.pipeline.study import run_study
from sidelight.pipeline.train import train
from sidelight.recipes import tiny_in9
from sidelight.recipes.recipe import Tuning
from sidelight.signal.annotator import SimulatedAnnotator
from sidelight.train.objective.luab import Luab

SEEDS = 2


def small(recipe):
    """The recipe with pictures of 20 pixels, a narrow network and two epochs."""
    training = replace(
        recipe.training, epochs=2, batch_size=20, schedule=replace(recipe.training.schedule, warmup_epochs=0)
    )
    return replace(
        recipe,
        network=Network("resnet18", width=0.125, first_pool=False, image_size=20),
        augmentation=replace(recipe.augmentation, size=20),
        training=training,
        plant=recipe.plant and replace(recipe.plant, donors_per_class=2),
    )


def only(study, *names):
    return replace(study, conditions=tuple(c for c in study.conditions if c.name in names))


MINI = replace(
    tiny_in9.STUDY,
    conditions=tuple(replace(c, recipe=small(c.recipe)) for c in tiny_in9.STUDY.conditions),
    tuning=Tuning(ratios=(0.1, 1.0), epochs=1),
)
ROWS = [c.name for c in MINI.conditions]
PLANTED = [name for name in ROWS if "@" in name]


class Watcher:
    """Counts steps run by run, and presses Ctrl-C once in each of the runs it is told to."""

    def __init__(self, *interrupted):
        self.steps, self.waiting = {}, list(interrupted)

    def announce(self, words):
        self.run = words.partition(" (")[0]

    def report(self, step):
        self.steps.setdefault(self.run, []).append(step.step)
        if step.step == 4 and self.run in self.waiting:
            self.waiting.remove(self.run)
            raise KeyboardInterrupt


def run(study, clicks, out, watcher):
    return run_study(study, clicks, out, seeds=SEEDS, announce=watcher.announce, report=watcher.report)


@pytest.fixture(scope="module")
def clicks(tmp_path_factory):
    """120 drawn digits as a dataset, with simulated clicks."""
    root = tmp_path_factory.mktemp("river")
    draw_digits(Digits(pictures=120, seed=1), root / "pictures")
    assert validate(root / "pictures") == []
    simulate(root / "pictures", root / "clicks", annotator=SimulatedAnnotator(), progress=silent)
    assert validate(root / "clicks") == []
    return root / "clicks"


@pytest.fixture(scope="module")
def walked(clicks, tmp_path_factory):
    """The study, interrupted twice in the middle of a run: its folder, its numbers, and who counted the steps."""
    out = tmp_path_factory.mktemp("study") / "tiny-in9"
    watcher = Watcher("study: plain, seed 0", "study: clicks, seed 1")
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            run(MINI, clicks, out, watcher)
    return out, run(MINI, clicks, out, watcher), watcher


def test_every_condition_is_measured_on_every_seed_and_every_guided_one_tuned(walked):
    _, measured, _ = walked
    assert {(m.condition, m.seed) for m in measured if m.purpose == "study"} == {(n, s) for n in ROWS for s in (0, 1)}
    tuned = {(m.condition, m.ratio) for m in measured if m.purpose == "tune"}
    assert tuned == {(name, ratio) for name in ROWS[1:6] for ratio in (0.1, 1.0)}


def test_the_ratio_chosen_on_validation_is_used_with_and_without_the_plant(walked):
    _, measured, _ = walked
    chosen = chosen_knobs(measured)
    for m in measured:
        if m.purpose == "study" and m.ratio is not None:
            assert m.ratio == chosen[m.condition.partition("@")[0]]


def test_an_interruption_repeats_only_the_epoch_it_fell_into(walked):
    _, _, watcher = walked
    assert watcher.waiting == []
    reported = {name: steps for name, steps in watcher.steps.items() if name.startswith("study")}
    cut = {name: steps for name, steps in reported.items() if steps != [1, 2, 3, 4, 5, 6]}
    assert len(reported) == SEEDS * len(ROWS)
    assert cut == {name: [1, 2, 3, 4, 4, 5, 6] for name in ("study: plain, seed 0", "study: clicks, seed 1")}


def test_an_interrupted_study_ends_with_the_numbers_of_an_uninterrupted_one(walked, clicks, tmp_path):
    """Two of its rows in a folder of their own, at a stretch."""
    stretch = run(only(MINI, "plain", "clicks"), clicks, tmp_path / "study", Watcher())
    _, measured, _ = walked
    numbers = {(m.purpose, m.folder): (m.lambda_, m.validation, [r.value for r in m.results]) for m in measured}
    assert len(stretch) == 2 + 2 * SEEDS
    for m in stretch:
        assert (m.lambda_, m.validation, [r.value for r in m.results]) == numbers[m.purpose, m.folder]


def test_what_is_finished_is_not_repeated(walked, clicks):
    out, measured, _ = walked
    before = {file: file.stat().st_mtime_ns for file in out.glob("runs/*/model.safetensors")}
    assert len(before) == len({m.folder for m in measured})
    again = Watcher()
    assert run(MINI, clicks, out, again) == measured
    assert again.steps == {}
    assert {file: file.stat().st_mtime_ns for file in before} == before


def test_a_pair_shares_weights_batches_and_chance_and_differs_in_the_guidance_alone(walked, clicks, tmp_path):
    """With a lambda of zero the guided run is the plain one, bit for bit."""
    out, measured, _ = walked
    guided = next(c.recipe for c in MINI.conditions if c.name == "clicks")
    train(replace(guided, objective=Luab(weight=0.0)), clicks, tmp_path / "idle", seed=1)
    folder = {m.condition: out / "runs" / m.folder for m in measured if (m.purpose, m.seed) == ("study", 1)}
    places = (folder["plain"], tmp_path / "idle", folder["clicks"])
    bare, idle, told = (load_file(place / "model.safetensors") for place in places)
    assert all(torch.equal(value, idle[name]) for name, value in bare.items())
    assert not all(torch.equal(value, told[name]) for name, value in bare.items())


@pytest.fixture(scope="module")
def reported(walked, clicks):
    return report_study(walked[0], clicks)


def test_with_two_seeds_every_table_is_headed_not_a_claim(reported):
    tables = (reported.parent / "tables.md").read_text()
    headings = re.findall(r"^### .*\n\n\*\*(.*)\*\*$", tables, flags=re.MULTILINE)
    assert len(headings) >= 4
    assert set(headings) == {"not a claim: 2 seeds, 5 are needed"}
    assert "not a claim: 2 seeds, 5 are needed" in reported.read_text()


def test_the_tables_hold_every_row_and_pair_each_treatment_with_each_control(reported):
    tables = (reported.parent / "tables.md").read_text()
    assert all(f"| {name} | 2 |".replace("_", r"\_") in tables for name in ROWS)
    for title in ("clicks against the others", "box\\_centre against the others", "clicks@0.95 against the others"):
        assert f"Paired differences, {title}:" in tables
    assert "top-1, planted backgrounds tell nothing" in tables


def test_the_report_is_one_page_that_fetches_nothing(reported):
    page = reported.read_text()
    assert not re.search(r"<(script|link|iframe)\b", page)
    addresses = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)
    assert all(address.startswith(("data:", "#")) for address in addresses)
    assert page.count("data:image/jpeg") >= 12


def test_the_report_says_how_often_each_kind_of_point_is_in_the_box(reported):
    tables = (reported.parent / "tables.md").read_text()
    shares = {name: re.search(rf"^\| {name} \|.*?box\\<=0\.5 ([\d.]+) %", tables, flags=re.MULTILINE) for name in ROWS}
    assert float(shares["clicks"][1]) > float(shares["uniform"][1])
    assert shares["plain"] is None


def test_every_number_of_every_run_is_kept_and_says_what_it_was_measured_on(reported, walked, clicks):
    with (reported.parent / "numbers.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    runs = [m for m in read_study(walked[0]) if m.purpose == "study"]
    assert len(rows) == sum(len(m.results) for m in runs)
    assert {row["fingerprint"] for row in rows} == {Dataset.open(clicks).manifest.fingerprint}
    planted = {row["condition"] for row in rows if row["benchmark"] == "planted"}
    assert planted == set(PLANTED)
