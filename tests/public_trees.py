"""Small trees in the very layouts of public downloads, and what is right about each of their pictures."""

import csv
import json
from pathlib import Path

import numpy as np
import PIL.Image
from tests.fakes import colour_of, paint

from sidelight.data.public.backgrounds_challenge import CLASSES, VARIANTS
from sidelight.data.public.imagenet_c import ARCHIVES
from sidelight.data.public.imagenet_names import wnids

SPECIAL = {
    409: "analog clock",
    434: "bath towel",
    517: "crane",
    530: "digital clock",
    533: "dishrag, dishcloth",
    851: "television, television system",
    134: "crane",
}
"""Names of ImageNet classes as ObjectNet's list writes them; two of the thousand have the same."""

OBJECTS = {
    "tv": ("TV", "television, television system", (851,)),
    "alarm_clock": ("Alarm clock", "analog clock; digital clock", (409, 530)),
    "blender": ("Blender", None, ()),
    "full_sized_towel": ("Bath towel", "bath towel", (434,)),
    "hand_towel_or_rag": ("Dishrag or hand towel", "dishrag, dishcloth", (533,)),
    "tape": ("Tape / duct tape", None, ()),
}
"""Folder of ObjectNet: (label, names of ImageNet classes, their indices). Folders and labels sort differently."""


def rings(file: Path, *labels_and_widths: tuple[int, int], side: int) -> None:
    """Write squares within each other, (class, width of its ring) from outside; the last fills the rest."""
    pixels = np.empty((side, side, 3), np.uint8)
    first = 0
    for label, width in labels_and_widths:
        pixels[first : side - first, first : side - first] = colour_of(label)
        first += width
    file.parent.mkdir(parents=True, exist_ok=True)
    PIL.Image.fromarray(pixels).save(file, quality=95)


def imagenet_c(folder: Path, shown, *, extra: bool = False) -> None:
    """ImageNet-C with two classes of one photo each; `shown(corruption, severity, label)` is the class painted."""
    for archive, names in ARCHIVES.items():
        for name in names if extra or archive != "extra" else ():
            for severity in range(1, 6):
                for label in (1, 500):
                    place = folder / name / str(severity) / wnids()[label]
                    paint(place / f"ILSVRC2012_val_{label:08d}.JPEG", shown(name, severity, label))


def objectnet(folder: Path, pictures: dict[str, list[int]]) -> None:
    """ObjectNet with the objects above; {folder: class shown by each of its photos}, a red border around each."""
    for name in OBJECTS:
        for number, label in enumerate(pictures.get(name, [0])):
            rings(folder / "images" / name / f"{number:x}f.png", (910, 2), (label, 3), (77, 5), side=20)
    mappings = folder / "mappings"
    mappings.mkdir()
    lines = {str(index): (7 * index + 3) % 1000 for index in range(1000)}
    names = {line: SPECIAL.get(int(index), f"class {index}") for index, line in lines.items()}
    (mappings / "imagenet_to_label_2012_v2").write_text("".join(f"{names[line]}\n" for line in range(1000)))
    said = {label: name for label, name, _ in OBJECTS.values() if name is not None}
    for file, content in (
        ("pytorch_to_imagenet_2012_id", lines),
        ("objectnet_to_imagenet_1k", said),
        ("folder_to_objectnet_label", {name: label for name, (label, *_) in OBJECTS.items()}),
    ):
        (mappings / f"{file}.json").write_text(json.dumps(content))


SI_CLASSES = {"bagel": 931, "kite": 21, "pitcher (container)": 725}


def si_score(folder: Path, pictures: list[tuple[int, str, int, dict[str, float]]]) -> None:
    """SI-Score; (image id, object, class shown, {column of metadata.csv: value})."""
    header = ("image_id", "x_coord", "y_coord", "area", "rotation", "foreground_class", "pct_inside_image")
    folder.mkdir(parents=True)
    with (folder / "metadata.csv").open("w", newline="") as opened:
        writer = csv.DictWriter(opened, header, restval="0")
        writer.writeheader()
        for number, name, label, values in pictures:
            paint(folder / name / f"{number}.jpg", label)
            writer.writerow({"image_id": number, "foreground_class": sorted(SI_CLASSES).index(name)} | values)
    with (folder / "foreground_classes.csv").open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerows([("int", "label"), *((label, name) for name, label in SI_CLASSES.items())])


def in9_map() -> dict[str, int]:
    """A map in the form and with the counts of in_to_in9.json; vehicles and instruments are any free classes."""
    ranges = {
        0: (range(151, 171), range(173, 269)),
        1: (range(7, 25), range(87, 101), range(127, 147)),
        2: (range(400, 442),),
        3: (range(33, 69),),
        4: (range(269, 281), range(286, 300), range(356, 363), range(387, 389)),
        5: (range(300, 327),),
        6: (range(500, 526),),
        7: (range(365, 385),),
        8: (range(7), range(389, 398)),
    }
    coarse = {index: number for number, some in ranges.items() for each in some for index in each}
    return {str(index): coarse.get(index, -1) for index in range(1000)}


def backgrounds_challenge(folder: Path, shown: dict[tuple[str, str], list[int]], *, first: int = 0) -> None:
    """The eight variants; {(variant, class): class of ImageNet shown by each picture}, else one of the class itself.

    The files are named after the class of another folder, as in mixed_rand and mixed_next.
    """
    members = {number: int(index) for index, number in reversed(in9_map().items()) if number >= 0}
    for variant in VARIANTS:
        for number, name in enumerate(CLASSES):
            for place, label in enumerate(shown.get((variant, name), [members[number]])):
                other = list(CLASSES)[(number + 1) % 9]
                paint(folder / variant / "val" / name / f"{other}_n0{first + place}.JPEG", label)
    (folder / "in_to_in9.json").write_text(json.dumps(in9_map()))
