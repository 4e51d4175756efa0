"""Does a click make a classifier look at the object? Nine classes of real photos, 64 pixels, a person's box on each.

Reproduces: the comparison of han2023luab, table 2 (plain, random points, clicks), with more controls, on
Tiny-ImageNet's photos of the nine ImageNet-9 superclasses whose boxes cover at most half of the photo. The clicks are
simulated from the boxes. The second half plants the backgrounds of a few photos behind the objects: in training they
go with the class in 70 or 95 of 100 photos, in the test they tell nothing.

Expected: see docs/results/tiny-in9-luab.md.

Cost: 20 epochs over 5,900 photos take 4 to 5 minutes on two CPU cores; the whole study is 15 short and 60 full runs,
6 hours.

Command: sidelight study tiny-in9 --data tiny-in9-clicks --seeds 5 --out runs/tiny-in9
"""

from dataclasses import replace

from sidelight.data.augment.config import Augmentation
from sidelight.data.guidance import Guidance
from sidelight.data.plant import Plant
from sidelight.data.selection import Selection
from sidelight.model.network import Network
from sidelight.recipes.conditions import six_conditions
from sidelight.recipes.recipe import Condition, Recipe, Study, Tuning
from sidelight.train.objective.luab import Luab
from sidelight.train.optimise import Optimiser
from sidelight.train.schedule import Schedule
from sidelight.train.training import Training

RECIPE = Recipe(
    name="tiny_in9",
    network=Network("resnet18", width=0.5, first_pool=False, image_size=64),
    objective=Luab(ratio=0.3),
    guidance=Guidance("clicks"),
    augmentation=Augmentation(size=64, crop_scale=(0.5, 1.0)),
    training=Training(
        epochs=20,
        batch_size=64,
        optimiser=Optimiser("sgd", lr=0.1, momentum=0.9, nesterov=True, weight_decay=5e-4, clip=5.0),
        schedule=Schedule("cosine", warmup_epochs=2),
        precision="bf16-mixed",
    ),
    selection=Selection(max_box_coverage=0.5),
)


def _planted(rate: float) -> tuple[Condition, ...]:
    """Plain, random and clicks with a background that goes with the class in `rate` of the training photos."""
    chosen = [
        c for c in six_conditions(replace(RECIPE, plant=Plant(rate=rate))) if c.name in ("plain", "uniform", "clicks")
    ]
    group = f"planted {rate:.0%}"
    return tuple(
        replace(c, name=f"{c.name}@{rate:g}", group=group, tuned_as="" if c.role == "baseline" else c.name)
        for c in chosen
    )


STUDY = Study(
    name="tiny-in9",
    question="Does a click make a classifier of real photos look at the object?",
    conditions=(*six_conditions(RECIPE), *_planted(0.7), *_planted(0.95)),
    tuning=Tuning(ratios=(0.1, 0.3, 1.0), epochs=10, seeds=1),
    subsets=(0.5, 0.25),
)
