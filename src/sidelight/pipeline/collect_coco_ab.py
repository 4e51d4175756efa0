"""Tagging as COCO-AB was published: a JSON list with a record a page."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sidelight.collect.export.naming import coco_ids
from sidelight.collect.export.semantics import Semantics
from sidelight.collect.export.tag_record import tag_record
from sidelight.collect.export.work import Seen, Work
from sidelight.data.source.coco_classes import CATEGORIES

RECORDS, INSTANCES = "coco_ab.json", "instances.json"


def write_coco_ab(
    out: Path,
    pictures: Iterable[Seen],
    *,
    paths: Sequence[str],
    classes: tuple[str, ...],
    panels: tuple[str, ...],
    semantics: Semantics,
) -> Counter[str]:
    """Write `coco_ab.json`, and `instances.json`, which says sizes, files and classes in COCO's way.

    A picture that several people tagged has several records; the public loader and ours take the last. Pictures keep
    their COCO numbers where their files are named by them; others are counted up.

    Args:
        out: an empty folder.
        pictures: to write.
        paths: of all pictures of the export, for the numbers.
        classes: of the campaign.
        panels: names, in their order.
        semantics: see `tag_record`.

    Returns:
        Counts of records and pictures.

    Source: han2023luab, lin2014coco.
    """
    numbers, counts = coco_ids(paths), Counter[str]()
    images: list[dict[str, Any]] = []
    with (out / RECORDS).open("wb") as file:
        file.write(b"[")
        for seen in pictures:
            number = numbers[seen.path]
            images.append({"id": number, "file_name": seen.path, "width": seen.width, "height": seen.height})
            for work in seen.works:
                file.write(b",\n " if counts["records"] else b"\n ")
                file.write(
                    msgspec.json.encode(
                        _record(number, seen, work, classes=classes, panels=panels, semantics=semantics)
                    )
                )
                counts["records"] += 1
        file.write(b"\n]\n")
    counts["pictures"] = len(images)
    known = {"images": images, "annotations": [], "categories": _categories(classes)}
    (out / INSTANCES).write_bytes(msgspec.json.encode(known))
    return counts


def _record(
    number: int, seen: Seen, work: Work, *, classes: tuple[str, ...], panels: tuple[str, ...], semantics: Semantics
) -> dict[str, Any]:
    page = next((each for each in work.annotations if each.label is None), None)
    shown: Mapping[str, str] = page.extra if page else {}
    behaviour = tag_record(work.annotations, classes=classes, panels=panels, drags=work.drags, semantics=semantics)
    return {
        "image_id": number,
        "originalImageWidth": seen.width,
        "originalImageHeight": seen.height,
        "imageWidth": int(shown["imageWidth"]) if "imageWidth" in shown else None,
        "imageHeight": int(shown["imageHeight"]) if "imageHeight" in shown else None,
        "page_id": work.page,
        "hit_id": work.hit or None,
        "worker_id": work.person or None,
        **behaviour,
    }


def _categories(classes: tuple[str, ...]) -> list[dict[str, Any]]:
    """COCO's ids where the classes are COCO's; else counted from 1."""
    known = {name: number for number, name in CATEGORIES.items()}
    if set(classes) <= known.keys():
        return [{"id": known[name], "name": name} for name in classes]
    return [{"id": number, "name": name} for number, name in enumerate(classes, start=1)]
