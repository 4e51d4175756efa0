"""Two classes over several runs: the area under the ROC and the errors at fixed thresholds, pooled and by generator."""

from collections.abc import Sequence
from dataclasses import replace

from sidelight.report.paper import PaperColumn, PaperTable
from sidelight.report.paper_table import Filled, filled
from sidelight.report.trained import Number, Trained

COLUMNS = {
    "auc": PaperColumn("AUC"),
    "apcer_at_1": PaperColumn("APCER at BPCER 1 %", higher_is_better=False),
    "apcer_at_5": PaperColumn("APCER at BPCER 5 %", higher_is_better=False),
    "apcer_at_10": PaperColumn("APCER at BPCER 10 %", higher_is_better=False),
}
"""Metric of the benchmark "two_class" -> its column."""


def two_class_tables(trained: Sequence[Trained]) -> tuple[Filled, ...]:
    """A table of all attacks pooled, then one a generator; none where no run has the numbers.

    Pooled, a generator with many pictures weighs much; the tables of the single ones say how evenly a model does.
    """
    subsets = dict.fromkeys(r.subset for each in trained for _, r in each.others if r.benchmark == "two_class")
    ordered = sorted(subsets, key=lambda subset: (subset != "all", subset))
    return tuple(filled(_table(subset), [_only(each, subset) for each in trained]) for subset in ordered)


def _table(subset: str) -> PaperTable:
    of = "all attacks pooled" if subset == "all" else f"attacks of “{subset}”"
    return PaperTable(0, f"Two classes, {of}", "ours", tuple(COLUMNS.values()), (), {})


def _only(trained: Trained, subset: str) -> Trained:
    numbers: dict[str, dict[int, Number]] = {}
    for seed, result in trained.others:
        if result.benchmark == "two_class" and result.subset == subset and result.metric in COLUMNS:
            numbers.setdefault(COLUMNS[result.metric].key, {})[seed] = Number(result)
    return replace(trained, numbers=numbers)
