from dataclasses import replace

import msgspec
import numpy as np
import pytest
from scipy import stats
from tests.report.runs_beside_the_paper import coco, imagenet, number

from sidelight.report.paper import CLICKS, PLAIN, RANDOM, TABLE_1, TABLE_2, TABLE_4, TABLE_6, TABLE_7
from sidelight.report.paper_table import filled, filled_tables
from sidelight.report.trained import Trained

KEYS = ("IN-1K", "IN-V2", "ObjNet")


@pytest.fixture(scope="module")
def three():
    """R50 in three ways on five seeds; clicks are 4 points above plain on ObjNet, and the same elsewhere."""
    lift = {"ObjNet": 0.04}
    return (
        imagenet("plain", "R50", PLAIN, KEYS),
        imagenet("random", "R50", RANDOM, KEYS, noise=1),
        imagenet("clicks", "R50", CLICKS, KEYS, noise=2, lift=lift),
    )


def row(table, label):
    return next(each for each in table.rows if each.label == label)


def test_a_run_stands_in_the_row_of_its_model_and_guidance(three):
    table = filled(TABLE_1, three)
    models = ("R18", "R50", "R101", "R152", "ViT-Ti", "ViT-S", "ViT-B")
    assert [each.label for each in table.rows] == [label for model in models for label in (model, "+LUAB")]
    ours = {each.label: each.trained.name for each in table.rows if each.trained}
    assert ours == {"R50": "plain", "+LUAB": "clicks"}
    assert row(table, "R50").seeds == (0, 1, 2, 3, 4)
    assert row(table, "R50").parameters == "25.6M"


def test_the_random_control_stands_in_table_2_only(three):
    one, two, *others = filled_tables(three)
    assert {each.name for each in one.ours} == {"plain", "clicks"}
    assert {each.name for each in two.ours} == {"plain", "random", "clicks"}
    assert not any(each.ours for each in others)


def test_ours_stands_beside_the_paper_s_and_what_is_missing_is_missing(three):
    cells = dict(
        zip([c.key for c in filled(TABLE_1, three).columns], row(filled(TABLE_1, three), "R50").cells, strict=True)
    )
    values = [each.result.value for each in three[0].numbers["IN-1K"].values()]
    assert cells["IN-1K"].ours.mean == pytest.approx(np.mean(values))
    assert cells["IN-1K"].ours.std == pytest.approx(np.std(values, ddof=1))
    assert (cells["IN-1K"].printed, cells["IN-C"].ours, cells["IN-C"].printed) == (77.4, None, 43.8)


def test_the_primitive_transformer_is_table_2_s_and_the_other_table_1_s():
    strong = imagenet("deit", "ViT-S", PLAIN, KEYS)
    weak = replace(imagenet("crop", "ViT-S", PLAIN, KEYS), setup="primitive")
    one, two, *_ = filled_tables([strong, weak])
    assert [each.name for each in one.ours] == ["deit"]
    assert [each.name for each in two.ours] == ["crop"]


def test_what_the_paper_has_no_row_for_stands_below_the_first_table():
    strange = [imagenet("r26", "resnet26", CLICKS, KEYS), imagenet("r18 random", "R18", RANDOM, KEYS)]
    one, two, *_ = filled_tables(strange)
    assert [(each.label, each.printed) for each in one.rows[-2:]] == [("r26", None), ("r18 random", None)]
    assert not two.ours


def test_two_recipes_of_one_row_stand_apart():
    table = filled(TABLE_1, [imagenet("short", "R18", PLAIN, KEYS), imagenet("long", "R18", PLAIN, KEYS)])
    assert [each.label for each in table.rows[:3]] == ["short", "long", "+LUAB"]


def test_accuracy_alone_is_no_row_of_the_downstream_table(three):
    assert not filled(TABLE_4, three).ours
    with_boxes = replace(three[0], numbers=three[0].numbers | {"Bbox AP": {0: number("Bbox AP", 0.37)}})
    (ours,) = (each for each in filled(TABLE_4, [with_boxes]).rows if each.trained)
    assert [cell.ours is not None for cell in ours.cells] == [True, True, False]


def test_runs_on_coco_stand_in_coco_s_tables_only():
    runs = [coco("R18 coco", "R18", PLAIN), coco("vit coco", "ViT-S", CLICKS), coco("vit26", "vit_26", CLICKS)]
    found = {f.table.number: [each.name for each in f.ours] for f in filled_tables(runs) if f.ours}
    assert found == {6: ["R18 coco"], 7: ["vit coco", "vit26"]}
    assert filled(TABLE_7, runs).rows[-1].label == "vit26"
    assert not filled(TABLE_6, runs).versus


