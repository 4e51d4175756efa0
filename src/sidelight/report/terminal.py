"""A study's tables for the terminal: metrics downwards, since a window is narrow and long."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sidelight.report import wording
from sidelight.report.content import Content
from sidelight.report.table import Column, StudyTable, study_tables


def terminal_report(content: Content) -> Group:
    """All tables of a study as one thing that rich can print, each headed by what may be claimed."""
    return Group(*_parts(content))


def _parts(content: Content) -> Iterator[RenderableType]:
    if content.simulated:
        yield Text(f"Simulated: {content.simulated}")
    for table in study_tables(content):
        yield Text(table.standing.heading, style="bold" if table.standing.claim else "bold yellow")
        yield _means(table)
        for title, pairs in table.pairs().items():
            yield _differences(table, title, pairs)


def _means(table: StudyTable) -> Table:
    grid = Table(title=Text(f"{wording.title(table)}: mean ± std over seeds"), title_justify="left")
    grid.add_column("metric")
    for condition in table.conditions:
        grid.add_column(Text(f"{condition.name} ({len(table.seeds(condition.name))})"), justify="right")
    for column in table.columns:
        cells = [wording.cell(table, c.name, column) for c in table.conditions]
        grid.add_row(_heading(column), *map(Text, cells))
    return grid


def _differences(table: StudyTable, title: str, pairs: Sequence[tuple[str, str]]) -> Table:
    grid = Table(title=Text(f"{wording.title(table)}: {title}"), title_justify="left")
    grid.add_column("metric")
    for pair in pairs:
        grid.add_column(Text(wording.pair(pair)), justify="right")
    for column in table.columns:
        grid.add_row(_heading(column), *(_difference(table, pair, column) for pair in pairs))
    return grid


def _heading(column: Column) -> Text:
    return Text(f"{column.label}{wording.direction(column)}{', %' if column.share else ''}")


def _difference(table: StudyTable, pair: tuple[str, str], column: Column) -> Text:
    comparison = table.comparison(pair, column.key)
    if comparison is None:
        return Text(wording.ABSENT)
    shown = wording.difference_and_interval(comparison.difference, column)
    text = Text(shown, style="bold" if wording.is_significant(comparison) else "")
    return text.append(f"\n{wording.verdict_in_words(comparison, column)}", style="not bold dim")
