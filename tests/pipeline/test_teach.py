from dataclasses import replace

import msgspec
import numpy as np
import pytest

from sidelight.data.format.reader import Dataset
from sidelight.data.format.teacher_maps import TeacherMap
from sidelight.data.format.validator import validate
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.selection import Selection
from sidelight.pipeline.explain import Told
from sidelight.pipeline.load import load_split
from sidelight.pipeline.maps import dataset_map
from sidelight.pipeline.teach import as_taught, teach
from sidelight.pipeline.train import train
from sidelight.recipes.conditions import plain
from sidelight.recipes.teaching import Teaching
from sidelight.records.errors import UserFault


@pytest.fixture(scope="module")
def taught(teacher, decoy, tmp_path_factory):
    out = tmp_path_factory.mktemp("taught") / "faces"
    teach(str(teacher), decoy, out, teaching=Teaching(soft_labels=True))
    return Dataset.open(out)


def test_the_taught_dataset_has_no_fault_and_says_who_taught(taught, decoy):
    assert validate(taught.root) == []
    known, parent = taught.manifest.provenance, Dataset.open(decoy).manifest
    assert (known["teacher"], known["teacher.seed"], known["teaching.method"]) == ("cyborg", "1", "cam")
    assert known["parent_fingerprint"] == parent.fingerprint != taught.manifest.fingerprint


def test_training_pictures_without_a_map_by_people_are_taught_and_no_others(taught):
    asked = {e.id for e in taught.examples() if e.split == "train" and e.map_path is None}
    assert {found.example_id for found in taught.teacher_maps()} == asked
    assert len(asked) == 16


def test_all_else_stays(taught, decoy):
    parent = Dataset.open(decoy)
    assert [e.id for e in taught.examples()] == [e.id for e in parent.examples()]
    assert [(e.map_path, e.mask_path, e.boxes) for e in taught.examples()] == [
        (e.map_path, e.mask_path, e.boxes) for e in parent.examples()
    ]
    assert all(taught.image_path(e).is_file() for e in taught.examples())


def test_with_replace_people_s_maps_of_training_pictures_go(teacher, decoy, tmp_path):
    teach(str(teacher), decoy, tmp_path / "all", teaching=Teaching(replace=True))
    taught = Dataset.open(tmp_path / "all")
    assert len(list(taught.teacher_maps())) == 24
    assert {e.split for e in taught.examples() if e.map_path} == {"validation"}


def test_a_student_trains_on_the_maps_and_a_distilled_one_on_the_probabilities(taught, cyborg, tmp_path):
    student = replace(cyborg, selection=Selection(part="rest"))
    assert train(student, taught.root, tmp_path / "student").epochs == 1
    distilled = replace(plain(student), labels="teacher")
    targets = load_split(taught, distilled, "train", seed=0).labelled.targets
    found = {each.example_id: each.probabilities for each in taught.teacher_maps()}
    ids = load_split(taught, distilled, "train", seed=0).labelled.ids
    assert targets == pytest.approx(np.array([found[name] for name in ids]))
    assert set(np.unique(load_split(taught, distilled, "validation", seed=0).labelled.targets)) == {0, 1}


def test_labels_by_a_teacher_need_one(decoy, cyborg):
    with pytest.raises(UserFault, match="teacher's probabilities"):
        load_split(Dataset.open(decoy), replace(plain(cyborg), labels="teacher"), "train", seed=0)


@pytest.mark.parametrize(("wrong", "weights"), [("keep", (1, 1)), ("drop", (1, 0)), ("weigh", (0.75, 0.25))])
def test_what_becomes_of_a_map_where_the_teacher_is_wrong(wrong, weights):
    probabilities = np.array([0.25, 0.75], np.float32)
    found = TeacherMap("a", 1, np.zeros((2, 2), np.float16))
    told = [as_taught(Told(found, probabilities), label, Teaching(wrong=wrong)) for label in (1, 0)]
    assert [each.weight for each in told] == pytest.approx(weights)
    assert {each.probabilities for each in told} == {None}


def test_where_people_drew_all_maps_nobody_needs_a_teacher(teacher, decoy, tmp_path):
    parent = Dataset.open(decoy)
    with DatasetWriter(tmp_path / "d", name="d", task="single_label", classes=parent.manifest.classes, source="test",
                       image_root=parent.root / parent.manifest.image_root) as writer:  # fmt: skip
        for example in parent.examples():
            if example.map_path:
                bare = msgspec.structs.replace(example, map_path=None, mask_path=None)
                writer.add(bare, saliency=dataset_map(parent, example.map_path))
    with pytest.raises(UserFault, match="people's maps on every training picture"):
        teach(str(teacher), tmp_path / "d", tmp_path / "out")


def test_what_is_read_is_not_overwritten(teacher, decoy):
    with pytest.raises(UserFault, match="which is read from"):
        teach(str(teacher), decoy, decoy, overwrite=True)


def test_a_teacher_of_other_classes_is_refused(run, decoy, tmp_path):
    with pytest.raises(UserFault, match=r"model 'tiny'.*genuine, synthetic"):
        teach(str(run), decoy, tmp_path / "out")


def test_data_with_several_labels_are_refused(teacher, tagged, tmp_path):
    with pytest.raises(UserFault, match="several labels"):
        teach(str(teacher), tagged, tmp_path / "out")
