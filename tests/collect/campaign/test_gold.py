import pytest

from sidelight.collect.campaign.gold import mark_gold
from sidelight.records.errors import UserFault


@pytest.fixture
def table(tmp_path):
    def write(*rows: str, head: str = "path,label,x0,y0,x1,y1"):
        file = tmp_path / "gold.csv"
        file.write_text("\n".join([head, *rows]))
        return file

    return write


def test_listed_pictures_become_gold_with_all_their_boxes(many, table):
    marked, faults = mark_gold(many, table("owl/1,,0.1,0.2,0.5,1", "owl/1,,0,0,1,1", "owl/2,heron,,,,"))
    assert faults == []
    gold = {one.path: one for one in marked if one.gold}
    assert gold["owl/1"].boxes == ((0.1, 0.2, 0.5, 1.0), (0.0, 0.0, 1.0, 1.0))
    assert (gold["owl/2"].label, gold["owl/2"].boxes) == ("heron", None)
    assert len(gold) == 2
    assert len(marked) == len(many)


def test_boxes_are_not_needed(many, table):
    marked, faults = mark_gold(many, table("owl/1,owl", head="path,label"))
    assert (sum(one.gold for one in marked), faults) == (1, [])


@pytest.mark.parametrize(
    "row", ["owl/none,,,,,", "owl/1,,0.5,0,0.5,1", "owl/1,,a,0,1,1", "owl/1,,0,0,nan,1", "owl/1,,0,0,1,"]
)
def test_a_row_that_cannot_be_used_is_told_by_its_line(many, table, row):
    marked, faults = mark_gold(many, table("owl/2,,,,,", row))
    assert [fault.location for fault in faults] == ["gold.csv, line 3"]
    assert sum(one.gold for one in marked) == 1


def test_another_table_is_refused(many, table, tmp_path):
    with pytest.raises(UserFault, match="columns file"):
        mark_gold(many, table("a", head="file"))
    with pytest.raises(UserFault, match="gold table"):
        mark_gold(many, tmp_path / "none.csv")
