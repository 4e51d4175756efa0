import numpy as np
import pytest

from sidelight.data.format.reader import Dataset
from sidelight.data.format.teacher_maps import TeacherMap
from sidelight.data.format.writer import DatasetWriter
from sidelight.pipeline.simulate import simulate
from sidelight.pipeline.stats import collect_statistics
from sidelight.records.annotation import Annotation
from sidelight.records.errors import UserFault
from sidelight.records.event import Event
from sidelight.records.example import Box, Example
from sidelight.signal.annotator import SimulatedAnnotator


def write(root, task, rows, **settings):
    """`rows`: (example, its annotations, its mask)."""
    with DatasetWriter(
        root, name="d", task=task, classes=("a", "b"), image_root=".", source="csv", **settings
    ) as writer:
        for example, annotations, mask in rows:
            writer.add(example, annotations, mask=mask)
    return collect_statistics(root)


def row(statistics, name):
    found = [r for _, rows in statistics.sections for r in rows if r.name == name]
    assert len(found) == 1, name
    return found[0]


def photo(name, *boxes, labels=(0,), split="train"):
    return Example(name, f"{name}.png", split, 8, 8, labels, boxes=boxes)


def click(name, example_id, x, **fields):
    return Annotation(name, example_id, source="csv", points={"final": (x, 0.5)}, **fields)


@pytest.fixture
def browsed(tmp_path):
    box = Box(0, 0, 0.5, 1)
    moves = (
        Event("enter", 0.0),
        Event("move", 10.0, 0.1, 0.1),
        Event("move", 40.0, 0.2, 0.1),
        Event("select", 90.0, 0.2, 0.5),
    )
    rows = [
        (photo("p", box), [click("1", "p", 0.25, annotator="A", selected=True, dwell_ms=100.0, events=moves)], None),
        (photo("q", box), [click("2", "q", 0.75, annotator="B", selected=True, dwell_ms=300.0)], None),
        (photo("r", box, split="test"), [Annotation("3", "r", annotator="B", selected=False, dwell_ms=7.0)], None),
        (photo("s"), [click("4", "s", 0.5)], None),
    ]
    return write(tmp_path / "d", "single_label", rows, point_policies=("final",))


def test_contents_are_counted(browsed):
    assert row(browsed, "pictures").value == 4
    assert row(browsed, "pictures for test").value == 1
    assert row(browsed, "annotations").value == 4
    assert row(browsed, "pictures with a click").value == 0.75
    assert row(browsed, "pictures that a pointer came over").value == 0.25


def test_only_those_who_were_asked_count_as_selected_or_not(browsed):
    selected = row(browsed, "selected")
    assert (selected.value, selected.n, selected.published) == (pytest.approx(2 / 3), 3, 0.867)


def test_clicks_are_held_against_the_boxes_of_their_picture(browsed):
    assert row(browsed, "clicks in a box (final)").value == 0.5
    assert row(browsed, "clicks in a box (final)").n == 2


def test_dwell_is_that_of_selected_pictures(browsed):
    assert browsed.dwell_ms.tolist() == [100, 300]
    assert row(browsed, "dwell, 50% quantile").value == 200


def test_intervals_are_between_moves_only(browsed):
    assert browsed.interval_ms.tolist() == [30]


def test_a_figure_gets_the_clicks(browsed):
    assert browsed.clicks.tolist() == [[0.25, 0.5], [0.75, 0.5], [0.5, 0.5]]


def test_annotators_are_counted(browsed):
    assert row(browsed, "annotators").value == 2


def test_a_dataset_without_annotations_has_only_contents_and_boxes(tmp_path):
    statistics = write(tmp_path / "d", "single_label", [(photo("p", Box(0, 0, 1, 1)), [], None)], point_policies=())
    assert [heading for heading, _ in statistics.sections] == ["Contents", "Boxes"]
    assert statistics.clicks.shape == (0, 2)


