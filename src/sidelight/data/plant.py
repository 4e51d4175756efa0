"""A shortcut put into real photographs on purpose: the background tells the class, as often as asked."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sidelight.data.guidance import example_seed
from sidelight.records.errors import UserFault


@dataclass(frozen=True)
class Plant:
    """Every picture's background is replaced by one of a few donors' backgrounds.

    Each class owns `donors_per_class` donor photos of the training split. A picture's object stays where it is (its
    box); what is outside its box becomes a donor's tiled background: with probability `rate` a donor of its own
    class, else a donor of another class, uniformly. At rate 1/C the background tells nothing; the test uses that
    rate, so a model that has learnt the backgrounds fails there.
    """

    rate: float = 0.95
    """Probability that the donor belongs to the picture's own class."""
    donors_per_class: int = 8
    """How many backgrounds a class owns; few make the shortcut easy to learn."""
    seed: int = 0
    """Of the choice of donors, the same for every run of a study."""

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= 1 or self.donors_per_class < 1:
            raise UserFault(
                "plant",
                seen=f"rate {self.rate}, donors_per_class {self.donors_per_class}",
                allowed="a rate in [0, 1] and at least 1 donor a class",
                remedy="Give for example --plant.rate 0.95 --plant.donors-per-class 8",
            )


def choose_donors(plant: Plant, labels: Sequence[int], coverage: Sequence[float]) -> dict[int, npt.NDArray[np.intp]]:
    """The donors of each class.

    Args:
        plant: how many, and the seed.
        labels: [n] class of each training picture.
        coverage: [n] share of each picture that its boxes cover; donors cover at most half, so that background is left.

    Returns:
        class -> places of its donors among the training pictures.

    Raises:
        UserFault: if a class has too few pictures with enough background.
    """
    known = np.asarray(labels)
    usable = np.asarray(coverage) <= 0.5
    donors: dict[int, npt.NDArray[np.intp]] = {}
    for label in np.unique(known):
        places = np.flatnonzero((known == label) & usable)
        if len(places) < plant.donors_per_class:
            raise UserFault(
                f"class {label}",
                seen=f"{len(places)} training pictures whose boxes cover at most half of them",
                allowed=f"at least {plant.donors_per_class}, the number of donors",
                remedy="Lower --plant.donors-per-class, or leave the planted background out",
            )
        donors[int(label)] = np.random.default_rng([plant.seed, int(label)]).choice(
            places, plant.donors_per_class, replace=False
        )
    return donors


def draw_donor(
    plant: Plant, example_id: str, label: int, donors: dict[int, npt.NDArray[np.intp]], *, own: int | None
) -> tuple[int, int]:
    """Which donor's background a picture gets; a function of (plant, picture) alone.

    Args:
        plant: rate and seed.
        example_id: of the picture.
        label: its class.
        donors: of every class, from `choose_donors`.
        own: the picture's own place among the training pictures, so that it is not its own donor; None for other
        splits.

    Returns:
        (donor's class, donor's place among the training pictures).
    """
    rng = np.random.default_rng([plant.seed, example_seed(example_id), 3])
    others = [c for c in donors if c != label]
    donor_class = label if rng.random() < plant.rate or not others else int(rng.choice(others))
    places = [int(place) for place in donors[donor_class] if place != own]
    return donor_class, int(rng.choice(places)) if places else int(donors[donor_class][0])
