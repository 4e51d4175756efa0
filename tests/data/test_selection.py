import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.selection import Selection, box_coverage
from sidelight.data.source.split import split_by_share
from sidelight.records.errors import UserFault
from sidelight.records.example import Box, Example


def photo(*boxes, name="e", split="train"):
    return Example(name, f"{name}.png", split, 64, 64, (0,), boxes=boxes)


HALF, QUARTER = Box(0, 0, 0.5, 1), Box(0.5, 0.5, 1, 1)


def test_by_default_every_picture_of_the_split_is_used():
    pictures = [photo(name="a"), photo(HALF, name="b", split="test"), photo(Box(0, 0, 1, 1), name="c")]
    assert [e.id for e in Selection().of(pictures, "train")] == ["a", "c"]


def test_pictures_with_large_boxes_are_left_out():
    pictures = [photo(HALF, name="half"), photo(QUARTER, name="quarter"), photo(HALF, QUARTER, name="both")]
    assert [e.id for e in Selection(0.5).of(pictures, "train")] == ["half", "quarter"]


def test_a_picture_without_a_box_is_left_out_once_size_matters():
    assert Selection(1.0).keeps(photo())
    assert not Selection(0.99).keeps(photo())


@pytest.mark.parametrize("share", [0.0, -0.5, 1.5, float("nan")])
def test_a_limit_that_is_no_share_is_refused(share):
    with pytest.raises(UserFault, match="max_box_coverage"):
        Selection(share)


def test_overlapping_boxes_count_once():
    assert box_coverage(photo(Box(0, 0, 0.5, 0.5), Box(0.25, 0.25, 0.75, 0.75))) == pytest.approx(7 / 16)


def mapped(name, split="train"):
    return Example(name, f"{name}.png", split, 64, 64, (0,), map_path=f"maps/{name}.png")


def test_the_annotated_part_has_maps_and_the_rest_has_none_in_training_alone():
    pictures = [mapped("a"), photo(name="b"), mapped("c", "validation"), photo(name="d", split="validation")]
    for part, kept in (("all", "ab"), ("annotated", "a"), ("rest", "b")):
        assert [e.id for e in Selection(part=part).of(pictures, "train")] == list(kept)
        assert [e.id for e in Selection(part=part).of(pictures, "validation")] == ["c", "d"]


def test_a_share_chooses_by_id_and_a_smaller_one_is_part_of_a_larger():
    pictures = [photo(name=f"p{i}") for i in range(2000)]
    few, many = (
        {e.id for e in Selection(part="annotated", annotated_share=share).of(pictures, "train")} for share in (0.1, 0.3)
    )
    rest = {e.id for e in Selection(part="rest", annotated_share=0.1).of(pictures, "train")}
    assert few < many
    assert len(few) == pytest.approx(200, abs=40)
    assert few | rest == {e.id for e in pictures}
    assert not few & rest


def test_size_and_part_are_both_asked():
    pictures = [photo(QUARTER, name="small"), photo(Box(0, 0, 1, 1), name="large")]
    assert [e.id for e in Selection(0.5, part="rest").of(pictures, "train")] == ["small"]


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1])
def test_a_share_that_leaves_nothing_is_refused(share):
    with pytest.raises(UserFault, match="annotated_share"):
        Selection(annotated_share=share)


edges = st.lists(st.integers(0, 32), min_size=2, max_size=2, unique=True).map(sorted)


@given(st.lists(st.tuples(edges, edges), max_size=4))
def test_coverage_is_the_painted_share(rectangles):
    painted = np.zeros((32, 32), bool)
    for (x0, x1), (y0, y1) in rectangles:
        painted[y0:y1, x0:x1] = True
    boxes = [Box(x0 / 32, y0 / 32, x1 / 32, y1 / 32) for (x0, x1), (y0, y1) in rectangles]
    assert box_coverage(photo(*boxes)) == pytest.approx(painted.mean())


def test_a_share_of_the_training_pictures_leaves_the_others_whole_and_grows():
    pictures = [photo(name=f"p{i}") for i in range(2000)] + [photo(name=f"t{i}", split="test") for i in range(9)]
    few, many = ({e.id for e in Selection(training_share=s).of(pictures, "train")} for s in (0.1, 0.3))
    assert few < many
    assert len(few) == pytest.approx(200, abs=40)
    assert len(Selection(training_share=0.1).of(pictures, "test")) == 9


def test_which_pictures_train_tells_nothing_about_which_are_annotated():
    pictures = [photo(name=f"p{i}") for i in range(4000)]
    kept = Selection(part="annotated", annotated_share=0.5, training_share=0.5).of(pictures, "train")
    assert len(kept) == pytest.approx(1000, abs=90)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "chosen", [Selection(part="annotated", annotated_share=0.125), Selection(training_share=0.125)]
)
def test_a_share_is_one_of_the_training_pictures_however_they_were_split(seed, chosen):
    names = [f"p{i}" for i in range(4000)]
    left = [n for n in names if split_by_share(n, validation=0.1, test=0.25, seed=seed) == "train"]
    kept = chosen.of([photo(name=name) for name in left], "train")
    assert len(kept) / len(left) == pytest.approx(0.125, abs=0.03)


@pytest.mark.parametrize("share", [0.0, 1.1, -0.1])
def test_a_training_share_out_of_range_is_refused(share):
    with pytest.raises(UserFault, match="training_share"):
        Selection(training_share=share)
