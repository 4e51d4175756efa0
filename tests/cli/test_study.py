from dataclasses import replace

import pytest

from sidelight.recipes import digits
from sidelight.recipes.conditions import six_conditions
from sidelight.recipes.recipe import Study
from sidelight.recipes.table import STUDIES, ListedStudy


@pytest.fixture
def mini(monkeypatch):
    """A study of seconds in the place of the demo's."""
    recipe = digits.RECIPE
    schedule = replace(recipe.training.schedule, warmup_epochs=0)
    recipe = replace(
        recipe,
        network=replace(recipe.network, image_size=16),
        augmentation=replace(recipe.augmentation, size=16),
        training=replace(recipe.training, epochs=1, batch_size=8, schedule=schedule),
    )
    rows = tuple(c for c in six_conditions(recipe) if c.name in ("plain", "uniform", "clicks"))
    monkeypatch.setitem(STUDIES, "digits", ListedStudy(Study("digits", "Do clicks help?", rows), "A study."))


def test_a_study_is_run_printed_and_reported(mini, sidelight, walked, tmp_path):
    words = ["study", "digits", "--data", walked[0] / "clicks", "--out", tmp_path / "study", "--seeds", 2]
    said = sidelight(*words)
    assert said.code == 0
    assert "not a claim: 2 seeds, 5 are needed" in said.out
    assert "study: clicks, seed 1 (6 of 6)" in said.out
    assert f"report: {tmp_path / 'study' / 'report.html'}" in said.out
    again = sidelight(*words)
    assert again.code == 0
    assert "(6 of 6)" not in again.out


def test_without_a_name_the_studies_are_listed_with_their_questions(sidelight):
    said = sidelight("study")
    assert said.code == 0
    assert all(listed.study.question in said.out for listed in STUDIES.values())
