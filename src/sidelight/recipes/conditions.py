"""The rows that every LUAB study has: plain training, three controls, clicks, and the box's centre as the ceiling."""

from dataclasses import replace

from sidelight.data.guidance import Guidance, GuidanceKind
from sidelight.data.saliency import Saliency
from sidelight.recipes.recipe import Condition, Recipe
from sidelight.train.objective.binary_cross_entropy import BinaryCrossEntropy
from sidelight.train.objective.cross_entropy import CrossEntropy


def plain(recipe: Recipe) -> Recipe:
    """The recipe without guidance: same network, same steps, same class term (with its smoothing of labels)."""
    guided = recipe.objective
    several = guided.labels == "multi"
    bare = BinaryCrossEntropy() if several else CrossEntropy(label_smoothing=guided.label_smoothing)
    name = f"{recipe.name}_plain"
    # Blur outside the maps, if the recipe has it, is an augmentation: it stays, and so do its maps.
    saliency = recipe.saliency if recipe.augmentation.blur_outside > 0 else Saliency()
    return replace(recipe, name=name, objective=bare, guidance=Guidance(), saliency=saliency)


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
