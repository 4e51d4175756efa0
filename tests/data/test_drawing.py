import numpy as np
import pytest

from sidelight.data.drawing import draw_annotations
from sidelight.data.format.points import PointTable
from sidelight.data.format.reader import Dataset
from sidelight.data.format.teacher_maps import TeacherMap
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.saliency import Saliency
from sidelight.records.annotation import Annotation
from sidelight.records.errors import FaultsFound
from sidelight.records.event import Event
from sidelight.records.example import Box, Example
from sidelight.signal.heat_map import box_map, by_area, gaussian_map

WIDTH, HEIGHT = 40, 20
CORNER = np.zeros((HEIGHT, WIDTH), np.uint8)
CORNER[:6, :10] = 1
TEACHER = np.arange(16, dtype=np.float16).reshape(4, 4) - 5
DOT = np.zeros((8, 8))
DOT[2, 5] = 1


def example(name, labels, **fields):
    return Example(name, f"{name}.png", "train", WIDTH, HEIGHT, labels, **fields)


@pytest.fixture
def made(tmp_path):
    """Writes a dataset of two classes: (example, what else is known) each."""

    def write(*pictures, task="single_label", taught=()):
        root = tmp_path / "d"
        with DatasetWriter(root, name="d", task=task, classes=["a", "b"], image_root="/", source="t") as out:
            for picture, known in pictures:
                out.add(picture, **known)
            for found in taught:
                out.add_teacher_map(found)
        return Dataset.open(root)

    return write


def drawn(dataset, kind, clicks=None, **knobs):
    examples = dataset.examples()
    k = 1 if dataset.manifest.task == "single_label" else 2
    nobody = PointTable(np.zeros((len(examples), k, 2), np.float32), np.zeros((len(examples), k), np.bool_))
    return draw_annotations(dataset, examples, Saliency(kind, **({"size": 8} | knobs)), clicks=clicks or nobody)


def map_of(table, row, k=0):
    maps, _ = table.of_picture(row)
    return maps[table.classes(row).tolist().index(k)]


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float64])
def test_a_person_s_map_is_drawn_by_area_and_scaled_by_its_depth(made, kind):
    levels = np.random.default_rng(0).random((HEIGHT, WIDTH))
    if kind is not np.float64:
        levels = (levels * np.iinfo(kind).max).astype(kind)
    table = drawn(made((example("p", (0,)), {"saliency": levels}), (example("q", (1,)), {})), "maps")
    scale = 1 if kind is np.float64 else np.iinfo(kind).max
    np.testing.assert_allclose(map_of(table, 0), by_area(levels, (8, 8)) / scale, atol=1e-3)
    assert table.has.tolist() == [[True], [False]]


def test_masks_are_those_of_the_picture_s_classes(made):
    both = CORNER.copy()
    both[10:, 20:] = 2
    single = drawn(made((example("p", (0,)), {"mask": both}), (example("q", (0,)), {"mask": both * 0 + 2})), "masks")
    np.testing.assert_allclose(map_of(single, 0), by_area(both == 1, (8, 8)), atol=1e-3)
    assert not single.has[1]  # its mask holds another class only


def test_in_multi_label_data_every_class_has_its_own(made):
    both = CORNER.copy()
    both[10:, 20:] = 2
    boxes = (Box(0.0, 0.0, 0.5, 0.5, 1), Box(0.5, 0.5, 1.0, 1.0))
    dataset = made((example("p", (0, 1), boxes=boxes), {"mask": both}), (example("q", ()), {}), task="multi_label")
    masks, found = drawn(dataset, "masks"), drawn(dataset, "boxes")
    for k in (0, 1):
        np.testing.assert_allclose(map_of(masks, 0, k), by_area(both == k + 1, (8, 8)), atol=1e-3)
    np.testing.assert_allclose(map_of(found, 0, 0), box_map(np.array([[0.5, 0.5, 1, 1]]), (8, 8)))
    np.testing.assert_allclose(map_of(found, 0, 1), box_map(np.array([[0, 0, 0.5, 0.5], [0.5, 0.5, 1, 1]]), (8, 8)))
    assert found.has.tolist() == [[True, True], [False, False]]


def test_a_click_is_a_gaussian_that_is_round_on_the_photo(made):
    dataset = made((example("p", (0,)), {}), (example("q", (0,)), {}))
    clicks = PointTable(np.array([[[0.25, 0.75]], [[0, 0]]], np.float32), np.array([[True], [False]]))
    table = drawn(dataset, "clicks", clicks, blur=0.2)
    np.testing.assert_allclose(
        map_of(table, 0), gaussian_map(np.array([[0.25, 0.75]]), (8, 8), sigma=(0.1, 0.2)), atol=1e-3
    )
    assert not table.has[1]


def moves(*places, times=None):
    times = times or [None] * len(places)
    return tuple(Event("move", elapsed_ms=t, x=x, y=y) for (x, y), t in zip(places, times, strict=True))


