import re

import matplotlib as mpl

from sidelight.report.content import Condition
from sidelight.report.figure import BLUE, CSS_NAMES, colours, dashes, inline_svg, marker, new_panel, png, style

CONDITIONS = (Condition("plain", "", "baseline"), Condition("random", "", "control"), Condition("clicks", ""))


def drawn(label="epoch"):
    with style():
        figure, axes = new_panel(3, 2)
        axes.plot([1, 2], [1, 3], color=BLUE)
        axes.set_xlabel(label)
    return figure


def test_a_figure_fetches_nothing_and_names_no_address():
    svg = inline_svg(drawn(), name="a", alt="a line")
    assert "http" not in svg
    assert "<style" not in svg
    assert "<metadata" not in svg


def test_colours_follow_the_page():
    svg = inline_svg(drawn(), name="a", alt="a line")
    assert "var(--blue)" in svg
    assert not [colour for colour in CSS_NAMES if colour in svg]


def test_ids_of_two_figures_differ_and_references_follow_them():
    first, second = (inline_svg(drawn(), name=name, alt="") for name in ("a", "b"))
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (first, second)]
    assert not ids[0] & ids[1]
    assert set(re.findall(r"url\(#([^)]+)\)", first)) <= ids[0]


def test_text_stays_text_and_is_escaped():
    svg = inline_svg(drawn('<script>alert("x")</script> $\\frac{'), name="a", alt='"><script>')
    assert "&lt;script&gt;" in svg
    assert "<script" not in svg
    assert "$\\frac{" in svg


def test_letters_that_our_font_lacks_are_left_to_the_browser():
    assert "点击" in inline_svg(drawn("点击"), name="a", alt="")


def test_the_same_figure_gives_the_same_bytes():
    assert inline_svg(drawn(), name="a", alt="x") == inline_svg(drawn(), name="a", alt="x")
    assert png(drawn()) == png(drawn())


def test_a_figure_for_a_file_is_a_png():
    assert png(drawn()).startswith(b"\x89PNG")


def test_no_setting_is_left_behind():
    before = dict(mpl.rcParams)
    inline_svg(drawn(), name="a", alt="")
    assert dict(mpl.rcParams) == before


def test_every_condition_has_its_own_colour():
    many = (*CONDITIONS, Condition("shuffled", "", "control"), Condition("centre", "", "control"), Condition("box", ""))
    assert len(set(colours(many).values())) == len(many)


def test_roles_are_told_apart_without_colour():
    assert [marker(condition) for condition in CONDITIONS] == ["s", "D", "o"]
    assert [dashes(condition) for condition in CONDITIONS] == ["-", "--", "-"]
