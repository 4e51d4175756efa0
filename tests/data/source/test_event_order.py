from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.source.event_order import merge_streams
from sidelight.records.event import Event

streams = st.lists(st.lists(st.integers(0, 20), max_size=8), max_size=3)


def logs(streams):
    return [[(t, Event("move", float(t), label=str(n))) for t in stream] for n, stream in enumerate(streams)]


@given(streams)
def test_every_stream_keeps_its_own_order(streams):
    merged = merge_streams(logs(streams))
    for number, stream in enumerate(streams):
        assert [event.elapsed_ms for event in merged if event.label == str(number)] == stream


@given(streams.map(lambda s: [sorted(stream) for stream in s]))
def test_orderly_streams_give_an_orderly_log(streams):
    times = [event.elapsed_ms for event in merge_streams(logs(streams))]
    assert times == sorted(times)


def test_of_equal_times_the_earlier_stream_comes_first():
    assert [event.label for event in merge_streams(logs([[5], [5], [4, 5]]))] == ["2", "0", "1", "2"]
