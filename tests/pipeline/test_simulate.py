from pathlib import Path

import numpy as np
import pytest

from sidelight.data.format.maps import read_map
from sidelight.data.format.reader import Dataset
from sidelight.data.format.teacher_maps import TeacherMap
from sidelight.data.format.writer import DatasetWriter
from sidelight.pipeline.simulate import simulate
from sidelight.records.annotation import Annotation
from sidelight.records.errors import UserFault
from sidelight.records.example import Box, Example
from sidelight.signal.annotator import SIMULATED_STATEMENT, SimulatedAnnotator

SQUARE = Box(0.25, 0.25, 0.75, 0.75)


def make(root, *, task="single_label", annotations=(), image_root="pictures", n=6, **settings):
    """A dataset of n pictures of 8 x 8 pixels with one square each, as a box and as a mask."""
    mask = np.zeros((8, 8), np.uint8)
    mask[2:6, 2:6] = 2
    with DatasetWriter(
        root, name="squares", task=task, classes=("other", "square"), image_root=image_root, source="csv", **settings
    ) as writer:
        for i in range(n):
            example = Example(f"e{i}", f"{i}.png", "train", 8, 8, (1,), boxes=(SQUARE,), group="g")
            own = [a for a in annotations if a.example_id == example.id]
            writer.add(example, own, mask=mask, saliency=np.eye(2) * (i + 1) / 8)
    return root


def run(root, out, **settings):
    annotator = settings.pop("annotator", SimulatedAnnotator(seed=3))
    return simulate(root, out, annotator=annotator, progress=lambda done, total: None, **settings)


def test_the_new_dataset_says_that_it_is_simulated_and_from_what(tmp_path):
    parent = Dataset.open(make(tmp_path / "a")).manifest
    manifest = run(tmp_path / "a", tmp_path / "b")
    assert manifest.simulated == SIMULATED_STATEMENT
    assert manifest.provenance["parent_fingerprint"] == parent.fingerprint != manifest.fingerprint
    assert manifest.provenance["annotator.outside_share"] == "0.171"
    assert manifest.provenance["annotator.seed"] == "3"
    assert manifest.privacy_grade == "L0"


def test_examples_and_maps_stay_what_they_were(tmp_path):
    before = Dataset.open(make(tmp_path / "a"))
    run(tmp_path / "a", tmp_path / "b")
    after = Dataset.open(tmp_path / "b")
    assert after.examples() == before.examples()
    for example in before.examples():
        for path in (example.mask_path, example.map_path):
            assert (read_map(after.root / path) == read_map(before.root / path)).all()


def test_a_teacher_s_maps_stay_with_their_pictures(tmp_path):
    with DatasetWriter(
        tmp_path / "a", name="d", task="single_label", classes=("a",), image_root=".", source="csv"
    ) as writer:
        writer.add(Example("e0", "0.png", "train", 8, 8, (0,), boxes=(SQUARE,)))
        writer.add_teacher_map(TeacherMap("e0", 0, np.eye(7, dtype=np.float16), teacher="t"))
    run(tmp_path / "a", tmp_path / "b")
    (found,) = Dataset.open(tmp_path / "b").teacher_maps()
    assert (found.example_id, found.map.tolist()) == ("e0", np.eye(7).tolist())


def test_annotations_are_those_of_the_annotator(tmp_path):
    run(make(tmp_path / "a"), tmp_path / "b")
    dataset = Dataset.open(tmp_path / "b")
    annotator = SimulatedAnnotator(seed=3)
    masks = {example.id: read_map(dataset.root / example.mask_path) for example in dataset.examples()}
    expected = [a for e in dataset.examples() for a in annotator.annotate(e, mask=masks[e.id])]
    assert list(dataset.annotations()) == expected


def test_a_multi_label_dataset_is_tagged(tmp_path):
    run(make(tmp_path / "a", task="multi_label"), tmp_path / "b", annotator=SimulatedAnnotator(found_share=1.0))
    made = list(Dataset.open(tmp_path / "b").annotations())
    assert len(made) == 6
    assert all(set(a.points) == {"last_add", "final_position"} for a in made)
    assert {event.label for a in made for event in a.events if event.kind == "add"} == {"square"}


