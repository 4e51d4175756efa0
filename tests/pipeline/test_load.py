from dataclasses import replace

import numpy as np
import pytest

from sidelight.data.format.points import read_points
from sidelight.data.format.reader import Dataset
from sidelight.data.guidance import Guidance
from sidelight.data.images import read_image
from sidelight.data.plant import Plant, choose_donors
from sidelight.data.saliency import Saliency
from sidelight.data.selection import Selection
from sidelight.pipeline.load import boxes_of, load_split, one_hot, planted
from sidelight.recipes.conditions import plain
from sidelight.records.errors import UserFault
from sidelight.records.example import Box, Example
from sidelight.signal.compositing import tile_background
from sidelight.signal.heat_map import box_map, centre_of_mass
from sidelight.train.objective.energy import Energy

PLANT = Plant(rate=1.0, donors_per_class=1)


@pytest.fixture(scope="module")
def dataset(clicks):
    return Dataset.open(clicks)


def rows_of(dataset, split):
    return [row for row, example in enumerate(dataset.examples()) if example.split == split]


@pytest.mark.parametrize(("split", "n"), [("train", 30), ("validation", 10), ("test", 20)])
def test_a_split_holds_its_pictures_in_the_order_of_the_dataset(dataset, tiny, split, n):
    loaded = load_split(dataset, tiny, split, seed=0)
    assert len(loaded.labelled) == len(loaded.examples) == n
    assert list(loaded.labelled.ids) == [e.id for e in dataset.examples() if e.split == split]
    assert (loaded.labelled.targets.argmax(axis=1) == [e.labels[0] for e in loaded.examples]).all()
    first = read_image(dataset.image_path(loaded.examples[0]))
    assert (loaded.labelled.images[0] == first).all()


def test_clicks_belong_to_their_pictures(dataset, tiny):
    points = load_split(dataset, tiny, "test", seed=0).labelled.points
    everything, rows = read_points(dataset), rows_of(dataset, "test")
    assert (points.xy == everything.xy[rows]).all()
    assert (points.has == everything.has[rows]).all()


def test_a_control_is_drawn_anew_for_every_seed(dataset, tiny):
    uniform = replace(tiny, guidance=Guidance("uniform"))
    points = [load_split(dataset, uniform, "train", seed=seed).labelled.points for seed in (0, 0, 1)]
    assert (points[0].xy == points[1].xy).all()
    assert (points[0].xy != points[2].xy).any()


def test_a_plain_recipe_is_told_nothing(dataset, tiny):
    assert not load_split(dataset, plain(tiny), "train", seed=0).labelled.points.has.any()


def test_pictures_without_clicks_can_be_validated_on_but_not_trained_on(pictures, tiny):
    bare = Dataset.open(pictures)
    assert not load_split(bare, tiny, "validation", seed=0).labelled.points.has.any()
    with pytest.raises(UserFault, match="none of the 30 pictures has a click"):
        load_split(bare, tiny, "train", seed=0)


def test_an_empty_selection_names_the_splits_there_are(dataset, tiny):
    nothing = replace(tiny, selection=Selection(0.001))
    with pytest.raises(UserFault, match=r"split 'test': no picture.*\['test', 'train', 'validation'\]"):
        load_split(dataset, nothing, "test", seed=0)


def test_one_hot_marks_every_label():
    examples = [Example("a", "a.png", "train", 8, 8, labels) for labels in ((2,), (0, 1), ())]
    assert one_hot(examples, 3).tolist() == [[0, 0, 1], [1, 1, 0], [0, 0, 0]]


def test_boxes_become_an_array_even_when_there_are_none():
    assert boxes_of(Example("a", "a.png", "train", 8, 8, (0,), (Box(0, 0.25, 0.5, 1),))).tolist() == [[0, 0.25, 0.5, 1]]
    assert boxes_of(Example("a", "a.png", "train", 8, 8, (0,))).shape == (0, 4)


def inside(example):
    """[H, W] which pixels lie in the example's box."""
    (box,) = example.boxes
    mask = np.zeros((example.height, example.width), bool)
    rows = slice(round(box.y0 * example.height), round(box.y1 * example.height))
    mask[rows, round(box.x0 * example.width) : round(box.x1 * example.width)] = True
    return mask


