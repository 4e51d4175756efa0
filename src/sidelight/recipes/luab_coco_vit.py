"""LUAB on COCO-AB with a vision transformer.

Reproduces: han2023luab, tables 6 and 7, ViT rows (--network.name vit_tiny_patch16_224, vit_small_..., vit_base_...).
Points and labels as in luab_coco_resnet; training as in luab_imagenet_deit, without mixing, as several labels leave
no single owner of a picture.

Expected: higher mAP and lower V_min and V_avg than plain training; not run here, for want of the data.

Cost: 82,783 photos x 300 epochs; about 8 hours on one H100 for ViT-S. The data are yours to bring.

Command: sidelight train luab_coco_vit --data coco-ab --out runs/coco-vit
"""

from sidelight.data.augment.config import Augmentation, RandAugment
from sidelight.data.guidance import Guidance
from sidelight.model.network import Network
from sidelight.recipes.recipe import Recipe
from sidelight.train.objective.luab import Luab
from sidelight.train.optimise import Optimiser
from sidelight.train.schedule import Schedule
from sidelight.train.training import Training

RECIPE = Recipe(
    name="luab_coco_vit",
    network=Network("vit_small_patch16_224", drop_path=0.1),
    objective=Luab(ratio=0.1, labels="multi"),
    guidance=Guidance("clicks"),
    augmentation=Augmentation(
        size=224, interpolation="bicubic", randaugment=RandAugment(), erasing=0.25, eval_resize=256
    ),
    training=Training(
        epochs=300,
        batch_size=512,
        optimiser=Optimiser("adamw", lr=5e-4, weight_decay=0.05),
        schedule=Schedule("cosine", warmup_epochs=5, warmup_lr=1e-6, min_lr=1e-5),
        precision="bf16-mixed",
        channels_last=False,
    ),
    workers=16,
)
