"""One self-contained page over several runs: the paper's tables 1 to 7 and figures 8 and 9, ours beside its own."""

import base64
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sidelight.report import wording
from sidelight.report.content import Condition, CurvePanel
from sidelight.report.curve_figure import curve_figure
from sidelight.report.figure import CSS_NAMES, colours, inline_svg
from sidelight.report.html import template
from sidelight.report.illustration import Figured
from sidelight.report.paper_grid import Grid, grid, paper_csv
from sidelight.report.paper_table import Filled, Versus
from sidelight.report.table import SEEDS_FOR_A_CLAIM, Standing, standing
from sidelight.report.trained import Trained
from sidelight.report.two_class_table import two_class_tables

PANELS = (
    CurvePanel("loss_point", "regression loss, training"),
    CurvePanel("val_point_loss", "regression loss, validation"),
    CurvePanel("val_point_in_box", "predicted points inside the box, validation", share=True),
)
"""What the paper's figures 8 and 9 show, as far as runs write it down."""
FIGURES = {8: ("ImageNet", "single_label"), 9: ("COCO", "multi_label")}


@dataclass(frozen=True)
class Origin:
    """Where one way of training was found, and what identifies it.

    Attributes:
        trained: the training.
        recipe: its name; of a model from elsewhere, that of the model.
        data: that it was trained on; "" where that is not known.
        folders: that hold its runs.
        recipe_hash: of its recipe; "" for a model from elsewhere.
        seeds: of its runs.
        simulated: what is simulated, and what that means; nothing when people did everything.
        version: of sidelight.
        commit: of the source tree; "" when unknown.
    """

    trained: Trained
    recipe: str
    data: str
    folders: tuple[str, ...]
    recipe_hash: str
    seeds: tuple[int, ...]
    simulated: tuple[str, ...]
    version: str
    commit: str


@dataclass(frozen=True)
class PaperReport:
    """Everything that the page tells.

    Attributes:
        trained: the ways of training.
        tables: the paper's, filled.
        origins: of the trainings, in the same order.
        command: that made the page.
        made_at: date, in words.
    """

    trained: tuple[Trained, ...]
    tables: tuple[Filled, ...]
    origins: tuple[Origin, ...]
    command: str
    made_at: str = ""


@dataclass(frozen=True)
class Shown:
    """One table on the page.

    Attributes:
        filled: its numbers.
        grid: its lines.
        standings: which models are compared in it -> whether that may be read as a claim.
        anchor: its id.
    """

    filled: Filled
    grid: Grid
    standings: dict[str, Standing]
    anchor: str


@dataclass(frozen=True)
class Drawn:
    """One figure of the paper for one model: its curves, and who is who."""

    title: str
    conditions: tuple[Condition, ...]
    panels: tuple[Figured, ...]


def render(report: PaperReport) -> str:
    """The page as one string of HTML; words that come from users are escaped."""
    two_class = two_class_tables(report.trained)
    conditions = [each.condition for each in report.trained]
    encoded = base64.b64encode(paper_csv((*report.tables, *two_class)).encode("utf-8")).decode("ascii")
    return template("paper.html.jinja").render(
        report=report,
        tables=[_shown(each) for each in report.tables],
        two_class=[_shown(each) for each in two_class],
        figures={number: tuple(_figure(report.trained, number)) for number in FIGURES},
        about_figures=FIGURES,
        colour_of={name: CSS_NAMES[colour] for name, colour in colours(conditions).items()},
        csv_uri=f"data:text/csv;charset=utf-8;base64,{encoded}",
        simulated=tuple(dict.fromkeys(words for origin in report.origins for words in origin.simulated)),
        outcome=outcome,
        least_seeds=SEEDS_FOR_A_CLAIM,
        wording=wording,
    )


def outcome(versus: Versus) -> str:
    """What a comparison came to over all columns, in one line.

    >>> plain, luab = (Trained(name, "R18", name) for name in ("plain", "clicks"))
    >>> outcome(Versus(luab, plain, {}, {}, {"IN-1K": "seeds differ (0; 1): not paired"}))
    '1 column not compared'
    """
    words = {
        "higher": "higher",
        "lower": "lower",
        "null": "null",
        "inconclusive": "undecided",
        "no interval": "without an interval",
    }
    kinds = Counter(comparison.verdict.kind for comparison in versus.comparisons.values())
    said = [f"{_columns(count)} {words[kind]}" for kind, count in kinds.items()]
    said += [f"{_columns(len(versus.refused))} not compared"] if versus.refused else []
    return ", ".join(said)


def _columns(count: int) -> str:
    return f"{count} column{'' if count == 1 else 's'}"


def _shown(filled: Filled) -> Shown:
    groups: dict[str, list[Trained]] = {}
    for versus in filled.versus:
        for each in (versus.control, versus.treated):
            members = groups.setdefault(each.group, [])
            if each not in members:
                members.append(each)
    standings = {
        group: standing([each.condition for each in members], [m for each in members for m in each.measured()])
        for group, members in groups.items()
    }
    anchor = filled.table.heading.partition(":")[0].lower().replace(" ", "-")
    return Shown(filled, grid(filled), standings, anchor)


def _figure(trained: Sequence[Trained], number: int) -> Iterator[Drawn]:
    _, task = FIGURES[number]
    groups: dict[str, list[Trained]] = {}
    for each in trained:
        if each.task == task and each.curves:
            groups.setdefault(each.group, []).append(each)
    for place, (group, members) in enumerate(groups.items()):
        conditions = [each.condition for each in members]
        curves = [curve for each in members for curve in each.curves]
        panels = []
        for panel in PANELS:
            figure = curve_figure(curves, conditions, panel)
            if figure is not None:
                alt = f"{panel.label} of {group} by epoch, a line for each of {', '.join(c.name for c in conditions)}."
                panels.append(Figured(panel.label, inline_svg(figure, name=f"f{number}{place}{panel.metric}", alt=alt)))
        if panels:
            drawn = {curve.condition for curve in curves if any(panel.metric in curve.values for panel in PANELS)}
            yield Drawn(group, tuple(c for c in conditions if c.name in drawn), tuple(panels))
