import numpy as np

from sidelight.signal.draws import generator


def test_the_same_names_give_the_same_numbers():
    assert (generator(3, "example", "a").random(5) == generator(3, "example", "a").random(5)).all()


def test_another_seed_or_name_gives_other_numbers():
    drawn = {float(generator(seed, *names).random()) for seed in (0, 1) for names in (("a",), ("b",), ("a", "b"))}
    assert len(drawn) == 6


def test_names_are_not_glued_together():
    assert generator(0, "ab", "c").random() != generator(0, "a", "bc").random()
    assert generator(0, "a:1:b").random() != generator(0, "a", "b").random()


def test_first_numbers_of_many_names_are_uniform():
    drawn = np.array([generator(0, "example", f"photo_{i}").random() for i in range(4000)])
    counts = np.histogram(drawn, bins=20, range=(0, 1))[0]
    assert ((counts - 200) ** 2 / 200).sum() < 43.8  # chi-square with 19 degrees of freedom, 0.1 %
