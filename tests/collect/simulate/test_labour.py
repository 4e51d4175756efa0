"""What simulated people do on a page must be what real ones can do: in order, in place, and whole."""

import numpy as np
import pytest

from sidelight.collect.fold.table import fold
from sidelight.collect.simulate.labour import perform, steps_of
from sidelight.collect.wire.chunk import decode, encode
from sidelight.collect.wire.log import Add, Decide, Deselect, Layout, Move, Panel, Pointer, Select, Shown

TASKS = ["browse", "tag", "paint"]


def whole(page, person, world, nth=1):
    return perform(page, person, world, nth=nth, first=0, last=steps_of(page))


def chunks(hands, **more):
    cut = {"page": "page", "tab": "t", "segment": 0, "first_seq": 0, "shown_at": 1.7e12} | more
    return hands.recording.chunks(**cut)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("by", ["mouse", "touch", "keyboard"])
def test_a_page_can_be_cut_into_chunks_that_hold_everything_once(pages, people, world, task, by):
    hands = whole(pages[task], people[by], world)
    back = [decode(encode(chunk)) for chunk in chunks(hands)]
    assert [c.seq for c in back] == list(range(len(back)))
    assert sum(len(c.samples) for c in back) == hands.recording.samples
    assert [type(e) for c in back for e in c.entries] == [type(e) for e in hands.recording.entries]
    times = np.concatenate([c.samples.t for c in back])
    assert (np.diff(times) >= 0).all()


@pytest.mark.parametrize("task", TASKS)
def test_the_same_person_does_the_same_again_and_another_something_else(pages, people, world, task):
    mine, again = (chunks(whole(pages[task], people["mouse"], world)) for _ in range(2))
    other = chunks(whole(pages[task], people["touch"], world))
    assert [encode(c) for c in mine] == [encode(c) for c in again]
    assert [encode(c) for c in mine] != [encode(c) for c in other]


@pytest.mark.parametrize("task", TASKS)
def test_a_log_begins_with_the_page_and_its_layout(pages, people, world, task):
    entries = whole(pages[task], people["mouse"], world).recording.entries
    assert isinstance(entries[0], Shown)
    first = next(e for e in entries if isinstance(e, Layout))
    assert set(first.images) == {p.id for p in pages[task].pictures}


@pytest.mark.parametrize("task", TASKS)
def test_work_by_keyboard_leaves_no_place_and_no_sample(pages, people, world, task):
    hands = whole(pages[task], people["keyboard"], world)
    assert hands.recording.samples == 0
    assert [e for e in hands.recording.entries if getattr(e, "at", None) is not None] == []
    assert [e for e in hands.recording.entries if isinstance(e, Pointer)] == []


def test_a_click_lies_where_the_pointer_is(pages, people, world):
    hands = whole(pages["browse"], people["mouse"], world)
    rows = np.concatenate([np.column_stack([c.samples.t, c.samples.x, c.samples.y]) for c in chunks(hands)])
    scroll = 0.0
    for entry in hands.recording.entries:
        if isinstance(entry, Layout):
            scroll = entry.scroll[1]
        if isinstance(entry, Select) and entry.at is not None:
            left, top, width, height = hands.screen.boxes[int(entry.image[1:])]
            x, y = rows[rows[:, 0] <= entry.t][-1, 1:]
            assert abs(left + entry.at[0] * width - x) <= 0.07
            assert abs(top - scroll + entry.at[1] * height - y) <= 0.07


def test_pictures_of_the_class_are_selected_inside_their_box(pages, people, world):
    hands = whole(pages["browse"], people["mouse"], world)
    answer = fold("browse", hands.recording.entries)
    assert {f"p{n}" for n in range(0, 48, 4)} <= set(answer.selected)
    assert len(answer.selected) <= 15
    places = [at for image, at in answer.selected.items() if image in world.examples]
    assert np.mean([0.1 <= x <= 0.5 and 0.2 <= y <= 0.8 for x, y in places]) > 0.5


def test_a_correction_deselects_and_selects_again(pages, people, world):
    kinds = [
        type(e) for nth in range(40) for e in whole(pages["browse"], people["mouse"], world, nth).recording.entries
    ]
    assert kinds.count(Select) > kinds.count(Deselect)


def test_all_panels_are_opened_and_every_class_is_placed(pages, people, world):
    hands = whole(pages["tag"], people["mouse"], world)
    answer = fold("tag", hands.recording.entries)
    assert answer.panels == (0, 1, 2)
    assert set(answer.icons) == {"cup", "dog"}
    assert all(isinstance(e, Add | Move | Panel) or not hasattr(e, "at") for e in hands.recording.entries)


def test_a_painted_mask_covers_part_of_the_box(pages, people, world):
    hands = whole(pages["paint"], people["mouse"], world)
    answer = fold("paint", hands.recording.entries, grid=(32, 24))
    assert answer.label in {"cup", "dog", "owl"}
    assert 0 < sum(answer.runs[1::2]) < 32 * 24
    assert any(isinstance(e, Decide) for e in hands.recording.entries)


@pytest.mark.parametrize("task", TASKS)
def test_a_page_in_two_segments_comes_to_an_answer_too(pages, people, world, task):
    page = pages[task]
    first = perform(page, people["mouse"], world, nth=1, first=0, last=1)
    rest = perform(page, people["mouse"], world, nth=1, first=1, last=steps_of(page))
    answer = fold(task, (*first.recording.entries, *rest.recording.entries), grid=page.grid)
    assert answer == fold(task, (*first.recording.entries, *rest.recording.entries), grid=page.grid)
    if task == "tag":
        assert answer.panels == (0, 1, 2)
