import numpy as np
import pytest

from sidelight.data.decoy.face import draw_face
from sidelight.data.decoy.iris import draw_iris

SIDE = 56


@pytest.mark.parametrize("draw", [draw_face, draw_iris])
class TestThing:
    """What holds for a face and for an iris alike."""

    def things(self, draw, count=30):
        return [draw(np.random.default_rng(seed), SIDE) for seed in range(count)]

    def test_it_covers_a_quarter_to_two_fifths_of_the_picture_on_average(self, draw):
        shares = [thing.cover.mean() for thing in self.things(draw)]
        assert 0.22 < np.mean(shares) < 0.4

    def test_every_part_has_its_middle_on_it(self, draw):
        for thing in self.things(draw):
            for part in thing.parts:
                assert thing.cover[int(part.y * SIDE), int(part.x * SIDE)] > 0.5

    def test_there_are_seven_parts_of_which_a_generator_spoils_some(self, draw):
        assert {len(thing.parts) for thing in self.things(draw)} == {7}

    def test_the_same_chance_gives_the_same_thing_and_another_another(self, draw):
        first, again, other = (draw(np.random.default_rng(seed), SIDE) for seed in (1, 1, 2))
        assert np.array_equal(first.colours, again.colours)
        assert first.parts == again.parts
        assert not np.array_equal(first.colours, other.colours)

    def test_colours_are_colours(self, draw):
        for thing in self.things(draw, 5):
            assert thing.colours.shape == (SIDE, SIDE, 3)
            assert thing.colours.min() >= 0
            assert thing.colours.max() <= 1
