"""A filled table of the paper as lines of words: for the page and for the CSV, upright or on its side."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from sidelight.report import wording
from sidelight.report.paper_table import Cell, Filled, Row
from sidelight.report.table import Column


@dataclass(frozen=True)
class GridCell:
    """One cell in words.

    Attributes:
        value: the number; a dash where there is none.
        std: "± 0.3"; "" for one seed, and for the paper.
        strong: whether it is printed in bold.
        partial: whether only a part of the pictures was there.
    """

    value: str
    std: str = ""
    strong: bool = False
    partial: bool = False


@dataclass(frozen=True)
class Line:
    """One line.

    Attributes:
        head: of the first of the lines that belong together; "" for the next.
        height: how many lines the head spans.
        whose: "ours, 3 seeds" or "paper".
        cells: from left to right.
        parameters: of the network, beside its head; "" where they are not told.
    """

    head: str
    height: int
    whose: str
    cells: tuple[GridCell, ...]
    parameters: str = ""

    @property
    def ours(self) -> bool:
        """Whether the numbers are our own."""
        return self.whose != PAPERS


@dataclass(frozen=True)
class Grid:
    """Heads of the columns, and lines.

    Attributes:
        heads: of the cells of a line.
        lines: from top to bottom.
        parameters: whether there is a column of them, as in the paper's first table.
    """

    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    parameters: bool = False


PAPERS = "paper"
HEADER = (
    "table",
    "row",
    "column",
    "recipe",
    "setup",
    "seeds",
    "ours",
    "std",
    "paper",
    "pictures",
    "partial",
    "against",
    "difference",
    "low",
    "high",
    "adjusted_p",
    "pictures_low",
    "pictures_high",
    "not_compared",
    "definition",
)


def grid(filled: Filled) -> Grid:
    """The table as the paper lays it out: our line above the paper's; either may be missing."""
    return _on_its_side(filled) if filled.table.on_its_side else _upright(filled)


def whose(row: Row) -> str:
    """`ours, 1 seed`, the number kept on the line of its word."""
    return f"ours, {len(row.seeds)}\u00a0seed{'' if len(row.seeds) == 1 else 's'}"


def paper_csv(tables: Sequence[Filled]) -> str:
    """Every cell, a line for each comparison that it is the treated side of; shares, not percent, with all digits."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    for filled in tables:
        for row in filled.rows:
            for column, cell in zip(filled.columns, row.cells, strict=True):
                for line in _csv_lines(filled, row, column, cell):
                    writer.writerow([f"'{w}" if isinstance(w, str) and w[:1] in ("=", "+", "@") else w for w in line])
    return stream.getvalue()


def _upright(filled: Filled) -> Grid:
    lines: list[Line] = []
    for row in filled.rows:
        mine = [_ours(cell, column) for cell, column in zip(row.cells, filled.columns, strict=True)]
        both = [(whose(row), mine)] if row.trained else []
        both += [(PAPERS, [_printed(cell) for cell in row.cells])] if row.printed else []
        for head, (who, cells) in zip((row.label, ""), both, strict=False):
            lines.append(Line(head, len(both), who, tuple(cells), row.parameters))
    return Grid(tuple(_head(column) for column in filled.columns), tuple(lines), filled.table.number == 1)


def _on_its_side(filled: Filled) -> Grid:
    lines: list[Line] = []
    for place, column in enumerate(filled.columns):
        cells = [row.cells[place] for row in filled.rows]
        mine = tuple(_ours(cell, column) for cell in cells)
        both = [Line(_head(column), 2, "ours", mine)] if filled.ours else []
        lines += [*both, Line("" if both else _head(column), 1, PAPERS, tuple(map(_printed, cells)))]
    return Grid(tuple(row.label for row in filled.rows), tuple(lines))


def _head(column: Column) -> str:
    return column.label + wording.direction(column)


def _ours(cell: Cell, column: Column) -> GridCell:
    if cell.ours is None:
        return GridCell(wording.ABSENT)
    std = "" if cell.ours.std is None else f"± {wording.number(cell.ours.std, column)}"
    return GridCell(wording.number(cell.ours.mean, column), std, cell.differs, cell.partial)


def _printed(cell: Cell) -> GridCell:
    return GridCell(wording.ABSENT if cell.printed is None else f"{cell.printed:.1f}")


def _csv_lines(filled: Filled, row: Row, column: Column, cell: Cell) -> list[tuple[object, ...]]:
    ours = (repr(cell.ours.mean), "" if cell.ours.std is None else repr(cell.ours.std)) if cell.ours else ("", "")
    printed = "" if cell.printed is None else f"{cell.printed / 100:.3f}"
    numbers = row.trained.numbers.get(column.key, {}) if row.trained else {}
    found = [number.result for number in numbers.values()]
    first = (
        filled.table.heading.partition(":")[0],
        row.label,
        column.key,
        row.trained.name if row.trained else "",
        (row.trained.setup if row.trained else row.printed.setup if row.printed else ""),
        " ".join(map(str, sorted(numbers))),
        *ours,
        printed,
        found[0].n if found else "",
        "yes" if cell.partial else "",
    )
    definition = found[0].definition if found else ""
    against = [v for v in filled.versus if v.treated is row.trained and column.key in {*v.comparisons, *v.refused}]
    if not against:
        return [(*first, *[""] * 8, definition)]
    lines: list[tuple[object, ...]] = []
    for v in against:
        made = v.comparisons.get(column.key)
        ends = made.difference.interval if made and made.difference.interval else ("", "")
        tested = (made.difference.mean, *ends, "" if made.adjusted_p is None else made.adjusted_p) if made else [""] * 4
        pictures = v.over_pictures.get(column.key, ("", ""))
        lines.append((*first, v.control.name, *tested, *pictures, v.refused.get(column.key, ""), definition))
    return lines
