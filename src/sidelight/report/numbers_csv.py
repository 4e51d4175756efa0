"""Every number of every run, one a line: what all tables and figures are made of."""

import csv
import io

from sidelight.report.content import Content

HEADER = (
    "condition",
    "role",
    "group",
    "seed",
    "split",
    "subset",
    "benchmark",
    "metric",
    "value",
    "n",
    "higher_is_better",
    "recipe",
    "recipe_hash",
    "checkpoint",
    "fingerprint",
    "version",
    "commit",
)


def numbers_csv(content: Content) -> str:
    """All results in long format, comma-separated, with a header; values with all their digits.

    >>> print(numbers_csv(Content("nothing yet", (), ())), end="")
    condition,role,group,seed,split,subset,benchmark,metric,value,n,higher_is_better,recipe,recipe_hash,checkpoint,fingerprint,version,commit
    """
    conditions = {condition.name: condition for condition in content.conditions}
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    for name, seed, r in content.results:
        made = r.provenance
        better = "" if r.higher_is_better is None else str(r.higher_is_better).lower()
        who = (name, conditions[name].role, conditions[name].group, seed)
        what = (r.split, r.subset, r.benchmark, r.metric, repr(float(r.value)), r.n, better)
        whence = (made.recipe, made.recipe_hash, made.checkpoint, made.fingerprint, made.version, made.commit)
        writer.writerow([_harmless(field) for field in who + what + whence])
    return stream.getvalue()


def _harmless(field: object) -> object:
    """Text that a spreadsheet would run as a formula gets a quote in front; numbers stay as they are."""
    return f"'{field}" if isinstance(field, str) and field.startswith(("=", "+", "@", "\t", "\r")) else field
