"""CYBORG on your own pictures: people's heat maps in the loss of a ResNet-18.

Reproduces: nothing published by its numbers; the loss of boyd2023cyborg as the paper writes it (true class, norm, the
tensor that is pooled, alpha .5) with settings that suit a few hundred to a few thousand pictures. The settings of the
paper are those of `cyborg_faces_as_coded`.

Expected: depends on the data. What to compare with: `cyborg_plain` (labels only), and the same recipe with
`--saliency.control mean` and `--saliency.control shuffled`, which see maps that know nothing of the picture.

Cost: as much as plain training: 1,800 pictures x 40 epochs at 224 pixels are about an hour on two CPU cores by the
speed of a ResNet-18's step, minutes on a GPU. Not run here at that size.

Command: sidelight train cyborg --data faces --out runs/cyborg
"""

from sidelight.data.augment.config import Augmentation
from sidelight.data.saliency import Saliency
from sidelight.model.network import Network
from sidelight.recipes.recipe import Recipe
from sidelight.train.objective.cyborg import Cyborg
from sidelight.train.optimise import Optimiser
from sidelight.train.schedule import Schedule
from sidelight.train.training import Training

RECIPE = Recipe(
    name="cyborg",
    network=Network("resnet18"),
    objective=Cyborg(alpha=0.5),
    saliency=Saliency("maps"),
    augmentation=Augmentation(size=224, crop_scale=(0.5, 1.0), eval_resize=256),
    training=Training(
        epochs=40,
        batch_size=32,
        optimiser=Optimiser("sgd", lr=0.02, momentum=0.9, nesterov=True, weight_decay=1e-4, clip=5.0),
        schedule=Schedule("cosine", warmup_epochs=2),
        precision="bf16-mixed",
        keep="best_val",
    ),
    workers=4,
)
