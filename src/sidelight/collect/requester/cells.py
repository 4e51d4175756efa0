"""Cells of a CSV that people open in a spreadsheet: none of them may be read as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
"""A spreadsheet takes a cell that begins with one of these for a formula (full-width signs too), or breaks the line."""


def safe_cell(value: str | float | None) -> str:
    r"""A value as a cell: numbers as they are, nothing as "", text that could be a formula behind an apostrophe.

    >>> safe_cell('=HYPERLINK("//evil","pay")'), safe_cell(-1.5), safe_cell(None)
    ('\'=HYPERLINK("//evil","pay")', '-1.5', '')
    """
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    text = value.replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str | float | None]]) -> str:
    r"""A table as CSV (RFC 4180, lines end with CR LF), every cell made safe.

    >>> csv_text(["who", "pay"], [["@x", 1.5]])
    "who,pay\r\n'@x,1.5\r\n"
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_cell(name) for name in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()
