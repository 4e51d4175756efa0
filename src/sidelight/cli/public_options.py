"""The options of public benchmarks on a command line: `--NAME.option`, those of reading and of measuring together."""

from dataclasses import field, make_dataclass
from typing import Annotated, Any

import tyro

from sidelight.data.public.table import LAYOUTS
from sidelight.evaluate.public.table import PUBLIC
from sidelight.pipeline.public import Chosen


def with_benchmarks(command: type, *, measures: bool = True) -> type:
    """The command with one more field a benchmark.

    Args:
        command: a frozen keyword-only dataclass.
        measures: whether the options of measuring belong to it, beside those of reading.
    """
    parts: list[tuple[str, Any, Any]] = []
    for name, row in PUBLIC.items():
        kinds: dict[str, Any] = {"reader": LAYOUTS[name].reader} | ({"measure": row.measure} if measures else {})
        fields = [
            (part, Annotated[kind, tyro.conf.arg(name="")], field(default=kind())) for part, kind in kinds.items()
        ]
        options = make_dataclass(name, fields, frozen=True)
        options.__doc__ = row.sentence
        parts.append((name, options, field(default_factory=options)))
    extended = make_dataclass(command.__name__, parts, bases=(command,), frozen=True, kw_only=True)
    extended.__doc__ = command.__doc__
    return extended


def chosen_options(asked: object) -> dict[str, Chosen]:
    """Every benchmark with the options that were given, of a command that has those of measuring too."""
    return {name: Chosen(getattr(asked, name).reader, getattr(asked, name).measure) for name in PUBLIC}
