"""A hash of what a dataset says, whatever the way in which it was written down."""

import hashlib
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from sidelight.data.format.teacher_maps import TeacherMap
from sidelight.records.annotation import Annotation
from sidelight.records.example import Example

Record = TypeVar("Record", Example, Annotation)
MapArray = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"a record holds a {type(value).__name__}; it may hold only what its type says")


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_plain, order="deterministic")
_DECODERS: dict[type, msgspec.msgpack.Decoder[Any]] = {
    Example: msgspec.msgpack.Decoder(Example),
    Annotation: msgspec.msgpack.Decoder(Annotation),
}


def normal_form(record: Record) -> Record:
    """The record with every field of exactly its declared type (an int where a float is declared becomes a float).

    Raises:
        ValueError: if a field cannot be what its type says.

    >>> normal_form(Annotation("a", "cat_1", dwell_ms=3)).dwell_ms
    3.0
    """
    try:
        return _DECODERS[type(record)].decode(_ENCODER.encode(record))
    except (msgspec.ValidationError, TypeError) as error:
        raise ValueError(f"{type(record).__name__} {record.id!r}: {error}") from error


class Fingerprint:
    """Adds up the hashes of a dataset's parts.

    Every part (an example, an annotation with its events, a map, a teacher's map) is hashed with SHA-256 and the hashes
    are added modulo 2^256, so the order of rows does not matter and memory stays constant. The sum is hashed once
    more, together with the task and the classes. Not part of it: where images live, names, provenance, the parquet
    files' encoding. It finds damage and mix-ups; it is no signature against a forger.

    >>> one, other = Fingerprint(), Fingerprint()
    >>> a, b = (Example(name, f"{name}.jpg", "train", 8, 8, (0,)) for name in "ab")
    >>> one.add(a), one.add(b), other.add(b), other.add(a)
    (None, None, None, None)
    >>> one.value(task="single_label", classes=["cat"]) == other.value(task="single_label", classes=["cat"])
    True
    """

    def __init__(self) -> None:
        self._sum = 0

    def add(self, record: Example | Annotation) -> None:
        """Count a record in; it must be in its `normal_form`."""
        self._add_bytes(type(record).__name__.encode() + b"\0" + _ENCODER.encode(record))

    def add_map(self, path: str, pixels: MapArray) -> None:
        """Count a map or mask in: its path in the folder, its shape, depth and pixels."""
        head = f"map\0{path}\0{pixels.shape}\0{pixels.dtype.name}\0".encode()
        self._add_bytes(head + pixels.astype(pixels.dtype.newbyteorder("<"), copy=False).tobytes())

    def add_teacher_map(self, found: TeacherMap) -> None:
        """Count a model's map in: whose it is, what it explains, and its values."""
        shares = [None if share is None else float(np.float32(share)) for share in (found.confidence, found.weight)]
        whose = [found.example_id, found.label, *found.map.shape, *found.view, *shares, found.method, found.teacher]
        if found.probabilities is not None:
            whose.append([float(np.float32(value)) for value in found.probabilities])
        values = found.map.astype("<f2", copy=False).tobytes()
        self._add_bytes(b"teacher_map\0" + _ENCODER.encode(whose) + values)

    def _add_bytes(self, content: bytes) -> None:
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(content).digest(), "big")) % (1 << 256)

    def value(self, *, task: str, classes: Sequence[str]) -> str:
        """The fingerprint of everything counted in so far: 64 hexadecimal digits."""
        head = _ENCODER.encode([task, list(classes)])
        return hashlib.sha256(head + self._sum.to_bytes(32, "big")).hexdigest()
