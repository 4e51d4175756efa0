"""From what a requester names on the command line to settings and pictures, with everything that was left out."""

from pathlib import Path

import msgspec

from sidelight.collect.campaign.classes import read_classes
from sidelight.collect.campaign.gold import mark_gold
from sidelight.collect.campaign.images import scan
from sidelight.collect.campaign.settings import ClassText, Settings
from sidelight.collect.store.pictures import Picture
from sidelight.records.errors import Fault


class Prepared(msgspec.Struct, frozen=True):
    """What `init_campaign` needs, and what was found on the way.

    Attributes:
        settings: with the classes filled in.
        pictures: of all pools.
        faults: one for each file, folder or row that is not used.
    """

    settings: Settings
    pictures: list[Picture]
    faults: list[Fault]


def prepare(settings: Settings, *, classes: Path | None, gold: Path | None) -> Prepared:
    """Look at the folders and files that a campaign is made of.

    Args:
        settings: as asked for, `images` and `distractors` being folders; the classes are filled in here.
        classes: file that names them; None takes the folders' names (browse, paint) or COCO's 80 (tag).
        gold: table of pictures whose truth is known.

    Raises:
        UserFault: a folder or file cannot be read at all.
    """
    pictures, faults = scan(Path(settings.images), pool="images")
    if settings.distractors:
        more, wrong = scan(Path(settings.distractors), pool="distractors")
        pictures, faults = pictures + more, faults + wrong
    if gold is not None:
        pictures, wrong = mark_gold(pictures, gold)
        faults += wrong
    known = read_classes(classes, settings.task)
    texts = known.texts
    if classes is None and settings.task != "tag":
        texts = tuple(map(ClassText, sorted({one.label for one in pictures if one.label and one.pool == "images"})))
    if settings.task == "browse":
        faults += _unused(pictures, texts)
    absolute = {"images": _absolute(settings.images), "distractors": _absolute(settings.distractors)}
    panels = {"panels": known.panels, "panel_titles": known.titles}
    return Prepared(msgspec.structs.replace(settings, classes=texts, **panels, **absolute), pictures, faults)


def _unused(pictures: list[Picture], texts: tuple[ClassText, ...]) -> list[Fault]:
    """Folders that are no class, and classes that have no folder."""
    mine = [one.label for one in pictures if one.pool == "images"]
    names = {one.name for one in texts}
    said = []
    for label in sorted(set(mine) - names):
        n = mine.count(label)
        what = f"folder {label!r} is not in the file of classes" if label else "not in a class's folder"
        said.append(Fault(label or "images", f"{n} pictures unused: {what}; a folder for each class is expected"))
    lacking = sorted(names - set(mine))
    return said + [Fault(name, "a class without pictures; a folder of this name is expected") for name in lacking]


def _absolute(folder: str) -> str:
    return str(Path(folder).resolve()) if folder else ""
