"""Every benchmark: what it computes, which way is good, and what it must be given.

A new one is a module, its test, and an entry here. The functions themselves are called by `pipeline`, which alone knows
how to come by what they need.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sidelight.records.errors import unknown_name
from sidelight.records.result import Provenance, Result

Need = Literal["labels", "boxes", "point head", "cam", "planted background", "two classes", "maps or masks", "masks"]
Task = Literal["single_label", "multi_label"]


@dataclass(frozen=True)
class Metric:
    """One number of a benchmark.

    Attributes:
        definition: one sentence that says exactly what is computed.
        higher_is_better: which way is good; None when neither is (a baseline, a count).
    """

    definition: str
    higher_is_better: bool | None


@dataclass(frozen=True)
class Benchmark:
    """One row of the table.

    Attributes:
        name: as in `BENCHMARKS`.
        definition: one sentence that says what is asked of the model.
        metrics: {name: what it is}; a run gives some or all of them.
        needs: what the dataset or the model must have.
        tasks: for which kinds of labels it has a meaning.
    """

    name: str
    definition: str
    metrics: Mapping[str, Metric]
    needs: frozenset[Need]
    tasks: frozenset[Task]


ACCURACY = Benchmark(
    "accuracy",
    "How often the model names the photo's class.",
    {
        "top1": Metric("Share of photos whose highest score is that of their class.", higher_is_better=True),
        "macro": Metric("Top-1 of each class on its own, averaged over the classes that occur.", higher_is_better=True),
        "top5": Metric("Share of photos whose class is among the five highest scores.", higher_is_better=True),
    },
    frozenset({"labels"}),
    frozenset({"single_label"}),
)

AVERAGE_PRECISION = Benchmark(
    "average_precision",
    "How well the scores of each class rank the photos that show it above those that do not.",
    {
        "map": Metric(
            "Un-interpolated average precision of each class, averaged over the classes that are on some photo.",
            higher_is_better=True,
        ),
        "absent_classes": Metric(
            "Number of classes that are on no photo and left out of the mean.", higher_is_better=None
        ),
        "class_frequency": Metric(
            "Baseline: the same mean for scores that are equal for all photos, each class's share of them.",
            higher_is_better=None,
        ),
        "random_order": Metric(
            "Baseline: the same mean for photos in a random order, on average, which is more where photos are few.",
            higher_is_better=None,
        ),
    },
    frozenset({"labels"}),
    frozenset({"multi_label"}),
)

POINT_HEAD = Benchmark(
    "point_head",
    "Where the point head thinks people clicked, held against boxes it was not trained on (photos, or classes of a "
    "photo, without a box left out).",
    {
        "in_box": Metric("Share of predicted points that lie in any box, borders included.", higher_is_better=True),
        "distance": Metric(
            "Mean distance from the predicted point to the nearest box's centre, x in widths and y in heights of the "
            "image.",
            higher_is_better=False,
        ),
    },
    frozenset({"boxes", "point head"}),
    frozenset({"single_label", "multi_label"}),
)

LOCALISATION = Benchmark(
    "localisation",
    "Whether the class activation map of the true class lies on the object (photos without a box left out; of several "
    "labels a photo, each class that has a box counts as a photo).",
    {
        "pointing": Metric(
            "Share of photos whose map, enlarged to the grid, is highest inside a box.", higher_is_better=True
        ),
        "max_box_accuracy": Metric(
            "MaxBoxAcc: share of photos where the box around the largest contour of the thresholded map overlaps a box "
            "with IoU >= 0.5, at the one threshold (of 0, 0.001 to 0.999) that gives the highest share of all photos.",
            higher_is_better=True,
        ),
        "max_box_accuracy_v2": Metric(
            "MaxBoxAccV2: mean over IoU >= 0.3, 0.5 and 0.7 of the share of photos where the box around any contour of "
            "the thresholded map overlaps a box so, each at the one threshold that gives the highest share over all "
            "photos.",
            higher_is_better=True,
        ),
        "top1_localisation": Metric(
            "Top-1 localisation: as MaxBoxAcc, but only photos count as right whose class has the highest score, its "
            "threshold chosen for this number.",
            higher_is_better=True,
        ),
        "top1_localisation_fixed": Metric(
            "Top-1 localisation at a fifth of the map's highest value, the threshold of the first CAM.",
            higher_is_better=True,
        ),
        "energy": Metric(
            "Energy-based pointing game: share of the map's positive part that lies in the boxes, mean over photos.",
            higher_is_better=True,
        ),
        "iou": Metric(
            "Overlap (intersection over union, by area) of the boxes with the cells of the map that are at least half "
            "as high as its highest, mean over photos.",
            higher_is_better=True,
        ),
        "centre_point": Metric("Baseline: share of photos whose centre lies in a box.", higher_is_better=None),
        "centre_gaussian": Metric(
            "Baseline: MaxBoxAcc of a centred Gaussian, its threshold chosen on the same photos.", higher_is_better=None
        ),
        "centre_gaussian_v2": Metric(
            "Baseline: MaxBoxAccV2 of a centred Gaussian, its thresholds chosen on the same photos.",
            higher_is_better=None,
        ),
        "centre_box": Metric(
            "Baseline: share of photos where the centred box over half of the photo has IoU >= 0.5.",
            higher_is_better=None,
        ),
    },
    frozenset({"labels", "boxes", "cam"}),
    frozenset({"single_label", "multi_label"}),
)

BACKGROUND = Benchmark(
    "background",
    "BoxBG: top-1 when the object stays and the background changes, cut along boxes, on photos whose boxes cover at "
    "most half; context inside the box stays.",
    {
        "original": Metric("Top-1 on the scored photos as they are.", higher_is_better=True),
        "only_fg": Metric("Top-1 with everything outside the boxes black.", higher_is_better=True),
        "only_bg_b": Metric("Top-1 with the boxes black: what the background alone gives away.", higher_is_better=None),
        "only_bg_t": Metric(
            "Top-1 with the boxes tiled over by the photo's largest strip of background.", higher_is_better=None
        ),
        "mixed_same": Metric(
            "Top-1 with the boxes pasted on the tiled background of another photo of the same class.",
            higher_is_better=True,
        ),
        "mixed_rand": Metric(
            "Top-1 with the boxes pasted on the tiled background of another photo of a class drawn uniformly, the own "
            "included.",
            higher_is_better=True,
        ),
        "gap": Metric(
            "mixed_same minus mixed_rand: what the right background is worth to the model.", higher_is_better=False
        ),
    },
    frozenset({"labels", "boxes"}),
    frozenset({"single_label"}),
)

PLANTED = Benchmark(
    "planted",
    "For models trained on planted backgrounds: top-1 on photos whose boxes cover at most half, their background "
    "replaced by the tiled background of one of the training's donors.",
    {
        "conflicting": Metric("Top-1 with donors of another class only.", higher_is_better=True),
        "uniform": Metric(
            "Top-1 with donors of every class alike: the background tells nothing.", higher_is_better=True
        ),
        "agreeing": Metric("Top-1 with donors of the photo's own class only.", higher_is_better=None),
        "gap": Metric("agreeing minus conflicting: what the shortcut is worth to the model.", higher_is_better=False),
    },
    frozenset({"labels", "boxes", "planted background"}),
    frozenset({"single_label"}),
)

TWO_CLASS = Benchmark(
    "two_class",
    "How well z1 - z0 (the logits, in float64) tells class 1, the attack, from class 0, the genuine; where the data "
    "name who made the attacks, also for each of them against all genuine photos.",
    {
        "auc": Metric(
            "Chance that an attack scores higher than a genuine photo, a tie counting half.", higher_is_better=True
        ),
        "apcer_at_1": Metric(
            "APCER at BPCER 1 %: share of attacks not above the lowest genuine score that leaves at most 1 % of the "
            "genuine photos above it.",
            higher_is_better=False,
        ),
        "apcer_at_5": Metric("The same, leaving at most 5 % of the genuine photos above it.", higher_is_better=False),
        "apcer_at_10": Metric("The same, leaving at most 10 % of the genuine photos above it.", higher_is_better=False),
    },
    frozenset({"labels", "two classes"}),
    frozenset({"single_label"}),
)

ALIGNMENT = Benchmark(
    "alignment",
    "Whether the class activation map of the true class lies where people looked, or on the object's exact mask; on "
    "the photos that have one.",
    {
        "correlation": Metric(
            "Pearson correlation over places with people's map, brought to the same cells by area; mean over photos.",
            higher_is_better=True,
        ),
        "energy_inside": Metric(
            "Share of the map's positive part that lies on the mask, mean over photos.", higher_is_better=True
        ),
    },
    frozenset({"labels", "cam", "maps or masks"}),
    frozenset({"single_label"}),
)

PIXEL_AP = Benchmark(
    "pixel_ap",
    "Whether the class activation map of the true class, enlarged to the grid and stretched to [0, 1], marks the "
    "pixels of its objects' mask.",
    {
        "pxap": Metric(
            "PxAP: un-interpolated average precision over the pixels of all photos together, at thresholds 0, 0.001 to "
            "1.",
            higher_is_better=True,
        ),
        "mpxap": Metric(
            "mPxAP: PxAP of each class over the pixels of the photos that have it as a label, averaged over the "
            "classes with a pixel; pixels of a class outside all of its boxes, a crowd's, do not count.",
            higher_is_better=True,
        ),
        "classes_without_pixels": Metric(
            "Number of classes with no pixel on any photo, left out of the mean.", higher_is_better=None
        ),
        "mass_accuracy": Metric(
            "Relevance mass accuracy: share of the map's positive part that lies on the mask, mean over maps.",
            higher_is_better=True,
        ),
        "rank_accuracy": Metric(
            "Relevance rank accuracy: of as many highest pixels as the mask has, the share that lies on it, mean over "
            "maps.",
            higher_is_better=True,
        ),
    },
    frozenset({"labels", "cam", "masks"}),
    frozenset({"single_label", "multi_label"}),
)

OBJECT_REMOVAL = Benchmark(
    "object_removal",
    "Whether a class's score depends on its own object or on its company: all objects of one class at a time are "
    "removed (masks grown by 5 x 5 pixels of the model's input, in-painted by Telea's method; not if they cover more "
    "than 0.3 of it).",
    {
        "v_min": Metric(
            "V^min: share of (picture, class) where removing some other class leaves the class a lower score than "
            "removing the class itself.",
            higher_is_better=False,
        ),
        "v_avg": Metric(
            "V^avg: share of the other classes whose removal leaves the class a lower score than removing the class "
            "itself, averaged over (picture, class).",
            higher_is_better=False,
        ),
        "pairs": Metric("Number of (picture, class) behind the two.", higher_is_better=None),
    },
    frozenset({"labels", "masks"}),
    frozenset({"multi_label"}),
)

BENCHMARKS: dict[str, Benchmark] = {
    "accuracy": ACCURACY,
    "two_class": TWO_CLASS,
    "average_precision": AVERAGE_PRECISION,
    "point_head": POINT_HEAD,
    "localisation": LOCALISATION,
    "pixel_ap": PIXEL_AP,
    "object_removal": OBJECT_REMOVAL,
    "alignment": ALIGNMENT,
    "background": BACKGROUND,
    "planted": PLANTED,
}


def benchmark(name: str) -> Benchmark:
    """Look a benchmark up.

    Raises:
        UserFault: naming the closest known ones.

    >>> benchmark("background").metrics["gap"].higher_is_better
    False
    """
    if name not in BENCHMARKS:
        raise unknown_name("benchmark", name, BENCHMARKS)
    return BENCHMARKS[name]


def results(
    name: str,
    numbers: Mapping[str, float],
    *,
    n: int,
    split: str,
    subset: str,
    provenance: Provenance,
    departures: str = "",
) -> list[Result]:
    """Put a benchmark's numbers into records that carry their definitions.

    Args:
        name: of the benchmark.
        numbers: {metric: value} as its function gave them.
        n: number of photos behind them.
        split: which part of the dataset.
        subset: which of its photos ("all", "box<=0.5").
        provenance: what made them.
        departures: options that are not what the definitions say, in words.

    Returns:
        One record a number, in the order given.

    Raises:
        UserFault: for an unknown benchmark.
        ValueError: for a number that the table does not define.
    """
    row = benchmark(name)
    if undefined := sorted(set(numbers) - set(row.metrics)):
        raise ValueError(f"benchmark {name!r} does not define {undefined}; it defines {sorted(row.metrics)}")
    return [
        Result(
            benchmark=name,
            metric=metric,
            value=value,
            definition=row.metrics[metric].definition + (f" But here: {departures}." if departures else ""),
            higher_is_better=row.metrics[metric].higher_is_better,
            n=n,
            split=split,
            subset=subset,
            provenance=provenance,
        )
        for metric, value in numbers.items()
    ]
