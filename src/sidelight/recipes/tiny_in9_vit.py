"""The study of tiny-in9 with a small vision transformer in the "primitive" set-up, where the paper gains most.

Reproduces: han2023luab, table 2, rows ViT-Ti, at the size of the photos: enlarged to 128 pixels, 16-pixel patches (64
tokens), from scratch.

Expected: not run yet.

Cost: 100 epochs over 5,900 photos; about 40 minutes a run on two CPU cores, 20 hours in all; minutes on a GPU.

Command: sidelight study tiny-in9-vit --data tiny-in9-clicks --seeds 5 --out runs/tiny-in9-vit
"""

from dataclasses import replace

from sidelight.data.augment.config import Augmentation
from sidelight.model.network import Network
from sidelight.recipes import tiny_in9
from sidelight.recipes.conditions import six_conditions
from sidelight.recipes.recipe import Study, Tuning
from sidelight.train.optimise import Optimiser
from sidelight.train.schedule import Schedule
from sidelight.train.training import Training

RECIPE = replace(
    tiny_in9.RECIPE,
    name="tiny_in9_vit",
    network=Network("vit_tiny_patch16_224", image_size=128),
    augmentation=Augmentation(size=128, crop_scale=(0.25, 1.0)),
    training=Training(
        epochs=100,
        batch_size=128,
        optimiser=Optimiser("adamw", lr=1e-3, weight_decay=0.3, clip=1.0),
        schedule=Schedule("cosine", warmup_epochs=10, warmup_lr=1e-6, min_lr=1e-5),
        precision="bf16-mixed",
        channels_last=False,
    ),
)

STUDY = Study(
    name="tiny-in9-vit",
    question="Does a click help a small vision transformer more, as the paper finds?",
    conditions=six_conditions(RECIPE),
    tuning=Tuning(ratios=(0.1, 0.3, 1.0), epochs=30, seeds=1),
    subsets=(0.5, 0.25),
)
