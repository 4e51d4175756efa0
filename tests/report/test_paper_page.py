import re

import pytest
from tests.report.runs_beside_the_paper import coco, imagenet
from tests.report.test_page import EVIL, Page

from sidelight.report.content import Curve
from sidelight.report.paper import CLICKS, PAPER, PLAIN, RANDOM
from sidelight.report.paper_page import Origin, PaperReport, outcome, render
from sidelight.report.paper_table import filled_tables
from sidelight.report.trained import Trained

KEYS = ("IN-1K", "ObjNet")


def with_curves(trained, **curves):
    made = tuple(Curve(trained.name, seed, curves) for seed in range(2))
    return Trained(trained.name, trained.model, trained.guided, trained.setup, trained.task, trained.numbers, (), made)


def report(trained, **more):
    origins = tuple(
        Origin(each, "recipe", "photos", ("runs/a",), "c0ffee", (0, 1), ("Clicks are simulated.",), "0.1.0", "")
        for each in trained
    )
    return PaperReport(tuple(trained), filled_tables(trained), origins, "sidelight report a b", **more)


@pytest.fixture(scope="module")
def page():
    lift = {"ObjNet": 0.04}
    trained = [
        imagenet("R50 plain", "R50", PLAIN, KEYS),
        with_curves(
            imagenet("R50 random", "R50", RANDOM, KEYS, noise=1), loss_point=[0.2, 0.1], val_point_in_box=[0.1, 0.3]
        ),
        with_curves(
            imagenet(EVIL, "R50", CLICKS, KEYS, noise=2, lift=lift), loss_point=[0.2, 0.05], val_point_in_box=[0.2, 0.6]
        ),
        with_curves(coco("R18 clicks", "R18", CLICKS), loss_point=[0.3, 0.2], val_point_loss=[0.3, 0.2]),
    ]
    return render(report(trained))


def test_the_page_is_well_formed_and_needs_nothing_else(page):
    parsed = Page(page)
    assert "script" not in parsed.tags
    assert all(value.startswith(("data:", "#")) for name in ("src", "href") for value in parsed.values(name))
    ids = parsed.values("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in parsed.values("href") if link.startswith("#")} <= set(ids)


def test_all_seven_tables_and_both_figures_are_there(page):
    parsed = Page(page)
    assert all(table.heading in parsed.text for table in PAPER)
    assert {f"table-{n}" for n in range(1, 8)} | {"figure-8", "figure-9"} <= set(parsed.values("id"))
    assert (
        "Table 3: ImageNet: where the class activation map lies not measured: the paper’s numbers only" in parsed.text
    )
    assert all(str(number) in parsed.text for table in PAPER for row in table.rows for number in row.printed)


def test_words_of_users_are_shown_as_text(page):
    assert EVIL not in page
    assert EVIL in Page(page).text


def test_the_definition_used_stands_below_the_table(page):
    assert "ObjNet ↑ Definition of ObjNet. 10,000 pictures of “ObjNet”." in Page(page).text


def test_what_may_be_claimed_is_said_of_every_model_that_is_compared(page):
    text = Page(page).text
    assert "R50 not a claim: no controls, 5 seeds" in text  # table 1 has no control
    assert "R50 5 seeds, control: R50 random" in text  # table 2 has


def test_differences_stand_with_both_intervals_and_words(page):
    text = Page(page).text
    found = re.search(
        r"minus R50 plain 1 column \w+, 1 column higher.*?ObjNet ↑ (\S+) (\[.*?\]) (\[.*?\]) (p . \.\d+) higher", text
    )
    assert found
    assert float(found[1]) == pytest.approx(4, abs=1)


def test_bold_is_kept_for_what_is_significant():
    same = [imagenet(f"R50 {g}", "R50", g, KEYS) for g in (PLAIN, CLICKS)]
    assert 'class="strong"' not in render(report(same))


def test_figures_show_who_learned_points(page):
    eight = page[page.index('id="figure-8"') : page.index('id="figure-9"')]
    assert eight.count("<svg") == 2
    assert "R50 plain" not in eight
    nine = page[page.index('id="figure-9"') : page.index('id="repeat"')]
    assert nine.count("<svg") == 2
    assert "Missing: no run" not in page


def test_a_missing_figure_is_said_to_be_missing():
    empty = render(report([imagenet("R50 plain", "R50", PLAIN, KEYS, seeds=1)]))
    assert empty.count("Missing: no run here learned points on such data.") == 2
    assert "two-classes" not in empty


def test_what_is_simulated_is_said_once(page):
    assert page.count("Clicks are simulated.") == 1


def test_seeds_without_partners_are_told():
    pair = [imagenet("R50 plain", "R50", PLAIN, KEYS), imagenet("R50 clicks", "R50", CLICKS, KEYS, seeds=1)]
    tables = filled_tables(pair)
    assert outcome(tables[0].versus[0]) == "2 columns not compared"
    assert "seeds differ (0; 0, 1, 2, 3, 4): not paired" in Page(render(report(pair))).text
