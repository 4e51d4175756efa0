"""The dataset's first page: what it is, where its pictures are, and what its content hashes to."""

from pathlib import Path
from typing import Literal, get_args

import msgspec

from sidelight.records.annotation import PointPolicy
from sidelight.records.errors import UserFault

SCHEMA_VERSION = 1
MANIFEST_FILE = "manifest.json"

Task = Literal["single_label", "multi_label"]
PrivacyGrade = Literal["L0", "L1", "L2", "L3"]

POLICIES: tuple[PointPolicy, ...] = get_args(PointPolicy)


class Manifest(msgspec.Struct, frozen=True):
    """What `manifest.json` holds.

    Attributes:
        schema_version: of the folder's layout; 1.
        name: of the dataset, as tables and reports print it.
        task: `single_label` (exactly one class a picture) or `multi_label` (any number).
        classes: names, in the order of their indices; all different.
        image_root: folder that the examples' paths are relative to; absolute, or relative to the dataset's folder.
        point_policies: which `<policy>_x`, `<policy>_y` columns `annotations.parquet` has.
        fingerprint: of the content; see `fingerprint.py`.
        source: the reader's name ("imagenet_ab"), or what else made the dataset.
        simulated: what was simulated rather than done by people, in words; "" when nothing was.
        provenance: whatever else is worth keeping: options of the conversion, counts of faults ...
        privacy_grade: L0 = nothing about persons, L1 = pseudonyms, L2 = pseudonyms with times and traces that might
            identify, L3 = directly identifying.
        licence: of the annotations, as their source states it; "" when unknown.
    """

    schema_version: int
    name: str
    task: Task
    classes: tuple[str, ...]
    image_root: str
    point_policies: tuple[PointPolicy, ...]
    fingerprint: str
    source: str
    simulated: str = ""
    provenance: dict[str, str] = {}
    privacy_grade: PrivacyGrade = "L1"
    licence: str = ""


def write_manifest(manifest: Manifest, root: Path) -> None:
    """Write `manifest.json` into the folder, indented for people."""
    (root / MANIFEST_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")


def read_manifest(root: Path) -> Manifest:
    """Read `manifest.json`.

    Args:
        root: the dataset's folder.

    Raises:
        UserFault: if the folder has no manifest, or one that this version cannot read.
    """
    path = root / MANIFEST_FILE
    if not path.is_file():
        raise UserFault(
            f"dataset {str(root)!r}",
            seen=f"no {MANIFEST_FILE} in it" if root.is_dir() else "no such folder",
            allowed="a folder written by `sidelight data convert`",
            remedy="Check the path, or convert the source first",
        )
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserFault(
            f"manifest {str(path)!r}",
            seen=str(error),
            allowed="the fields of data/format/README.md",
            remedy="Convert the source again",
        ) from error
    if manifest.schema_version != SCHEMA_VERSION:
        raise UserFault(
            f"manifest {str(path)!r}",
            seen=f"schema_version {manifest.schema_version}",
            allowed=str(SCHEMA_VERSION),
            remedy="Use the version of sidelight that wrote it, or convert the source again",
        )
    return manifest
