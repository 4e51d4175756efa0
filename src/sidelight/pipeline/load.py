"""A dataset on disk, a recipe and a seed: the pictures of one split as training and evaluation want them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sidelight.data.drawing import draw_annotations
from sidelight.data.format.points import PointPolicyChoice, PointTable, read_points
from sidelight.data.format.reader import Dataset
from sidelight.data.guidance import choose_points
from sidelight.data.images import Image, ImageStore, read_image
from sidelight.data.loader import Labelled
from sidelight.data.plant import Plant, choose_donors, draw_donor
from sidelight.data.saliency import SaliencyTable, choose_maps
from sidelight.data.selection import Selection, box_coverage
from sidelight.evaluate.background import mixed
from sidelight.recipes.recipe import Recipe
from sidelight.records.errors import UserFault
from sidelight.records.example import Example, Split
from sidelight.signal.compositing import tile_background


@dataclass(frozen=True)
class Pictures:
    """The pictures of one split: what is known of them, and their arrays."""

    examples: tuple[Example, ...]
    labelled: Labelled


def load_split(dataset: Dataset, recipe: Recipe, split: Split, *, seed: int) -> Pictures:
    """Choose, label and guide the pictures of one split.

    Args:
        dataset: where they are.
        recipe: says which pictures, which points and maps, and whether a background is planted.
        split: which part.
        seed: of the run; a control's points depend on it.

    Returns:
        Pictures in the order of the dataset. Their points are what the recipe's guidance asks for; for a plain recipe
        they are the clicks with nobody told of them, so that curves can be drawn.

    Raises:
        UserFault: if the split holds no picture.
    """
    everything = dataset.examples()
    chosen = [i for i, e in enumerate(everything) if e.split == split and recipe.selection.keeps(e)]
    if not chosen:
        found = sorted({e.split for e in everything})
        raise UserFault(
            f"dataset '{dataset.manifest.name}', split '{split}'",
            seen=f"no picture with boxes covering at most {recipe.selection.max_box_coverage:.0%} (splits: {found})",
            allowed="at least one picture",
            remedy="Convert the data with a share for this split, or raise --selection.max-box-coverage",
        )
    examples = [everything[i] for i in chosen]
    choice = PointPolicyChoice(within=recipe.guidance.within, across=recipe.guidance.across)
    clicks = read_points(dataset, choice)
    points = PointTable(xy=clicks.xy[chosen], has=clicks.has[chosen])
    saliency = _saliency(dataset, recipe, examples, clicks=points, split=split, seed=seed)
    if split == "train" or points.has.any():
        points = choose_points(points, examples, recipe.guidance.kind, seed=seed)
    change = planted(dataset, recipe.plant, examples) if recipe.plant else None
    targets = one_hot(examples, len(dataset.manifest.classes))
    if recipe.labels == "teacher" and split == "train":
        targets = _soft(dataset, examples, targets)
    labelled = Labelled(
        ids=tuple(e.id for e in examples),
        images=ImageStore([dataset.image_path(e) for e in examples], change=change),
        targets=targets,
        points=points,
        saliency=saliency,
    )
    return Pictures(tuple(examples), labelled)


def _saliency(
    dataset: Dataset, recipe: Recipe, examples: list[Example], *, clicks: PointTable, split: Split, seed: int
) -> SaliencyTable | None:
    """The maps that the recipe asks for; a split other than training may lack them."""
    choice = recipe.saliency
    if choice.kind == "none":
        return None
    table = draw_annotations(dataset, examples, choice, clicks=clicks)
    if split != "train" and not table.has.any():
        return None
    return choose_maps(table, examples, choice, seed=seed)


def _soft(dataset: Dataset, examples: Sequence[Example], targets: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Targets with a teacher's probabilities in the rows of the pictures that it has seen."""
    known = {found.example_id: found.probabilities for found in dataset.teacher_maps()}
    soft = targets.copy()
    told = [row for row, example in enumerate(examples) if known.get(example.id) is not None]
    for row in told:
        soft[row] = known[examples[row].id]
    if not told:
        raise UserFault(
            "recipe's labels 'teacher'",
            seen=f"none of the {len(examples)} pictures has a teacher's probabilities",
            allowed="data taught with soft labels",
            remedy="Make them by `sidelight teach ... --soft-labels`",
        )
    return soft


def one_hot(examples: list[Example], classes: int) -> npt.NDArray[np.float32]:
    """Targets [N, C] float32: 1 where the class is on the picture."""
    targets = np.zeros((len(examples), classes), dtype=np.float32)
    for row, example in enumerate(examples):
        targets[row, list(example.labels)] = 1.0
    return targets


def boxes_of(example: Example) -> npt.NDArray[np.float64]:
    """Boxes [Q, 4] (x0, y0, x1, y1) in [0, 1]."""
    return np.array([(b.x0, b.y0, b.x1, b.y1) for b in example.boxes], dtype=np.float64).reshape(-1, 4)


def planted(dataset: Dataset, plant: Plant, examples: Sequence[Example]) -> Callable[[int, Image], Image]:
    """A function (place, picture) -> picture that puts a donor's tiled background behind the picture's boxes.

    The donors are training pictures with boxes on at most half of them, the same for every run and every split.
    """
    training = Selection(max_box_coverage=0.5).of(dataset.examples(), "train")
    donors = choose_donors(plant, [e.labels[0] for e in training], [box_coverage(e) for e in training])
    place_of = {e.id: place for place, e in enumerate(training)}
    tiles: dict[int, Image] = {}

    def tiled(place: int) -> Image:
        if place not in tiles:
            donor = training[place]
            tiles[place] = tile_background(read_image(dataset.image_path(donor)), boxes_of(donor))
        return tiles[place]

    def change(row: int, image: Image) -> Image:
        example = examples[row]
        _, donor = draw_donor(plant, example.id, example.labels[0], donors, own=place_of.get(example.id))
        return mixed(image, boxes_of(example), tiled(donor))

    return change
