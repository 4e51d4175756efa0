"""Every public benchmark: what it asks, and which column of the paper it fills.

How it lies on disk stands in `data.public.table`, under the same names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sidelight.evaluate.public.adversarial_backgrounds import AnyBackground
from sidelight.evaluate.public.backgrounds import Backgrounds
from sidelight.evaluate.public.coarse import CoarseTop1
from sidelight.evaluate.public.corruptions import Corruptions
from sidelight.evaluate.public.factor import Factor
from sidelight.evaluate.public.measure import Measure
from sidelight.evaluate.public.objectnet import ObjectNetTop1
from sidelight.evaluate.public.occlusion import CentreOcclusion
from sidelight.evaluate.public.out_of_distribution import OutOfDistribution
from sidelight.evaluate.public.real import Real
from sidelight.evaluate.public.subset import Subset
from sidelight.evaluate.public.top1 import Top1
from sidelight.records.errors import unknown_name


@dataclass(frozen=True)
class PublicBenchmark:
    """One row of the table.

    Attributes:
        name: as in `PUBLIC`, in `--on` and before the options.
        sentence: what is asked of the model.
        measure: its numbers; the fields of this class are its options.
        columns: {column of the paper: (metric, subset) that fills it}; columns of the paper (han2023luab, table 1) are
            written as there.
    """

    name: str
    sentence: str
    measure: type[Measure]
    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)


PUBLIC: dict[str, PublicBenchmark] = {
    "imagenet": PublicBenchmark(
        "imagenet",
        "The validation photos of ImageNet-1K, each with the one label it was given.",
        Top1,
        {"IN-1K": ("top1", "all")},
    ),
    "imagenet_v2": PublicBenchmark(
        "imagenet_v2",
        "New photos of ImageNet-1K's classes, gathered years later by the same recipe.",
        Top1,
        {"IN-V2": ("top1", "matched_frequency")},
    ),
    "imagenet_real": PublicBenchmark(
        "imagenet_real",
        "The same validation photos, with every label that people found right on looking again.",
        Real,
        {"IN-Real": ("top1", "all")},
    ),
    "imagenet_a": PublicBenchmark(
        "imagenet_a",
        "Natural photos of 200 classes, chosen because a ResNet-50 gets them wrong.",
        Subset,
        {"IN-A": ("top1", "all")},
    ),
    "imagenet_r": PublicBenchmark(
        "imagenet_r",
        "Paintings, toys, cartoons and other renditions of 200 classes.",
        Subset,
        {"IN-R": ("top1", "all")},
    ),
    "imagenet_o": PublicBenchmark(
        "imagenet_o",
        "Photos of none of the classes, against validation photos: is the model less sure of what it does not know?",
        OutOfDistribution,
        {"IN-O": ("auroc", "all")},
    ),
    "imagenet_sketch": PublicBenchmark(
        "imagenet_sketch",
        "Black-and-white sketches of all thousand classes.",
        Top1,
        {"Sketch": ("top1", "all")},
    ),
    "imagenet_occluded": PublicBenchmark(
        "imagenet_occluded",
        "The validation photos with the middle of the input hidden.",
        CentreOcclusion,
        {"Cocc": ("top1", "all")},
    ),
    "imagenet_c": PublicBenchmark(
        "imagenet_c",
        "The validation photos with noise, blur, weather and digital corruptions at five severities.",
        Corruptions,
        {"IN-C": ("accuracy", "all")},
    ),
    "objectnet": PublicBenchmark(
        "objectnet",
        "Household objects turned and placed as nobody photographs them.",
        ObjectNetTop1,
        {"ObjNet": ("top1", "all")},
    ),
    "si_size": PublicBenchmark(
        "si_size",
        "Objects cut out and pasted on foreign backgrounds in different sizes.",
        Factor,
        {"SI-size": ("group_mean", "all")},
    ),
    "si_location": PublicBenchmark(
        "si_location",
        "Objects cut out and pasted on foreign backgrounds at different places.",
        Factor,
        {"SI-loc": ("group_mean", "all")},
    ),
    "si_rotation": PublicBenchmark(
        "si_rotation",
        "Objects cut out and pasted on foreign backgrounds turned by different angles.",
        Factor,
        {"SI-rot": ("group_mean", "all")},
    ),
    "backgrounds_challenge": PublicBenchmark(
        "backgrounds_challenge",
        "ImageNet-9 with objects or backgrounds exchanged or taken away, in eight variants.",
        Backgrounds,
        {"BGC-gap": ("bg_gap", "all")},
    ),
    "backgrounds_challenge_accuracy": PublicBenchmark(
        "backgrounds_challenge_accuracy",
        "Each object of ImageNet-9 on every background of its test set: does none hide it?",
        AnyBackground,
        {"BGC-acc": ("accuracy", "all")},
    ),
    "imagenet_9": PublicBenchmark(
        "imagenet_9",
        "The validation photos answered by coarse class, under a map of ImageNet's classes that you name.",
        CoarseTop1,
    ),
}


def public_benchmark(name: str) -> PublicBenchmark:
    """Look a public benchmark up.

    Raises:
        UserFault: naming the closest known ones.

    >>> public_benchmark("imagenet_v2").columns
    {'IN-V2': ('top1', 'matched_frequency')}
    """
    if name not in PUBLIC:
        raise unknown_name("public benchmark", name, PUBLIC)
    return PUBLIC[name]
