"""How a teacher's maps are made of a trained model."""

from dataclasses import dataclass
from typing import Literal

from sidelight.records.errors import UserFault

TaughtMethod = Literal["cam", "rise"]


@dataclass(frozen=True)
class Teaching:
    """What a teacher says about pictures that people have drawn no map of."""

    method: TaughtMethod = "cam"
    """cam: exact activation maps, at the speed of a prediction; rise: thousands of masked predictions a picture."""
    of: Literal["true", "predicted"] = "true"
    """Whose map: of the picture's own class, or of the class that the teacher names."""
    wrong: Literal["keep", "drop", "weigh"] = "keep"
    """What becomes of the map where the teacher names another class: kept; dropped; or every map weighs as much as the
    teacher believes in the picture's own class."""
    replace: bool = False
    """Teach all training pictures and leave out people's maps of them, instead of teaching those without one."""
    soft_labels: bool = False
    """Also write down the teacher's probabilities of all classes, for recipes with labels 'teacher'."""
    masks: int = 2000
    """Of rise."""

    def __post_init__(self) -> None:
        if self.masks < 1:
            raise UserFault("teaching.masks", seen=str(self.masks), allowed=">= 1", remedy="The authors take 2000")