def test_differences_are_paired_and_adjusted_over_the_columns_of_the_table(three):
    """scipy's paired t test, and Holm's steps written out."""
    (found,) = (v for v in filled(TABLE_1, three).versus if v.control.name == "plain")
    p = {}
    for key in KEYS:
        sides = [[each.numbers[key][seed].result.value for seed in range(5)] for each in (three[2], three[0])]
        test = stats.ttest_rel(*sides)
        p[key] = test.pvalue
        ends = test.confidence_interval(0.95)
        assert found.comparisons[key].difference.interval == pytest.approx((ends.low, ends.high))
    floor = 0.0
    for left, key in zip((3, 2, 1), sorted(KEYS, key=p.get), strict=True):
        floor = max(floor, min(1.0, left * p[key]))
        assert found.comparisons[key].adjusted_p == pytest.approx(floor)


def test_only_a_significant_difference_from_plain_is_bold(three):
    (clicks,) = (each for each in filled(TABLE_2, three).rows if each.trained is three[2])
    bold = {column.key for column, cell in zip(TABLE_2.columns, clicks.cells, strict=True) if cell.differs}
    assert bold == {"ObjNet"}
    assert not any(cell.differs for cell in row(filled(TABLE_2, three), "R50 –").cells)


def test_one_seed_is_never_bold():
    pair = [imagenet(g, "R50", g, KEYS, seeds=1, lift={"ObjNet": 0.3 * (g == CLICKS)}) for g in (PLAIN, CLICKS)]
    (versus,) = filled(TABLE_1, pair).versus
    assert {c.difference.interval for c in versus.comparisons.values()} == {None}
    assert not any(cell.differs for each in filled(TABLE_1, pair).rows for cell in each.cells)


def test_clicks_are_held_against_plain_and_random_and_random_against_plain(three):
    found = [(v.treated.name, v.control.name) for v in filled(TABLE_2, three).versus]
    assert found == [("random", "plain"), ("clicks", "plain"), ("clicks", "random")]


def test_other_models_and_set_ups_are_not_compared():
    others = [
        imagenet("R18", "R18", CLICKS, KEYS),
        imagenet("R50", "R50", PLAIN, KEYS),
        replace(imagenet("R18 pretrained", "R18", PLAIN, KEYS), setup="pretrained"),
    ]
    assert not filled(TABLE_1, others).versus


def changed(trained, key, **fields):
    """The training with other fields in one column's results."""
    numbers = {
        seed: replace(each, result=msgspec.structs.replace(each.result, **fields))
        for seed, each in trained.numbers[key].items()
    }
    return replace(trained, numbers=trained.numbers | {key: numbers})


def refused(*pair):
    (versus,) = filled(TABLE_1, pair).versus
    assert not versus.refused.keys() & versus.comparisons.keys()
    return versus.refused


def test_unlike_numbers_are_shown_and_not_compared(three):
    plain, _, clicks = three
    assert refused(plain, changed(clicks, "IN-V2", definition="Of 200.")) == {
        "IN-V2": "measured by different definitions"
    }
    assert refused(plain, changed(clicks, "IN-V2", n=9)) == {"IN-V2": "measured on different pictures"}
    table = filled(TABLE_1, [plain, changed(clicks, "IN-V2", definition="Of 200.")])
    assert len(table.definitions["IN-V2"]) == 2
    assert "10,000 pictures of “IN-V2”." in table.definitions["IN-V2"][1]


def test_seeds_without_a_partner_are_not_left_out_silently(three):
    plain, _, clicks = three
    fewer = {key: {seed: each for seed, each in column.items() if seed} for key, column in clicks.numbers.items()}
    said = refused(plain, replace(clicks, numbers=fewer))
    assert set(said) == set(KEYS)
    assert said["IN-1K"] == "seeds differ (1, 2, 3, 4; 0, 1, 2, 3, 4): not paired"


def test_pictures_are_drawn_anew_only_where_every_run_kept_its_answers(three):
    plain, _, clicks = three
    (versus,) = filled(TABLE_1, [plain, clicks]).versus
    assert set(versus.over_pictures) == set(KEYS)
    low, high = versus.over_pictures["ObjNet"]
    assert low < versus.comparisons["ObjNet"].difference.mean < high
    lost = {0: replace(clicks.numbers["ObjNet"][0], answers=None)}
    partly = replace(clicks, numbers=clicks.numbers | {"ObjNet": clicks.numbers["ObjNet"] | lost})
    (versus,) = filled(TABLE_1, [plain, partly]).versus
    assert set(versus.over_pictures) == {"IN-1K", "IN-V2"}


def test_a_part_of_a_benchmark_is_marked(three):
    table = filled(TABLE_1, [changed(three[0], "IN-V2", subset="matched_frequency (partial)")])
    assert [cell.partial for cell in row(table, "R50").cells[:3]] == [False, True, False]


def test_a_model_from_elsewhere_is_compared_with_nothing(three):
    hub = Trained("timm:resnet50", "timm:resnet50", "elsewhere", numbers=three[0].numbers)
    table = filled(TABLE_1, [three[0], hub])
    assert table.rows[-1].label == "timm:resnet50"
    assert not table.versus
