import json

import numpy as np
import pytest
from tests.public_trees import backgrounds_challenge, in9_map

from sidelight.data.public.backgrounds_challenge import (
    CLASSES,
    VARIANTS,
    AdversarialBackgrounds,
    BackgroundsChallenge,
    read_mask,
)
from sidelight.records.errors import UserFault


@pytest.fixture
def root(tmp_path):
    backgrounds_challenge(tmp_path / "bg_challenge", {})
    return tmp_path


def masked(root, names):
    for name in names:
        place = root / "bg_challenge" / "fg_mask" / "val" / name
        place.mkdir(parents=True)
        for file in (root / "bg_challenge" / "original" / "val" / name).iterdir():
            np.save(place / f"{file.stem}.npy", np.ones((8, 8)))


def test_a_picture_s_class_is_that_of_its_folder_whatever_its_name_says(root):
    listing = BackgroundsChallenge().read(root)
    assert (listing.count, listing.expected) == (8 * 9, 8 * 4050)
    rows = [row for part in listing.parts for row in part.rows]
    assert list(dict.fromkeys(row.group for row in rows)) == list(VARIANTS)
    of = {row.path: row.labels for row in rows}
    assert of["00_dog/01_bird_n00.JPEG"] == (*range(151, 171), *range(173, 269))
    assert of["02_wheeled vehicle/03_reptile_n00.JPEG"] == tuple(range(400, 442))


def test_the_map_is_never_guessed(root):
    (root / "bg_challenge" / "in_to_in9.json").rename(root / "other.json")
    with pytest.raises(UserFault, match=r"no map of ImageNet's classes.*--backgrounds_challenge\.in9-map"):
        BackgroundsChallenge().read(root)
    with pytest.raises(UserFault, match=r"--backgrounds_challenge_accuracy\.in9-map"):
        AdversarialBackgrounds().read(root)
    assert BackgroundsChallenge(in9_map=root / "other.json").read(root).count == 72


def test_a_map_made_from_today_s_wordnet_shows_by_its_counts(root):
    wordnet = in9_map() | {"171": 0, "172": 0} | {str(cat): 4 for cat in range(281, 286)}
    (root / "in_to_in9.json").write_text(json.dumps(wordnet))
    said = [fault.message for fault in BackgroundsChallenge().read(root).faults]
    assert said[:2] == [
        "118 classes of ImageNet in '00_dog' instead of 116",
        "40 classes of ImageNet in '04_carnivore' instead of 35",
    ]


def test_missing_variants_classes_and_masks_are_named(root):
    challenge = root / "bg_challenge"
    (challenge / "mixed_next").rename(root / "gone")
    (challenge / "no_fg" / "val" / "08_fish").rename(challenge / "no_fg" / "val" / "08_fishes")
    said = [str(fault) for fault in BackgroundsChallenge().read(root).faults]
    assert f"{challenge}/mixed_next/val: this folder is missing" in said
    assert f"{challenge}/no_fg/val/08_fishes: this folder's name is no class of the benchmark" in said
    assert f"{challenge}/only_fg/val: 9 pictures instead of 4050" in said
    masked(root, list(CLASSES)[1:])
    listing = AdversarialBackgrounds().read(root)
    assert [len(part.rows) for part in listing.parts] == [8, 9]
    assert f"{challenge}/original/val/00_dog/01_bird_n00.JPEG: no mask in fg_mask/val/" in map(str, listing.faults)


def test_objects_without_backgrounds_or_masks_are_no_challenge(root):
    with pytest.raises(UserFault, match="0 objects with a mask, 9 backgrounds"):
        AdversarialBackgrounds().read(root)


@pytest.mark.parametrize(
    ("mask", "said"),
    [
        (np.ones((8, 9)), r"shape \(8, 9\), 1 to 1"),
        (np.full((8, 8), 255), "255 to 255"),
        (np.array([None]), "unreadable"),
    ],
)
def test_a_mask_of_other_numbers_or_shape_is_refused(tmp_path, mask, said):
    np.save(tmp_path / "a.npy", mask)
    with pytest.raises(UserFault, match=said):
        read_mask(tmp_path / "a.npy", (8, 8))
