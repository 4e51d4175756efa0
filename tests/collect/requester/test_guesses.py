"""Guessing a password costs time."""

from concurrent.futures import ThreadPoolExecutor

from sidelight.collect.requester.guesses import FROM_ALL, FROM_ONE, WINDOW_S, Guesses


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_the_first_guesses_are_free_and_the_next_waits_until_the_first_is_old():
    clock = Clock()
    guesses = Guesses(clock=clock)
    for second in range(FROM_ONE):
        clock.now = float(second)
        assert guesses.take("a") == 0
    assert guesses.take("a") == WINDOW_S - (FROM_ONE - 1)
    clock.now = WINDOW_S
    assert guesses.take("a") == 0


def test_addresses_do_not_stand_in_each_others_way_until_there_are_many():
    guesses = Guesses(clock=Clock())
    assert [guesses.take(f"10.0.0.{k}") for k in range(FROM_ALL)] == [0.0] * FROM_ALL
    assert guesses.take("192.168.0.1") == WINDOW_S


def test_a_right_guess_strikes_out_the_wrong_ones_before_it():
    guesses = Guesses(clock=Clock())
    for _ in range(FROM_ONE):
        guesses.take("a")
    guesses.strike_out("a")
    assert guesses.take("a") == 0


def test_many_guesses_at_once_gain_nothing():
    guesses = Guesses(clock=Clock())
    with ThreadPoolExecutor(16) as threads:
        waits = list(threads.map(lambda _: guesses.take("a"), range(200)))
    assert waits.count(0.0) == FROM_ONE
