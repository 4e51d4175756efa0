"""The paper's own sentences about its tables, as a check of the numbers written down here."""

import pytest

from sidelight.report.paper import CLICKS, PAPER, PLAIN, RANDOM, TABLE_1, TABLE_2, TABLE_3, TABLE_4, TABLE_6, TABLE_7


def column(table, key):
    """(model, guided) -> the number printed."""
    place = [each.key for each in table.columns].index(key)
    return {(row.model, row.guided): row.printed[place] for row in table.rows}


def changes(table, *keys):
    """LUAB minus plain of every model, in the direction that is good."""
    better = {each.key: 1 if each.higher_is_better else -1 for each in table.columns}
    return [
        better[key] * round(value - column(table, key)[model, PLAIN], 1)
        for key in keys
        for (model, guided), value in column(table, key).items()
        if guided == CLICKS
    ]


@pytest.mark.parametrize("table", PAPER, ids=lambda table: table.heading)
def test_every_row_has_a_number_in_every_column(table):
    assert {len(row.printed) for row in table.rows} == {len(table.columns)}
    assert len({(row.model, row.guided, row.setup) for row in table.rows}) == len(table.rows)
    assert all(0 < number < 100 for row in table.rows for number in row.printed)
    assert {row.guided for row in table.rows} == set(table.names)


def test_thirty_of_thirty_five_are_no_worse_out_of_distribution():
    found = changes(TABLE_1, "IN-A", "IN-C", "IN-O", "IN-R", "Sketch")
    assert (len(found), sum(change >= 0 for change in found)) == (35, 30)


def test_si_score_is_better_in_all_cases_and_the_backgrounds_challenge_in_twelve_of_fourteen():
    assert min(changes(TABLE_1, "SI-size", "SI-loc", "SI-rot")) > 0
    assert sum(change > 0 for change in changes(TABLE_1, "BGC-gap", "BGC-acc")) == 12


def test_the_largest_transformer_goes_from_81_6_to_82_5():
    top1 = column(TABLE_1, "IN-1K")
    assert (top1["ViT-B", PLAIN], top1["ViT-B", CLICKS]) == (81.6, 82.5)


def test_localisation_gains_1_6_points():
    assert changes(TABLE_3, "Loc") == [1.6]


def test_resnet50_is_the_same_in_tables_1_2_and_4():
    for other in (TABLE_2, TABLE_4):
        for key in {each.key for each in other.columns} & {each.key for each in TABLE_1.columns}:
            for guided in (PLAIN, CLICKS):
                assert column(other, key)["R50", guided] == column(TABLE_1, key)["R50", guided]


def test_clicks_beat_random_points_but_once_in_table_2():
    numbers = {key: column(TABLE_2, key) for key in ("IN-1K", "ObjNet", "SI-size", "SI-loc", "SI-rot", "BGC-acc")}
    worse = [
        (key, model)
        for key, found in numbers.items()
        for model in ("R50", "ViT-Ti", "ViT-S")
        if found[model, CLICKS] <= found[model, RANDOM]
    ]
    assert worse == [("BGC-acc", "R50")]


def test_violations_fall_in_every_model_on_coco():
    for table in (TABLE_6, TABLE_7):
        assert min(changes(table, "mAP", "V_min", "V_avg")) > 0
    assert (column(TABLE_6, "mAP")["R50", PLAIN], column(TABLE_6, "mAP")["R50", CLICKS]) == (73.0, 74.2)
