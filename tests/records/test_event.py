import msgspec
import pytest

from sidelight.records.event import Event


@pytest.mark.parametrize("wrong", [b'{"kind":"hover"}', b'{"kind":"move","x":"left"}', b"{}"])
def test_an_event_of_an_unknown_kind_or_type_is_refused(wrong):
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(wrong, type=Event)


def test_an_event_is_written_without_what_it_does_not_say():
    assert msgspec.json.encode(Event("leave", 3.0)) == b'{"kind":"leave","elapsed_ms":3.0}'
