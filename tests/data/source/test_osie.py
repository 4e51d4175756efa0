import gzip
import json

import numpy as np
import pytest
from PIL import Image

from sidelight.data.drawing import draw_annotations
from sidelight.data.format.maps import read_map
from sidelight.data.format.points import read_points
from sidelight.data.format.reader import Dataset
from sidelight.data.format.validator import validate
from sidelight.data.saliency import Saliency
from sidelight.data.source.osie import Osie
from sidelight.data.source.progress import silent
from sidelight.records.errors import UserFault

WIDTH, HEIGHT = 80, 60


@pytest.fixture
def osie(tmp_path):
    """Writes pictures and recordings in the layout of the OSIE data."""

    def write(pictures, **recordings):
        for name in pictures:
            path = tmp_path / "osie" / "stimuli" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (WIDTH, HEIGHT)).save(path)
        for name, lines in recordings.items():
            text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
            (tmp_path / "osie" / f"{name}.jsonl.gz").write_bytes(gzip.compress(text.encode()))
        return tmp_path / "osie"

    return write


def convert(root, **options):
    manifest, faults = Osie(**options).convert(root, root / "out", progress=silent, overwrite=True)
    assert validate(root / "out") == []
    return manifest, [str(fault) for fault in faults], Dataset.open(root / "out")


def fixations(image, *seen, subject=0):
    x, y, duration = zip(*seen, strict=True)
    return {"image": image, "subject": subject, "x": x, "y": y, "dur_ms": duration}


def trace(image, *pixels, subject=7):
    row, column = zip(*pixels, strict=True)
    return {"image": image, "subject": subject, "order": [*range(1, len(row) + 1)], "row": row, "col": column}


def test_fixations_of_all_people_become_a_map_by_their_duration(osie):
    eyes = [fixations("1.jpg", (20, 15, 300)), fixations("1.jpg", (60, 45, 100), subject=1)]
    manifest, faults, dataset = convert(osie(["1.jpg", "2.jpg"], eye_fixations=eyes), sigma=0.05, cells=30)
    seen, unseen = dataset.examples()
    levels = read_map(dataset.root / seen.map_path).astype(float)
    assert levels.shape == (30, 40)
    assert levels[7, 10] / levels[22, 30] == pytest.approx(3, rel=0.02)
    assert levels.max() == 65535
    assert (unseen.map_path, faults, manifest.classes, manifest.task) == (None, [], (), "multi_label")
    spread = np.argwhere(levels > levels.max() / 2)
    assert abs(np.ptp(spread[:, 0]) - np.ptp(spread[:, 1])) <= 1  # round in pixels


def test_cursors_become_events_in_the_image_s_own_coordinates(osie):
    root = osie(["1.jpg"], mouse_traces=[trace("1.jpg", (1, 1), (60, 80)), trace("1.jpg", (30, 40), subject=8)])
    manifest, faults, dataset = convert(root, map_from="")
    first, second = dataset.annotations()
    assert [(e.kind, e.x, e.y, e.elapsed_ms) for e in first.events] == [
        ("move", 0.5 / 80, 0.5 / 60, None), ("move", 79.5 / 80, 59.5 / 60, None),
    ]  # fmt: skip
    assert (first.annotator, second.annotator, first.selected) == ("mouse_traces/7", "mouse_traces/8", None)
    assert (faults, manifest.privacy_grade) == ([], "L2")
    assert dataset.examples()[0].map_path is None


def test_a_trace_can_be_the_map_or_be_drawn_when_it_is_needed(osie):
    root = osie(["1.jpg"], mouse_traces=[trace("1.jpg", *[(15, 60)] * 9, (45, 20))])
    _, _, dataset = convert(root, map_from="mouse_traces", sigma=0.1)
    levels = read_map(dataset.root / dataset.examples()[0].map_path)
    row, column = np.unravel_index(levels.argmax(), levels.shape)
    assert (row / levels.shape[0], column / levels.shape[1]) == pytest.approx((0.24, 0.74), abs=0.02)
    table = draw_annotations(dataset, dataset.examples(), Saliency("traces", size=16), clicks=read_points(dataset))
    row, column = np.unravel_index(table.of_picture(0)[0][0].argmax(), (16, 16))
    assert (row, column) == (3, 11)


def test_folders_are_classes(osie):
    root = osie(["cat/1.jpg", "dog/2.jpg"], eye_fixations=[fixations("dog/2.jpg", (20, 15, 300))])
    manifest, _, dataset = convert(root)
    assert (manifest.classes, manifest.task) == (("cat", "dog"), "single_label")
    assert [(e.labels, e.map_path is not None) for e in dataset.examples()] == [((0,), False), ((1,), True)]


def test_broken_lines_and_lines_about_no_picture_are_told(osie):
    lines = ["{", {"image": "1.jpg"}, fixations("9.jpg", (1, 1, 1)), {"image": "1.jpg", "subject": 1, "x": [1.0]}]
    _, faults, _ = convert(osie(["1.jpg"], eye_fixations=lines))
    for line, fault, message in zip(
        (1, 2, 3, 4), faults, ("", "subject", "no picture '9.jpg'", "differ in length"), strict=True
    ):
        assert fault.startswith(f"eye_fixations.jsonl.gz, line {line}")
        assert message in fault


def test_looks_beside_the_picture_make_no_map(osie):
    _, _, dataset = convert(osie(["1.jpg"], eye_fixations=[fixations("1.jpg", (-5, 15, 300))]))
    assert dataset.examples()[0].map_path is None


@pytest.mark.parametrize(
    ("pictures", "options", "message"),
    [
        (["1.jpg"], {"map_from": "eyes"}, "map_from 'eyes': no such file of recordings; allowed: eye_fixations"),
        (["1.jpg", "cat/2.jpg"], {}, "both in class folders and outside of any"),
        ([], {}, "no picture in stimuli/"),
    ],
)
def test_what_cannot_be_meant_is_refused(osie, pictures, options, message):
    root = osie(["x.jpg"], eye_fixations=[fixations("1.jpg", (20, 15, 300))])
    (root / "stimuli" / "x.jpg").unlink()
    osie(pictures)
    with pytest.raises(UserFault, match=message):
        convert(root, **options)


def test_a_damaged_file_of_recordings_is_named(osie):
    root = osie(["1.jpg"], eye_fixations=[fixations("1.jpg", (20, 15, 300))])
    (root / "eye_fixations.jsonl.gz").write_bytes(b"text")
    with pytest.raises(UserFault, match="a JSON object a line"):
        convert(root)
