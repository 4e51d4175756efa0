"""The lists of a COCO instances file, each entry checked by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from sidelight.data.source.names import relative_path
from sidelight.records.errors import Fault, UserFault


class CocoImage(msgspec.Struct, frozen=True):
    """An entry of `images`; `split` is its field of that name, or of one such as `split2017`."""

    id: int
    file_name: str
    width: int
    height: int
    split: str = ""


class CocoCategory(msgspec.Struct, frozen=True):
    """An entry of `categories`."""

    id: int
    name: str


class CocoAnnotation(msgspec.Struct, frozen=True):
    """An entry of `annotations`. `bbox` is x, y, width, height in pixels, as it is; `area` is in pixels, by which
    COCO calls objects small or large; the segmentation is read later.
    """

    id: int
    image_id: int
    category_id: int
    bbox: tuple[float, float, float, float]
    iscrowd: int = 0
    area: float | None = None
    segmentation: msgspec.Raw = msgspec.Raw(b"null")


class Located(NamedTuple):
    """An annotation with its place in the file."""

    annotation: CocoAnnotation
    location: str


@dataclass(frozen=True)
class Instances:
    """What the good entries of one or several files say.

    Attributes:
        categories: name by id.
        images: by id, each with the file that lists it.
        annotations: by image id, in the order of the file.
    """

    categories: dict[int, str] = field(default_factory=dict)
    images: dict[int, tuple[CocoImage, Path]] = field(default_factory=dict)
    annotations: dict[int, list[Located]] = field(default_factory=dict)


class _File(msgspec.Struct):
    images: list[msgspec.Raw]
    annotations: list[msgspec.Raw]
    categories: list[msgspec.Raw]


Entry = TypeVar("Entry", CocoImage, CocoCategory, CocoAnnotation)


def add_instances(instances: Instances, path: Path, faults: list[Fault]) -> None:
    """Read a file's entries; every one of wrong form, or that refers to nothing, is a fault and is left out.

    Args:
        instances: what is known so far; the file's entries are added.
        path: of the JSON.
        faults: gathers what is wrong with single entries.

    Raises:
        UserFault: if the file is not JSON, or lacks one of the three lists.
    """
    file = _read(path)
    for category, location in _entries(file.categories, CocoCategory, f"{path.name}, categories", faults):
        _add_category(instances, category, location, faults)
    for image, location in _entries(file.images, CocoImage, f"{path.name}, images", faults):
        if image.id in instances.images:
            faults.append(Fault(location, f"id {image.id} is that of another image already; left out"))
            continue
        try:
            name = relative_path("file_name", image.file_name)
        except ValueError as error:
            faults.append(Fault(location, f"{error}; left out"))
            continue
        instances.images[image.id] = msgspec.structs.replace(image, file_name=name), path
    seen: set[int] = set()
    for annotation, location in _entries(file.annotations, CocoAnnotation, f"{path.name}, annotations", faults):
        message = _dangling(instances, annotation, seen)
        seen.add(annotation.id)
        if message:
            faults.append(Fault(location, f"{message}; left out"))
        else:
            instances.annotations.setdefault(annotation.image_id, []).append(Located(annotation, location))


def _read(path: Path) -> _File:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_File)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserFault(
            f"source {str(path)!r}",
            seen=str(error),
            allowed="COCO's instances JSON: an object with the lists images, annotations, categories",
            remedy="Give such a file",
        ) from None


def _entries(raw: list[msgspec.Raw], kind: type[Entry], where: str, faults: list[Fault]) -> Iterator[tuple[Entry, str]]:
    decoder = msgspec.json.Decoder(kind)
    for number, entry in enumerate(raw):
        location = f"{where}[{number}]"
        try:
            decoded = decoder.decode(entry)
            if isinstance(decoded, CocoImage):
                decoded = msgspec.structs.replace(decoded, split=_split_of(entry))
            yield decoded, location
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            faults.append(Fault(location, f"{error}; left out"))


def _split_of(entry: msgspec.Raw) -> str:
    """The text of the field `split`, or `split` and a year; "" when there is none."""
    if b'"split' not in bytes(entry):
        return ""
    fields = msgspec.json.decode(entry, type=dict[str, msgspec.Raw])
    found = [value for key, value in fields.items() if re.fullmatch(r"split\d*", key)]
    return msgspec.json.decode(found[0], type=str) if found else ""


def _add_category(instances: Instances, category: CocoCategory, location: str, faults: list[Fault]) -> None:
    name = instances.categories.get(category.id)
    if name is not None and name != category.name:
        faults.append(Fault(location, f"id {category.id} is that of {name!r} already; left out"))
    elif name is None and category.name in instances.categories.values():
        faults.append(Fault(location, f"name {category.name!r} is that of another category already; left out"))
    else:
        instances.categories[category.id] = category.name


def _dangling(instances: Instances, annotation: CocoAnnotation, seen: set[int]) -> str:
    """What the annotation refers to in vain; "" if nothing."""
    if annotation.id in seen:
        return f"id {annotation.id} is that of another annotation already"
    if annotation.image_id not in instances.images:
        return f"image_id {annotation.image_id} is no good image of the file"
    if annotation.category_id not in instances.categories:
        return f"category_id {annotation.category_id} is no good category of the file"
    return ""
