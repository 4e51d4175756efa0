import msgspec
import numpy as np
import pytest

from sidelight.data.format.manifest import Manifest, write_manifest
from sidelight.data.format.reader import Dataset
from sidelight.data.format.writer import DatasetWriter
from sidelight.records.annotation import Annotation
from sidelight.records.errors import UserFault
from sidelight.records.event import Event
from sidelight.records.example import Box, Example

CAT = Example(
    "cat_1", "cats/1.png", "train", 8, 6, (0,), boxes=(Box(0.0, 0.25, 0.5, 1.0, 0), Box(0, 0, 1, 1)), group="g"
)
CLICK = Annotation(
    "a1",
    "cat_1",
    annotator="W1",
    source="test",
    label=0,
    selected=True,
    points={"first": (0.1, 0.2), "final": (1 / 3, 0.7)},
    dwell_ms=341.0,
    started_at=1.6e12,
    events=(Event("enter", 0.0), Event("select", 341.5, 0.1, 0.2), Event("deselect", keyboard=True)),
    extra={"page": "9", "é": "ü"},
)


def writer(out, **options):
    defaults = {
        "name": "pets",
        "task": "single_label",
        "classes": ["cat", "dog"],
        "image_root": "/photos",
        "source": "test",
    }
    return DatasetWriter(out, **(defaults | options))


def write_all(out, pictures, **options):
    with writer(out, **options) as dataset:
        for picture in pictures:
            dataset.add(picture)


def test_what_is_written_is_read(tmp_path):
    with writer(tmp_path / "d") as out:
        out.add(CAT, [CLICK])
        out.add(msgspec.structs.replace(CAT, id="cat_2", boxes=()))
    dataset = Dataset.open(tmp_path / "d")
    assert [example.id for example in dataset.examples()] == ["cat_1", "cat_2"]
    assert dataset.examples()[0] == msgspec.structs.replace(CAT, boxes=(CAT.boxes[0], Box(0.0, 0.0, 1.0, 1.0)))
    assert list(dataset.annotations()) == [CLICK]


def test_the_manifest_tells_what_it_was_told(tmp_path):
    with writer(tmp_path / "d", simulated="clicks", provenance={"a": "1"}, privacy_grade="L2", licence="CC0") as out:
        out.note(b="2")
    manifest = Dataset.open(tmp_path / "d").manifest
    assert (manifest.schema_version, manifest.name, manifest.classes) == (1, "pets", ("cat", "dog"))
    assert (manifest.simulated, manifest.privacy_grade, manifest.licence) == ("clicks", "L2", "CC0")
    assert manifest.provenance == {"a": "1", "b": "2"}
    assert manifest.point_policies == ("first", "final")


def test_an_error_leaves_nothing_behind(tmp_path):
    def pictures():
        yield CAT
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_all(tmp_path / "d", pictures())
    assert list(tmp_path.iterdir()) == []


def test_an_error_leaves_the_old_dataset_as_it_was(tmp_path):
    with writer(tmp_path / "d") as out:
        out.add(CAT)
    with pytest.raises(ValueError, match="more than once"):
        write_all(tmp_path / "d", [CAT, CAT], overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["d"]
    assert len(Dataset.open(tmp_path / "d").examples()) == 1


def test_a_dataset_is_replaced_only_when_told(tmp_path):
    with writer(tmp_path / "d", name="old"):
        pass
    with pytest.raises(UserFault, match="overwrite"):
        writer(tmp_path / "d")
    with writer(tmp_path / "d", name="new", overwrite=True):
        pass
    assert Dataset.open(tmp_path / "d").manifest.name == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["d"]


def test_a_folder_that_is_no_dataset_is_never_replaced(tmp_path):
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "thesis.tex").write_text("years of work")
    with pytest.raises(UserFault, match="not a dataset"):
        writer(tmp_path / "d", overwrite=True)


def test_nothing_of_a_killed_conversion_is_at_the_output(tmp_path):
    with writer(tmp_path / "d") as out:
        out.add(CAT)
        assert not (tmp_path / "d").exists()


def test_rows_are_written_in_groups_and_keep_their_order(tmp_path, monkeypatch):
    monkeypatch.setattr("sidelight.data.format.writer.ROW_GROUP", 7)
    events = (Event("move", 1.0, 0.5, 0.5),)
    with writer(tmp_path / "d") as out:
        for i in range(30):
            mine = [Annotation(f"a{i}_{j}", f"e{i}", events=events * (j % 2)) for j in range(i % 4)]
            out.add(msgspec.structs.replace(CAT, id=f"e{i}"), mine)
    read = list(Dataset.open(tmp_path / "d").annotations())
    assert [a.id for a in read] == [f"a{i}_{j}" for i in range(30) for j in range(i % 4)]
    assert [len(a.events) for a in read] == [j % 2 for i in range(30) for j in range(i % 4)]


