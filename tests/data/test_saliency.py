from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.saliency import Drawing, Saliency, SaliencyTable, choose_maps
from sidelight.records.errors import UserFault
from sidelight.records.example import Example
from sidelight.signal.heat_map import gaussian_map

N, SIZE = 30, 8
EXAMPLES = [Example(f"photo_{i}", f"{i}.png", "train", 80, 40, (0,)) for i in range(N)]
ANNOTATED = [i for i in range(N) if i % 3]
MAPS = Saliency("maps", size=SIZE)


def table(rows=ANNOTATED, *, k=1, of=None):
    """A map a row of these, all different; class 1 where there are two."""

    def drawings():
        for row in rows:
            values = np.random.default_rng(row).random((SIZE, SIZE)) if of is None else of(row)
            yield Drawing(row, k - 1, values, worth=0.5 if row % 2 else 1.0)

    return SaliencyTable.of(drawings(), N, k=k, size=SIZE)


def chosen(choice=MAPS, *, seed=0, base=None):
    return choose_maps(table() if base is None else base, EXAMPLES, choice, seed=seed)


def test_a_table_holds_only_the_maps_there_are():
    found = table(k=2)
    assert found.maps.shape == (len(ANNOTATED), SIZE, SIZE)
    assert found.has.tolist() == [[False, i in ANNOTATED] for i in range(N)]
    maps, weight = found.of_picture(1)
    np.testing.assert_array_equal(maps[0], np.random.default_rng(1).random((SIZE, SIZE)).astype(np.float16))
    assert weight.min() == 1
    assert found.classes(1).tolist() == [1]
    assert [part.shape for part in found.of_picture(0)] == [(0, SIZE, SIZE)] * 2


def test_everything_known_takes_no_room_and_something_unknown_is_kept():
    assert table().weight.strides == (0, 0, 0)
    half = np.ones((SIZE, SIZE))
    half[:, :4] = 0
    drawings = [Drawing(0, 0, np.eye(SIZE)), Drawing(2, 0, np.eye(SIZE), weight=half)]
    found = SaliencyTable.of(iter(drawings), 3, k=1, size=SIZE)
    assert found.of_picture(0)[1].min() == 1
    np.testing.assert_array_equal(found.of_picture(2)[1][0], half)


CONTROLS = ["none", "shuffled", "mean", "uniform_points", "centre"]


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("share", [1.0, 0.5, 0.01])
def test_a_control_is_present_where_the_annotation_is_and_weighs_the_same(control, share):
    people, found = chosen(replace(MAPS, share=share)), chosen(replace(MAPS, share=share, control=control))
    np.testing.assert_array_equal(found.has, people.has)
    np.testing.assert_array_equal(found.worth, people.worth)
    assert found.maps.shape[1:] == (SIZE, SIZE)


@given(st.floats(0.01, 1), st.floats(0.01, 1), st.integers(0, 5))
def test_a_smaller_share_is_part_of_a_larger_one_whatever_the_seed(one, other, seed):
    small, large = (set(np.flatnonzero(chosen(replace(MAPS, share=s), seed=seed).has)) for s in sorted((one, other)))
    assert small <= large
    assert len(small) == max(1, round(min(one, other) * len(ANNOTATED)))


def test_which_pictures_are_told_of_depends_on_their_ids_not_on_their_order():
    half = replace(MAPS, share=0.5)
    names = {EXAMPLES[row].id for row in np.flatnonzero(chosen(half).has)}
    turned = choose_maps(table([N - 1 - row for row in ANNOTATED]), EXAMPLES[::-1], half, seed=0)
    assert {EXAMPLES[N - 1 - row].id for row in np.flatnonzero(turned.has)} == names


def test_shuffling_moves_whole_maps_between_pictures_by_the_seed():
    found = chosen(replace(MAPS, control="shuffled"), seed=1)
    assert sorted(found.place[found.has]) == sorted(table().place[table().has])
    moved = (found.place != table().place)[ANNOTATED]
    assert moved.mean() > 0.7
    assert (chosen(replace(MAPS, control="shuffled"), seed=2).place != found.place).any()


def test_the_mean_is_that_of_the_pictures_told_of_where_they_are_known():
    half = np.ones((SIZE, SIZE))
    half[:, :4] = 0
    one, other = np.full((SIZE, SIZE), 0.25), np.full((SIZE, SIZE), 0.75)
    drawings = [Drawing(0, 0, one), Drawing(1, 0, other, weight=half)]
    base = SaliencyTable.of(iter(drawings), N, k=1, size=SIZE)
    found = chosen(replace(MAPS, control="mean"), base=base)
    maps, weight = found.of_picture(1)
    np.testing.assert_allclose(maps[0], np.where(half, 0.5, 0.25))
    np.testing.assert_allclose(weight[0], np.where(half, 1.0, 0.5))
    assert len(found.maps) == 1


def test_the_mean_is_taken_a_class_at_a_time():
    drawings = [Drawing(row, row % 2, np.full((SIZE, SIZE), row / 10)) for row in range(4)]
    found = chosen(replace(MAPS, control="mean"), base=SaliencyTable.of(iter(drawings), N, k=2, size=SIZE))
    assert found.of_picture(0)[0].max() == pytest.approx(0.1, abs=1e-3)
    assert found.of_picture(3)[0].max() == pytest.approx(0.2, abs=1e-3)


def test_the_centre_is_a_round_gaussian_in_the_middle():
    found = chosen(replace(MAPS, control="centre", blur=0.2))
    expected = gaussian_map(np.array([[0.5, 0.5]]), (SIZE, SIZE), sigma=(0.1, 0.2))  # photos of 80 x 40
    for row in ANNOTATED:
        np.testing.assert_allclose(found.of_picture(row)[0][0], expected, atol=1e-3)


def test_a_random_point_is_drawn_once_a_picture_and_seed():
    uniform = replace(MAPS, control="uniform_points")
    one, again, other = (chosen(uniform, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.maps, again.maps)
    assert not np.array_equal(one.maps, other.maps)
    part = chosen(replace(uniform, share=0.3), seed=3)
    for row in np.flatnonzero(part.has):
        np.testing.assert_array_equal(part.of_picture(row)[0], one.of_picture(row)[0])


def test_maps_that_nobody_drew_are_missed():
    empty = SaliencyTable.of(iter(()), N, k=1, size=SIZE)
    with pytest.raises(UserFault, match="saliency 'maps': none of the 30 pictures has such an annotation"):
        chosen(base=empty)


@pytest.mark.parametrize(
    ("knobs", "message"),
    [
        ({"share": 1.5}, r"saliency\.share: 1\.5"),
        ({"blur": 0.0}, r"saliency\.blur: 0\.0"),
        ({"size": 0}, r"saliency\.size: 0"),
        ({"kind": "none", "control": "mean"}, "'mean' of kind 'none'"),
    ],
)
def test_a_contradiction_is_refused_when_it_is_written(knobs, message):
    with pytest.raises(UserFault, match=message):
        Saliency(**{"kind": "maps"} | knobs)
