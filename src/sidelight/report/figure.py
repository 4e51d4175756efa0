"""One look for all figures: quiet axes, colours that colour-blind readers can tell apart, text that stays text.

Figures are drawn with matplotlib's object interface (no global state is left behind) in the colours named here. In a
page they stand as inline SVG whose colours are CSS variables, so that they follow the reader's light or dark setting.
"""

import io
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sidelight.report.content import Condition

INK, MUTED, LINE, BAND, PAPER = "#1d2733", "#5a6673", "#d5dbe1", "#eef1f4", "#ffffff"
BLUE, VERMILION, GREEN, PURPLE, AMBER, SKY = "#0072b2", "#d55e00", "#008563", "#b3558c", "#b87a00", "#3a93c9"
SLATE = "#6b7682"

WIDTH = 3.3
"""Inches of a panel: its text then reads well at the width of a phone and at a third of a page."""

CSS_NAMES = {
    INK: "ink",
    MUTED: "muted",
    LINE: "line",
    BAND: "band",
    PAPER: "paper",
    BLUE: "blue",
    VERMILION: "vermilion",
    GREEN: "green",
    PURPLE: "purple",
    AMBER: "amber",
    SKY: "sky",
    SLATE: "slate",
}
"""Colour -> the CSS variable that stands for it in a page."""

_OF_ROLE = {
    "baseline": (SLATE,),
    "control": (VERMILION, PURPLE, AMBER, SKY),
    "treated": (BLUE, GREEN, SKY, PURPLE, AMBER, VERMILION),
}
_MARKERS = {"baseline": "s", "control": "D", "treated": "o"}

_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": LINE,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.grid": True,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "figure.facecolor": PAPER,
    "svg.fonttype": "none",
    "svg.hashsalt": "sidelight",
}


@contextmanager
def style() -> Iterator[None]:
    """Draw and save inside this: the settings of all figures, put back afterwards."""
    with mpl.rc_context(_STYLE):
        yield


def new_panel(width: float, height: float, *, grid: str = "both") -> tuple[Figure, Axes]:
    """An empty figure of one panel, of this size in inches; call it inside `style()`."""
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.grid(visible=False)
    axes.grid(visible=True, axis=grid)  # type: ignore[arg-type]
    return figure, axes


def colours(conditions: Sequence[Condition]) -> dict[str, str]:
    """Condition -> colour: slate for the baseline, blue and green for what is studied, warm ones for controls.

    Groups are drawn apart, so that each begins with the first colours anew.

    >>> colours([Condition("plain", "", "baseline"), Condition("clicks", "")])
    {'plain': '#6b7682', 'clicks': '#0072b2'}
    """
    before: Counter[tuple[str, str]] = Counter()
    chosen: dict[str, str] = {}
    for condition in conditions:
        palette = _OF_ROLE[condition.role]
        chosen[condition.name] = palette[before[condition.group, condition.role] % len(palette)]
        before[condition.group, condition.role] += 1
    return chosen


def marker(condition: Condition) -> str:
    """The shape that tells a condition's role without colour: square, diamond (control), disc (treated)."""
    return _MARKERS[condition.role]


def dashes(condition: Condition) -> str:
    """Controls are dashed, all others solid."""
    return "--" if condition.role == "control" else "-"


def inline_svg(figure: Figure, *, name: str, alt: str) -> Markup:
    """A figure as SVG to be put into a page: themed by CSS variables, text kept as text, nothing fetched.

    Args:
        figure: drawn inside `style()`.
        name: unique on the page; its ids start with it.
        alt: what a reader who cannot see the figure should know.
    """
    stream = io.StringIO()
    with style(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # the browser draws the text, in its own font
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    svg = stream.getvalue()
    for noise in (r"<metadata>.*?</metadata>", r"<style.*?</style>", r"^.*?(?=<svg)"):
        svg = re.sub(noise, "", svg, flags=re.DOTALL)
    svg = re.sub(r"<[^>]+>", lambda tag: _themed(tag[0], name), svg)
    viewbox = re.search(r'viewBox="[^"]*"', svg)
    assert viewbox, "matplotlib writes a viewBox"
    svg = re.sub(r"^<svg[^>]*>", lambda _: f'<svg {viewbox[0]} role="img" aria-label="{escape(alt)}">', svg)
    return Markup(svg)  # noqa: S704 (matplotlib escaped its text, the line above ours)


def _themed(tag: str, name: str) -> str:
    tag = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", tag)
    tag = tag.replace("'DejaVu Sans'", "system-ui, sans-serif")
    for colour, css in CSS_NAMES.items():
        tag = tag.replace(colour, f"var(--{css})")
    return tag


def png(figure: Figure, *, dots_per_inch: int = 160) -> bytes:
    """A figure as PNG on white, for a file."""
    stream = io.BytesIO()
    with style():
        figure.savefig(stream, format="png", dpi=dots_per_inch, metadata={"Software": None})
    return stream.getvalue()
