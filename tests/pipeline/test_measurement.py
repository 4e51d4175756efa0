import numpy as np
import pytest

from sidelight.data.format.reader import Dataset
from sidelight.data.source.progress import silent
from sidelight.pipeline.measurement import LocalisationOptions, Measurement, Options
from sidelight.pipeline.subject import load_subject


def looking(run, data, *, options=None, subsets=(), progress=silent):
    dataset = Dataset.open(data)
    examples = [e for e in dataset.examples() if e.split == "test"]
    return Measurement(load_subject(str(run)), dataset, examples, options or Options(subsets=subsets), progress)


@pytest.fixture(scope="module")
def measurement(run, clicks):
    return looking(run, clicks)


def test_one_pass_gives_scores_points_and_maps(measurement):
    seen = measurement.seen
    assert (seen.scores.shape, seen.points.shape, len(seen.maps)) == ((20, 10), (20, 1, 2), 20)
    assert seen.row.tolist() == list(range(20))
    assert seen.label.tolist() == measurement.labels.tolist()
    assert measurement.seen is seen


def test_the_mean_of_a_map_and_the_score_of_its_class_rise_together(measurement):
    """For average pooling the map's mean and the classifier's offset are the score."""
    scores, maps = measurement.seen.scores, measurement.seen.maps
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
    seen = looking(plain_run, clicks).seen
    assert seen.points is None
    assert seen.maps is not None


def test_with_several_labels_there_is_a_map_for_each(tagger, tagged):
    looked = looking(tagger, tagged)
    assert not looked.single
    assert looked.boxes_labelled
    pairs = [(row, label) for row, example in enumerate(looked.examples) for label in sorted(example.labels)]
    assert list(zip(looked.seen.row.tolist(), looked.seen.label.tolist(), strict=True)) == pairs
    offset = looked.subject.backbone.net.get_classifier().bias.detach().numpy()
    expected = [looked.seen.scores[row, label] - offset[label] for row, label in pairs]
    assert np.allclose(looked.seen.maps.mean(axis=(1, 2)), expected, atol=1e-4)


def test_the_map_of_the_named_class_is_made_where_it_is_asked_for(run, clicks, measurement):
    assert measurement.seen.named is None
    named = looking(run, clicks, options=Options(localisation=LocalisationOptions(map_of="named"))).seen
    right = named.scores.argmax(axis=1) == measurement.labels
    assert 0 < right.sum() < 20
    same = [np.array_equal(a, b) for a, b in zip(named.named, named.maps, strict=True)]
    assert same == right.tolist()


def test_masks_lie_where_the_boxes_do(masked, tagger):
    """Pictures are wider than high: the model sees their middle."""
    looked = looking(tagger, masked)
    for row, example in enumerate(looked.examples):
        mask = looked.viewed_mask(row, 40)
        for label in example.labels:
            own = [box.label == label for box in example.boxes]
            boxes = looked.viewed_boxes[row][own]
            y, x = np.nonzero((mask == label + 1) & ~looked.crowd(row, label, mask))
            if len(x) and any(own):
                drawn = [x.min() / 40, y.min() / 40, (x.max() + 1) / 40, (y.max() + 1) / 40]
                assert drawn == pytest.approx(boxes[0].tolist(), abs=1 / 40 + 1e-6)


def test_pixels_outside_all_boxes_of_their_class_are_a_crowd_s(masked, tagger):
    looked = looking(tagger, masked)
    for row in range(len(looked.examples)):
        mask = looked.viewed_mask(row, 20)
        assert looked.crowd(row, 2, mask)[-1].all()
        assert not looked.crowd(row, 0, mask).any()
