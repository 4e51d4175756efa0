import hashlib

import msgspec
import numpy as np
import pytest

from sidelight.data.format.fingerprint import Fingerprint, normal_form
from sidelight.records.annotation import Annotation
from sidelight.records.event import Event
from sidelight.records.example import Example

EXAMPLE = Example("e", "e.png", "train", 8, 6, (0,))
CLICK = Annotation("a", "e", points={"first": (0.0, 1.0), "final": (0.5, 0.5)}, extra={"b": "1", "a": "2"})


def value(*records, classes=("cat",), task="single_label"):
    fingerprint = Fingerprint()
    for record in records:
        fingerprint.add(record)
    return fingerprint.value(task=task, classes=classes)


def test_it_is_what_the_specification_says():
    def digest(content):
        return int.from_bytes(hashlib.sha256(content).digest(), "big")

    plain = Annotation("a", "e", points={"final": (0.5, 0.5)})
    records = [b"Example\0" + msgspec.msgpack.encode(EXAMPLE), b"Annotation\0" + msgspec.msgpack.encode(plain)]
    total = sum(map(digest, [*records, b"map\0maps/m.png\0(1, 2)\0uint16\0\x01\x00\x00\x02"])) % 2**256
    head = msgspec.msgpack.encode(["single_label", ["cat"]])
    fingerprint = Fingerprint()
    fingerprint.add(EXAMPLE)
    fingerprint.add(plain)
    fingerprint.add_map("maps/m.png", np.array([[1, 512]], np.uint16))
    found = fingerprint.value(task="single_label", classes=["cat"])
    assert found == hashlib.sha256(head + total.to_bytes(32, "big")).hexdigest()


def test_the_order_of_keys_does_not_matter():
    other = msgspec.structs.replace(
        CLICK, points=dict(reversed(CLICK.points.items())), extra=dict(reversed(CLICK.extra.items()))
    )
    assert value(CLICK) == value(other)


@pytest.mark.parametrize(
    "change",
    [{"id": "b"}, {"label": 0}, {"selected": False}, {"points": {}}, {"events": (Event("enter"),)}, {"extra": {}}],
)
def test_every_field_counts(change):
    assert value(CLICK) != value(msgspec.structs.replace(CLICK, **change))


def test_task_and_classes_count():
    assert len({value(), value(classes=("dog",)), value(classes=("cat", "dog")), value(task="multi_label")}) == 4


def test_a_record_twice_is_not_a_record_once():
    assert len({value(), value(CLICK), value(CLICK, CLICK)}) == 3


def test_a_map_counts_by_path_shape_depth_and_levels():
    def of(path, pixels):
        fingerprint = Fingerprint()
        fingerprint.add_map(path, pixels)
        return fingerprint.value(task="single_label", classes=[])

    flat = np.zeros((2, 3), np.uint8)
    others = [flat.T, flat.astype(np.uint16), flat + np.uint8(1)]
    assert len({of("a", flat), of("b", flat), *(of("a", other) for other in others)}) == 5
    assert of("a", np.ones((2, 2), ">u2")) == of("a", np.ones((2, 2), "<u2"))


def test_types_are_brought_to_what_is_declared():
    loose = Annotation(
        "a", "e", points={"final": (0, np.float32(1))}, dwell_ms=3, events=(Event("move", 1, 0, np.int64(1)),)
    )
    strict = Annotation("a", "e", points={"final": (0.0, 1.0)}, dwell_ms=3.0, events=(Event("move", 1.0, 0.0, 1.0),))
    assert value(normal_form(loose)) == value(strict)


@pytest.mark.parametrize(
    "change", [{"label": 0.5}, {"annotator": None}, {"points": {"last": (0, 0)}}, {"extra": {"a": 1}}]
)
def test_what_is_of_another_type_is_refused(change):
    with pytest.raises(ValueError, match="Annotation 'a': "):
        normal_form(msgspec.structs.replace(CLICK, **change))
