import csv

import numpy as np

from sidelight.collect.export.work import Seen, Work
from sidelight.collect.wire.answer import PaintAnswer
from sidelight.data.format.maps import read_map
from sidelight.pipeline.collect_saliency import write_saliency_maps
from sidelight.records.annotation import Annotation


def work(label, *runs):
    said = Annotation("1", "a.png", label=label, selected=True)
    return Work("p", "", (said,), mask=PaintAnswer("x", (2, 2), runs))


def rows(out, *works, label=None):
    counts = write_saliency_maps(out, [Seen("a.png", "true", 20, 20, label, works)], classes=("cat", "dog"))
    tables = []
    for name in ("maps.csv", "agreement.csv"):
        with (out / name).open(newline="") as lines:
            tables.append(list(csv.DictReader(lines)))
    return counts, [one | other for one, other in zip(*tables, strict=True)]


def test_several_people_become_one_map(tmp_path):
    _, (row,) = rows(tmp_path, work(1, 0, 1, 3), work(1, 0, 2, 2))
    assert read_map(tmp_path / row["map_path"]).tolist() == [[255, 128], [0, 0]]
    assert (row["label"], row["annotators"], row["agreement"], row["flag"]) == ("dog", "2", "1.0", "")


def test_a_blank_map_is_flagged_and_never_written(tmp_path):
    counts, (row,) = rows(tmp_path, work(0, 4))
    assert (row["map_path"], row["flag"], row["blank_masks"]) == ("", "blank", "1")
    assert counts == {"pictures_without_map": 1}
    assert list(tmp_path.rglob("*.png")) == []


def test_a_map_that_is_the_same_everywhere_is_flagged(tmp_path):
    _, (row,) = rows(tmp_path, work(0, 0, 4))
    assert (row["map_path"], row["flag"]) == ("", "blank")


def test_one_blank_mask_does_not_thin_out_the_others(tmp_path):
    _, (row,) = rows(tmp_path, work(0, 0, 1, 3), work(0, 4))
    assert np.max(read_map(tmp_path / row["map_path"])) == 255
    assert (row["annotators"], row["blank_masks"]) == ("1", "1")


def test_the_requester_s_label_stands(tmp_path):
    _, (row,) = rows(tmp_path, work(0, 0, 1, 3), label="dog")
    assert (row["label"], row["decided"]) == ("dog", "cat")
