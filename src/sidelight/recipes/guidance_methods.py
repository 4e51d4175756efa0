"""Every objective side by side: the same photos, the same steps, the same pull; what each does to the shortcut.

Reproduces: nothing published; the comparison that the papers of these objectives do not make with each other
(rao2023guidance compare four). Data and base point are those of when-guidance-helps: 887 photos of nine classes, a
background that goes with the class on 70 of 100. Boxes stand for the human map, simulated clicks for the point.

Every objective is given the gradient ratio 1: at the first step its guidance pulls as hard as the classes, at the last
tensor that both share. It is not tuned: validation photos carry the shortcut, and would choose the weakest. Input blur
has no such weight; it acts on every second view. Controls: shuffled boxes (those of cyborg, map_match and attention
pooling were added after the others had been seen), and uniformly random points for LUAB. Attention pooling is another
network, and has its own plain training.

Expected: see docs/results/guidance-methods.md.

Cost: 1 minute a run on one CPU core, bf16, but 4 for the input gradients: 20 minutes a seed, 50 for five seeds on two
cores.

Command: sidelight study guidance-methods --data in9-nine --seeds 5 --jobs 2 --out runs/guidance-methods
"""

from dataclasses import replace

from sidelight.data.guidance import Guidance
from sidelight.data.saliency import Saliency
from sidelight.recipes.conditions import plain
from sidelight.recipes.recipe import Condition, Recipe, Study
from sidelight.recipes.when_guidance_helps import RECIPE as BASE
from sidelight.report.content import Axis, Level
from sidelight.train.objective.attention_pooling import AttentionPooling
from sidelight.train.objective.cyborg import Cyborg
from sidelight.train.objective.dense_saliency import DenseSaliency
from sidelight.train.objective.energy import Energy
from sidelight.train.objective.luab import Luab
from sidelight.train.objective.map_match import MapMatch
from sidelight.train.objective.rrr import Rrr
from sidelight.train.objective.table import AnyObjective

RECIPE = replace(BASE, name="guidance_methods", objective=Energy(ratio=1.0))


def _told(objective: AnyObjective) -> Recipe:
    """The base with another objective that lives on maps."""
    return replace(RECIPE, objective=objective)


def _luab(points: Guidance) -> Recipe:
    return replace(RECIPE, objective=Luab(ratio=1.0), guidance=points, saliency=Saliency())


def _shuffled(recipe: Recipe) -> Recipe:
    return replace(recipe, saliency=replace(recipe.saliency, control="shuffled"))


CYBORG = _told(Cyborg(ratio=1.0))
MAP_MATCH = _told(MapMatch(ratio=1.0))
ATTENTION = replace(RECIPE, objective=AttentionPooling(ratio=1.0), network=replace(RECIPE.network, pooling="attention"))
BLUR = replace(plain(RECIPE), saliency=RECIPE.saliency, augmentation=replace(RECIPE.augmentation, blur_outside=0.5))
DENSE = _told(DenseSaliency(ratio=1.0))
RRR = _told(Rrr(ratio=1.0))
SECOND = "input gradients"

STUDY = Study(
    name="guidance-methods",
    question="Which objective makes a classifier right where its shortcut is gone?",
    conditions=(
        Condition("plain", plain(RECIPE), "baseline", "Labels only."),
        Condition("luab", _luab(Guidance("clicks")), "treated", "Say where the click was."),
        Condition("cyborg", CYBORG, "treated", "An activation map like the box (norm)."),
        Condition("map_match", MAP_MATCH, "treated", "An activation map like the box (l1)."),
        Condition("energy", RECIPE, "treated", "No activation outside the box."),
        Condition("dense_saliency", DENSE, "treated", "Draw the box beside the class."),
        Condition("dense_saliency_shuffled", _shuffled(DENSE), "control", "Draw another photo's box beside the class."),
        Condition("plain_attention", plain(ATTENTION), "baseline", "Labels only; pools by a predicted attention."),
        Condition("attention_pooling", ATTENTION, "treated", "Pool the features in the box."),
        Condition("blur", BLUR, "treated", "Blur outside the box, every second view."),
        Condition("luab_uniform", _luab(Guidance("uniform")), "control", "Say a random point."),
        Condition("energy_shuffled", _shuffled(RECIPE), "control", "No activation outside another photo's box."),
        Condition("rrr", RRR, "treated", "No input gradient outside the box.", group=SECOND),
        Condition(
            "rrr_shuffled", _shuffled(RRR), "control", "No input gradient outside another photo's box.", group=SECOND
        ),
        Condition("cyborg_shuffled", _shuffled(CYBORG), "control", "A map like another photo's box (norm)."),
        Condition("map_match_shuffled", _shuffled(MAP_MATCH), "control", "A map like another photo's box (l1)."),
        Condition("attention_pooling_shuffled", _shuffled(ATTENTION), "control", "Pool in another photo's box."),
    ),
    max_box_coverage=0.5,
    axes=(
        Axis(
            "objective",
            (
                *(Level(name, name, "plain") for name in ("luab", "cyborg", "map_match", "energy", "dense_saliency")),
                Level("attention_pooling", "attention_pooling", "plain_attention"),
                Level("blur", "blur", "plain"),
                Level("rrr", "rrr", "plain"),
            ),
        ),
        Axis(
            "control",
            (
                Level("luab_uniform", "luab_uniform", "plain"),
                Level("cyborg_shuffled", "cyborg_shuffled", "plain"),
                Level("map_match_shuffled", "map_match_shuffled", "plain"),
                Level("dense_saliency_shuffled", "dense_saliency_shuffled", "plain"),
                Level("energy_shuffled", "energy_shuffled", "plain"),
                Level("attention_pooling_shuffled", "attention_pooling_shuffled", "plain_attention"),
                Level("rrr_shuffled", "rrr_shuffled", "plain"),
            ),
        ),
        Axis(
            "objective, against its control",
            (
                Level("luab", "luab", "luab_uniform"),
                Level("cyborg", "cyborg", "cyborg_shuffled"),
                Level("map_match", "map_match", "map_match_shuffled"),
                Level("dense_saliency", "dense_saliency", "dense_saliency_shuffled"),
                Level("energy", "energy", "energy_shuffled"),
                Level("attention_pooling", "attention_pooling", "attention_pooling_shuffled"),
                Level("rrr", "rrr", "rrr_shuffled"),
            ),
        ),
    ),
)
