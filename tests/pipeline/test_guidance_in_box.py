from dataclasses import replace

import numpy as np
import pytest

from sidelight.data.format.points import read_points
from sidelight.data.format.reader import Dataset
from sidelight.data.guidance import Guidance
from sidelight.data.selection import Selection
from sidelight.pipeline.guidance_in_box import points_in_box
from sidelight.recipes.recipe import as_values


@pytest.fixture(scope="module")
def dataset(clicks):
    return Dataset.open(clicks)


def shares(dataset, tiny, kind, *, limit=1.0, seed=0):
    recipe = replace(tiny, guidance=Guidance(kind), selection=Selection(limit))
    return points_in_box(dataset, as_values(recipe), seed=seed)


def test_clicks_are_counted_in_the_boxes_of_their_pictures(dataset, tiny):
    points, inside = read_points(dataset), []
    for row, example in enumerate(dataset.examples()):
        if example.split == "train" and points.has[row, 0]:
            inside.append(example.boxes[0].contains(*points.xy[row, 0].tolist()))
    assert shares(dataset, tiny, "clicks")["all"] == pytest.approx(np.mean(inside))


def test_the_box_s_centre_is_always_in_the_box(dataset, tiny):
    assert set(shares(dataset, tiny, "box_centre").values()) == {1.0}


def test_a_uniform_point_is_in_the_box_as_often_as_the_box_is_large(dataset, tiny):
    found = np.mean([shares(dataset, tiny, "uniform", seed=seed)["all"] for seed in range(30)])
    area = np.mean([e.boxes[0].area for e in dataset.examples() if e.split == "train"])
    assert abs(found - area) < 4 * np.sqrt(area * (1 - area) / 600)


def test_a_recipe_for_small_objects_has_no_share_of_all_pictures(dataset, tiny):
    assert list(shares(dataset, tiny, "clicks")) == ["all", "box<=0.5", "box<=0.25"]
    assert list(shares(dataset, tiny, "clicks", limit=0.5)) == ["box<=0.5", "box<=0.25"]


def test_without_boxes_or_with_several_labels_there_is_nothing_to_say(tagged, tiny):
    assert shares(Dataset.open(tagged), tiny, "clicks") == {}
