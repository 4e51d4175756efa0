"""What a page will show: decided when the campaign is made, and kept with its hit."""

import msgspec


class Plan(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page of a hit.

    Attributes:
        pictures: ids, in the order shown.
        label: browse: the class that is looked for; "" otherwise.
        seed: that the order (and the choice of distractors) was drawn with.
        mix: pool -> how many of the pictures are from it.
        gold: some of its pictures have a known truth, for screening.

    >>> Plan(("a", "b"), label="owl", seed=7, mix={"images": 1, "distractors": 1}).gold
    False
    """

    pictures: tuple[str, ...]
    label: str = ""
    seed: int = 0
    mix: dict[str, int] = {}
    gold: bool = False
