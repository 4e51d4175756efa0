"""Teacher and student on real photos: one photo in eight has a person's box; the rest get the teacher's maps.

Reproduces: the comparison of crum2023teaching (baselines, student, mean map) where nothing is drawn: Tiny-ImageNet's
photos of the nine ImageNet-9 superclasses, a box standing for the person's map, and the background benchmark for the
open set.

Expected: see docs/results/teacher-student.md.

Cost: about 7 minutes a run on one CPU core: an hour and a half for five seeds on two cores.

Command: sidelight study teacher-student-in9 --data tiny-in9 --seeds 5 --jobs 2 --out runs/teacher-student-in9
"""

from dataclasses import replace

from sidelight.data.augment.config import Augmentation
from sidelight.data.saliency import Saliency
from sidelight.data.selection import Selection
from sidelight.model.network import Network
from sidelight.recipes.recipe import Recipe, Study
from sidelight.recipes.teacher_student import RECIPE as DECOY
from sidelight.recipes.teacher_student import TUNING, core

EPOCHS, SMALL_EPOCHS = 8, 58
"""Over the 5,130 photos of the large part and the 722 of the small one: 640 and 638 steps."""

RECIPE = replace(
    DECOY,
    name="teacher_student_in9",
    network=Network("resnet18", width=0.25, first_pool=False, output_stride=16, image_size=64),
    augmentation=Augmentation(size=64, crop_scale=(0.5, 1.0)),
    training=replace(DECOY.training, batch_size=64, epochs=EPOCHS),
    selection=Selection(max_box_coverage=0.5, part="rest", annotated_share=0.125),
)


def _boxed(recipe: Recipe) -> Recipe:
    """On photos whose box is known, the box is the map."""
    if recipe.saliency.kind == "none" or recipe.selection.part != "annotated":
        return recipe
    return replace(recipe, saliency=Saliency("boxes", size=14))


STUDY = Study(
    name="teacher-student-in9",
    question="Do the maps of a model that saw few boxes make a classifier of real photos look at the object?",
    conditions=tuple(
        replace(condition, recipe=_boxed(condition.recipe)) for condition in core(RECIPE, small_epochs=SMALL_EPOCHS)
    ),
    tuning=TUNING,
    subsets=(0.5,),
)
