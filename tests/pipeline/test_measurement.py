import numpy as np
import pytest

from sidelight.data.format.reader import Dataset
from sidelight.data.source.progress import silent
from sidelight.pipeline.measurement import Measurement, Options
from sidelight.pipeline.subject import load_subject


def looking(run, data, *, subsets=(), progress=silent):
    dataset = Dataset.open(data)
    examples = [e for e in dataset.examples() if e.split == "test"]
    return Measurement(load_subject(str(run)), dataset, examples, Options(subsets=subsets), progress)


@pytest.fixture(scope="module")
def measurement(run, clicks):
    return looking(run, clicks)


def test_one_pass_gives_scores_points_and_maps(measurement):
    scores, points, maps = measurement.seen
    assert (scores.shape, points.shape, len(maps)) == ((20, 10), (20, 1, 2), 20)
    assert measurement.seen[0] is scores


def test_the_mean_of_a_map_and_the_score_of_its_class_rise_together(measurement):
    """For average pooling the map's mean and the classifier's offset are the score."""
    scores, _, maps = measurement.seen
    offset = measurement.subject.backbone.net.get_classifier().bias.detach().numpy()
    classes = measurement.labels
    expected = scores[np.arange(20), classes]
    assert np.allclose(maps.mean(axis=(1, 2)) + offset[classes], expected, atol=1e-4)


def test_every_picture_is_looked_at_once(run, clicks):
    told = []
    looked = looking(run, clicks, progress=lambda done, total: told.append(done))
    assert looked.seen is looked.seen
    assert told == list(range(1, 21))


def test_boxes_are_those_of_the_view(measurement):
    """The pictures are square, so that nothing is cut away."""
    for before, after in zip(measurement.boxes, measurement.viewed_boxes, strict=True):
        assert after == pytest.approx(before)


def test_parts_are_named_by_the_coverage_of_their_boxes(run, clicks, median_area):
    names, rows = zip(*looking(run, clicks, subsets=(0.9, median_area, 1e-6)).subsets(), strict=True)
    assert names == ("all", "box<=0.9", f"box<={median_area:g}")
    assert [int(part.sum()) for part in rows][:2] == [20, 20]
    assert 0 < rows[2].sum() < 20


def test_a_model_without_a_point_head_has_no_points(plain_run, clicks):
    _, points, maps = looking(plain_run, clicks).seen
    assert points is None
    assert maps is not None


def test_with_several_labels_there_is_no_map_of_the_true_class(run, tagged):
    looked = looking(run, tagged)
    assert not looked.single
    assert looked.boxes_labelled
    assert looked.targets.sum(axis=1).max() > 1
    assert looked.seen[2] is None
