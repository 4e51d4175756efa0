"""When does guidance help? Few or many photos, few or many boxes, a weak or a strong shortcut, a light or heavy hand.

Reproduces: nothing published. Nine classes of Tiny-ImageNet, one of each superclass of ImageNet-9 (the one with the
most photos whose box covers at most half), and only such photos: 1,753 train, 249 validate, 744 test. Outside its box
every photo shows the tiled background of one of eight donors of its own class, at the rate given, else of another
class; in the test the donor's class is drawn uniformly (`planted/uniform`, the number that counts). One point is the
base: 887 photos, all with boxes, rate .7, gradient ratio 1. From there one quantity is moved at a time, in as many
steps. The guidance is the energy of the last layer's map: it is what boxes are made for, costs nothing, and is where
the published comparison gains most (rao2023guidance); the other objectives stand side by side in guidance-methods.

Stated before the first run: one interaction, whether a ten times heavier weight is worth more with a strong shortcut
(rate .9) than with none (rate 1/9); and three contrasts: does guidance gain more with maps of 14 x 14 cells than of
7 x 7, with a vision transformer than with a CNN, from scratch than on weights pretrained on 33 other classes.

Expected: see docs/results/when-guidance-helps.md.

Cost: 1 minute a run on one CPU core, bf16: 175 runs, an hour and a half for five seeds on two cores.

Command: sidelight study when-guidance-helps --data in9-nine --seeds 5 --jobs 2 --out runs/when-guidance-helps
"""

from dataclasses import replace

from sidelight.data.augment.config import Augmentation
from sidelight.data.plant import Plant
from sidelight.data.saliency import Saliency
from sidelight.data.selection import Selection
from sidelight.model.network import Network
from sidelight.recipes.conditions import plain
from sidelight.recipes.recipe import Condition, Recipe, Study
from sidelight.report.content import Axis, Contrast, Level
from sidelight.train.objective.energy import Energy
from sidelight.train.optimise import Optimiser
from sidelight.train.schedule import Schedule
from sidelight.train.training import Training

NO_SHORTCUT = 1 / 9
EPOCHS, STEPS = 18, 486
RECIPE = Recipe(
    name="when_guidance_helps",
    # 56 pixels, 28 after the stem; the last stage keeps the resolution of the third: maps have 7 x 7 cells.
    network=Network("resnet18", width=0.25, first_pool=False, output_stride=16, image_size=56),
    objective=Energy(ratio=1.0),
    augmentation=Augmentation(size=56, crop_scale=(0.5, 1.0)),
    training=Training(
        epochs=EPOCHS,
        batch_size=32,
        optimiser=Optimiser("adamw", lr=2e-3, weight_decay=0.05, clip=1.0),
        schedule=Schedule("cosine", warmup_epochs=1),
        precision="bf16-mixed",
        assess_every=EPOCHS,
    ),
    saliency=Saliency("boxes", size=28),
    selection=Selection(max_box_coverage=0.5, training_share=0.5),
    plant=Plant(rate=0.7),
)
PHOTOS = {1 / 16: (108, 162), 1 / 8: (208, 81), 1 / 4: (433, 37), 1.0: (1753, 9)}
"""Share of the training photos -> how many these are, and epochs that are as many steps as the base's."""
BOXES = (0.05, 0.1, 0.25, 0.5)
RATES = (NO_SHORTCUT, 0.4, 0.9, 1.0)
RATIOS = (0.1, 0.3, 3.0, 10.0)
PRETRAINED = "runs/when-guidance-helps-pretraining/model.safetensors"
"""Where `sidelight train when_guidance_helps_pretraining` leaves its weights."""
SHUFFLED = "Every box moved to another photo."


def in_steps(recipe: Recipe, epochs: int) -> Recipe:
    """The recipe over another number of photos, in so many epochs, with as long a warm-up."""
    schedule = replace(recipe.training.schedule, warmup_epochs=epochs / EPOCHS)
    return replace(recipe, training=replace(recipe.training, epochs=epochs, assess_every=epochs, schedule=schedule))


def on_photos(recipe: Recipe, share: float) -> Recipe:
    """The recipe over that share of the training photos, in as many steps as ever."""
    several = in_steps(recipe, PHOTOS[share][1])
    return replace(several, selection=replace(recipe.selection, training_share=share))


def _pair(recipe: Recipe, setting: str) -> tuple[Condition, ...]:
    """Without and with guidance, in one setting."""
    return (
        Condition(f"plain@{setting}", plain(recipe), "baseline", "Labels only.", group=setting),
        Condition(f"guided@{setting}", recipe, "treated", "Boxes as maps.", group=setting),
    )


def _shares(recipe: Recipe) -> tuple[Condition, ...]:
    return tuple(
        Condition(
            f"guided@boxes={share:g}",
            replace(recipe, saliency=replace(recipe.saliency, share=share)),
            "treated",
            f"Boxes on {share:.0%} of the photos.",
            group="boxes",
        )
        for share in BOXES
    )


def heavier(recipe: Recipe, ratio: float) -> Recipe:
    """The recipe with another weight of its guidance."""
    return replace(recipe, objective=Energy(ratio=ratio))


