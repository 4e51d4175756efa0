"""Figures and photos of a page, each with the words for readers who do not see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sidelight.report import wording
from sidelight.report.comparison_figure import differences_figure, runs_figure
from sidelight.report.content import Condition, Content, GalleryItem
from sidelight.report.curve_figure import curve_figure
from sidelight.report.figure import inline_svg
from sidelight.report.gallery import cam_tile, data_uri, photo_tile
from sidelight.report.table import StudyTable

RUNS_SHOWN = 3
"""Metrics whose single runs are drawn when no headline chooses them."""


@dataclass(frozen=True)
class Figured:
    """A figure on the page: what stands above it, and the figure itself."""

    title: str
    svg: Markup


@dataclass(frozen=True)
class Tile:
    """One picture of a gallery card.

    Attributes:
        caption: whose view it is.
        said: what the model chose; "" for the photo itself.
        right: whether that is the true class; None where nothing was chosen.
        uri: the picture as a `data:` address.
        alt: what it shows, in words.
    """

    caption: str
    said: str
    right: bool | None
    uri: str
    alt: str


def runs_figures(content: Content, table: StudyTable, *, name: str) -> list[Figured]:
    """Every run as a dot, for the metrics of the headline; none where there is only one run.

    Args:
        content: of the page.
        table: whose runs.
        name: unique on the page.
    """
    if sum(len(table.seeds(condition.name)) for condition in table.conditions) < 2:
        return []
    chosen = [c for c in table.columns if c.key in content.headline] or table.columns[:RUNS_SHOWN]
    figures = []
    for place, column in enumerate(chosen):
        means = [f"{c.name} {wording.cell(table, c.name, column)}" for c in table.conditions]
        alt = f"{column.label}, one dot a run. {'; '.join(means)}."
        figures.append(Figured(column.label, inline_svg(runs_figure(table, column), name=f"{name}-{place}", alt=alt)))
    return figures


def difference_figures(table: StudyTable, *, name: str) -> dict[tuple[str, str], Figured]:
    """(treated, control) -> paired differences with their intervals; pairs without any share are left out."""
    columns = {column.key: column for column in table.columns}
    figures = {}
    for place, pair in enumerate(pair for pairs in table.pairs().values() for pair in pairs):
        figure = differences_figure(table, pair)
        if figure is not None:
            rows = [c for c in table.comparisons if (c.treated, c.control) == pair and columns[c.key].share]
            said = [f"{columns[c.key].label} {_amount(table, pair, c.key)}" for c in rows]
            alt = f"{wording.pair(pair)}, with 95 % intervals. {'; '.join(said)}."
            figures[pair] = Figured(wording.pair(pair), inline_svg(figure, name=f"{name}-{place}", alt=alt))
    return figures


def curve_figures(content: Content, conditions: Sequence[Condition], *, name: str) -> list[Figured]:
    """The panels of training curves of some conditions; panels that none of their runs has are left out."""
    names = [condition.name for condition in conditions]
    curves = [curve for curve in content.curves if curve.condition in names]
    figures = []
    for place, panel in enumerate(content.curve_panels):
        figure = curve_figure(curves, conditions, panel)
        if figure is not None:
            drawn = dict.fromkeys(curve.condition for curve in curves if panel.metric in curve.values)
            alt = f"{panel.label} by epoch for {', '.join(drawn)}."
            title = panel.label + (", %" if panel.share else "")
            figures.append(Figured(title, inline_svg(figure, name=f"{name}-{place}", alt=alt)))
    return figures


def tiles(item: GalleryItem) -> list[Tile]:
    """The photo with box and click, then one heat map a condition."""
    photo = photo_tile(item.image, boxes=item.boxes, clicks=item.clicks)
    boxes, clicks = len(item.boxes), len(item.clicks)
    marks = f"{boxes} box{'' if boxes == 1 else 'es'} and {clicks} click{'' if clicks == 1 else 's'}"
    return [Tile("the photo", "", None, data_uri(photo), f"Photo of {item.label} with {marks}.")] + [
        _heat_tile(item, condition) for condition in item.cams
    ]


def _heat_tile(item: GalleryItem, condition: str) -> Tile:
    guess = item.predicted_points.get(condition)
    uri = data_uri(cam_tile(item.image, item.cams[condition], boxes=item.boxes, guess=guess))
    alt = f"Heat map of where {condition} looked on a photo of {item.label}"
    if condition not in item.predictions:
        return Tile(condition, "", None, uri, f"{alt}.")
    chosen, probability = item.predictions[condition]
    said = f"{chosen}, {100 * probability:.0f} %"
    return Tile(condition, said, chosen == item.label, uri, f"{alt}; it chose {said}.")


def _amount(table: StudyTable, pair: tuple[str, str], key: str) -> str:
    comparison = table.comparison(pair, key)
    column = next(column for column in table.columns if column.key == key)
    assert comparison is not None
    return wording.difference_and_interval(comparison.difference, column)
