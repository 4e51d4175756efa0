import numpy as np
import pytest
import torch
from tests.drawn_objects import SIDE, drawn_dataset

from sidelight.data.format.reader import Dataset
from sidelight.data.objects import DetectionBatches, Photos, boxed_objects, in_order, thumbnails
from sidelight.records.errors import UserFault
from sidelight.records.example import Box, Example


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Seven pictures of two rectangles each."""
    dataset = Dataset.open(drawn_dataset(tmp_path_factory.mktemp("drawn"))[0])
    return Photos(dataset, tuple(dataset.examples()[:7]), boxed_objects)


def told(batches):
    return [[(objects.id, image.sum().item(), objects.boxes.tolist()) for image, objects in batch] for batch in batches]


def test_boxes_are_in_pixels_and_take_the_pictures_only_class():
    example = Example("a", "a.png", "train", 200, 100, (4,), (Box(0.25, 0.0, 0.5, 1.0), Box(0, 0, 1, 1, label=2)))
    objects = boxed_objects(example)
    assert objects.boxes.tolist() == [[50, 0, 100, 100], [0, 0, 200, 100]]
    assert (objects.labels.tolist(), objects.area.tolist()) == ([4, 2], [5000, 20000])


def test_a_picture_without_boxes_has_no_objects():
    assert boxed_objects(Example("a", "a.png", "train", 9, 9, ())).boxes.shape == (0, 4)


def test_a_box_of_no_known_class_is_refused():
    example = Example("a", "a.png", "train", 9, 9, (1, 2), (Box(0, 0, 1, 1),))
    with pytest.raises(UserFault, match="a box without a class on a picture of 2 classes"):
        boxed_objects(example)


def test_batches_are_the_same_for_any_number_of_workers_and_from_any_place(photos):
    whole = told(DetectionBatches(photos, batch_size=2, seed=3, workers=1).epoch(1))
    assert len(whole) == len(DetectionBatches(photos, batch_size=2, seed=3)) == 3
    assert told(DetectionBatches(photos, batch_size=2, seed=3, workers=4).epoch(1)) == whole
    assert told(DetectionBatches(photos, batch_size=2, seed=3).epoch(1, first=2)) == whole[2:]
    assert told(DetectionBatches(photos, batch_size=2, seed=3).epoch(2)) != whole
    assert told(DetectionBatches(photos, batch_size=2, seed=4).epoch(1)) != whole


def test_processes_share_each_batch(photos):
    whole = told(DetectionBatches(photos, batch_size=3, seed=0).epoch(0))
    shares = [told(DetectionBatches(photos, batch_size=3, seed=0, rank=rank, world=2).epoch(0)) for rank in (0, 1)]
    assert [[first[0], second[0], first[1]] for first, second in zip(*shares, strict=True)] == whole


def test_a_batch_larger_than_the_data_is_all_of_them(photos):
    assert [len(batch) for batch in DetectionBatches(photos, batch_size=99, seed=0).epoch(0)] == [7]


def test_a_mirrored_picture_has_its_boxes_where_the_colour_is(photos):
    turned = 0
    for epoch in range(2):
        for batch in DetectionBatches(photos, batch_size=1, seed=0).epoch(epoch):
            ((image, objects),) = batch
            for (x0, y0, x1, y1), label in zip(objects.boxes.round().astype(int), objects.labels, strict=True):
                channel = (0, 2)[label]
                assert image.shape == (3, SIDE, SIDE)
                assert (image[channel, y0:y1, x0:x1] == 1).all()
                turned += label == 0 and x0 >= SIDE // 2  # drawn on the left
    assert 0 < turned < 14


def test_pictures_to_measure_come_once_in_order_with_their_crowds(photos):
    seen = list(in_order(photos))
    assert [objects.id for _, objects in seen] == [example.id for example in photos.examples]
    assert all(image.min() >= 0 and image.max() == 1 for image, _ in seen)


def test_thumbnails_are_squares_of_the_first_pictures(photos):
    small = thumbnails(photos, number=99, side=8)
    assert small.shape == (7, 3, 8, 8)
    expected = torch.from_numpy(photos.image(0).reshape(8, 6, 8, 6, 3).mean(axis=(1, 3)).transpose(2, 0, 1)) / 255
    np.testing.assert_allclose(small[0], expected, atol=1 / 255)
