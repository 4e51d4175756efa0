import pytest

from sidelight.data.augment.config import Augmentation, RandAugment
from sidelight.records.errors import UserFault

NAN = float("nan")
REFUSED = [
    {"size": 0},
    {"crop_scale": (1.0, 0.08)},
    {"crop_scale": (0.0, 1.0)},
    {"crop_scale": (0.5, 1.1)},
    {"crop_ratio": (2.0, 1.0)},
    {"crop_ratio": (0.0, 1.0)},
    {"flip": 1.5},
    {"flip": NAN},
    {"jitter": -0.1},
    {"jitter": NAN},
    {"hue": 0.6},
    {"fill": (0, 0, 256)},
    {"erasing": -0.1},
    {"blur_outside": 1.1},
    {"blur_sigma": 0.0},
    {"mixup": -1.0},
    {"cutmix": float("inf")},
    {"switch": 2.0},
    {"mix_probability": 1.1},
    {"map_size": 0},
    {"eval_resize": 100},
    {"eval_resize": 256, "eval_fit": "squash"},
]


@pytest.mark.parametrize("options", REFUSED, ids=str)
def test_a_contradiction_is_refused_when_it_is_written(options):
    with pytest.raises(UserFault, match=next(iter(options))):
        Augmentation(**options)


@pytest.mark.parametrize("options", [{"magnitude": 11.0}, {"std": -1.0}, {"layers": 0}, {"probability": 1.1}], ids=str)
def test_randaugment_refuses_what_it_cannot_do(options):
    with pytest.raises(UserFault, match=next(iter(options))):
        RandAugment(**options)


def test_the_fault_names_the_value_and_the_way_out():
    with pytest.raises(UserFault, match=r"'eval_resize': 200; allowed: >= size \(224\)\. Enlarge it"):
        Augmentation(eval_resize=200)


def test_the_set_up_of_deit_can_be_written():
    deit = Augmentation(
        interpolation="bicubic", randaugment=RandAugment(), erasing=0.25, mixup=0.8, cutmix=1.0, eval_resize=256
    )
    assert deit.randaugment == RandAugment(magnitude=9.0, std=0.5, layers=2, probability=0.5)
