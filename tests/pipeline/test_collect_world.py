import pytest

from sidelight.collect.store.engine import open_store
from sidelight.data.format.writer import DatasetWriter
from sidelight.pipeline.collect_clock import wall_clock
from sidelight.pipeline.collect_drawn import HEIGHT, SHAPES, WIDTH, draw_campaign
from sidelight.pipeline.collect_world import campaign_world
from sidelight.records.errors import UserFault
from sidelight.records.example import Box, Example


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    campaign, world = draw_campaign(tmp_path_factory.mktemp("w"), task="browse", pictures=6, clock=wall_clock)
    store = open_store(campaign.store_url, clock=wall_clock, sole=False)
    yield campaign, world, store
    store.close()


def dataset_of(folder, examples, classes):
    with DatasetWriter(
        folder, name="d", task="single_label", classes=classes, image_root=folder, source="test"
    ) as writer:
        for example in examples:
            writer.add(example)
    return folder


def test_folders_name_the_classes_that_people_see(drawn):
    campaign, world, store = drawn
    seen = campaign_world(campaign, store, None)
    assert seen.classes == SHAPES
    assert {p: e.labels for p, e in seen.examples.items()} == {p: e.labels for p, e in world.examples.items()}
    assert all(example.boxes == () for example in seen.examples.values())
    assert seen.titles == {shape: shape for shape in SHAPES}


def test_a_dataset_tells_where_the_objects_are_whatever_its_order_of_classes(drawn, tmp_path):
    campaign, world, store = drawn
    other = ("triangle", "square", "circle")
    examples = [
        Example(
            e.path,
            e.path,
            "train",
            WIDTH,
            HEIGHT,
            (other.index(SHAPES[e.labels[0]]),),
            (Box(0.1, 0.1, 0.5, 0.5, label=other.index(SHAPES[e.labels[0]])),),
        )
        for e in world.examples.values()
    ]
    seen = campaign_world(campaign, store, dataset_of(tmp_path / "d", examples, other))
    for picture, example in seen.examples.items():
        assert example.labels == world.examples[picture].labels
        assert example.boxes == (Box(0.1, 0.1, 0.5, 0.5, label=example.labels[0]),)


def test_a_dataset_of_other_pictures_is_refused(drawn, tmp_path):
    campaign, _, store = drawn
    strange = [Example("x.png", "x.png", "train", 8, 8, (0,), (Box(0.0, 0.0, 1.0, 1.0),))]
    with pytest.raises(UserFault, match="boxes of none of the campaign's pictures"):
        campaign_world(campaign, store, dataset_of(tmp_path / "d", strange, SHAPES))
