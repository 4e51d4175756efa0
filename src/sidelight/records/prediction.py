"""What a model says about many pictures, columnar."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Prediction:
    """A model's scores for a set of pictures.

    Attributes:
        ids: [n] ids of the examples, in the order of the rows below.
        scores: [n, classes] float32 logits (before softmax or sigmoid).
        points: [n, k, 2] float32, where the point head thinks people clicked, (x, y) of the model's input;
            k = 1 or classes. None for a model without a point head.

    Raises:
        ValueError: if the columns differ in length.
    """

    ids: tuple[str, ...]
    scores: npt.NDArray[np.float32]
    points: npt.NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        if len(self.ids) != len(self.scores):
            raise ValueError(f"{len(self.ids)} ids but {len(self.scores)} rows of scores")
        if self.points is not None and len(self.points) != len(self.ids):
            raise ValueError(f"{len(self.ids)} ids but {len(self.points)} rows of points")
