from dataclasses import dataclass

import pytest
import tyro

from sidelight.cli.words import take_first, take_option, with_part
from sidelight.records.errors import UserFault


@pytest.mark.parametrize(
    ("words", "value", "rest"),
    [
        (["in", "--from", "coco", "--out", "d"], "coco", ["in", "--out", "d"]),
        (["--from=a=b", "in"], "a=b", ["in"]),
        (["in"], None, ["in"]),
        (["--from", "a", "--from", "b"], "a", ["--from", "b"]),
        (["--fromage", "brie"], None, ["--fromage", "brie"]),
    ],
)
def test_an_option_is_taken_out_with_its_value(words, value, rest):
    assert take_option(words, "--from") == (value, rest)


def test_an_option_without_a_value_is_refused():
    with pytest.raises(UserFault, match="--from: no value after it"):
        take_option(["in", "--from"], "--from")


@pytest.mark.parametrize("words", [[], ["--data", "d"], ["-h"]])
def test_an_option_is_no_first_word(words):
    assert take_first(words) == (None, words)


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command."""

    out: int
    """Where to."""


@dataclass(frozen=True)
class Part:
    """A part."""

    share: float = 0.5
    """How much."""


def test_the_fields_of_a_part_become_options_of_the_command():
    extended = with_part(Command, "part", Part, Part(share=0.25))
    asked = tyro.cli(extended, args=["--out", "3"])
    assert (asked.out, asked.part) == (3, Part(0.25))
    assert tyro.cli(extended, args=["--out", "3", "--share", "1"]).part == Part(1.0)


def test_what_help_says_can_be_replaced():
    assert with_part(Command, "part", Part, Part()).__doc__ == "A command."
    assert with_part(Command, "part", Part, Part(), doc="Another.").__doc__ == "Another."