def test_traces_show_where_the_pointer_was_longest_over_all_people(made):
    one = Annotation("1", "p", events=moves((0.1, 0.1), (0.9, 0.9), (0.9, 0.9), times=[0.0, 100.0, 400.0]))
    other = Annotation("2", "p", events=(Event("enter"), *moves((0.9, 0.9), (0.9, 0.9))))
    still = Annotation("3", "q", events=(Event("select", keyboard=True),))
    table = drawn(
        made((example("p", (0,)), {"annotations": [one, other]}), (example("q", (0,)), {"annotations": [still]})),
        "traces",
    )
    found = map_of(table, 0)
    assert found.max() == 1
    assert np.unravel_index(found.argmax(), found.shape) == (7, 7)
    assert 0.05 < found[0, 0] < 0.5
    assert not table.has[1]


def test_a_map_that_is_the_same_everywhere_is_none(made):
    whole = (Box(0.0, 0.0, 1.0, 1.0),)
    assert not drawn(made((example("p", (0,), boxes=whole), {})), "boxes").has.any()


def test_every_map_that_cannot_be_read_is_named(made):
    dataset = made(*[(example(name, (0,)), {"saliency": DOT}) for name in "pqr"])
    first, second, _ = (dataset.root / e.map_path for e in dataset.examples())
    first.unlink()
    second.write_bytes(b"")
    with pytest.raises(FaultsFound) as told:
        drawn(dataset, "maps")
    assert len(told.value.faults) == 2
    assert "there is no such file" in str(told.value.faults[0])
    assert "data validate" in str(told.value)


def scaled(values):
    return (values - values.min()) / (values.max() - values.min())


def test_a_teacher_s_map_is_stretched_to_its_own_range_and_weighs_what_it_says(made):
    taught = [TeacherMap("p", 0, TEACHER, weight=0.25), TeacherMap("q", 0, TEACHER, weight=0.0)]
    table = drawn(made((example("p", (0,)), {}), (example("q", (0,)), {}), taught=taught), "maps")
    np.testing.assert_allclose(map_of(table, 0), by_area(scaled(TEACHER.astype(float)), (8, 8)), atol=1e-3)
    assert table.worth.tolist() == [[0.25], [0.0]]
    assert table.has.tolist() == [[True], [False]]


def test_a_person_s_map_comes_before_a_teacher_s(made):
    table = drawn(
        made((example("p", (0,)), {"saliency": DOT}), taught=[TeacherMap("p", 0, TEACHER, weight=0.5)]), "maps"
    )
    np.testing.assert_allclose(map_of(table, 0), DOT)
    assert table.worth.tolist() == [[1.0]]


@pytest.mark.parametrize("turned", [False, True])
def test_of_a_teacher_s_maps_that_of_the_picture_s_class_counts_and_else_the_first(made, turned):
    other = TEACHER[::-1].copy()
    taught = [TeacherMap("p", 1, other), TeacherMap("p", 0, TEACHER), TeacherMap("q", 0, other)]
    dataset = made((example("p", (0,)), {}), (example("q", (1,)), {}), taught=taught[::-1] if turned else taught)
    table = drawn(dataset, "maps")
    np.testing.assert_allclose(map_of(table, 0), by_area(scaled(TEACHER.astype(float)), (8, 8)), atol=1e-3)
    np.testing.assert_allclose(map_of(table, 1), by_area(scaled(other.astype(float)), (8, 8)), atol=1e-3)


def test_in_multi_label_data_a_teacher_s_maps_are_its_classes_and_a_person_s_map_all_of_the_picture_s(made):
    taught = [TeacherMap("p", 1, TEACHER), TeacherMap("p", 0, TEACHER, weight=0.5)]
    dataset = made((example("p", (1,)), {}), (example("q", (1,)), {"saliency": DOT}), task="multi_label", taught=taught)
    table = drawn(dataset, "maps")
    assert table.worth.tolist() == [[0.5, 1.0], [0.0, 1.0]]


def test_what_the_teacher_was_not_shown_is_unknown(made):
    view = (0.25, 0.0, 0.75, 1.0)
    table = drawn(made((example("p", (0,)), {}), taught=[TeacherMap("p", 0, TEACHER, view=view)]), "maps")
    (found,), (weight,) = table.of_picture(0)
    np.testing.assert_allclose(weight, np.tile([0, 0, 1, 1, 1, 1, 0, 0], (8, 1)))
    np.testing.assert_allclose(found[:, 2:6], by_area(scaled(TEACHER.astype(float)), (8, 4)), atol=1e-3)


def test_a_cell_that_the_teacher_saw_in_part_holds_the_mean_of_that_part(made):
    view = (0.0, 0.0, 0.3, 1.0)
    table = drawn(made((example("p", (0,)), {}), taught=[TeacherMap("p", 0, TEACHER, view=view)]), "maps", size=2)
    (found,), (weight,) = table.of_picture(0)
    np.testing.assert_allclose(weight, [[0.6, 0.0]] * 2, atol=1e-3)
    np.testing.assert_allclose(found[:, 0], scaled(TEACHER.astype(float)).reshape(2, 8).mean(axis=1), atol=1e-3)