@pytest.mark.parametrize("absolute", [True, False])
def test_pictures_are_found_where_they_were(tmp_path, absolute):
    make(tmp_path / "a", image_root=tmp_path / "pictures" if absolute else "../pictures")
    run(tmp_path / "a", tmp_path / "deep" / "b")
    dataset = Dataset.open(tmp_path / "deep" / "b")
    assert Path(dataset.manifest.image_root).is_absolute() == absolute
    assert dataset.image_path(dataset.examples()[0]).resolve() == tmp_path / "pictures" / "0.png"


def test_the_same_parameters_give_the_same_fingerprint(tmp_path):
    make(tmp_path / "a")
    prints = [run(tmp_path / "a", tmp_path / name).fingerprint for name in ("b", "c")]
    other = run(tmp_path / "a", tmp_path / "d", annotator=SimulatedAnnotator(seed=4)).fingerprint
    assert prints[0] == prints[1] != other


def test_people_s_annotations_are_not_mixed_in_unasked(tmp_path):
    make(tmp_path / "a", annotations=[Annotation("p", "e1", "ANNA", "csv", label=1, points={"final": (0.5, 0.5)})])
    with pytest.raises(UserFault, match="1 annotations by people"):
        run(tmp_path / "a", tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_people_s_annotations_come_along_when_asked(tmp_path):
    person = Annotation("p", "e1", "ANNA", "csv", label=1, selected=True, points={"final": (0.5, 0.5)})
    manifest = run(make(tmp_path / "a", annotations=[person]), tmp_path / "b", keep_existing=True)
    made = list(Dataset.open(tmp_path / "b").annotations())
    assert [a for a in made if a.source == "csv"] == [person]
    assert len(made) == 7
    assert "people" in manifest.simulated.removeprefix(SIMULATED_STATEMENT)
    assert manifest.privacy_grade == "L1"


def test_an_earlier_simulation_is_replaced(tmp_path):
    run(make(tmp_path / "a"), tmp_path / "b")
    run(tmp_path / "b", tmp_path / "c", annotator=SimulatedAnnotator(seed=9))
    made = list(Dataset.open(tmp_path / "c").annotations())
    assert len(made) == 6
    assert {a.annotator for a in made} <= {p.pseudonym for p in SimulatedAnnotator(seed=9).crew.people}


def test_progress_is_told_to_the_end(tmp_path):
    told = []
    simulate(
        make(tmp_path / "a"), tmp_path / "b", annotator=SimulatedAnnotator(), progress=lambda *done: told.append(done)
    )
    assert told == [(i, 6) for i in range(1, 7)]


@pytest.mark.parametrize("out", ["a", "."])
def test_the_dataset_is_never_written_over_itself(tmp_path, out):
    make(tmp_path / "a")
    with pytest.raises(UserFault, match="read from"):
        run(tmp_path / "a", tmp_path / out, overwrite=True)
    assert Dataset.open(tmp_path / "a").examples()


def test_the_pictures_are_never_written_over(tmp_path):
    (tmp_path / "b" / "pictures").mkdir(parents=True)
    make(tmp_path / "a", image_root="../b/pictures")
    with pytest.raises(UserFault, match="read from"):
        run(tmp_path / "a", tmp_path / "b", overwrite=True)


def test_nothing_to_draw_from_is_a_fault(tmp_path):
    with DatasetWriter(
        tmp_path / "a", name="bare", task="single_label", classes=("x",), image_root=".", source="csv"
    ) as writer:
        writer.add(Example("e", "e.png", "train", 8, 8, (0,)))
    with pytest.raises(UserFault, match="no example has a box or a mask"):
        run(tmp_path / "a", tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_a_damaged_mask_is_named(tmp_path):
    dataset = Dataset.open(make(tmp_path / "a"))
    path = dataset.root / dataset.examples()[2].mask_path
    path.write_bytes(b"no picture")
    with pytest.raises(UserFault, match=path.name):
        run(tmp_path / "a", tmp_path / "b")
