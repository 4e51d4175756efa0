"""What simulated people can see in a campaign: its folders' classes, and boxes where somebody knows them."""

from collections import Counter
from pathlib import Path, PurePosixPath

import msgspec
import sqlalchemy as sa

from sidelight.collect.campaign.folder import Campaign
from sidelight.collect.simulate.person import World
from sidelight.collect.store import setting
from sidelight.collect.store import tables as t
from sidelight.collect.store.engine import Store
from sidelight.data.format.reader import Dataset
from sidelight.records.errors import UserFault
from sidelight.records.example import Box, Example

SIMULATED = "simulated_annotators"
"""Name of the setting that counts them; an export of a campaign that has it says so."""


def campaign_world(campaign: Campaign, store: Store, boxes: Path | None) -> World:
    """The pictures with their classes and, where known, boxes.

    Args:
        campaign: whose pictures they are.
        store: of the campaign.
        boxes: dataset whose examples have the same paths, ids or file names, or None.

    Raises:
        UserFault: the dataset has none of the pictures.
    """
    classes = tuple(one.name for one in campaign.settings.classes)
    titles = {one.shown or one.name: one.name for one in campaign.settings.classes}
    known = {} if boxes is None else _known(boxes, classes)
    with store.read() as c:
        rows = c.execute(sa.select(t.picture)).mappings().all()
    examples = {row["id"]: _example(row, classes, known) for row in rows}
    if boxes is not None and not any(example.boxes for example in examples.values()):
        raise UserFault(
            f"dataset {str(boxes)!r}",
            seen="boxes of none of the campaign's pictures",
            allowed="a dataset whose examples have the same paths or file names",
            remedy="Convert the campaign's pictures with their boxes, or leave --boxes out",
        )
    return World(examples, classes, titles)


def mark_simulated(store: Store, annotators: int) -> None:
    """Count simulated people in the store, so that no export passes them off as real."""

    def add(c: sa.Connection) -> None:
        setting.write(c, SIMULATED, str(annotators + int(setting.read(c, SIMULATED, "0"))))

    store.write(add).result()


def _known(path: Path, classes: tuple[str, ...]) -> dict[str, Example]:
    """Examples by path, by id and, where only one has it, by the file's name; labels in the campaign's numbering."""
    dataset = Dataset.open(path)
    numbers = {old: classes.index(name) for old, name in enumerate(dataset.manifest.classes) if name in classes}
    found: dict[str, Example] = {}
    named = Counter(PurePosixPath(example.path).name for example in dataset.examples())
    for example in dataset.examples():
        boxes = tuple(
            msgspec.structs.replace(box, label=None if box.label is None else numbers.get(box.label, -1))
            for box in example.boxes
        )
        labels = tuple(numbers[label] for label in example.labels if label in numbers)
        mine = msgspec.structs.replace(example, labels=labels, boxes=boxes)
        name = PurePosixPath(example.path).name
        found |= {example.path: mine, example.id: mine} | ({name: mine} if named[name] == 1 else {})
    return found


def _example(row: "sa.RowMapping", classes: tuple[str, ...], known: dict[str, Example]) -> Example:
    """A picture as people see it: its folder's class, or what the dataset knows; gold boxes where there are some."""
    mine = known.get(row["path"]) or known.get(PurePosixPath(row["path"]).name)
    labels: tuple[int, ...] = (classes.index(row["label"]),) if row["label"] in classes else ()
    boxes = tuple(Box(*box) for box in row["boxes"] or ())
    if mine is not None:
        labels, boxes = (labels or mine.labels), (boxes or mine.boxes)
    return Example(row["path"], row["path"], "train", row["width"], row["height"], labels, boxes)
