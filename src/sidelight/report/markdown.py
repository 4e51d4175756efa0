"""A study's tables as Markdown, for a results page that people read and diff."""

from collections.abc import Iterable, Sequence

from sidelight.report import wording
from sidelight.report.content import Condition, Content
from sidelight.report.table import Column, StudyTable, study_tables


def markdown(content: Content) -> str:
    """Conditions, one table a part of the data, and all paired differences; each headed by what may be claimed."""
    parts = [f"Simulated: {_text(content.simulated)}"] if content.simulated else []
    parts.append(_conditions(content.conditions))
    for table in study_tables(content):
        parts += [f"### {_text(wording.title(table))}", f"**{_text(table.standing.heading)}**", _means(table)]
        for title, pairs in table.pairs().items():
            parts += [f"Paired differences, {_text(title)}:", _differences(table, pairs)]
    return "\n\n".join([*parts, wording.FAMILY]) + "\n"


def _conditions(conditions: Sequence[Condition]) -> str:
    rows = [(c.name, c.role, c.sentence, _shares(c), _plain(c.gradient_ratio), _plain(c.lambda_)) for c in conditions]
    return _grid(("condition", "role", "what it does", "Z in the box", "gradient ratio", "lambda"), rows, numbers=2)


def _shares(condition: Condition) -> str:
    return ", ".join(f"{name} {100 * share:.1f} %" for name, share in condition.points_in_box.items())


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _means(table: StudyTable) -> str:
    rows = [
        [c.name, str(len(table.seeds(c.name)))] + [wording.cell(table, c.name, column) for column in table.columns]
        for c in table.conditions
    ]
    return _grid(("condition", "seeds", *map(_heading, table.columns)), rows, numbers=len(table.columns) + 1)


def _heading(column: Column) -> str:
    return f"{column.label}{wording.direction(column)}"


def _differences(table: StudyTable, pairs: Sequence[tuple[str, str]]) -> str:
    rows = [(_heading(column), *(_difference(table, pair, column) for pair in pairs)) for column in table.columns]
    return _grid(("metric", *map(wording.pair, pairs)), rows, numbers=len(pairs), marked=True)


def _difference(table: StudyTable, pair: tuple[str, str], column: Column) -> str:
    comparison = table.comparison(pair, column.key)
    if comparison is None:
        return wording.ABSENT
    shown = wording.difference_and_interval(comparison.difference, column)
    strong = f"**{shown}**" if wording.is_significant(comparison) else shown
    details = [wording.p_value(comparison.adjusted_p), wording.detectable(comparison, column)]
    return "; ".join([strong, wording.verdict_in_words(comparison, column), *filter(None, details)])


def _grid(header: Iterable[str], rows: Iterable[Sequence[str]], *, numbers: int, marked: bool = False) -> str:
    """A table whose last `numbers` columns stand to the right; `marked` cells hold Markdown of our own."""
    heads = [_text(name) for name in header]
    rule = ["---"] * (len(heads) - numbers) + ["--:"] * numbers
    body = [[cell if marked and place else _text(cell) for place, cell in enumerate(row)] for row in rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in [heads, rule, *body])


def _text(words: str) -> str:
    """Words of a user as text: nothing in them is taken for a cell border, a tag or an emphasis."""
    for sign in "\\|<>*_`[]":
        words = words.replace(sign, f"\\{sign}")
    return " ".join(words.split())
