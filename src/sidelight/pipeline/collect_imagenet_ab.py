"""Browsing as ImageNet-AB was published: an XML file a picture."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from sidelight.collect.export.browse_record import BrowseRecord, browse_record
from sidelight.collect.export.naming import folder_names, imagenet_names
from sidelight.collect.export.semantics import Semantics
from sidelight.collect.export.work import Seen, Work
from sidelight.data.source.ab_file import AbFile, AbHover, AbMetadata, AbSample
from sidelight.data.source.ab_layout import serialise

ROOT, DISTRACTORS = "train_xml", "distractor_xml"


def write_imagenet_ab(
    out: Path, pictures: Iterable[Seen], *, known: Mapping[str, str], classes: tuple[str, ...], semantics: Semantics
) -> Counter[str]:
    """Write `train_xml/<class>/<class>_<n>.xml`, and `index.csv`, which says which picture each is.

    A file has one `<metadata>` for each person who was shown the picture on a page of its own class. Pictures keep
    their names where these have ImageNet's form; others are numbered. As in the release, what people did with
    distractors is not there; `full` puts it into `distractor_xml/`, under the class that the page asked about.

    Args:
        out: an empty folder.
        pictures: to write.
        known: path -> class of the export's pictures that have one, for the names.
        classes: of the campaign.
        semantics: see `browse_record`.

    Returns:
        Counts of files and records, and of the records of distractors.

    Source: han2023luab.
    """
    folders = folder_names([*dict.fromkeys([*classes, *known.values()])])
    names, counts = imagenet_names(known, folders), Counter[str]()
    with (out / "index.csv").open("w", newline="", encoding="utf-8") as table:
        index = csv.writer(table, lineterminator="\n")
        index.writerow(["image_id", "path", "asked", "pool"])
        for seen in pictures:
            for asked, works in _by_class(seen.works).items():
                true = asked == seen.label
                if not true:
                    counts["records_of_distractors"] += len(works)
                    if semantics == "release":
                        continue
                name = names[seen.path] if true else f"{folders[asked]}/{folders[asked]}_{counts['distractors'] + 1}"
                counts.update(files=int(true), records=int(true) * len(works), distractors=int(not true))
                _write(out / (ROOT if true else DISTRACTORS), _file(name, seen, works, semantics))
                index.writerow([name, seen.path, asked, seen.pool])
    return counts


def _by_class(works: Iterable[Work]) -> dict[str, list[Work]]:
    asked: dict[str, list[Work]] = defaultdict(list)
    for work in works:
        asked[work.asked].append(work)
    return asked


def _write(root: Path, file: AbFile) -> None:
    path = root / str(file.folder) / f"{file.filename}.xml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(serialise(file))


def _file(name: str, seen: Seen, works: Iterable[Work], semantics: Semantics) -> AbFile:
    folder, _, stem = name.partition("/")
    return AbFile(
        folder=folder,
        filename=stem,
        database="sidelight",
        size=(seen.width, seen.height, 3),
        segmented="0",
        metadata=tuple(_metadata(name, seen, work, semantics) for work in works),
    )


def _metadata(name: str, seen: Seen, work: Work, semantics: Semantics) -> AbMetadata:
    """The person's part, with the release's names for who and when."""
    record = browse_record(work.annotations[0], semantics=semantics)
    behaviour = {field: getattr(record, field) for field in _PLAIN}
    return AbMetadata(
        **behaviour,
        assignment_id=work.assignment or None,
        hit_id=work.hit or None,
        imagenet_hit_id=work.hit or None,
        worker_id=work.person or None,
        hit_submit_time=None if work.submitted_at is None else int(work.submitted_at),
        image_id=name,
        original_image_width=seen.width,
        original_image_height=seen.height,
        hovered=tuple(AbHover(action, time) for action, time in record.hovered),
        mouse=tuple(AbSample(*sample) for sample in record.mouse),
        clicks=tuple(AbSample(*sample) for sample in record.clicks),
    )


_PLAIN = tuple(
    field.name for field in msgspec.structs.fields(BrowseRecord) if field.name not in ("hovered", "mouse", "clicks")
)
"""Fields that are taken over as they are."""
