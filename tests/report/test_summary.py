import dataclasses

from sidelight.report.content import Condition
from sidelight.report.summary import findings, what_was_compared
from sidelight.report.table import study_tables


def found(content):
    return findings(content, study_tables(content))


def test_it_says_what_was_compared(make_content):
    content = make_content(dataset="in9")
    said = what_was_compared(content, study_tables(content)[0])
    assert said.startswith("3 ways of training (plain, random and clicks) were compared, 5 seeds each, ")
    assert said.endswith("on 900 pictures of the test split of in9.")


def test_a_single_run_is_called_one(make_content):
    content = make_content(1)
    lone = dataclasses.replace(
        content,
        conditions=content.conditions[2:],
        results=[row for row in content.results if row[0] == "clicks"],
    )
    said = what_was_compared(lone, study_tables(lone)[0])
    assert said.startswith("One way of training (clicks, one seed) was measured on 900 pictures")
    assert [finding.against for finding in found(lone)] == [(), ()]


def test_each_treated_condition_is_held_against_baseline_and_controls(make_content):
    top1 = found(make_content())[0]
    assert (top1.condition, top1.metric) == ("clicks", "top1\u00a0↑")
    assert [(other.control, other.words, other.shown) for other in top1.against] == [
        ("plain", "higher", True),
        ("random", "higher", True),
    ]


def test_the_headline_chooses_the_metrics(make_content):
    assert [finding.metric for finding in found(make_content(headline=("background/gap",)))] == ["gap\u00a0↓"]


def test_one_seed_is_never_said_to_show_anything(make_content):
    against = found(make_content(1))[0].against
    assert all(other.words == "one seed: no interval" and not other.shown for other in against)


def test_a_plain_run_alone_is_spoken_of(make_content):
    content = make_content()
    plain = dataclasses.replace(
        content,
        conditions=(Condition("plain", "", "baseline"),),
        results=[row for row in content.results if row[0] == "plain"],
    )
    assert {finding.condition for finding in found(plain)} == {"plain"}


def test_a_headline_that_only_small_objects_have_is_taken_from_their_table(make_content):
    content = make_content(subsets=("all", "box<=0.5"))
    kept = [row for row in content.results if row[2].subset != "all" or row[2].metric == "top1"]
    whole = dataclasses.replace(content, results=kept, headline=("accuracy/top1", "background/gap"))
    assert [finding.metric for finding in found(whole)] == ["top1\u00a0↑", "gap\u00a0↓, box ≤ 0.5"]
