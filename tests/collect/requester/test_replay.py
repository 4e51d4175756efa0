"""A replay's body is the chunks themselves."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from sidelight.collect.requester.replay import pack


@given(st.lists(st.binary(max_size=300), max_size=6))
def test_what_was_packed_comes_apart_into_the_very_bytes(chunks):
    packed, found = pack(chunks), []
    while packed:
        (length,) = struct.unpack_from("<I", packed)
        found.append(packed[4 : 4 + length])
        packed = packed[4 + length :]
    assert found == chunks
