import numpy as np

from sidelight.collect.simulate.recording import Recording
from sidelight.collect.wire.log import Focus, Shown


def recorded():
    recording = Recording()
    recording.log(Shown)
    recording.move(np.array([10.0, 1990.0, 2010.0]), np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    recording.now = 6500.0
    recording.log(Focus, focused=False)
    return recording


def cut(recording, **more):
    return recording.chunks(page="p", tab="t", segment=2, first_seq=7, shown_at=1e12, **more)


def test_a_chunk_lasts_two_seconds_and_none_is_empty():
    chunks = cut(recorded())
    assert [(c.seq, len(c.samples), len(c.entries)) for c in chunks] == [(7, 2, 1), (8, 1, 0), (9, 0, 1)]


def test_places_count_within_the_chunk():
    chunks = cut(recorded())
    assert [e.i for c in chunks for e in c.entries] == [0, 0]


def test_the_anchor_puts_the_segment_on_the_wall_clock():
    for chunk in cut(recorded()):
        now, date_now = chunk.anchor
        assert date_now - now == 1e12
        assert now >= max([*chunk.samples.t, *(e.t for e in chunk.entries)])


def test_a_recording_of_nothing_has_no_chunk():
    assert cut(Recording()) == []
