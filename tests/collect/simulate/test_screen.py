import numpy as np

from sidelight.collect.simulate.screen import VIEW, Screen
from sidelight.collect.wire.page import Picture


def pictures(count, width=500, height=375):
    return [Picture(f"p{i}", "/image/x", width, height, f"candidate {i}") for i in range(count)]


def test_candidates_stand_in_three_columns_without_touching():
    boxes = Screen.browsing(pictures(12)).boxes
    assert len(set(boxes[:, 0])) == 3
    assert (boxes[:, 2:] == [324, 243]).all()
    assert (np.diff(np.unique(boxes[:, 0])) >= 324).all()
    assert (np.diff(np.unique(boxes[:, 1])) >= 243).all()


def test_a_place_on_a_picture_lies_under_the_pointer_there():
    screen = Screen.browsing(pictures(9))
    screen.scroll = 300.0
    xy = np.array([screen.client(place, (0.5, 0.25)) for place in range(9)])
    assert screen.under(xy).tolist() == list(range(9))


def test_between_pictures_lies_none():
    assert Screen.browsing(pictures(9)).under(np.array([[1.0, 1.0], [1365.0, 400.0]])).tolist() == [-1, -1]


def test_scrolling_moves_boxes_up():
    screen = Screen.browsing(pictures(9))
    before = screen.layout["p4"]
    screen.scroll = 100.0
    assert screen.layout["p4"] == (before[0], before[1] - 100.0, *before[2:])


def test_half_a_picture_in_view_is_on_screen():
    screen = Screen.browsing(pictures(48))
    assert screen.on_screen() == {0, 1, 2, 3, 4, 5}
    screen.scroll = 6000.0
    assert not screen.on_screen()
    assert VIEW == (1366.0, 768.0)


def test_one_picture_is_450_pixels_high():
    screen = Screen.alone(pictures(1, 640, 480)[0])
    assert screen.boxes.tolist() == [[300.0, 160.0, 600.0, 450.0]]
