import pytest

from sidelight.records.example import Box


def test_a_box_holds_its_borders():
    box = Box(0.25, 0.5, 0.75, 1.0)
    assert all(box.contains(x, y) for x in (0.25, 0.5, 0.75) for y in (0.5, 1.0))
    assert not any(box.contains(x, y) for x, y in ((0.24, 0.6), (0.76, 0.6), (0.5, 0.49), (0.5, 1.01)))


@pytest.mark.parametrize(
    ("box", "area"),
    [(Box(0, 0, 1, 1), 1), (Box(0.5, 0, 1, 0.5), 0.25), (Box(0.5, 0.2, 0.5, 0.8), 0), (Box(1, 1, 0, 0), 0)],
)
def test_the_area_is_a_share_of_the_picture(box, area):
    assert box.area == area
