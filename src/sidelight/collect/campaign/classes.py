"""The file that names a campaign's classes: a JSON list or table, or one name a line."""

from pathlib import Path
from typing import Any

import msgspec

from sidelight.collect.campaign.coco_panels import COCO_PANELS, COCO_TITLES
from sidelight.collect.campaign.settings import ClassText
from sidelight.collect.wire.page import Task
from sidelight.records.errors import UserFault


class Classes(msgspec.Struct, frozen=True):
    """What a file of classes says.

    Attributes:
        texts: the classes.
        panels: tag: panel -> names of its classes.
        titles: tag: panel -> what people read of it.
    """

    texts: tuple[ClassText, ...] = ()
    panels: dict[str, tuple[str, ...]] = {}
    titles: dict[str, str] = {}


ALLOWED = (
    'one name a line; or JSON: a list of names, or of {"name", "shown", "description", "synonyms", "link"};'
    ' for tag also a list of {"name", "shown", "classes": [...]}'
)


class _Panel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    classes: tuple[str | ClassText, ...]
    shown: str = ""


def read_classes(file: Path | None, task: Task) -> Classes:
    """Read the classes of a campaign.

    Args:
        file: the user's; None takes COCO's 80 for tag, and none otherwise.
        task: only tag has panels.

    Raises:
        UserFault: the file is in none of the forms.
    """
    if file is None:
        coco = [_Panel(name, names, COCO_TITLES.get(name, "")) for name, names in COCO_PANELS.items()]
        return _sorted_out(coco, task) if task == "tag" else Classes()
    try:
        listed = _listed(file, file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as fault:
        raise UserFault(f"classes {file}", seen=str(fault), allowed=ALLOWED, remedy="Mend the file") from fault
    if not listed:
        raise UserFault(f"classes {file}", seen="no class", allowed=ALLOWED, remedy="Name one or more")
    panels = listed if isinstance(listed[0], _Panel) else [_Panel("Classes", tuple(listed))]
    return _sorted_out(panels, task)


def _listed(file: Path, text: str) -> list[Any]:
    if file.suffix.lower() != ".json":
        return [line.strip() for line in text.splitlines() if line.strip()]
    raw = msgspec.json.decode(text)
    if isinstance(raw, list) and raw and isinstance(raw[0], dict) and "classes" in raw[0]:
        return msgspec.convert(raw, list[_Panel])
    return msgspec.convert(raw, list[str | ClassText])


def _sorted_out(panels: list[_Panel], task: Task) -> Classes:
    texts = {
        panel.name: tuple(ClassText(one) if isinstance(one, str) else one for one in panel.classes) for panel in panels
    }
    every = tuple(one for ones in texts.values() for one in ones)
    if task != "tag":
        return Classes(every)
    names = {name: tuple(one.name for one in ones) for name, ones in texts.items()}
    return Classes(every, names, {panel.name: panel.shown for panel in panels if panel.shown})
