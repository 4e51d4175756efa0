from dataclasses import replace
from pathlib import Path

from sidelight.pipeline.digits import Digits, draw_digits
from sidelight.recipes import digits
from sidelight.recipes.conditions import six_conditions
from sidelight.recipes.recipe import Study
from sidelight.recipes.table import STUDIES, ListedStudy


def test_the_last_line_is_the_path_of_the_report(monkeypatch, sidelight, tmp_path):
    training = replace(digits.RECIPE.training, epochs=2, batch_size=10)
    rows = six_conditions(replace(digits.RECIPE, training=training))[:2]
    monkeypatch.setitem(STUDIES, "digits", ListedStudy(Study("digits", "Do clicks help?", rows), ""))
    draw_digits(Digits(pictures=60), tmp_path / "demo" / "pictures")  # the demo goes on from here
    said = sidelight("demo", "--out", tmp_path / "demo", "--seeds", 1, "--jobs", 1)
    assert said.code == 0
    assert Path(said.out.splitlines()[-1]) == (tmp_path / "demo" / "study" / "report.html").resolve()
    assert "Do clicks help?" in Path(said.out.splitlines()[-1]).read_text()
    assert "not a claim" in said.out
