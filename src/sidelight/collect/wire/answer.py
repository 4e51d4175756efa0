"""What a page's log comes to: the answer, a pure fold over its entries (`sidelight.collect.fold`)."""

import msgspec

from sidelight.collect.wire.log import Place


class BrowseAnswer(msgspec.Struct, frozen=True, tag_field="task", tag="browse"):
    """Image id -> where it was last selected (None without a pointer), of the images selected at the end."""

    selected: dict[str, Place | None]


class TagAnswer(msgspec.Struct, frozen=True, tag_field="task", tag="tag"):
    """Class -> where its icon lies at the end (None without a pointer); and the panels seen, ascending."""

    icons: dict[str, Place | None]
    panels: tuple[int, ...]


class PaintAnswer(msgspec.Struct, frozen=True, tag_field="task", tag="paint"):
    """The class decided ("" if none), and the mask as run lengths.

    Attributes:
        label: the last decision.
        grid: (width, height) of the mask.
        runs: lengths of alternating runs of 0 and 1, row by row, beginning with 0 (possibly of length 0); their sum is
            width * height.
    """

    label: str
    grid: tuple[int, int]
    runs: tuple[int, ...]


Answer = BrowseAnswer | TagAnswer | PaintAnswer
"""Any task's answer."""
