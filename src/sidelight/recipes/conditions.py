"""The rows that every LUAB study has: plain training, three controls, clicks, and the box's centre as the ceiling."""

from dataclasses import replace

from sidelight.data.guidance import Guidance, GuidanceKind
from sidelight.recipes.recipe import Condition, Recipe
from sidelight.train.objective.binary_cross_entropy import BinaryCrossEntropy
from sidelight.train.objective.cross_entropy import CrossEntropy
from sidelight.train.objective.luab import Luab


def plain(recipe: Recipe) -> Recipe:
    """The recipe without guidance: same network, same steps, same class term (with its smoothing of labels)."""
    guided = recipe.objective
    assert isinstance(guided, Luab)
    bare = BinaryCrossEntropy() if guided.labels == "multi" else CrossEntropy(label_smoothing=guided.label_smoothing)
    return replace(recipe, name=f"{recipe.name}_plain", objective=bare, guidance=Guidance("none"))


def six_conditions(recipe: Recipe) -> tuple[Condition, ...]:
    """Plain, uniform, shuffled, centre, clicks, box centre.

    Args:
        recipe: of the guided training; the others differ from it in their points alone.

    Returns:
        The rows, in the order of the table.
    """

    def told(kind: GuidanceKind) -> Recipe:
        return replace(recipe, guidance=replace(recipe.guidance, kind=kind))

    return (
        Condition("plain", plain(recipe), "baseline", "Labels only."),
        Condition(
            "uniform", told("uniform"), "control", "A uniformly random point a picture, drawn once; where clicks are."
        ),
        Condition("shuffled", told("shuffled"), "control", "The clicks, each moved to another picture."),
        Condition("centre", told("centre"), "control", "The middle of the picture, always; where clicks are."),
        Condition("clicks", told("clicks"), "treated", "The clicks (simulated where the data say so)."),
        Condition(
            "box_centre", told("box_centre"), "treated", "The middle of the person's box: the most a click could tell."
        ),
    )