def test_planting_keeps_the_box_and_replaces_the_rest(dataset):
    examples = [e for e in dataset.examples() if e.split == "test"][:5]
    change = planted(dataset, PLANT, examples)
    for row, example in enumerate(examples):
        before = read_image(dataset.image_path(example))
        after = change(row, before.copy())
        assert (after == before)[inside(example)].all()
        assert (after != before)[~inside(example)].mean() > 0.5


def test_pictures_of_a_class_share_the_background_of_their_donor(dataset):
    examples = [e for e in dataset.examples() if e.split == "test"]
    pair = next([a, b] for i, a in enumerate(examples) for b in examples[:i] if a.labels == b.labels)
    change = planted(dataset, PLANT, pair)
    one, other = (change(row, read_image(dataset.image_path(e))) for row, e in enumerate(pair))
    background = ~inside(pair[0]) & ~inside(pair[1])
    assert (one == other)[background].all()


def test_a_donor_gets_the_background_of_the_other_donor_of_its_class(dataset):
    pair = Plant(rate=1.0, donors_per_class=2)
    training = [e for e in dataset.examples() if e.split == "train"]
    change = planted(dataset, pair, training)
    chosen = choose_donors(pair, [e.labels[0] for e in training], [e.boxes[0].area for e in training])
    pictures = [read_image(dataset.image_path(example)) for example in training]
    for one, other in [order for places in chosen.values() for order in (places.tolist(), places.tolist()[::-1])]:
        tile = tile_background(pictures[other], boxes_of(training[other]))
        assert (change(one, pictures[one]) == tile)[~inside(training[one])].all()


def test_a_planted_recipe_changes_its_pictures_and_not_its_labels(dataset, tiny):
    as_they_are, changed = (load_split(dataset, replace(tiny, plant=p), "train", seed=0) for p in (None, PLANT))
    assert changed.examples == as_they_are.examples
    assert (changed.labelled.targets == as_they_are.labelled.targets).all()
    assert (changed.labelled.images[1] != as_they_are.labelled.images[1]).any()


@pytest.fixture(scope="module")
def told(tiny):
    """The recipe with maps in the place of points."""
    return replace(plain(tiny), objective=Energy(), saliency=Saliency("boxes", size=16))


@pytest.mark.parametrize("split", ["train", "validation"])
def test_maps_belong_to_their_pictures(dataset, told, split):
    loaded = load_split(dataset, told, split, seed=0)
    for row, example in enumerate(loaded.examples):
        (drawn,), _ = loaded.labelled.saliency.of_picture(row)
        np.testing.assert_allclose(drawn, box_map(boxes_of(example), (16, 16)), atol=1e-3)


def test_clicks_are_drawn_where_the_guidance_s_policy_puts_them(dataset, told):
    loaded = load_split(dataset, replace(told, saliency=Saliency("clicks", blur=0.05)), "train", seed=0)
    points = read_points(dataset).xy[rows_of(dataset, "train")]
    for row in np.flatnonzero(loaded.labelled.saliency.has[:, 0]):
        at = centre_of_mass(loaded.labelled.saliency.of_picture(row)[0][0])
        assert at == pytest.approx(tuple(points[row, 0]), abs=0.06)


def test_a_share_and_a_control_reach_the_training_pictures(dataset, told):
    part = replace(told, saliency=replace(told.saliency, share=0.5, control="mean"))
    table = load_split(dataset, part, "train", seed=0).labelled.saliency
    assert table.has.sum() == 15
    assert len(table.maps) == 1


def test_a_recipe_without_maps_loads_none(dataset, tiny):
    assert load_split(dataset, tiny, "train", seed=0).labelled.saliency is None


def test_pictures_without_maps_can_be_validated_on_but_not_trained_on(dataset, told):
    maps = replace(told, saliency=Saliency("maps"))
    assert load_split(dataset, maps, "validation", seed=0).labelled.saliency is None
    with pytest.raises(UserFault, match="saliency 'maps': none of the 30 pictures has such an annotation"):
        load_split(dataset, maps, "train", seed=0)
