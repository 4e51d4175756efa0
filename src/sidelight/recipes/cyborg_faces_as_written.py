"""CYBORG on synthetic faces, as the papers write it, for whoever holds the faces and their maps.

Reproduces: boyd2023cyborg with crum2023teaching's formula: true class, the Euclidean norm between maps, the tensor that
is pooled, alpha .5 (teachers and Baseline 1; students: --objective.alpha .01). From the public script: SGD .005,
momentum .9, weight decay 1e-6, a tenth every 12 epochs, 50 epochs, 20 pictures a batch, 224 pixels squashed (299 for
--network.name legacy_xception or inception_v3: --network.image-size 299 --augmentation.size 299), no augmentation,
ImageNet weights (timm:tv_in1k; legacy_xception: timm:tf_in1k), the epoch of the best validation accuracy. The score is
`z1 - z0`: sidelight evaluate --on two_class. Baseline 2 is cyborg_faces_as_written_plain with --selection.part rest.

Expected: AUC .612 +- .05 (ResNet), .633 +- .04 (DenseNet), .730 +- .02 (Xception), .679 +- .03 (Inception) for
Baseline 1 and .718, .767, .743, .746 for students, as published; not run here, for want of the data.

Cost: 1,821 faces x 50 epochs and 20,000 validation faces each time; about 20 minutes on one H100. The data are yours to
bring.

Command: sidelight train cyborg_faces_as_written --data faces --out runs/cyborg
"""

from sidelight.data.augment.config import Augmentation
from sidelight.data.saliency import Saliency
from sidelight.data.selection import Selection
from sidelight.model.network import Network
from sidelight.recipes.recipe import Recipe
from sidelight.train.objective.cyborg import Cyborg
from sidelight.train.optimise import Optimiser
from sidelight.train.schedule import Schedule
from sidelight.train.training import Training

RECIPE = Recipe(
    name="cyborg_faces_as_written",
    network=Network("resnet50", weights="timm:tv_in1k", image_size=224),
    objective=Cyborg(alpha=0.5, cam_class="true", distance="l2"),
    # The whole face, squashed: no crop has another shape than the picture.
    augmentation=Augmentation(size=224, crop_scale=(1.0, 1.0), crop_ratio=(0.01, 100.0), flip=0.0, eval_fit="squash"),
    training=Training(
        epochs=50,
        batch_size=20,
        optimiser=Optimiser("sgd", lr=0.005, momentum=0.9, weight_decay=1e-6, decay_norm_and_bias=True),
        schedule=Schedule("step", step_epochs=12, step_factor=0.1),
        keep="best_val",
    ),
    saliency=Saliency("maps"),
    selection=Selection(part="annotated"),
    workers=8,
)
