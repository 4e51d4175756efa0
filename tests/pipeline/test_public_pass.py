import numpy as np
import pytest
from tests.fakes import colour_model, paint

from sidelight.data.public.imagenet_names import wnids
from sidelight.data.public.listing import Listing, Part
from sidelight.evaluate.public.measure import Number, Preparation
from sidelight.evaluate.public.occlusion import CentreOcclusion
from sidelight.evaluate.public.top1 import Top1
from sidelight.pipeline.public import Place, chosen, evaluate_public
from sidelight.pipeline.public_answers import Answers
from sidelight.pipeline.public_pass import Pace, open_picture, show_all, stacked
from sidelight.records.errors import UserFault
from sidelight.records.shown import Shown


def validation_photos(root):
    """One photo each of four classes, of which the third looks like another class, and two strange ones."""
    for number, (label, shown) in enumerate([(6, 6), (20, 20), (107, 500), (390, 390)], start=1):
        paint(root / "val" / wnids()[label] / f"ILSVRC2012_val_{number:08d}.JPEG", shown, side=16)
    for label in (6, 390):
        paint(root / "imagenet-o" / wnids()[label] / "a.JPEG", 501, side=16)


def values(results):
    return {(r.benchmark, r.metric): (round(r.value, 6), r.n) for r in results}


def test_benchmarks_on_the_same_photos_share_one_pass(tmp_path, monkeypatch):
    validation_photos(tmp_path)
    decoded = []

    def counted(file):
        decoded.append(file)
        return open_picture(file)

    monkeypatch.setattr("sidelight.pipeline.public_pass.open_picture", counted)
    names = ["imagenet", "imagenet_real", "imagenet_o", "imagenet_occluded"]
    model = colour_model(view=None)
    found = values(evaluate_public(model, chosen(names), Place(tmp_path, partial=True)))
    assert len(decoded) == len(set(decoded)) == 6
    assert len(model.subject.backbone.sizes) == 3  # four photos, the same behind a hole, two strange ones
    assert found["imagenet", "top1"] == (0.75, 4)
    assert found["imagenet_occluded", "top1"] == (0, 4)  # all look like the mean colour in the middle
    assert found["imagenet_o", "auroc"][1] == 4  # two strange photos, two of their classes
    each = [evaluate_public(colour_model(), chosen([name]), Place(tmp_path, partial=True)) for name in names]
    assert {key: value for results in each for key, value in values(results).items()} == found


def answers(root, labels, **more):
    rows = tuple(Shown(path, (label,)) for path, label in labels.items())
    return Answers("imagenet", Top1(top5=False), Listing((Part(root, rows),), len(rows)), **more)


def test_a_picture_that_is_shown_again_counts_once(tmp_path):
    asked = answers(tmp_path, {"a.png": 1, "b.png": 2, "c.png": 3})
    scores = np.eye(4, dtype=np.float32)
    asked.add([0, 1], scores[[1, 0]])
    asked.add([2, 0], scores[[3, 1]])  # the last batch of a padded pass begins again
    assert asked.numbers() == [Number("top1", pytest.approx(2 / 3), 3)]


def test_numbers_are_of_what_was_shown(tmp_path):
    asked = answers(tmp_path, {"a.png": 1, "b.png": 2})
    asked.add([1], np.eye(4, dtype=np.float32)[[2]])
    assert asked.numbers() == [Number("top1", 1.0, 1)]


def test_the_order_and_size_of_batches_change_nothing(tmp_path):
    labels = {f"{label}.png": label for label in range(0, 100, 7)}
    for path, label in labels.items():
        paint(tmp_path / path, label if label % 2 else 999)
    found = []
    for batch_size, workers in ((1, 1), (4, 3), (100, 0)):
        asked = answers(tmp_path, labels)
        told = []
        pace = Pace(batch_size=batch_size, workers=workers)
        for _ in show_all(colour_model(), [asked], pace, progress=lambda *now, told=told: told.append(now)):
            pass
        assert told[-1] == (len(labels), len(labels))
        found.append(asked.numbers())
    assert found[0] == found[1] == found[2]
    assert found[0][0].value == pytest.approx(7 / 15)


def test_answers_are_saved_now_and_then(tmp_path):
    labels = {f"{label}.png": label for label in range(6)}
    for path, label in labels.items():
        paint(tmp_path / path, label)
    pace = Pace(batch_size=2, workers=1, save_every_s=0)
    assert len(list(show_all(colour_model(), [answers(tmp_path, labels)], pace, progress=lambda *_: None))) == 3


def test_a_broken_picture_is_named_with_the_command_that_lists_all(tmp_path):
    (tmp_path / "a.JPEG").write_bytes(b"\xff\xd8\xff\xe0 no photo")
    with pytest.raises(UserFault, match=r"picture .*a\.JPEG: unreadable.*benchmarks check --decode"):
        open_picture(tmp_path / "a.JPEG")


def test_a_fault_in_a_thread_reaches_the_user(tmp_path):
    paint(tmp_path / "a.png", 1)
    (tmp_path / "b.png").write_bytes(b"nothing")
    with pytest.raises(UserFault, match=r"b\.png"):
        list(show_all(colour_model(), [answers(tmp_path, {"a.png": 1, "b.png": 2})], Pace(), progress=lambda *_: None))


def test_grey_and_transparent_pictures_become_colour(tmp_path):
    for mode in ("L", "RGBA", "P", "CMYK"):
        file = tmp_path / f"{mode}.{'jpg' if mode == 'CMYK' else 'png'}"
        paint(tmp_path / "a.png", 120)
        with open_picture(tmp_path / "a.png") as picture:
            picture.convert(mode).save(file)
        assert (open_picture(file).mode, open_picture(file).size) == ("RGB", (8, 8))


def test_pictures_that_are_not_resized_must_be_of_one_size(tmp_path):
    with pytest.raises(UserFault, match=r"b: 5x4 pixels; allowed: 4x4 as the others"):
        stacked([np.zeros((4, 4, 3)), np.zeros((4, 5, 3))], [tmp_path / "a", tmp_path / "b"])


def test_other_options_or_models_are_other_answers(tmp_path):
    one = answers(tmp_path, {"a.png": 1})
    hidden = Answers("imagenet", CentreOcclusion(), one.listing)
    keys = {one.key("m"), one.key("n"), hidden.key("m"), answers(tmp_path, {"a.png": 2}).key("m")}
    assert len(keys) == 4
    assert answers(tmp_path, {"a.png": 1}).key("m") == one.key("m")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a file"])
def test_a_file_of_something_else_is_not_taken_up(tmp_path, content):
    (tmp_path / "x.npz").write_bytes(content)
    asked = answers(tmp_path, {"a.png": 1})
    asked.resume(tmp_path / "x.npz", "key")
    assert not asked.seen.any()


def test_a_preparation_is_the_same_where_its_values_are():
    assert {Preparation(), Preparation(hole=0)} == {Preparation()}
