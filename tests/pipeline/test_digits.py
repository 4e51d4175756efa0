from collections import Counter

import numpy as np
import pytest

from sidelight.data.format.maps import read_map
from sidelight.data.format.reader import Dataset
from sidelight.data.format.validator import validate
from sidelight.data.images import read_image
from sidelight.pipeline.digits import SIDE, Digits, draw_digits, draw_texture
from sidelight.records.errors import UserFault


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return Dataset.open(draw_digits(Digits(pictures=300), tmp_path_factory.mktemp("drawn") / "digits"))


def agreement(dataset, *splits):
    """Share of the pictures whose texture is that of their class."""
    shown = [e for e in dataset.examples() if e.split in splits]
    return np.mean([e.group == f"texture {e.labels[0]}" for e in shown]), len(shown)


def test_the_dataset_has_no_fault(drawn):
    assert validate(drawn.root) == []


def test_half_train_a_sixth_validates_a_third_tests(drawn):
    assert Counter(e.split for e in drawn.examples()) == {"train": 150, "validation": 50, "test": 100}


def test_every_class_is_there(drawn):
    assert {e.labels[0] for e in drawn.examples()} == set(range(10))


def test_the_texture_goes_with_the_class_in_training_and_not_in_the_test(drawn):
    for splits, rate in ((("train", "validation"), Digits().rate), (("test",), 0.1)):
        share, n = agreement(drawn, *splits)
        assert abs(share - rate) < 4 * np.sqrt(rate * (1 - rate) / n)


def test_the_box_is_the_tightest_around_the_mask(drawn):
    for example in drawn.examples()[:20]:
        mask = read_map(drawn.root / example.mask_path)
        assert set(np.unique(mask)) == {0, example.labels[0] + 1}
        rows, columns = np.nonzero(mask)
        edges = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]) / SIDE
        (box,) = example.boxes
        assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx(tuple(edges))


def test_the_mask_lies_on_the_ink_which_is_white(drawn):
    for example in drawn.examples()[:20]:
        picture = read_image(drawn.image_path(example)).mean(axis=2)
        mask = read_map(drawn.root / example.mask_path) > 0
        assert picture[mask].mean() > picture[~mask].mean() + 50


def test_a_texture_s_colours_tell_nothing_and_stay_off_white():
    textures = np.array(
        [[draw_texture(kind, np.random.default_rng([kind, i])) for i in range(50)] for kind in range(10)]
    )
    means = textures.mean(axis=(1, 2, 3))
    assert textures.max() < 0.9
    assert (np.abs(means - means.mean()) < 0.1).all()


def test_ten_textures_are_ten():
    textures = [draw_texture(kind, np.random.default_rng(0)) for kind in range(10)]
    assert all(np.abs(a - b).max() > 0.1 for i, a in enumerate(textures) for b in textures[:i])


def test_the_same_values_give_the_same_data_and_others_give_others(tmp_path):
    values = {"one": Digits(12), "same": Digits(12), "seed": Digits(12, seed=1), "rate": Digits(12, rate=0.0)}
    prints = {}
    for name, digits in values.items():
        prints[name] = Dataset.open(draw_digits(digits, tmp_path / name)).manifest.fingerprint
    assert prints["one"] == prints["same"]
    assert len(set(prints.values())) == 3


def test_earlier_data_are_replaced_only_when_asked(tmp_path):
    draw_digits(Digits(6), tmp_path / "digits")
    with pytest.raises(UserFault, match="digits"):
        draw_digits(Digits(12), tmp_path / "digits")
    draw_digits(Digits(12), tmp_path / "digits", overwrite=True)
    assert len(Dataset.open(tmp_path / "digits").examples()) == 12
