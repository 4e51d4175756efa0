import csv
import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from sidelight.data.format.reader import Dataset
from sidelight.data.guidance import Guidance
from sidelight.data.images import read_image
from sidelight.model.backbone import Backbone
from sidelight.model.checkpoint import save_model
from sidelight.model.network import Network
from sidelight.pipeline.predict import predict_images
from sidelight.pipeline.subject import load_subject
from sidelight.pipeline.train import train
from sidelight.records.errors import UserFault
from sidelight.train.objective.luab import Luab


@pytest.fixture
def album(clicks, tmp_path):
    """Three of the test pictures, one of them deeper; and a file that is no picture."""
    dataset = Dataset.open(clicks)
    found = [dataset.image_path(e) for e in dataset.examples() if e.split == "test"][:3]
    (tmp_path / "album" / "deep").mkdir(parents=True)
    for source, target in zip(found, ("a.png", "b.PNG", "deep/c.png"), strict=True):
        shutil.copy(source, tmp_path / "album" / target)
    (tmp_path / "album" / "notes.txt").write_text("hello")
    return tmp_path / "album"


def rows_of(table):
    with table.open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_picture_gets_its_classes_in_falling_order(run, album, tmp_path):
    assert predict_images(str(run), album, tmp_path / "out" / "table.csv", top=3) == (3, [])
    rows = rows_of(tmp_path / "out" / "table.csv")
    assert [row["path"] for row in rows] == ["a.png", "b.PNG", "deep/c.png"]
    for row in rows:
        shares = [float(row[f"probability_{place}"]) for place in (1, 2, 3)]
        assert shares == sorted(shares, reverse=True)
        assert len({row[f"class_{place}"] for place in (1, 2, 3)}) == 3
    assert "class_4" not in rows[0]


def test_all_probabilities_add_up(run, album, tmp_path):
    predict_images(str(run), album, tmp_path / "table.csv", top=99)
    for row in rows_of(tmp_path / "table.csv"):
        assert sum(float(row[f"probability_{place}"]) for place in range(1, 11)) == pytest.approx(1, abs=1e-4)


def test_the_answer_is_that_of_the_model(run, album, tmp_path):
    predict_images(str(run), album, tmp_path / "table.csv")
    subject = load_subject(str(run))
    view = subject.view(read_image(album / "a.png")).image
    (outputs,) = subject.look([view])
    row = rows_of(tmp_path / "table.csv")[0]
    assert row["class_1"] == str(int(outputs.logits.argmax()))
    point = subject.points(outputs)[0, 0].tolist()
    assert [float(row["point_x"]), float(row["point_y"])] == pytest.approx(point, abs=1e-4)


def test_a_model_without_a_point_head_leaves_the_point_empty(plain_run, album, tmp_path):
    predict_images(str(plain_run), album / "a.png", tmp_path / "table.csv")
    (row,) = rows_of(tmp_path / "table.csv")
    assert (row["path"], row["point_x"], row["point_y"]) == ("a.png", "", "")


def test_where_the_model_looked_is_drawn_once_a_picture(run, album, tmp_path):
    predict_images(str(run), album, tmp_path / "table.csv", explain=tmp_path / "looks")
    drawn = sorted(p.relative_to(tmp_path / "looks").as_posix() for p in (tmp_path / "looks").rglob("*.png"))
    assert drawn == ["a.png.png", "b.PNG.png", "deep/c.png.png"]
    with Image.open(tmp_path / "looks" / "a.png.png") as tile:
        assert tile.width == tile.height > 20


def test_an_unreadable_picture_is_a_fault_and_the_others_are_kept(run, album, tmp_path):
    (album / "broken.jpg").write_bytes(b"no picture")
    done, faults = predict_images(str(run), album, tmp_path / "table.csv")
    assert (done, len(rows_of(tmp_path / "table.csv"))) == (3, 3)
    assert [fault.location for fault in faults] == [str(album / "broken.jpg")]


def test_a_model_from_elsewhere_has_numbers_for_names(album, tmp_path):
    backbone = Backbone(Network("resnet10t", width=0.25, image_size=32), 4, generator_seed=0)
    save_model(tmp_path / "net.safetensors", backbone, {})
    predict_images(str(tmp_path / "net.safetensors"), album / "a.png", tmp_path / "table.csv")
    (row,) = rows_of(tmp_path / "table.csv")
    assert {row[f"class_{place}"] for place in range(1, 5)} == set("0123")


def test_with_several_labels_each_class_has_a_probability_and_a_point_of_its_own(tiny, tagged, tmp_path):
    recipe = replace(tiny, objective=Luab(ratio=0.3, labels="multi"), guidance=Guidance("clicks"))
    train(recipe, tagged, tmp_path / "run")
    picture = next((tagged / Dataset.open(tagged).manifest.image_root).glob("*.png"))
    predict_images(str(tmp_path / "run"), picture, tmp_path / "table.csv")
    subject = load_subject(str(tmp_path / "run"))
    (outputs,) = subject.look([subject.view(read_image(picture)).image])
    best, shares = int(outputs.logits.argmax()), 1 / (1 + np.exp(-outputs.logits[0].numpy()))
    (row,) = rows_of(tmp_path / "table.csv")
    told = [float(row[f"probability_{place}"]) for place in (1, 2, 3)]
    assert told == pytest.approx(sorted(shares, reverse=True), abs=1e-4)
    point = subject.points(outputs)[0, best].tolist()
    assert [float(row["point_x"]), float(row["point_y"])] == pytest.approx(point, abs=1e-4)


def test_a_network_without_an_activation_map_cannot_be_explained(album, tmp_path):
    backbone = Backbone(Network("vit_tiny_patch16_224", image_size=32), 4, generator_seed=0)
    save_model(tmp_path / "vit.safetensors", backbone, {})
    predict_images(str(tmp_path / "vit.safetensors"), album, tmp_path / "table.csv")
    with pytest.raises(UserFault, match="class token"):
        predict_images(str(tmp_path / "vit.safetensors"), album, tmp_path / "table.csv", explain=tmp_path / "looks")


@pytest.mark.parametrize(("name", "seen"), [("empty", "no picture there"), ("nowhere", "no such file or folder")])
def test_no_picture_at_all_is_a_fault(run, tmp_path, name, seen):
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserFault, match=seen):
        predict_images(str(run), tmp_path / name, tmp_path / "table.csv")
    assert not (tmp_path / "table.csv").exists()


def test_progress_is_told_to_the_end(run, album, tmp_path):
    told = []
    predict_images(str(run), album, tmp_path / "table.csv", progress=lambda *done: told.append(done))
    assert told[-1] == (3, 3)