def _weights(recipe: Recipe) -> tuple[Condition, ...]:
    return tuple(
        Condition(
            f"guided@ratio={ratio:g}", heavier(recipe, ratio), "treated", f"Gradient ratio {ratio:g}.", group="ratio"
        )
        for ratio in RATIOS
    )


def _heavy(recipe: Recipe) -> tuple[Condition, ...]:
    """The cells that the interaction needs beside those of the two axes."""
    return tuple(
        Condition(
            f"guided@rate={rate:.2g},ratio=10",
            heavier(at_rate(recipe, rate), 10.0),
            "treated",
            "Gradient ratio 10.",
            group=f"rate={rate:.2g}",
        )
        for rate in (NO_SHORTCUT, 0.9)
    )


def at_rate(recipe: Recipe, rate: float) -> Recipe:
    """The recipe with another strength of the shortcut."""
    return replace(recipe, plant=Plant(rate=rate))


def finer(recipe: Recipe) -> Recipe:
    """Maps of 14 x 14 cells: the last two stages keep the resolution of the second."""
    return replace(recipe, network=replace(recipe.network, output_stride=8))


def transformer(recipe: Recipe) -> Recipe:
    """A small vision transformer on the photos at twice the size: 7 x 7 tokens, 8 blocks, 64 channels, .4 M weights."""
    return replace(
        recipe,
        network=Network("test_vit2", image_size=112),
        augmentation=replace(recipe.augmentation, size=112),
        training=replace(recipe.training, channels_last=False),
    )


def pretrained(recipe: Recipe) -> Recipe:
    """From the weights that `when_guidance_helps_pretraining` leaves."""
    return replace(recipe, network=replace(recipe.network, weights=PRETRAINED))


def _base(recipe: Recipe) -> tuple[Condition, ...]:
    shuffled = replace(recipe, saliency=replace(recipe.saliency, control="shuffled"))
    return (
        Condition("plain", plain(recipe), "baseline", "Labels only."),
        Condition("guided", recipe, "treated", "Boxes as maps."),
        Condition("shuffled", shuffled, "control", SHUFFLED),
    )


def _level(at: str, setting: str = "", *, control: str = "") -> Level:
    """Guided against plain in one setting; the base where none is named."""
    suffix = f"@{setting}" if setting else ""
    return Level(at, f"guided{suffix}", control or f"plain{suffix}")


BASE = _level("base")
AXES = (
    Axis(
        "strength of the shortcut",
        (
            *(_level(f"{rate:.2g}", f"rate={rate:.2g}") for rate in RATES[:2]),
            _level("0.7"),
            *(_level(f"{rate:.2g}", f"rate={rate:.2g}") for rate in RATES[2:]),
        ),
    ),
    Axis(
        "weight of the guidance (gradient ratio)",
        (
            *(_level(f"{ratio:g}", f"ratio={ratio:g}", control="plain") for ratio in RATIOS[:2]),
            _level("1"),
            *(_level(f"{ratio:g}", f"ratio={ratio:g}", control="plain") for ratio in RATIOS[2:]),
        ),
    ),
    Axis(
        "share of the photos with a box",
        (*(_level(f"{share:.0%}", f"boxes={share:g}", control="plain") for share in BOXES), _level("100%")),
    ),
    Axis(
        "labelled photos",
        (
            *(_level(f"{PHOTOS[share][0]}", f"photos={PHOTOS[share][0]}") for share in (1 / 16, 1 / 8, 1 / 4)),
            _level("887"),
            _level("1753", "photos=1753"),
        ),
    ),
)
CONTRASTS = (
    Contrast(
        "Interaction: is a ten times heavier weight worth more with a strong shortcut than with none?",
        Level("rate 0.9, ratio 10 against 1", "guided@rate=0.9,ratio=10", "guided@rate=0.9"),
        Level("rate 0.11, ratio 10 against 1", "guided@rate=0.11,ratio=10", "guided@rate=0.11"),
    ),
    Contrast("Does guidance gain more with finer maps?", _level("14 x 14 cells", "14x14"), _level("7 x 7 cells")),
    Contrast("Does it gain more with a vision transformer?", _level("transformer", "vit"), _level("CNN")),
    Contrast(
        "With 208 photos, does it gain more from scratch than on pretrained weights?",
        _level("from scratch", "photos=208"),
        _level("pretrained", "pretrained,photos=208"),
    ),
)

STUDY = Study(
    name="when-guidance-helps",
    question="When does guidance make a classifier right where its shortcut is gone?",
    conditions=(
        *_base(RECIPE),
        *(row for rate in RATES for row in _pair(at_rate(RECIPE, rate), f"rate={rate:.2g}")),
        *_weights(RECIPE),
        *_heavy(RECIPE),
        *(row for share in PHOTOS for row in _pair(on_photos(RECIPE, share), f"photos={PHOTOS[share][0]}")),
        *_shares(RECIPE),
        *_pair(finer(RECIPE), "14x14"),
        *_pair(transformer(RECIPE), "vit"),
        *_pair(pretrained(on_photos(RECIPE, 1 / 8)), "pretrained,photos=208"),
    ),
    on=("planted", "localisation"),
    max_box_coverage=0.5,
    axes=AXES,
    contrasts=CONTRASTS,
)
