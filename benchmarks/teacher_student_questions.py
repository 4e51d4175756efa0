"""What teacher-student studies say to their questions: `python benchmarks/teacher_student_questions.py NUMBERS...`.

NUMBERS is the `numbers.csv` that `sidelight report` writes. Tables of Markdown: mean and standard deviation (ddof 1)
of every condition over its seeds, on pictures of all unseen generators and on those of each; and the differences that
the questions were stated about, paired by seed, with 95 % t intervals and p after Holm's correction over the
table. A report holds every guided condition against the baselines and controls, and not against other guided ones.

Of several studies: one table of what all of them have, named by their folders. Of photos, which have no generators:
top-1 of the background benchmark's Mixed-Rand instead, on photos whose boxes cover at most half.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from sidelight.report.statistics import PairedDifference, Spread, holm, paired_difference, spread

SCORES = {
    "AUC, unseen generators": ("test", "all", "auc"),
    "APCER at BPCER 5 %": ("test", "all", "apcer_at_5"),
    "energy on the object": ("test", "all", "energy_inside"),
    "AUC, validation": ("validation", "all", "auc"),
    "correlation with people's maps": ("validation", "all", "correlation"),
}
"""Heading -> split, subset and metric."""

Place = tuple[str, str, str]

AUC: Place = ("test", "all", "auc")
MIXED_RAND: Place = ("test", "box<=0.5", "mixed_rand")
PHOTOS = {
    "Mixed-Rand": MIXED_RAND,
    "background gap": ("test", "box<=0.5", "gap"),
    "top-1": ("test", "box<=0.5", "top1"),
    "MaxBoxAcc": ("test", "box<=0.5", "max_box_accuracy"),
    "energy in the box": ("test", "box<=0.5", "energy"),
}
"""What the questions are about: the first of decoys, the second of photos; and what else is shown of photos."""

QUESTIONS = (
    ("RQ1", "student", "student_of_large_plain"),
    ("RQ1", "student", "student_of_small_plain"),
    ("RQ2", "densenet_student", "densenet_large_plain"),
    ("RQ2", "densenet_student", "densenet_small_people"),
    ("RQ3", "student", "large_plain"),
    ("RQ3", "student", "small_people"),
    ("the maps?", "student", "student_mean"),
    ("the maps?", "student", "student_shuffled"),
    ("the maps?", "student", "student_points"),
    ("the maps?", "student", "soft_labels"),
    ("the maps?", "masks", "student"),
    ("the maps?", "densenet_student", "densenet_student_mean"),
    ("RISE", "student_rise", "student"),
    ("RISE", "student_rise", "student_mean"),
    ("beside", "student_mean", "large_plain"),
    ("beside", "student_shuffled", "large_plain"),
    ("beside", "student_points", "large_plain"),
    ("beside", "small_people", "large_plain"),
    ("beside", "small_people", "small_plain"),
    ("beside", "small_people", "small_people_epochs"),
)
"""Question, treated, control."""

CORE = ("large_plain", "small_people", "student_mean", "student")
GAINS = (("student", "large_plain"), ("student", "small_people"), ("student", "student_mean"))

Values = dict[tuple[str, str, str, str], dict[int, float]]
"""(condition, split, subset, metric) -> seed -> percent."""


@dataclass(frozen=True)
class Questions:
    """Answer the questions of studies."""

    numbers: Annotated[tuple[Path, ...], tyro.conf.Positional]
    """The numbers.csv of one study, or of several that are to stand beside each other."""


def main() -> None:
    files = tyro.cli(Questions).numbers
    studies = {file.parent.name: read(file) for file in files}
    if len(studies) > 1:
        print("\n".join(beside(studies)))
        return
    for values in studies.values():
        if any((*place,) == MIXED_RAND for _, *place in values):
            parts = [conditions(values, PHOTOS, MIXED_RAND), differences(values, MIXED_RAND, "Mixed-Rand")]
        else:
            parts = [conditions(values, columns, AUC) for columns in (SCORES, generators(values))]
            parts.append(differences(values, AUC, "AUC on unseen generators"))
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


def generators(values: Values) -> dict[str, Place]:
    """Headings of the generators that nothing was trained on, by name."""
    names = {subset for _, split, subset, metric in values if (split, metric) == ("test", "auc") and subset != "all"}
    return {f"AUC, {name}": ("test", name, "auc") for name in sorted(names)}


def beside(studies: dict[str, Values]) -> list[str]:
    """A row a study: its conditions of the core; and once more, what its students gained."""
    seen = [f"| study | {' | '.join(f'`{name}`' for name in CORE)} |", "|---|" + "--:|" * len(CORE)]
    gains = [f"| study | {' | '.join(f'{ours} − {theirs}' for ours, theirs in GAINS)} |", "|---|" + "--:|" * len(GAINS)]
    for name, values in studies.items():
        cells = [shown(spread(list(values[condition, *AUC].values()))) for condition in CORE]
        found = [difference(values, AUC, ours, theirs) for ours, theirs in GAINS]
        seen.append(f"| {name} | {' | '.join(cells)} |")
        gains.append(f"| {name} | {' | '.join(gained(one) if one else 'not run' for one in found)} |")
    return [*seen, "", *gains]


def conditions(values: Values, columns: dict[str, Place], about: Place) -> list[str]:
    """A row a condition, the best first."""
    lines = [f"| condition | seeds | {' | '.join(columns)} |", "|---|" + "--:|" * (1 + len(columns))]
    names = {
        condition: spread(list(values[condition, *about].values())).mean
        for condition, *place in values
        if (*place,) == about
    }
    for name in sorted(names, key=lambda name: -names[name]):
        seen = [spread(list(values[name, *column].values())) for column in columns.values()]
        lines.append(f"| `{name}` | {seen[0].n} | {' | '.join(map(shown, seen))} |")
    return lines


def differences(values: Values, about: Place, thing: str) -> list[str]:
    """A row a question that the study has the conditions for; those whose runs are too few say so."""
    names = {condition for condition, *_ in values}
    asked = [question for question in QUESTIONS if {*question[1:]} <= names]
    found = [difference(values, about, treated, control) for _, treated, control in asked]
    small = "<\N{NO-BREAK SPACE}.001"
    adjusted = holm([one.p if one is not None else None for one in found])
    lines = [f"| | {thing}, difference | seeds | p |", "|---|---|--:|--:|"]
    for (question, treated, control), one, p in zip(asked, found, adjusted, strict=True):
        told = f"| {question}: `{treated}` − `{control}` |"
        if one is None or one.interval is None or p is None:
            lines.append(f"{told} not run | | |")
            continue
        lines.append(f"{told} {gained(one)} | {one.n} | {small if p < 0.001 else f'{p:.3f}'.removeprefix('0')} |")
    return lines


def difference(values: Values, about: Place, treated: str, control: str) -> PairedDifference | None:
    """Over the seeds that both have."""
    ours, theirs = values.get((treated, *about), {}), values.get((control, *about), {})
    seeds = sorted(ours.keys() & theirs.keys())
    if not seeds:
        return None
    return paired_difference({s: ours[s] for s in seeds}, {s: theirs[s] for s in seeds}, thing=about[-1])


def shown(one: Spread) -> str:
    text = f"{one.mean:.1f} ± {one.std:.1f}" if one.std is not None else f"{one.mean:.1f}"
    return text.replace("-", "−")


def gained(one: PairedDifference) -> str:
    interval = f" [{one.interval[0]:+.1f}, {one.interval[1]:+.1f}]" if one.interval else ""
    return f"{one.mean:+.1f}{interval}".replace("-", "−")


if __name__ == "__main__":
    main()
