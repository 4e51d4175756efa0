import msgspec

from sidelight.collect.campaign.practice import Practice, PracticePage, Texts, judge, make_practice
from sidelight.collect.store.plan import Plan
from sidelight.collect.wire.answer import BrowseAnswer, PaintAnswer, TagAnswer


def test_practice_of_browse_knows_both_answers(many, browse):
    own = [one for one in many if one.pool == "images"]
    labels = {one.id: one.label for one in own}
    practice = make_practice(own, msgspec.structs.replace(browse, practice_pages=2))
    assert len({page.plan.label for page in practice.pages}) == 2
    for page in practice.pages:
        assert len(page.plan.pictures) <= 12
        assert {labels[one] for one in page.yes} == {page.plan.label}
        assert page.plan.label not in {labels[one] for one in page.no}
        assert {*page.yes, *page.no} == {*page.plan.pictures}


def test_distractors_of_unknown_class_are_not_judged(many, browse):
    (page,) = make_practice(many, browse).pages
    assert page.no == ()
    assert page.yes


def test_gold_pictures_come_first(many, browse):
    gold = [msgspec.structs.replace(one, gold=one.id == "o7") for one in many]
    (page,) = make_practice(gold, browse).pages
    assert page.yes == ("o7",)


def test_practice_of_paint_and_tag_knows_the_folders_class(many, browse):
    for task in ("paint", "tag"):
        (page,) = make_practice(many, msgspec.structs.replace(browse, task=task)).pages
        assert len(page.plan.pictures) == 1
        assert page.yes in (("owl",), ("heron",))


def test_there_may_be_none(many, browse):
    assert make_practice(many, msgspec.structs.replace(browse, practice_pages=0)) == Practice()


PAGE = PracticePage(Plan(("a", "b", "c", "d")), yes=("a", "b"), no=("c", "d"))


def test_a_good_answer_passes_and_is_praised():
    said = judge(PAGE, BrowseAnswer({"a": None, "b": None}), Texts())
    assert said.passed
    assert "Well done" in said.feedback


def test_what_is_missed_and_wrong_is_said_in_numbers():
    said = judge(PAGE, BrowseAnswer({"c": None, "d": None}), Texts())
    assert not said.passed
    assert "You missed 2" in said.feedback
    assert "2 of those" in said.feedback


def test_half_is_enough_to_go_on():
    assert judge(PAGE, BrowseAnswer({"a": None}), Texts()).passed
    assert not judge(PAGE, BrowseAnswer({}), Texts()).passed
    assert not judge(PAGE, BrowseAnswer(dict.fromkeys("abcd")), Texts()).passed


def test_tag_and_paint_are_judged_by_the_class():
    page = PracticePage(Plan(("a",)), yes=("owl",))
    assert judge(page, TagAnswer({"owl": None, "cat": None}, (0,)), Texts()).passed
    assert not judge(page, TagAnswer({}, (0,)), Texts()).passed
    assert judge(page, PaintAnswer("owl", (2, 2), (1, 2, 1)), Texts()).passed
    assert not judge(page, PaintAnswer("cat", (2, 2), (1, 2, 1)), Texts()).passed


def test_a_blank_mask_does_not_pass():
    page = PracticePage(Plan(("a",)), yes=("owl",))
    said = judge(page, PaintAnswer("owl", (2, 2), (4,)), Texts())
    assert not said.passed
    assert "Nothing is painted" in said.feedback


def test_own_texts_are_shown_safely():
    said = judge(PAGE, BrowseAnswer({}), Texts(missed="**{n}** fehlen <script>"))
    assert "<strong>2</strong> fehlen &lt;script&gt;" in said.feedback
