"""LUAB on ImageNet-AB with a ResNet-50, the standard 100 epochs.

Reproduces: han2023luab, tables 1 and 2, rows "R50 +LUAB" (take --network.name resnet18, resnet101 or resnet152 for
the others). From the paper: loss (eq. 1), 100 epochs, 224 pixels, last epoch, final click. Ours, since the paper
leaves it open: SGD with learning rate .1 for 256 pictures divided by ten every 30 epochs, weight decay 1e-4; lambda
by a gradient ratio of .1; several annotators' points averaged; the crop and flip of the public loader and nothing
else.

Expected: 77.5 % top-1 on the ImageNet validation photos (plain 77.4, random points 77.3); not run here, for want of
the data.

Cost: about 1.28 M photos x 100 epochs; two days on eight 2017 GPUs, 10 hours on one H100. The data are yours to
bring.

Command: sidelight train luab_imagenet_resnet --data imagenet-ab --out runs/r50 --training.devices 8
"""

from sidelight.data.augment.config import Augmentation
from sidelight.data.guidance import Guidance
from sidelight.model.network import Network
from sidelight.recipes.recipe import Recipe
from sidelight.train.objective.luab import Luab
from sidelight.train.optimise import Optimiser
from sidelight.train.schedule import Schedule
from sidelight.train.training import Training

RECIPE = Recipe(
    name="luab_imagenet_resnet",
    network=Network("resnet50"),
    objective=Luab(ratio=0.1),
    guidance=Guidance("clicks"),
    augmentation=Augmentation(size=224, interpolation="bicubic", eval_resize=256),
    training=Training(
        epochs=100,
        batch_size=256,
        optimiser=Optimiser("sgd", lr=0.1, momentum=0.9, weight_decay=1e-4, decay_norm_and_bias=True),
        schedule=Schedule("step", step_epochs=30, step_factor=0.1),
        precision="bf16-mixed",
    ),
    workers=8,
)
