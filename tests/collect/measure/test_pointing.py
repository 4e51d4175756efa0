import numpy as np
from tests.collect.chunks import Script, browsing

from sidelight.collect.measure.pointing import pointing


def test_a_hand_draws_no_straight_lines_and_jumps_nowhere():
    seen = pointing(browsing(seconds=90.0).chunks())
    assert seen.movements > 30
    assert (seen.straight, seen.jumps) == (0, 0)


def test_lines_without_any_wobble_are_straight():
    script = Script()
    for x, y in np.random.default_rng(0).uniform(60, 660, (12, 2)):
        script.move(x, y, 400, wobble=0.0)
        script.wait(500)
    seen = pointing(script.chunks())
    assert seen.movements >= 8
    assert seen.straight == seen.movements


def test_a_pointer_that_is_put_elsewhere_jumps():
    script = Script(at=(100.0, 100.0))
    for x in (100, 700, 100, 1100):
        script.wait(400)
        script.sample(x, 300)
    assert pointing(script.chunks()).jumps == 3


def test_a_pointer_that_comes_back_over_the_border_does_not_jump():
    script = Script()
    script.sample(100, 5)
    script.wait(5000)
    script.sample(1275, 500)
    assert pointing(script.chunks()).jumps == 0


def test_fingers_are_not_judged():
    script = Script(by="touch")
    for x in (100, 900, 100):
        script.sample(x, 300, pressed=True)
        script.move(x, 600, 300, pressed=True, wobble=0.0)
    assert pointing(script.chunks()) == (0, 0, 0)
