import dataclasses

import pytest

from sidelight.records.errors import UserFault
from sidelight.records.result import Result
from sidelight.report.statistics import holm
from sidelight.report.table import standing, study_tables


def without(content, *, condition, seed):
    kept = [row for row in content.results if row[:2] != (condition, seed)]
    return dataclasses.replace(content, results=kept)


def test_a_table_has_a_row_a_condition_and_a_column_a_metric(make_content):
    (table,) = study_tables(make_content())
    assert [condition.name for condition in table.conditions] == ["plain", "random", "clicks"]
    assert [column.key for column in table.columns] == ["accuracy/top1", "background/gap"]


def test_each_subset_has_its_own_table(make_content):
    tables = study_tables(make_content(subsets=("all", "box<=0.5")))
    assert [(table.split, table.subset) for table in tables] == [("test", "all"), ("test", "box<=0.5")]


def test_a_cell_holds_the_mean_over_seeds(make_content):
    content = make_content()
    (table,) = study_tables(content)
    values = [r.value for name, _, r in content.results if (name, r.metric) == ("clicks", "top1")]
    assert table.spread("clicks", "accuracy/top1").mean == pytest.approx(sum(values) / 5)


def test_treated_meet_baseline_and_controls_and_controls_meet_the_baseline(make_content):
    (table,) = study_tables(make_content())
    assert table.pairs() == {
        "clicks against the others": (("clicks", "plain"), ("clicks", "random")),
        "controls against plain": (("random", "plain"),),
    }


def test_the_family_of_holm_is_the_columns_of_one_pair(make_content):
    content = make_content()
    noisy = [(c, s, r) if r.metric == "top1" else (c, s, vary(r, s)) for c, s, r in content.results]
    (table,) = study_tables(dataclasses.replace(content, results=noisy))
    pair = [c for c in table.comparisons if (c.treated, c.control) == ("clicks", "plain")]
    assert tuple(c.adjusted_p for c in pair) == holm([c.difference.p for c in pair])


def test_a_yardstick_that_no_model_can_move_is_shown_but_not_compared(make_content):
    content = make_content()
    yardsticks = [
        (c, s, Result("localisation", "centre", 0.7, "The photo's centre.", None, 900)) for c, s, _ in content.results
    ]
    unique = list({(c, s): (c, s, r) for c, s, r in yardsticks}.values())
    (table,) = study_tables(dataclasses.replace(content, results=[*content.results, *unique]))
    assert "localisation/centre" in [column.key for column in table.columns]
    assert {c.key for c in table.comparisons} == {"accuracy/top1", "background/gap"}


def vary(result, seed):
    return Result(
        result.benchmark,
        result.metric,
        result.value * (1 + 0.1 * seed),
        result.definition,
        result.higher_is_better,
        result.n,
    )


def test_a_condition_that_was_not_measured_leaves_its_cell_empty(make_content):
    content = make_content()
    kept = [row for row in content.results if (row[0], row[2].metric) != ("plain", "gap")]
    (table,) = study_tables(dataclasses.replace(content, results=kept))
    assert table.spread("plain", "background/gap") is None
    assert table.comparison(("clicks", "plain"), "background/gap") is None
    assert table.comparison(("clicks", "random"), "background/gap") is not None


def test_a_seed_missing_in_one_condition_is_named(make_content):
    with pytest.raises(UserFault, match=r"top1 of clicks and random: seed 2 is missing in the second"):
        study_tables(without(make_content(), condition="random", seed=2))


def test_columns_of_one_benchmark_stand_together(make_content):
    content = make_content()
    late = Result("accuracy", "macro", 0.6, "Mean over classes.", True, 900)
    (table,) = study_tables(dataclasses.replace(content, results=[*content.results, ("plain", 0, late)]))
    assert [column.benchmark for column in table.columns] == ["accuracy", "accuracy", "background"]


def test_a_number_measured_twice_is_refused(make_content):
    content = make_content()
    with pytest.raises(ValueError, match="measured twice"):
        study_tables(dataclasses.replace(content, results=[*content.results, content.results[0]]))


def test_an_unknown_condition_is_refused(make_content):
    content = make_content()
    with pytest.raises(ValueError, match="'stranger'"):
        study_tables(dataclasses.replace(content, results=[("stranger", 0, content.results[0][2])]))


def test_a_share_above_1_must_be_named_a_plain_number(make_content):
    loss = ("plain", 0, Result("accuracy", "loss", 3.2, "Cross-entropy.", False, 900))
    with pytest.raises(ValueError, match="plain_numbers"):
        study_tables(make_content(results=[loss]))
    (table,) = study_tables(make_content(results=[loss], plain_numbers=frozenset({"accuracy/loss"})))
    assert not table.columns[0].share


@pytest.mark.parametrize(
    ("seeds", "roles", "heading"),
    [
        (5, ("baseline", "control", "treated"), "5 seeds, control: random"),
        (5, ("baseline", "baseline", "treated"), "not a claim: no controls, 5 seeds"),
        (1, ("baseline", "baseline", "treated"), "not a claim: no controls, 1 seed"),
        (4, ("baseline", "control", "treated"), "not a claim: 4 seeds, 5 are needed"),
    ],
)
def test_a_claim_needs_controls_and_5_seeds(make_content, seeds, roles, heading):
    content = make_content(seeds)
    pairs = zip(content.conditions, roles, strict=True)
    recast = tuple(dataclasses.replace(condition, role=role) for condition, role in pairs)
    found = standing(recast, content.results)
    assert found.heading == heading
    assert found.claim == (not heading.startswith("not"))


def test_the_condition_with_the_fewest_seeds_counts(make_content):
    content = without(make_content(), condition="random", seed=2)
    assert not standing(content.conditions, content.results).claim


def test_groups_have_their_own_tables_baselines_and_standing(make_content):
    main = make_content()
    planted = tuple(
        dataclasses.replace(condition, name=f"{condition.name}@0.7", group="planted 70%")
        for condition in main.conditions
        if condition.role != "control"
    )
    more = [(f"{name}@0.7", seed, result) for name, seed, result in main.results if name != "random"]
    both = dataclasses.replace(main, conditions=(*main.conditions, *planted), results=[*more, *main.results])
    first, second = study_tables(both)
    assert (first.group, second.group) == ("", "planted 70%")
    assert (first.standing.claim, second.standing.heading) == (True, "not a claim: no controls, 5 seeds")
    assert second.pairs() == {"clicks@0.7 against the others": (("clicks@0.7", "plain@0.7"),)}
