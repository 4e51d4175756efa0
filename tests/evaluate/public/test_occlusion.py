import numpy as np
import pytest

from sidelight.evaluate.public.occlusion import CentreOcclusion
from sidelight.records.errors import UserFault
from sidelight.records.shown import Shown


def test_the_definition_says_which_hole_and_what_is_in_it():
    likeliest = CentreOcclusion().definition()["top1"].definition
    assert "112/224" in likeliest
    assert "after normalisation" in likeliest
    other = CentreOcclusion(hole=56, fill="black").definition()["top1"].definition
    assert "56/224" in other
    assert "black" in other


def test_the_hole_is_part_of_how_pictures_are_shown():
    shown = CentreOcclusion(hole=56, fill="black").preparation
    assert (shown.hole, shown.fill, shown.fit, shown.border) == (56, "black", "model", 0)


@pytest.mark.parametrize("hole", [0, -1, 224])
def test_no_hole_and_a_hole_without_a_picture_are_refused(hole):
    with pytest.raises(UserFault, match="1 to 223"):
        CentreOcclusion(hole=hole)


def test_the_number_is_the_share_of_right_answers():
    rows = [Shown("a", (0,)), Shown("b", (0,))]
    measure = CentreOcclusion()
    (number,) = measure.numbers(measure.answers(np.eye(2, dtype=np.float32), rows, ()), rows)
    assert (number.metric, number.value, number.n) == ("top1", 0.5, 2)
