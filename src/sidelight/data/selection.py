"""Which pictures of a dataset a run or a measurement uses."""

from dataclasses import dataclass
from typing import Literal

from sidelight.data.source.split import draw
from sidelight.records.errors import UserFault
from sidelight.records.example import Example, Split
from sidelight.signal.placing import Boxes

Part = Literal["all", "annotated", "rest"]


@dataclass(frozen=True)
class Selection:
    """A filter over pictures: by the size of their objects in every split alike, by their part and their number in
    training alone.
    """

    max_box_coverage: float = 1.0
    """Only pictures whose boxes together cover at most this share of the picture. Below 1, pictures without a box are
    left out, since nothing is known about what their background is."""
    part: Part = "all"
    """Which training pictures: all; annotated: those that people annotated; rest: the others. Validation and test stay
    whole."""
    annotated_share: float | None = None
    """None: a picture counts as annotated if it has a map by people. A share: that many of the training pictures count
    as annotated, chosen by their ids, whatever is known about them. .1 is a part of .3."""
    training_share: float = 1.0
    """Of the training pictures, about this share is used: those whose draw, from their id alone, lies below it. A
    smaller share is a part of a larger one, and of every class. Validation and test stay whole."""

    def __post_init__(self) -> None:
        if self.annotated_share is not None and not 0 < self.annotated_share < 1:
            raise UserFault(
                "selection.annotated_share",
                seen=repr(self.annotated_share),
                allowed="None, or a share in (0, 1)",
                remedy="Give 0.125 for one annotated picture in eight",
            )
        if not 0 < self.training_share <= 1:
            raise UserFault(
                "selection.training_share",
                seen=repr(self.training_share),
                allowed="a share in (0, 1]",
                remedy="Give 0.25 to train on a quarter of the pictures",
            )
        if not 0 < self.max_box_coverage <= 1:
            raise UserFault(
                "selection.max_box_coverage",
                seen=repr(self.max_box_coverage),
                allowed="a share in (0, 1]",
                remedy="Give 0.5 to keep the pictures whose object fills at most half of them",
            )

    def keeps(self, example: Example) -> bool:
        """Whether the picture is used."""
        small = self.max_box_coverage == 1 or (bool(example.boxes) and box_coverage(example) <= self.max_box_coverage)
        if not small or example.split != "train":
            return small
        if self.training_share < 1 and _drawn("training", example) >= self.training_share:
            return False
        return self.part == "all" or self.annotated(example) == (self.part == "annotated")

    def annotated(self, example: Example) -> bool:
        """Whether the picture counts as one that people annotated."""
        if self.annotated_share is None:
            return example.map_path is not None
        return _drawn("annotated", example) < self.annotated_share

    def of(self, examples: list[Example], split: Split) -> list[Example]:
        """The pictures of one split that are used, in the order of the dataset."""
        return [example for example in examples if example.split == split and self.keeps(example)]


def _drawn(purpose: str, example: Example) -> float:
    """A draw in [0, 1) that tells nothing about other purposes', nor about the split, which is a draw from the id with
    any seed: of draws below .36 none is left in training where .36 of the pictures went to validation and test.
    """
    return draw(0, f"{purpose} {example.id}")


def box_coverage(example: Example) -> float:
    """Share of the picture that its boxes cover together, in [0, 1]; 0 without a box.

    >>> from sidelight.records.example import Box
    >>> box_coverage(Example("a", "a.png", "train", 64, 64, (0,), boxes=(Box(0.0, 0.0, 0.5, 0.5),)))
    0.25
    """
    if len(example.boxes) <= 1:
        return sum(box.area for box in example.boxes)
    corners = [(box.x0, box.y0, box.x1, box.y1) for box in example.boxes]
    return float(Boxes.of([corners]).area_of_union()[0])
