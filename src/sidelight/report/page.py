"""One self-contained HTML page: everything that a reader needs to believe, doubt or repeat a study.

The page fetches nothing: its style, figures and photos are inside. It follows the reader's light or dark setting,
prints, and reads on a phone. Words that come from users (classes, conditions, notes) are escaped by the template.
"""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sidelight.report import wording
from sidelight.report.content import Condition, Content
from sidelight.report.figure import CSS_NAMES, colours
from sidelight.report.html import template
from sidelight.report.illustration import Figured, curve_figures, difference_figures, runs_figures, tiles
from sidelight.report.numbers_csv import numbers_csv
from sidelight.report.summary import Finding, findings, what_was_compared
from sidelight.report.table import SEEDS_FOR_A_CLAIM, StudyTable, study_tables


@dataclass(frozen=True)
class Part:
    """One table with its figures.

    Attributes:
        table: the numbers.
        runs: every run as a dot, a figure a metric.
        differences: (treated, control) -> its paired differences.
        first: whether it is the first of its group, whose differences are shown unfolded.
    """

    table: StudyTable
    runs: list[Figured]
    differences: dict[tuple[str, str], Figured]
    first: bool


@dataclass(frozen=True)
class Question:
    """One group of conditions: what was compared, what was found, how training went."""

    group: str
    conditions: tuple[Condition, ...]
    table: StudyTable
    compared: str
    findings: tuple[Finding, ...]
    curves: list[Figured]


def write_report(content: Content, out: Path) -> Path:
    """Write the page and return its path.

    Args:
        content: of the study or the single run.
        out: the file; its folder is made if need be, and an older report is replaced.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(render(content), encoding="utf-8")
    return out


def render(content: Content) -> str:
    """The page as one string of HTML.

    Raises:
        UserFault: if conditions that are compared do not have the same seeds.
    """
    tables = study_tables(content)
    groups: dict[str, list[StudyTable]] = {}
    for table in tables:
        groups.setdefault(table.group, []).append(table)
    first = [of_group[0] for of_group in groups.values()]
    return template("report.html.jinja", duration=duration).render(
        content=content,
        questions=[_question(content, of_group, name=f"curve{i}") for i, of_group in enumerate(groups.values())],
        parts=[_part(content, table, name=f"t{i}", first=table in first) for i, table in enumerate(tables)],
        colour_of={name: CSS_NAMES[colour] for name, colour in colours(content.conditions).items()},
        gallery=[(item.label, tiles(item)) for item in content.gallery],
        columns=list({column.key: column for table in reversed(tables) for column in table.columns}.values()),
        recipe=json.dumps(content.recipe, indent=2, ensure_ascii=False, default=str),
        numbers_uri=_csv_uri(content),
        origin=_origin(content),
        least_seeds=SEEDS_FOR_A_CLAIM,
        wording=wording,
    )


def duration(seconds: float) -> str:
    """`5 h 58 min`, `3 min 20 s`, `12 s`.

    >>> duration(21_480), duration(200), duration(12.3)
    ('5 h 58 min', '3 min 20 s', '12 s')
    """
    whole = round(seconds)
    if whole >= 3600:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{whole} s"


def _question(content: Content, tables: Sequence[StudyTable], *, name: str) -> Question:
    table = tables[0]
    conditions = tuple(condition for condition in content.conditions if condition.group == table.group)
    curves = curve_figures(content, conditions, name=name)
    compared = what_was_compared(content, table)
    return Question(table.group, conditions, table, compared, findings(content, tables), curves)


def _part(content: Content, table: StudyTable, *, name: str, first: bool) -> Part:
    runs = runs_figures(content, table, name=f"{name}runs")
    return Part(table, runs, difference_figures(table, name=f"{name}pairs"), first)


def _origin(content: Content) -> dict[str, str]:
    """What identifies data and code; nothing that is unknown."""
    made = [result.provenance for _, _, result in content.results]
    known = {
        "dataset": content.dataset,
        "fingerprint of its content": content.fingerprint,
        "recipes": _joined(provenance.recipe for provenance in made),
        "recipe hashes": _joined(provenance.recipe_hash for provenance in made),
        "weights": _joined(provenance.checkpoint for provenance in made),
        "sidelight": content.version,
        "commit": content.commit,
    }
    return {name: value for name, value in known.items() if value}


def _joined(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, names)))


def _csv_uri(content: Content) -> str:
    encoded = base64.b64encode(numbers_csv(content).encode("utf-8")).decode("ascii")
    return f"data:text/csv;charset=utf-8;base64,{encoded}"
