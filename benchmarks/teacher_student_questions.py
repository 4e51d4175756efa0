"""What a teacher-student study says to its questions: `python benchmarks/teacher_student_questions.py NUMBERS`.

NUMBERS is the `numbers.csv` that `sidelight report` writes. Tables of Markdown: mean and standard deviation (ddof 1)
of every condition over its seeds, on pictures of all unseen generators and on those of each; and the differences that
the questions were stated about, paired by seed, with 95 % t intervals and p after Holm's correction over the
table. A report holds every guided condition against the baselines and controls, and not against other guided ones.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from sidelight.report.statistics import holm, paired_difference, spread

SCORES = {
    "AUC, unseen generators": ("test", "all", "auc"),
    "APCER at BPCER 5 %": ("test", "all", "apcer_at_5"),
    "energy on the object": ("test", "all", "energy_inside"),
    "AUC, validation": ("validation", "all", "auc"),
    "correlation with people's maps": ("validation", "all", "correlation"),
}
GENERATORS = {f"AUC, {name}": ("test", name, "auc") for name in ("drop", "screen", "shift", "steps", "weave")}
"""Heading -> split, subset and metric."""

AUC = ("test", "all", "auc")
"""What the questions are about."""

QUESTIONS = (
    ("RQ1", "student", "student_of_large_plain"),
    ("RQ1", "student", "student_of_small_plain"),
    ("RQ2", "densenet_student", "densenet_large_plain"),
    ("RQ2", "densenet_student", "densenet_small_people"),
    ("RQ3", "student", "large_plain"),
    ("RQ3", "student", "small_people"),
    ("the maps?", "student", "student_mean"),
    ("the maps?", "student", "student_shuffled"),
    ("the maps?", "student", "soft_labels"),
    ("the maps?", "masks", "student"),
    ("beside", "student_mean", "large_plain"),
    ("beside", "student_shuffled", "large_plain"),
    ("beside", "small_people", "large_plain"),
    ("beside", "small_people", "small_plain"),
    ("beside", "small_people", "small_people_epochs"),
)
"""Question, treated, control."""

Values = dict[tuple[str, str, str, str], dict[int, float]]
"""(condition, split, subset, metric) -> seed -> percent."""


@dataclass(frozen=True)
class Questions:
    """Answer a study's questions."""

    numbers: Annotated[Path, tyro.conf.Positional]
    """The study's numbers.csv."""


def main() -> None:
    values = read(tyro.cli(Questions).numbers)
    parts = (conditions(values, SCORES), conditions(values, GENERATORS), differences(values))
    print("\n\n".join("\n".join(part) for part in parts))


def read(numbers: Path) -> Values:
    """All numbers, in percent."""
    if not numbers.is_file():
        raise SystemExit(
            f"{numbers}: there is no such file; sidelight report STUDY --data DIR writes STUDY/numbers.csv"
        )
    values: Values = defaultdict(dict)
    with numbers.open(newline="") as file:
        for row in csv.DictReader(file):
            key = (row["condition"], row["split"], row["subset"], row["metric"])
            values[key][int(row["seed"])] = 100 * float(row["value"])
    return values


def conditions(values: Values, columns: dict[str, tuple[str, str, str]]) -> list[str]:
    """A row a condition, the best first."""
    lines = [f"| condition | seeds | {' | '.join(columns)} |", "|---|" + "--:|" * (1 + len(columns))]
    names = {
        condition: spread(list(values[condition, *AUC].values())).mean
        for condition, *place in values
        if (*place,) == AUC
    }
    for name in sorted(names, key=lambda name: -names[name]):
        seen = [spread(list(values[name, *column].values())) for column in columns.values()]
        cells = [f"{one.mean:.1f} ± {one.std:.1f}" if one.std is not None else f"{one.mean:.1f}" for one in seen]
        lines.append(f"| `{name}` | {seen[0].n} | {' | '.join(cells)} |".replace("| -", "| −"))
    return lines


def differences(values: Values) -> list[str]:
    """A row a question; those whose runs are not there say so."""
    asked = [(treated, control) for _, treated, control in QUESTIONS]
    pairs = [(values.get((treated, *AUC), {}), values.get((control, *AUC), {})) for treated, control in asked]
    shared = [sorted(set(treated) & set(control)) for treated, control in pairs]
    found = [
        paired_difference({s: treated[s] for s in seeds}, {s: control[s] for s in seeds}, thing="AUC")
        if seeds
        else None
        for (treated, control), seeds in zip(pairs, shared, strict=True)
    ]
    adjusted = holm([one.p if one is not None else None for one in found])
    lines = ["| | AUC on unseen generators, difference | seeds | p |", "|---|---|--:|--:|"]
    for (question, treated, control), one, p in zip(QUESTIONS, found, adjusted, strict=True):
        told = f"| {question}: `{treated}` − `{control}` |"
        if one is None or one.interval is None or p is None:
            lines.append(f"{told} not run | | |")
            continue
        shown = f"{one.mean:+.1f} [{one.interval[0]:+.1f}, {one.interval[1]:+.1f}]".replace("-", "−")
        lines.append(f"{told} {shown} | {one.n} | {'< .001' if p < 0.001 else f'{p:.3f}'[1:]} |")
    return lines


if __name__ == "__main__":
    main()
