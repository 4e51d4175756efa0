import re

from sidelight.collect.export.grade import SHIFT_RANGE_MS
from sidelight.pipeline.collect_names import Names


def test_equal_people_are_equal_within_an_export_and_in_no_other():
    names, others = Names("L1"), Names("L1")
    assert names.person("s1") == names.person("s1") != names.person("s2")
    assert names.person("s1") != others.person("s1")


def test_a_person_is_called_as_in_the_published_files():
    assert re.fullmatch("[0-9A-F]{10}", Names("L3").person("session"))


def test_a_name_depends_on_what_it_names():
    names = Names("L2")
    assert names.name("hit_id", "x") != names.name("assignment_id", "x")


def test_below_the_first_grade_nobody_has_a_name():
    assert Names("L0").person("s1") == Names("L0").name("hit_id", "h") == ""


def test_clocks_are_moved_at_the_second_grade_alone_each_by_its_own_amount():
    names = Names("L2")
    shifts = [names.shift_ms(f"s{n}") for n in range(50)]
    assert [names.shift_ms(f"s{n}") for n in range(50)] == shifts
    assert len(set(shifts)) == 50
    assert all(abs(shift) <= SHIFT_RANGE_MS for shift in shifts)
    assert min(shifts) < 0 < max(shifts)
    assert Names("L1").shift_ms("s") == Names("L3").shift_ms("s") == 0.0
