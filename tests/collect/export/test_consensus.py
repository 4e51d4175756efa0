from sidelight.collect.export.consensus import decided_label, tagged_labels, voted_labels
from sidelight.records.annotation import Annotation


def said(label, selected=True):
    return Annotation("1", "cat", label=label, selected=selected)


def test_half_of_those_asked_suffice():
    assert voted_labels([said(0), said(0, False), said(1, False)]) == (0,)


def test_pages_without_a_class_do_not_vote():
    assert voted_labels([Annotation("1", "cat", selected=True)]) == ()


def test_icons_count_against_everybody_who_saw_the_picture():
    assert tagged_labels([said(3), said(3), said(5)], people=4) == (3,)


def test_most_decisions_win_and_a_tie_decides_nothing():
    assert decided_label([said(1), said(1), said(0)]) == 1
    assert decided_label([said(1), said(0)]) is None
    assert decided_label([]) is None
