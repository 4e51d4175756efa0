"""A few maps by people teach a model, and the model's maps teach many students: the whole protocol, with its controls.

Reproduces: the questions of crum2023teaching (RQ1 to RQ3, and RQ2's other architecture) on the decoy benchmark: 300
pictures with people's maps, 2,100 without; open-set test on generators never seen in training. Baseline 1 is
`small_people`, Baseline 2 `large_plain`. Which class the published teacher explains, how it is chosen, and whether
people's maps are kept for students cannot be read from the paper's public parts: here the true class, the rule of
`pipeline.teacher_choice`, and no (students never see an annotated picture). Alpha is .5 for teachers; for students it
is chosen on the validation pictures (.01 is the poster's best), the same for all of them.

Expected: see docs/results/teacher-student.md.

Cost: 3 to 4 minutes a run on one CPU core (bf16), more for the DenseNet: about two hours for the main group of five
seeds on two cores.

Command: sidelight study teacher-student --data decoy --seeds 5 --jobs 2 --out runs/teacher-student
"""

from dataclasses import replace

from sidelight.data.augment.config import Augmentation
from sidelight.data.saliency import Saliency
from sidelight.data.selection import Selection
from sidelight.model.network import Network
from sidelight.recipes.conditions import plain
from sidelight.recipes.recipe import Condition, Recipe, Study, Tuning
from sidelight.recipes.teaching import Teaching
from sidelight.train.objective.cyborg import Cyborg
from sidelight.train.optimise import Optimiser
from sidelight.train.schedule import Schedule
from sidelight.train.training import Training

DENSENET = Network("densenet121", width=0.25, stem_stride=1, first_pool=False, image_size=56)
EPOCHS, SMALL_EPOCHS = 12, 87
"""Over the large part and over the small one: 780 and 783 steps."""

RECIPE = Recipe(
    name="teacher_student",
    # No early pooling, and the last stage as fine as the third: maps have 7 x 7 cells.
    network=Network("resnet18", width=0.5, first_pool=False, output_stride=16, image_size=56),
    objective=Cyborg(),
    # Flips alone: what generators leave is as fine as pixels, and a resized crop would change it.
    augmentation=Augmentation(size=56, crop_scale=(1.0, 1.0), crop_ratio=(1.0, 1.0)),
    training=Training(
        epochs=EPOCHS,
        batch_size=32,
        optimiser=Optimiser("adamw", lr=2e-3, weight_decay=0.05, clip=1.0),
        schedule=Schedule("cosine", warmup_epochs=1),
        precision="bf16-mixed",
    ),
    saliency=Saliency("maps", size=14),
    selection=Selection(part="rest"),
)
SEEN = ("two_class", "alignment", "accuracy")
TUNING = Tuning(epochs=4, alphas=(0.5, 0.1, 0.01))


def on_small(recipe: Recipe, *, epochs: int = SMALL_EPOCHS) -> Recipe:
    """The recipe on the annotated part: in as many steps, or in as many epochs."""
    training = recipe.training
    warmup = replace(training.schedule, warmup_epochs=training.schedule.warmup_epochs * epochs / training.epochs)
    part = replace(recipe.selection, part="annotated")
    return replace(recipe, selection=part, training=replace(training, epochs=epochs, schedule=warmup))


def core(recipe: Recipe, *, small_epochs: int = SMALL_EPOCHS) -> tuple[Condition, ...]:
    """Both baselines, the student, and what the mean of its maps alone does.

    Args:
        recipe: of the student.
        small_epochs: as many steps over the small part as the recipe's are over the large one.
    """
    people, student, mean = "small_people", "student", replace(recipe.saliency, control="mean")
    return (
        Condition("large_plain", plain(recipe), "baseline", "Baseline 2: the large part, labels only."),
        Condition(
            people,
            on_small(recipe, epochs=small_epochs),
            "treated",
            "Baseline 1: the small part with people's maps; as many steps.",
            tuned=False,
        ),
        Condition(student, recipe, "treated", "The large part with the maps of small_people.", teachers=(people,)),
        Condition(
            "student_mean",
            replace(recipe, saliency=mean),
            "control",
            "The mean of these maps on every picture.",
            tuned_as=student,
            teachers=(people,),
        ),
    )


def _others(recipe: Recipe) -> tuple[Condition, ...]:
    """Other teachers, and what is left of the student without maps, without their places, or with perfect ones."""

    def taught(name: str, changed: Recipe, sentence: str, teacher: str, teaching: Teaching | None = None) -> Condition:
        how = teaching or Teaching()
        tuned_as = "student" if changed.objective == recipe.objective else ""
        return Condition(name, changed, "control", sentence, tuned_as=tuned_as, teachers=(teacher,), teaching=how)

    shuffled = replace(recipe, saliency=replace(recipe.saliency, control="shuffled"))
    points = replace(recipe, saliency=replace(recipe.saliency, control="uniform_points"))
    distilled = replace(plain(recipe), name=f"{recipe.name}_soft_labels", labels="teacher")
    masks = replace(recipe, saliency=replace(recipe.saliency, kind="masks"))
    return (
        Condition("small_plain", plain(on_small(recipe)), "baseline", "The small part, labels only; as many steps."),
        taught("student_shuffled", shuffled, "Each map moved to another picture.", "small_people"),
        taught(
            "soft_labels",
            distilled,
            "The probabilities of small_people as labels, and no maps: distillation.",
            "small_people",
            Teaching(soft_labels=True),
        ),
        taught("student_of_small_plain", recipe, "The maps of small_plain.", "small_plain"),
        taught("student_of_large_plain", recipe, "The maps of large_plain.", "large_plain"),
        taught(
            "student_points",
            points,
            "A Gaussian at a random point of each picture: a map that knows nothing.",
            "small_people",
        ),
        Condition(
            "masks", masks, "treated", "The object's exact masks: the most that places can tell.", tuned_as="student"
        ),
        Condition(
            "small_people_epochs",
            on_small(recipe, epochs=EPOCHS),
            "treated",
            "Baseline 1 in as many epochs, a seventh of the steps.",
            tuned=False,
        ),
    )


def _densenet(recipe: Recipe) -> tuple[Condition, ...]:
    """Another architecture, taught by the teacher that the rule chooses among those of the first."""
    other = replace(recipe, name=f"{recipe.name}_densenet", network=DENSENET)
    return tuple(
        replace(condition, group="densenet")
        for condition in (
            Condition("densenet_large_plain", plain(other), "baseline", "Baseline 2."),
            Condition("densenet_small_people", on_small(other), "treated", "Baseline 1.", tuned=False),
            Condition(
                "densenet_student_mean",
                replace(other, saliency=replace(other.saliency, control="mean")),
                "control",
                "The mean of the maps of small_people on every picture.",
                tuned_as="student",
                teachers=("small_people",),
            ),
            Condition(
                "densenet_student",
                other,
                "treated",
                "The maps of a ResNet, chosen among three by what is seen on the validation pictures.",
                tuned_as="student",
                teachers=("small_people", "small_plain", "large_plain"),
            ),
        )
    )


STUDY = Study(
    name="teacher-student",
    question="Does a model that people taught teach better than they, or than seven times the pictures?",
    conditions=(
        *core(RECIPE),
        *_others(RECIPE),
        *_densenet(RECIPE),
    ),
    tuning=TUNING,
    on=SEEN,
    validation=SEEN,
)