def test_tags_are_held_against_box_and_mask_of_their_own_class(tmp_path):
    mask = np.zeros((8, 8), np.uint8)
    mask[:, :4], mask[:, 6:] = 1, 2
    example = photo("p", Box(0, 0, 0.5, 1, 0), Box(0.75, 0, 1, 1, 1), labels=(0, 1))
    place = {"last_add": (0.25, 0.5), "final_position": (0.8, 0.5)}
    told = {"source": "csv", "selected": True, "points": place, "dwell_ms": 4000.0}
    tags = [Annotation(str(c), "p", label=c, **told) for c in (0, 1)]
    statistics = write(
        tmp_path / "d", "multi_label", [(example, tags, mask)], point_policies=("last_add", "final_position")
    )
    for name in ("clicks in a box", "clicks on the mask"):
        assert row(statistics, f"{name} (last_add)").value == 0.5
        assert row(statistics, f"{name} (final_position)").n == 2
    assert row(statistics, "clicks on the mask (last_add)").published == 0.923
    assert row(statistics, "present classes that were tagged").value == 1.0
    assert row(statistics, "dwell, 50% quantile").published is None  # published dwells are those of browsing


def test_a_simulated_dataset_matches_the_published_figures(tmp_path):
    write(tmp_path / "d", "single_label", [(photo(f"p{i}", Box(0.25, 0.25, 0.75, 0.75)), [], None) for i in range(800)])
    simulate(tmp_path / "d", tmp_path / "s", annotator=SimulatedAnnotator(seed=2), progress=lambda *_: None)
    statistics = collect_statistics(tmp_path / "s")
    for name in ("selected", "pictures that a pointer came over", "clicks in a box (final)", "clicks in a box (first)"):
        found = row(statistics, name)
        error = np.sqrt(found.published * (1 - found.published) / found.n)
        assert abs(found.value - found.published) < 4 * error
    assert statistics.simulated.startswith("Clicks, traces and times are simulated")
    assert len(statistics.clicks) == round(row(statistics, "selected").value * 800)


def test_a_damaged_mask_is_named(tmp_path):
    tag = Annotation("t", "p", source="csv", label=0, points={"final": (0.5, 0.5)})
    write(tmp_path / "d", "single_label", [(photo("p"), [tag], np.ones((8, 8), np.uint8))])
    dataset = Dataset.open(tmp_path / "d")
    path = dataset.root / dataset.examples()[0].mask_path
    path.write_bytes(b"no picture")
    with pytest.raises(UserFault, match=path.name):
        collect_statistics(tmp_path / "d")


def test_what_is_no_dataset_is_refused(tmp_path):
    with pytest.raises(UserFault, match="no such folder"):
        collect_statistics(tmp_path / "nowhere")


def test_maps_are_described_by_their_width_and_place(tmp_path):
    corner = np.zeros((4, 4))
    corner[0, 0] = 1
    with DatasetWriter(
        tmp_path / "d", name="d", task="single_label", classes=("a", "b"), image_root=".", source="csv"
    ) as writer:
        for name, saliency in (("p", corner), ("q", 1 - corner), ("r", None)):
            writer.add(photo(name), saliency=saliency)
        for name in "qr":
            writer.add_teacher_map(TeacherMap(name, 0, np.eye(7, dtype=np.float16)))
    found = collect_statistics(tmp_path / "d")
    assert row(found, "pictures with a heat map").value == 2
    assert row(found, "smallest area that holds half of a map, median").value == (1 / 16 + 8 / 16) / 2
    away = (0.375 * 2**0.5 + 0.375 * 2**0.5 / 15) / 2
    assert row(found, "centre of a map to the middle of its picture, median, in sides").value == pytest.approx(away)
    assert row(found, "maps by a teacher").value == 2


def test_without_maps_there_is_no_section_of_them(browsed):
    assert "Maps" not in dict(browsed.sections)
