import msgspec

from sidelight.records.annotation import Annotation
from sidelight.records.event import Event

TAG = Annotation(
    "a1", "photo", "ANNA", "campaign", label=2, selected=True, points={"last_add": (0.25, 0.5)}, dwell_ms=900.0,
    events=(Event("add", 10.0, 0.25, 0.5, label="cat"), Event("remove", 20.0, from_x=0.25, from_y=0.5, label="cat")),
    extra={"page": "7"},
)  # fmt: skip


def test_an_annotation_survives_json_with_its_events():
    assert msgspec.json.decode(msgspec.json.encode(TAG), type=Annotation) == TAG


def test_what_is_unknown_is_absent_and_not_zero():
    bare = Annotation("a1", "photo")
    assert (bare.label, bare.selected, bare.dwell_ms, bare.started_at) == (None, None, None, None)
    assert bare.points == {}