def test_masks_and_maps_go_into_the_folder(tmp_path):
    mask = np.zeros((6, 8), np.uint8)
    mask[2:4, 3:5] = 2
    with writer(tmp_path / "d") as out:
        out.add(CAT, mask=mask, saliency=np.linspace(0, 1, 12).reshape(3, 4))
    (example,) = Dataset.open(tmp_path / "d").examples()
    assert (tmp_path / "d" / example.mask_path).is_file()
    assert (tmp_path / "d" / example.map_path).is_file()


def test_a_heat_map_that_says_nothing_is_refused(tmp_path):
    with pytest.raises(ValueError, match="every pixel of the heat map is 0"), writer(tmp_path / "d") as out:
        out.add(CAT, saliency=np.zeros((3, 4)))


def test_pictures_are_copied_when_given(tmp_path):
    (tmp_path / "photo.png").write_bytes(b"pixels")
    with writer(tmp_path / "d", image_root="images") as out:
        out.add(CAT, image=tmp_path / "photo.png")
    dataset = Dataset.open(tmp_path / "d")
    assert dataset.image_path(dataset.examples()[0]).read_bytes() == b"pixels"


@pytest.mark.parametrize(
    ("example", "said"),
    [
        (msgspec.structs.replace(CAT, labels=(2,)), "label is 2; 0 to 1"),
        (msgspec.structs.replace(CAT, labels=()), "0 labels"),
        (msgspec.structs.replace(CAT, path="../secret"), "relative path"),
        (msgspec.structs.replace(CAT, width="wide"), "Expected `int`"),
        (msgspec.structs.replace(CAT, boxes=(Box(0.5, 0, 0.5, 1),)), "x0 < x1"),
    ],
)
def test_a_broken_example_is_refused(tmp_path, example, said):
    with pytest.raises(ValueError, match=said), writer(tmp_path / "d") as out:
        out.add(example)


@pytest.mark.parametrize(
    ("annotation", "said"),
    [
        (msgspec.structs.replace(CLICK, example_id="other"), "about 'other'"),
        (msgspec.structs.replace(CLICK, points={"last_add": (0, 0)}), "has points"),
        (msgspec.structs.replace(CLICK, points={"final": (float("nan"), 0)}), "final point"),
        (msgspec.structs.replace(CLICK, dwell_ms=-1), "dwell_ms is -1"),
        (msgspec.structs.replace(CLICK, points=object()), "holds a object"),
    ],
)
def test_a_broken_annotation_is_refused(tmp_path, annotation, said):
    with pytest.raises(ValueError, match=said), writer(tmp_path / "d") as out:
        out.add(CAT, [annotation])


def test_a_mask_of_another_size_or_class_is_refused(tmp_path):
    for mask, said in ((np.zeros((8, 6), np.uint8), "has .height, width."), (np.full((6, 8), 3, np.uint8), "holds 3")):
        with pytest.raises(ValueError, match=said), writer(tmp_path / "d") as out:
            out.add(CAT, mask=mask)


def test_a_copy_without_a_place_is_refused(tmp_path):
    with pytest.raises(ValueError, match="image_root"), writer(tmp_path / "d") as out:
        out.add(CAT, image=tmp_path / "photo.png")


@pytest.mark.parametrize("options", [{"classes": ["a", "a"]}, {"point_policies": ["final", "last"]}])
def test_contradictions_are_refused_at_once(tmp_path, options):
    with pytest.raises(ValueError, match=r"repeat|policies"):
        writer(tmp_path / "d", **options)


def test_numbers_of_numpy_are_stored_as_plain_ones(tmp_path):
    with writer(tmp_path / "d") as out:
        out.add(
            CAT, [Annotation("a", "cat_1", points={"final": (np.float32(0.5), np.float64(0.25))}, label=np.int64(0))]
        )
    (read,) = Dataset.open(tmp_path / "d").annotations()
    assert read.points == {"final": (0.5, 0.25)}
    assert type(read.label) is int


def test_a_manifest_of_another_version_is_refused(tmp_path):
    write_manifest(Manifest(2, "n", "single_label", (), "/", (), "", "s"), tmp_path)
    with pytest.raises(UserFault, match="schema_version 2"):
        Dataset.open(tmp_path)
