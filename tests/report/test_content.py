import dataclasses

import pytest

from sidelight.report.content import Condition, Content


def test_a_condition_without_words_about_it_is_studied_and_unguided():
    bare = Condition("clicks", "Where people clicked.")
    assert (bare.role, bare.group, bare.gradient_ratio, dict(bare.points_in_box)) == ("treated", "", None, {})


def test_content_is_a_value():
    content = Content("t", (), ())
    assert content == Content("t", (), ())
    with pytest.raises(dataclasses.FrozenInstanceError):
        content.title = "other"
