import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.collect.export.saliency import painted
from sidelight.collect.fold.paint import fold, run_lengths
from sidelight.collect.fold.tip import covered
from sidelight.collect.wire.log import Clear, Decide, Redo, Stroke, Undo

GRID = (12, 9)
UNDO, REDO, CLEAR = (kind(t=0.0, i=0, by="mouse") for kind in (Undo, Redo, Clear))
cells = st.lists(st.integers(0, 144), min_size=1, max_size=3).map(lambda xs: tuple(v for x in xs for v in (x, x // 2)))
strokes = st.builds(
    Stroke,
    t=st.just(0.0),
    i=st.just(0),
    tool=st.sampled_from(["brush", "eraser"]),
    radius=st.floats(0, 3, allow_nan=False),
    cells=cells,
    by=st.just("mouse"),
)
acts = st.lists(strokes | st.sampled_from([UNDO, REDO, CLEAR]), max_size=12)


def mask(entries):
    return painted(fold(entries, GRID))


def drawn_step_by_step(entries):
    """An independent fold: a mask for every state, and a place in that history."""
    history, at = [np.zeros((GRID[1], GRID[0]), dtype=bool)], 0
    for entry in entries:
        if isinstance(entry, Undo):
            at = max(0, at - 1)
        elif isinstance(entry, Redo):
            at = min(len(history) - 1, at + 1)
        else:
            now = history[at].copy()
            if isinstance(entry, Clear):
                now[:] = False
            else:
                tip = covered(np.array(entry.cells).reshape(-1, 2), entry.radius, GRID)
                now = now | tip if entry.tool == "brush" else now & ~tip
            history[at + 1 :] = [now]
            at += 1
    return history[at]


@given(acts)
def test_a_stack_of_strokes_is_a_history_of_masks(entries):
    assert np.array_equal(mask(entries), drawn_step_by_step(entries))


@given(acts, strokes)
def test_undo_takes_back_what_was_done_last(entries, stroke):
    assert np.array_equal(mask([*entries, stroke, UNDO]), mask(entries))
    assert np.array_equal(mask([*entries, CLEAR, UNDO]), mask(entries))


@given(acts, strokes)
def test_redo_does_again_what_was_undone(entries, stroke):
    assert np.array_equal(mask([*entries, stroke, UNDO, REDO]), mask([*entries, stroke]))


@given(acts, strokes)
def test_redo_after_a_new_stroke_does_nothing(entries, stroke):
    assert np.array_equal(mask([*entries, stroke, REDO]), mask([*entries, stroke]))


@given(acts)
def test_as_many_redos_as_undos_change_nothing(entries):
    strokes_only = [entry for entry in entries if not isinstance(entry, Undo | Redo)]
    n = len(strokes_only)
    assert np.array_equal(mask([*strokes_only, *[UNDO] * n, *[REDO] * n]), mask(strokes_only))


@given(acts, cells, st.floats(0, 3, allow_nan=False))
def test_the_eraser_leaves_nothing_where_it_was_and_everything_else_as_it_was(entries, way, radius):
    eraser = Stroke(t=0.0, i=0, tool="eraser", radius=radius, cells=way, by="pen")
    tip = covered(np.array(way).reshape(-1, 2), radius, GRID)
    before, after = mask(entries), mask([*entries, eraser])
    assert not after[tip].any()
    assert np.array_equal(after[~tip], before[~tip])


def test_the_last_decision_counts_and_is_not_undone():
    decisions = [Decide(t=0.0, i=0, label=label, by="keyboard") for label in ("cat", "dog")]
    assert fold([*decisions, UNDO], GRID).label == "dog"
    assert fold([], GRID).label == ""


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=5))
def test_run_lengths_begin_with_0_and_fill_the_grid(rows):
    runs = run_lengths(np.array(rows))
    assert sum(runs) == 3 * len(rows)
    assert all(run > 0 for run in runs[1:])
    flat = [k % 2 == 1 for k, run in enumerate(runs) for _ in range(run)]
    assert flat == [cell for row in rows for cell in row]


@pytest.mark.parametrize("grid", [(0, 5), (5, 257), (-1, 3)])
def test_a_grid_that_is_none_is_refused(grid):
    with pytest.raises(ValueError, match="1 to 256"):
        fold([], grid)
