import pytest
from tests.collect.requester.test_payout import WHY

from sidelight.collect.campaign.settings import Pay
from sidelight.collect.requester.pay_files import read_bonuses, read_rejections
from sidelight.collect.requester.payments import payments
from sidelight.records.errors import FaultsFound, UserFault


def written(tmp_path, text, encoding="utf-8"):
    (tmp_path / "t.csv").write_text(text, encoding)
    return tmp_path / "t.csv"


def test_the_dashboards_table_of_payments_can_be_given_as_it_is(tmp_path, store, hand):
    for name in ("-dash", "plain"):
        page = hand.page(hand.assignment(hand.hit(1), hand.session(name)), active_ms=1_800_000.0)
        assert page
    with store.read() as c:
        table = payments(c, (), Pay(per_hit=3.0, hourly_floor=12.0))
    assert "'-dash" in table
    assert read_bonuses(written(tmp_path, "\ufeff" + table)) == {"-dash": 300, "plain": 300}


def test_amounts_are_exact_and_nothing_is_no_bonus(tmp_path):
    file = written(tmp_path, "session,bonus\na,0.29\nb,\nc,0.00\nd,2\n")
    assert read_bonuses(file) == {"a": 29, "d": 200}


@pytest.mark.parametrize("amount", ["-1", "1.005", "nan", "inf", "one", '"0,35"'])
def test_what_is_no_amount_is_refused_with_its_line(tmp_path, amount):
    with pytest.raises(FaultsFound, match=r"t\.csv, line 3: bonus"):
        read_bonuses(written(tmp_path, f"session,bonus\na,1.00\nb,{amount}\n"))


def test_who_stands_there_twice_is_said(tmp_path):
    with pytest.raises(FaultsFound, match="line 3: a once more"):
        read_bonuses(written(tmp_path, "session,bonus\na,1.00\na,1.00\n"))


def test_a_rejection_holds_category_and_reason(tmp_path):
    file = written(tmp_path, f"session,category,message\na,NO_DATA,{WHY.message}\n")
    assert read_rejections(file) == {"a": WHY}


def test_rejections_that_prolific_would_not_take_are_all_said_at_once(tmp_path):
    file = written(tmp_path, f"session,category,message\na,LAZY,{WHY.message}\nb,NO_DATA,too short\n")
    with pytest.raises(FaultsFound) as found:
        read_rejections(file)
    assert [fault.location for fault in found.value.faults] == ["t.csv, line 2", "t.csv, line 3"]
    assert "TOO_QUICKLY" in str(found.value)
    assert "9 letters; at least 100" in str(found.value)


@pytest.mark.parametrize("text", ["", "who,bonus\na,1\n"])
def test_a_table_without_the_columns_is_refused(tmp_path, text):
    with pytest.raises(UserFault, match="no column 'session'"):
        read_bonuses(written(tmp_path, text))


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(UserFault, match="UTF-8"):
        read_bonuses(written(tmp_path, "session,bonus\n\u00e4,1\n", "latin-1"))
    with pytest.raises(UserFault, match="No such file"):
        read_bonuses(tmp_path / "none.csv")
