import re
from dataclasses import replace

import pytest

from sidelight.data.format.reader import Dataset
from sidelight.pipeline.demo import run_demo
from sidelight.pipeline.digits import Digits
from sidelight.recipes.conditions import plain
from sidelight.recipes.recipe import Condition, Study
from sidelight.records.errors import UserFault


@pytest.fixture(scope="module")
def study(tiny):
    once = replace(tiny, training=replace(tiny.training, epochs=1))
    rows = (Condition("plain", plain(once), "baseline", "Labels."), Condition("clicks", once, "treated", "Clicks."))
    return Study("digits", "Do clicks help?", rows)


@pytest.fixture(scope="module")
def walked(study, tmp_path_factory):
    """A demo, and what it said."""
    out, said = tmp_path_factory.mktemp("demo") / "demo", []
    return out, run_demo(study, out, seeds=1, digits=Digits(60), announce=said.append), said


def test_the_way_ends_with_a_page(walked):
    out, page, said = walked
    assert page == out / "study" / "report.html"
    assert "Do clicks help?" in page.read_text()
    assert said[:2] == ["drawing handwritten digits on textures", "starting a labelling service for them"]
    assert re.fullmatch(r"20 simulated annotators label through http://127.0.0.1:\d+/", said[2])
    assert "0 incomplete" in said[3]
    assert said[-1] == "writing the report"


def test_nothing_is_done_twice(walked, study):
    out, page, _ = walked
    steps, said = [], []
    assert run_demo(study, out, seeds=1, announce=said.append, report=steps.append) == page
    assert (steps, said) == ([], ["writing the report"])


def test_the_clicks_came_through_the_service_and_are_called_simulated(walked):
    made = Dataset.open(walked[0] / "clicks")
    assert (made.manifest.source, made.manifest.privacy_grade) == ("campaign", "L2")
    assert made.manifest.simulated
    clicked = {a.example_id for a in made.annotations() if a.points}
    assert len(clicked) > 30
    assert made.examples() == Dataset.open(walked[0] / "pictures").examples()


def test_other_people_s_folders_are_left_alone(study, tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(UserFault, match="other files"):
        run_demo(study, tmp_path, seeds=1)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]
