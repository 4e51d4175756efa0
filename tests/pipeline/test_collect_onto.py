import msgspec
import pytest

from sidelight.data.format.reader import Dataset
from sidelight.data.format.validator import validate
from sidelight.data.format.writer import DatasetWriter
from sidelight.pipeline.collect_onto import put_onto
from sidelight.records.annotation import Annotation
from sidelight.records.errors import UserFault
from sidelight.records.event import Event


@pytest.fixture
def collect(pictures, tmp_path):
    """Makes an export about some of the pictures: in folders of their class, with classes in another order."""
    parent = Dataset.open(pictures)

    def make(examples, *, classes=None, folder="collected", rename=None):
        order = classes or tuple(reversed(parent.manifest.classes))
        with DatasetWriter(
            tmp_path / folder,
            name="campaign",
            task="single_label",
            classes=order,
            image_root="/nowhere",
            source="campaign",
            privacy_grade="L2",
            provenance={"consent": "abc"},
        ) as writer:
            for example in examples:
                path = f"{example.labels[0]}/{rename or example.path}"
                seen = msgspec.structs.replace(example, id=path, path=path, boxes=(), mask_path=None, labels=(0,))
                event = Event("select", elapsed_ms=5.0, x=0.25, y=0.5)
                label = order.index(parent.manifest.classes[example.labels[0]])
                writer.add(
                    seen,
                    [
                        Annotation(
                            f"of {path}",
                            path,
                            label=label,
                            points={"first": (0.25, 0.5), "final": (0.25, 0.5)},
                            events=(event,),
                        )
                    ],
                )
        return tmp_path / folder

    return make


def test_annotations_join_the_pictures_they_are_about(pictures, collect, tmp_path):
    parent = Dataset.open(pictures)
    some = parent.examples()[:5]
    manifest, lost = put_onto(pictures, collect(some), tmp_path / "out")
    made = Dataset.open(tmp_path / "out")
    assert lost == 0
    assert [a.example_id for a in made.annotations()] == [example.id for example in some]
    assert [a.label for a in made.annotations()] == [example.labels[0] for example in some]
    assert next(iter(made.annotations())).events == (Event("select", elapsed_ms=5.0, x=0.25, y=0.5),)
    assert (manifest.privacy_grade, manifest.provenance["consent"]) == ("L2", "abc")


def test_splits_boxes_masks_and_pictures_stay(pictures, collect, tmp_path):
    parent = Dataset.open(pictures)
    put_onto(pictures, collect(parent.examples()[:3]), tmp_path / "out")
    made = Dataset.open(tmp_path / "out")
    assert made.examples() == parent.examples()
    assert made.image_path(made.examples()[0]).is_file()
    assert list(validate(tmp_path / "out")) == []


def test_annotations_of_other_pictures_are_counted(pictures, collect, tmp_path):
    example = Dataset.open(pictures).examples()[0]
    both = collect([example, msgspec.structs.replace(Dataset.open(pictures).examples()[1], path="stranger.png")])
    assert put_onto(pictures, both, tmp_path / "out")[1] == 1


def test_strangers_alone_are_refused(pictures, collect, tmp_path):
    with pytest.raises(UserFault, match="no annotation about a picture"):
        put_onto(pictures, collect(Dataset.open(pictures).examples()[:1], rename="stranger.png"), tmp_path / "out")


def test_names_that_repeat_are_refused(pictures, collect, tmp_path):
    examples = {example.labels[0]: example for example in Dataset.open(pictures).examples()}
    with pytest.raises(UserFault, match="file names that several pictures have"):
        put_onto(pictures, collect(list(examples.values())[:2], rename="same.png"), tmp_path / "out")


def test_classes_that_the_dataset_lacks_are_refused(pictures, collect, tmp_path):
    example = Dataset.open(pictures).examples()[0]
    theirs = (*Dataset.open(pictures).manifest.classes, "walrus")
    with pytest.raises(UserFault, match="walrus"):
        put_onto(pictures, collect([example], classes=theirs), tmp_path / "out")
