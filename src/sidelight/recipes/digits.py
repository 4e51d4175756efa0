"""The demo's study: handwritten digits on textures that go with the class, and clicks on the digits.

Reproduces: nothing published; the whole way at a size that a laptop walks in minutes. The pictures are drawn by
sidelight.

Expected: about 91 % top-1 on the validation pictures, whose textures still tell the class, and 67, 70 and 73 % on the
test, whose textures do not (plain, random points, clicks; the intervals of five seeds are wide).

Cost: about 3 minutes on two CPU cores for 15 runs.

Command: sidelight demo
"""

from sidelight.data.augment.config import Augmentation
from sidelight.data.guidance import Guidance
from sidelight.model.network import Network
from sidelight.recipes.conditions import six_conditions
from sidelight.recipes.recipe import Recipe, Study
from sidelight.train.objective.luab import Luab
from sidelight.train.optimise import Optimiser
from sidelight.train.schedule import Schedule
from sidelight.train.training import Training

RECIPE = Recipe(
    name="digits",
    network=Network("resnet10t", width=0.25, first_pool=False, image_size=40),
    objective=Luab(ratio=0.3),
    guidance=Guidance("clicks"),
    augmentation=Augmentation(size=40, crop_scale=(0.5, 1.0), flip=0.0),
    training=Training(
        epochs=12,
        batch_size=32,
        optimiser=Optimiser("adamw", lr=2e-3, weight_decay=0.05, clip=1.0),
        schedule=Schedule("cosine", warmup_epochs=1),
    ),
)

STUDY = Study(
    name="digits",
    question="Do clicks on the digits keep a small network from reading the texture behind them?",
    conditions=tuple(c for c in six_conditions(RECIPE) if c.name in ("plain", "uniform", "clicks")),
)
