import math

from tests.collect.chunks import EPOCH, Script, browsing

from sidelight.collect.page_log import PageLog, Row, in_order, trace_of
from sidelight.collect.wire import log


def test_every_sample_is_in_one_path_when_all_are_taken():
    script = browsing(seconds=30.0)
    page = PageLog.of(script.chunks(), list(script.pictures), around_px=math.inf)
    times = sorted(row.time for k in range(48) for row in page.moves(k))
    assert times == [row[0] for row in script.rows]


def test_rows_of_one_time_stay_as_they_were_recorded():
    rows = [Row(5.0, 0, 2.0, "entry"), Row(5.0, 0, 1.5, "sample"), Row(4.0, 1, 9.0, "early"), Row(5.0, 0, 2.0, "next")]
    assert [row.what for row in in_order(rows)] == ["early", "sample", "entry", "next"]


def test_a_sample_that_was_delivered_late_stands_where_its_time_is():
    """A busy page: an entry was recorded before a sample that is older."""
    script = Script()
    script.wait(100)
    script.note(log.Focus, focused=True)
    script.now = 95.0
    script.sample(100, 200)
    page = PageLog.of(script.chunks(), list(script.pictures))
    events = in_order([*page.rows, *page.moves(0)])
    assert [row.time for row in events][-2:] == [95.0, 100.0]


def test_times_of_a_later_showing_are_on_the_line():
    second = Script(segment=1, epoch=EPOCH + 10_000)
    second.sample(100, 200)
    page = PageLog.of([*Script().chunks(), *second.chunks()], list(second.pictures))
    assert [row.time for row in page.moves(0)] == [10_000.0]
    assert page.ended(1) == 10_000.0


def test_a_trace_has_the_samples_alone():
    script = browsing(seconds=5.0)
    page = PageLog.of(script.chunks(), list(script.pictures))
    events = [row.what for row in page.moves(0)]
    trace = trace_of(events)
    assert trace.elapsed_ms.tolist() == [row[0] for row in script.truth if row[1] == "i0"]
    assert len(trace_of([])) == 0
