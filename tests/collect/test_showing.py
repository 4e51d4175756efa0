import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.collect.chunks import EPOCH, Script, browsing

from sidelight.collect.showing import showings
from sidelight.collect.wire import log


def walk(segment=0, epoch=EPOCH, tab="tab-1"):
    script = Script(segment=segment, epoch=epoch, tab=tab)
    script.move(600, 300, 5_000)
    return script


@given(st.permutations(range(8)))
def test_chunks_in_any_order_give_the_whole_log(order):
    script = browsing(seconds=15.0)
    made = script.chunks()
    (showing,) = showings([made[k] for k in order if k < len(made)])
    assert [entry.t for entry in showing.entries] == [entry.t for entry in script.entries]
    assert showing.before.tolist() == [entry.i for entry in script.entries]
    assert showing.samples.t.tolist() == [row[0] for row in script.rows]
    assert (showing.start_ms, showing.epoch_ms) == (0.0, EPOCH)


def test_a_later_showing_lies_where_the_wall_clock_says():
    first, second = walk(), walk(segment=1, epoch=EPOCH + 60_000)
    shown = showings([*second.chunks(), *first.chunks()])
    assert [showing.number for showing in shown] == [0, 1]
    assert [showing.start_ms for showing in shown] == [0.0, 60_000.0]
    assert shown[0].end_ms == 5_000.0


def test_a_wall_clock_that_was_put_back_puts_nothing_before_what_came_before():
    shown = showings([*walk().chunks(), *walk(segment=1, epoch=EPOCH - 3_600_000).chunks()])
    assert shown[1].start_ms == shown[0].end_ms == 5_000.0


def test_two_windows_may_show_a_page_at_the_same_time():
    shown = showings([*walk().chunks(), *walk(segment=1, epoch=EPOCH + 1000, tab="tab-2").chunks()])
    assert shown[1].start_ms == 1000.0


def test_a_missing_chunk_leaves_the_places_of_the_others():
    script = walk()
    made = script.chunks()
    script.note(log.Undo, by="mouse")
    last = script.chunks()[-1]
    (showing,) = showings([made[0], last])
    assert len(showing.samples) == len(made[0].samples) + len(last.samples)
    assert showing.before[-1] == len(showing.samples)
    assert np.all(np.diff(showing.before) >= 0)
