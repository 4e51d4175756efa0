"""Options that decide what the other words of a command mean are taken out before those are parsed."""

from collections.abc import Sequence
from dataclasses import field, make_dataclass
from typing import Annotated

import tyro

from sidelight.records.errors import UserFault


def take_option(argv: Sequence[str], name: str) -> tuple[str | None, list[str]]:
    """Take `name VALUE` or `name=VALUE` out of the words.

    Returns:
        The value (None if the option is not there) and the remaining words.

    >>> take_option(["in", "--from", "coco", "--out", "d"], "--from")
    ('coco', ['in', '--out', 'd'])
    """
    rest = list(argv)
    for place, word in enumerate(rest):
        if word.startswith(f"{name}="):
            return word.partition("=")[2], rest[:place] + rest[place + 1 :]
        if word == name:
            if place + 1 == len(rest):
                raise UserFault(f"option {name}", seen="no value after it", allowed="one value", remedy="Add it")
            return rest[place + 1], rest[:place] + rest[place + 2 :]
    return None, rest


def take_first(argv: Sequence[str]) -> tuple[str | None, list[str]]:
    """Take the first word if it is no option.

    >>> take_first(["luab", "--data", "d"])
    ('luab', ['--data', 'd'])
    """
    if argv and not argv[0].startswith("-"):
        return argv[0], list(argv[1:])
    return None, list(argv)


def with_part(command: type, name: str, kind: object, default: object, *, doc: str | None = None) -> type:
    """The command with one more field, whose own fields become options without a prefix.

    Args:
        command: a frozen keyword-only dataclass.
        name: of the new field.
        kind: its type, a dataclass.
        default: its value where no option changes it.
        doc: what `--help` says; None keeps the command's own.
    """
    part = (name, Annotated[kind, tyro.conf.arg(name="")], field(default=default))
    extended = make_dataclass(command.__name__, [part], bases=(command,), frozen=True, kw_only=True)
    extended.__doc__ = doc or command.__doc__
    return extended
