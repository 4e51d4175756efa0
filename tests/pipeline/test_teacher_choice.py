import pytest

from sidelight.pipeline.teacher_choice import choose_teacher, worth
from sidelight.records.errors import UserFault
from sidelight.records.result import Result


def seen(auc, correlation, split="validation", subset="all"):
    about = {"definition": "", "higher_is_better": True, "n": 10, "split": split, "subset": subset}
    return [
        Result("two_class", "auc", auc, **about),
        Result("alignment", "correlation", correlation, **about),
    ]


def test_worth_is_knowledge_above_chance_times_looking_where_people_look():
    assert worth(seen(0.9, 0.5)) == pytest.approx(0.4)
    assert worth(seen(0.5, 1.0)) == 0
    assert worth(seen(1.0, -0.5)) == 0


def test_a_shortcut_that_is_right_in_validation_does_not_teach():
    candidates = {"reads the backdrop": seen(0.99, 0.05), "looks at the face": seen(0.8, 0.5)}
    assert choose_teacher(candidates) == "looks at the face"


def test_of_equals_the_first_teaches():
    assert choose_teacher({"b": seen(0.8, 0.5), "a": seen(0.8, 0.5)}) == "b"


def test_the_test_and_single_generators_are_not_looked_at():
    honest = [*seen(0.6, 0.2, split="test"), *seen(0.6, 0.2, subset="smear"), *seen(0.8, 0.5)]
    for unseen in (0.0, 1.0):
        bribe = [*seen(unseen, unseen, split="test"), *seen(unseen, unseen, subset="smear")]
        assert worth([*bribe, *seen(0.8, 0.5)]) == worth(honest)


def test_a_candidate_that_was_not_measured_there_is_refused():
    with pytest.raises(UserFault, match="alignment/correlation on the validation pictures"):
        choose_teacher({"a": seen(0.8, 0.5), "b": seen(0.8, 0.5)[:1]})


def test_one_alone_is_taken_without_looking():
    assert choose_teacher({"only": []}) == "only"
