"""What the LUAB paper printed: its tables 1 to 7, row by row, to stand beside numbers of our own.

The paper gives no spread, no number of runs and no test: its numbers are values to look at, never a side of a
comparison.

Source: han2023luab, tables 1 to 7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Family = Literal["imagenet", "wsol", "downstream", "wsol_coco", "coco", "ours"]
"""Tables of one family have columns and kinds of rows in common; a run that fits no row of any of them stands below
the first. "ours": a table that the paper does not have, where every run may stand."""

PLAIN, RANDOM, CLICKS = "plain", "random", "clicks"
"""How a row was guided: not at all, by a random point, by the annotation byproducts."""


@dataclass(frozen=True)
class PaperColumn:
    """One column.

    Attributes:
        key: unique among all tables; a benchmark names it to say which column it fills.
        higher_is_better: the arrow beside it.
        label: its heading, where that is not its key.
    """

    key: str
    higher_is_better: bool = True
    label: str = ""


@dataclass(frozen=True)
class PaperRow:
    """One row.

    Attributes:
        model: as the paper abbreviates it ("R50", "ViT-S").
        guided: PLAIN, RANDOM or CLICKS.
        printed: the numbers, in the order of the columns.
        setup: how it was trained, where that differs from the paper's main set-up ("primitive").
    """

    model: str
    guided: str
    printed: tuple[float, ...]
    setup: str = ""


@dataclass(frozen=True)
class PaperTable:
    """One table.

    Attributes:
        number: in the paper; 0 for one that it does not have.
        caption: what it shows, in our words.
        family: see `Family`.
        columns: from left to right (downwards where it stands on its side).
        rows: from top to bottom (to the right where it stands on its side).
        names: how the paper names a row, by its guidance; {model} is put in.
        on_its_side: whether models stand beside each other, and metrics below.
        note: what a reader should know.
    """

    number: int
    caption: str
    family: Family
    columns: tuple[PaperColumn, ...]
    rows: tuple[PaperRow, ...]
    names: Mapping[str, str]
    on_its_side: bool = False
    note: str = ""

    @property
    def heading(self) -> str:
        """Number and caption: "Table 3: where the maps lie"."""
        return f"Table {self.number}: {self.caption}" if self.number else self.caption


PARAMETERS = {
    "R18": "11.7M",
    "R50": "25.6M",
    "R101": "44.5M",
    "R152": "60.2M",
    "ViT-Ti": "5.7M",
    "ViT-S": "22.1M",
    "ViT-B": "86.6M",
}
"""The column "Params" of table 1."""

ON_TOP = {PLAIN: "{model}", CLICKS: "+LUAB"}
SIDE_BY_SIDE = {PLAIN: "{model}", RANDOM: "Rand", CLICKS: "LUAB"}

IN_1K = PaperColumn("IN-1K")
OBJNET, SI_SIZE, SI_LOC, SI_ROT = (PaperColumn(key) for key in ("ObjNet", "SI-size", "SI-loc", "SI-rot"))
BGC = (PaperColumn("BGC-gap", higher_is_better=False), PaperColumn("BGC-acc"))


def _pairs(printed: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]]) -> tuple[PaperRow, ...]:
    return tuple(
        PaperRow(model, guided, numbers)
        for model, both in printed.items()
        for guided, numbers in zip((PLAIN, CLICKS), both, strict=True)
    )


def _triples(printed: Mapping[str, tuple[tuple[float, ...], ...]], setups: Mapping[str, str]) -> tuple[PaperRow, ...]:
    return tuple(
        PaperRow(model, guided, numbers, setups.get(model, ""))
        for model, all_three in printed.items()
        for guided, numbers in zip((PLAIN, RANDOM, CLICKS), all_three, strict=True)
    )


TABLE_1 = PaperTable(
    1,
    "ImageNet: accuracy, accuracy on other pictures, and reliance on the background",
    "imagenet",
    (
        IN_1K,
        *(PaperColumn(key) for key in ("IN-V2", "IN-Real", "IN-A", "IN-C", "IN-O", "Sketch", "IN-R", "Cocc")),
        OBJNET,
        SI_SIZE,
        SI_LOC,
        SI_ROT,
        *BGC,
    ),
    _pairs(
        {
            "R18": (
                (72.1, 59.9, 79.6, 2.0, 37.4, 52.7, 22.0, 34.0, 41.9, 21.7, 46.4, 22.9, 32.1, 9.0, 22.1),
                (72.2, 59.9, 79.6, 1.9, 37.6, 53.0, 21.6, 34.3, 44.7, 21.9, 47.8, 23.1, 32.7, 8.6, 20.4),
            ),
            "R50": (
                (77.4, 65.2, 83.5, 5.5, 43.8, 56.7, 25.4, 37.8, 53.7, 27.8, 53.9, 31.9, 40.1, 6.3, 26.7),
                (77.5, 65.2, 83.8, 5.1, 44.7, 57.0, 25.7, 38.2, 55.1, 28.5, 55.6, 33.5, 40.9, 5.6, 27.4),
            ),
            "R101": (
                (78.2, 66.0, 84.1, 7.6, 47.0, 60.7, 26.5, 38.2, 55.8, 29.4, 53.4, 33.1, 38.9, 5.6, 30.2),
                (78.6, 66.4, 84.3, 7.8, 47.9, 60.5, 27.0, 39.0, 58.5, 30.0, 54.4, 33.3, 39.8, 5.5, 28.2),
            ),
            "R152": (
                (79.0, 67.2, 84.5, 9.5, 49.5, 62.0, 27.6, 39.6, 58.8, 30.5, 53.9, 33.3, 38.6, 6.6, 27.2),
                (79.2, 67.2, 84.8, 9.5, 49.9, 62.1, 27.6, 39.7, 59.0, 31.3, 55.5, 34.2, 40.6, 5.8, 31.6),
            ),
            "ViT-Ti": (
                (72.8, 60.7, 80.7, 7.9, 48.5, 52.3, 20.5, 32.8, 63.8, 23.1, 46.3, 23.8, 33.9, 8.2, 13.9),
                (72.9, 60.8, 80.9, 8.4, 48.4, 52.9, 21.1, 33.8, 64.2, 23.7, 47.4, 25.4, 34.7, 7.8, 14.4),
            ),
            "ViT-S": (
                (80.3, 69.1, 86.0, 20.0, 60.3, 53.4, 29.4, 42.3, 73.8, 31.2, 54.5, 32.0, 39.5, 6.4, 17.4),
                (80.6, 69.7, 86.4, 22.8, 61.2, 55.1, 30.0, 43.0, 74.1, 32.3, 55.1, 33.7, 39.6, 5.9, 18.7),
            ),
            "ViT-B": (
                (81.6, 70.3, 86.6, 26.1, 64.1, 58.0, 33.0, 45.7, 76.0, 31.7, 56.6, 35.1, 41.3, 6.4, 18.1),
                (82.5, 71.9, 87.4, 31.1, 66.0, 58.5, 35.5, 48.4, 77.5, 35.0, 57.1, 36.8, 41.6, 5.6, 23.9),
            ),
        }
    ),
    ON_TOP,
)

TABLE_2 = PaperTable(
    2,
    "ImageNet: no guidance, a random point, people's clicks",
    "imagenet",
    (IN_1K, OBJNET, SI_SIZE, SI_LOC, SI_ROT, *BGC),
    _triples(
        {
            "R50": (
                (77.4, 27.8, 53.9, 31.9, 40.1, 6.3, 26.7),
                (77.3, 28.1, 54.5, 31.5, 39.7, 5.9, 27.6),
                (77.5, 28.5, 55.6, 33.5, 40.9, 5.6, 27.4),
            ),
            "ViT-Ti": (
                (71.8, 20.1, 40.6, 16.5, 26.2, 12.1, 13.6),
                (72.2, 22.0, 42.5, 18.1, 27.5, 11.0, 15.3),
                (73.0, 22.1, 43.4, 20.0, 28.7, 10.9, 16.1),
            ),
            "ViT-S": (
                (74.1, 20.5, 42.9, 18.7, 27.8, 10.5, 16.7),
                (74.8, 22.7, 44.5, 20.6, 28.8, 10.5, 19.5),
                (75.3, 23.6, 47.8, 22.6, 32.2, 8.7, 19.7),
            ),
        },
        {"ViT-Ti": "primitive", "ViT-S": "primitive"},
    ),
    {PLAIN: "{model} –", RANDOM: "{model} Rand", CLICKS: "{model} LUAB"},
    note="Its ViTs are another set-up than those of table 1, by their numbers: crop and flip, no strong augmentation.",
)

TABLE_3 = PaperTable(
    3,
    "ImageNet: where the class activation map lies",
    "wsol",
    (PaperColumn("Loc"),),
    _pairs({"R50": ((46.8,), (48.4,))}),
    ON_TOP,
    note="The paper does not say which localisation accuracy this is; by its size it is top-1 localisation.",
)

TABLE_4 = PaperTable(
    4,
    "Fine-tuned on COCO: detection and instance segmentation",
    "downstream",
    (IN_1K, PaperColumn("Bbox AP"), PaperColumn("Mask AP")),
    _pairs({"R50": ((77.4, 37.0, 34.6), (77.5, 37.4, 34.8))}),
    ON_TOP,
)

TABLE_5 = PaperTable(
    5,
    "COCO: where the class activation maps lie",
    "wsol_coco",
    (PaperColumn("mPxAP"),),
    _pairs({"R50": ((20.8,), (21.5,))}),
    ON_TOP,
)

_COCO = (
    PaperColumn("mAP"),
    PaperColumn("V_min", higher_is_better=False, label="Vᵐⁱⁿ"),
    PaperColumn("V_avg", higher_is_better=False, label="Vᵃᵛᵍ"),
)

TABLE_6 = PaperTable(
    6,
    "COCO with ResNets",
    "coco",
    _COCO,
    _triples(
        {
            "R18": ((67.9, 51.8, 28.7), (67.8, 52.1, 28.7), (68.0, 51.6, 28.4)),
            "R50": ((73.0, 47.6, 25.0), (73.6, 47.3, 24.9), (74.2, 47.0, 24.5)),
            "R152": ((73.3, 47.4, 24.8), (74.6, 47.8, 25.5), (75.4, 47.1, 24.7)),
        },
        {},
    ),
    SIDE_BY_SIDE,
    on_its_side=True,
)

TABLE_7 = PaperTable(
    7,
    "COCO with vision transformers",
    "coco",
    _COCO,
    _triples(
        {
            "ViT-Ti": ((72.6, 49.1, 27.0), (72.2, 48.9, 26.9), (72.7, 48.4, 26.8)),
            "ViT-S": ((76.2, 47.1, 25.7), (76.9, 46.9, 25.6), (77.3, 45.8, 24.6)),
            "ViT-B": ((76.4, 46.6, 25.0), (74.5, 47.1, 25.1), (77.5, 45.6, 24.5)),
        },
        {},
    ),
    SIDE_BY_SIDE,
    on_its_side=True,
)

PAPER: tuple[PaperTable, ...] = (TABLE_1, TABLE_2, TABLE_3, TABLE_4, TABLE_5, TABLE_6, TABLE_7)
"""All of them, in the paper's order."""
