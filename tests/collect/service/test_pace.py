from sidelight.collect.service.pace import KEYS, Pace


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def test_what_was_taken_comes_back_with_time():
    clock = Clock()
    pace = Pace(burst=3, rate=1.0, clock=clock)
    assert [pace.take("a") for _ in range(4)] == [0, 0, 0, 1]
    clock.now += 2
    assert [pace.take("a") for _ in range(3)] == [0, 0, 1]


def test_no_more_comes_back_than_the_burst():
    clock = Clock()
    pace = Pace(burst=2, rate=1.0, clock=clock)
    pace.take("a", 2)
    clock.now += 1e6
    assert pace.take("a", 2) == 0
    assert pace.take("a") == 1


def test_senders_do_not_take_from_each_other():
    pace = Pace(burst=1, rate=1.0, clock=Clock())
    assert (pace.take("a"), pace.take("b"), pace.take("a") > 0) == (0, 0, True)


def test_a_clock_that_steps_back_gives_nothing():
    clock = Clock()
    pace = Pace(burst=1, rate=1.0, clock=clock)
    pace.take("a")
    clock.now -= 500
    assert pace.take("a") > 0


def test_more_than_the_burst_is_let_through_once_the_bucket_is_full_or_never_asked():
    pace = Pace(burst=10, rate=1.0, clock=Clock())
    assert pace.take("a", 25) == 0.0


def test_looking_takes_nothing():
    pace = Pace(burst=1, rate=0.5, clock=Clock())
    assert [pace.empty("a") for _ in range(3)] == [0, 0, 0]
    pace.take("a")
    assert pace.empty("a") == 2


def test_memory_is_bounded():
    pace = Pace(burst=1, rate=1.0, clock=Clock())
    for sender in range(KEYS + 50):
        pace.take(str(sender))
    assert len(pace._left) == KEYS
