"""Every public benchmark as a download: what it is, how large, under which terms, where to get it, how it is laid out.

What is computed on it stands in `evaluate.public.table`, under the same names.
"""

from dataclasses import dataclass

from sidelight.data.public.backgrounds_challenge import AdversarialBackgrounds, BackgroundsChallenge
from sidelight.data.public.imagenet_9 import ImageNet9
from sidelight.data.public.imagenet_a import ImageNetA
from sidelight.data.public.imagenet_c import ImageNetC
from sidelight.data.public.imagenet_o import ImageNetO
from sidelight.data.public.imagenet_r import ImageNetR
from sidelight.data.public.imagenet_real import ImageNetReal
from sidelight.data.public.imagenet_sketch import ImageNetSketch
from sidelight.data.public.imagenet_v2 import ImageNetV2
from sidelight.data.public.imagenet_val import ImageNetVal
from sidelight.data.public.listing import Reader
from sidelight.data.public.objectnet import ObjectNet
from sidelight.data.public.si_score import SiLocation, SiRotation, SiSize


@dataclass(frozen=True)
class Layout:
    """One row of the table.

    Attributes:
        reader: how it is read; the fields of this class are options.
        pictures: of the complete download, in words.
        size: of the download, in words.
        licence: in words; what must not be done with it.
        where: to get it.
        tree: the layout that is expected under `--data-root`.
    """

    reader: type[Reader]
    pictures: str
    size: str
    licence: str
    where: str
    tree: str


IMAGENET = "ImageNet's terms: research and teaching, non-commercial, after signing up"
VAL = "val/<wnid>/ILSVRC2012_val_XXXXXXXX.JPEG (in the root, imagenet/, ILSVRC2012/, ILSVRC/Data/CLS-LOC/), or flat"
SI_SCORE = "code Apache-2.0; none given for the pictures, which are made of photos under their own terms"

LAYOUTS: dict[str, Layout] = {
    "imagenet": Layout(
        ImageNetVal,
        pictures="50,000: 50 in each of 1000 classes",
        size="6.3 GB",
        licence=IMAGENET,
        where="https://www.image-net.org/download.php",
        tree=f"{VAL} with LOC_val_solution.csv or another list",
    ),
    "imagenet_v2": Layout(
        ImageNetV2,
        pictures="10,000 in each of three sets: 10 in each of 1000 classes",
        size="1.26 GB a set",
        licence="code and lists MIT; photos from Flickr, each under its own terms",
        where="https://huggingface.co/datasets/vaishaal/ImageNetV2",
        tree="imagenetv2-matched-frequency-format-val/{0..999}/*.jpeg",
    ),
    "imagenet_real": Layout(
        ImageNetReal,
        pictures="50,000 of ImageNet, of which 46,837 have a label and count",
        size="no download of its own: ImageNet's validation photos, and labels that timm brings",
        licence="labels Apache-2.0; photos as of ImageNet",
        where="https://github.com/google-research/reassessed-imagenet",
        tree=VAL,
    ),
    "imagenet_a": Layout(
        ImageNetA,
        pictures="7,500 of 200 classes",
        size="below 1 GB",
        licence="code and lists MIT; photos each under its own terms",
        where="https://github.com/hendrycks/natural-adv-examples",
        tree="imagenet-a/<wnid>/*.jpg",
    ),
    "imagenet_r": Layout(
        ImageNetR,
        pictures="30,000 of 200 classes",
        size="2.2 GB",
        licence="code and lists MIT; pictures each under its own terms",
        where="https://github.com/hendrycks/imagenet-r",
        tree="imagenet-r/<wnid>/*.jpg",
    ),
    "imagenet_o": Layout(
        ImageNetO,
        pictures="2,000 of none of the classes, and 10,000 of ImageNet's validation photos",
        size="below 1 GB, and ImageNet's validation photos",
        licence="code and lists MIT; photos each under its own terms, and as of ImageNet",
        where="https://github.com/hendrycks/natural-adv-examples",
        tree="imagenet-o/<wnid>/*.JPEG, and ImageNet's validation photos",
    ),
    "imagenet_sketch": Layout(
        ImageNetSketch,
        pictures="50,889 of 1000 classes",
        size="about 8 GB",
        licence="MIT",
        where="https://github.com/HaohanWang/ImageNet-Sketch",
        tree="sketch/<wnid>/sketch_*.JPEG, in the root or imagenet-sketch/",
    ),
    "imagenet_occluded": Layout(
        ImageNetVal,
        pictures="50,000 of ImageNet",
        size="no download of its own: ImageNet's validation photos",
        licence=IMAGENET,
        where="https://www.image-net.org/download.php",
        tree=VAL,
    ),
    "imagenet_c": Layout(
        ImageNetC,
        pictures="3,750,000: 50,000 in each of 15 corruptions x 5 severities (1,000,000 more in the four extra ones)",
        size="some 60 GB in four archives, the extra one more",
        licence="CC BY 4.0 by its record; photos as of ImageNet",
        where="https://zenodo.org/records/2235448",
        tree="ImageNet-C/<corruption>/{1..5}/<wnid>/*.JPEG, or ImageNet-C/{noise,blur,weather,digital,extra}/...",
    ),
    "objectnet": Layout(
        ObjectNet,
        pictures="50,273 of 313 objects; about 18,574 of the 113 that ImageNet-1K has",
        size="about 190 GB",
        licence="CC BY 4.0 with two clauses: nothing may be tuned on it; on the web only with the red border",
        where="https://objectnet.dev/download.html",
        tree="objectnet-1.0/images/<object>/*.png and objectnet-1.0/mappings/",
    ),
    "si_size": Layout(
        SiSize,
        pictures="92,884 of 61 classes",
        size="3.5 GB",
        licence=SI_SCORE,
        where="https://github.com/google-research/si-score",
        tree="area/<object>/<image id>.jpg with metadata.csv and foreground_classes.csv in area/",
    ),
    "si_location": Layout(
        SiLocation,
        pictures="541,548 of 61 classes: 441 places",
        size="19.6 GB",
        licence=SI_SCORE,
        where="https://github.com/google-research/si-score",
        tree="location20_area02_min0pc/<object>/<image id>.jpg with metadata.csv and foreground_classes.csv in it",
    ),
    "si_rotation": Layout(
        SiRotation,
        pictures="about 39,540 of 61 classes",
        size="1.5 GB",
        licence=SI_SCORE,
        where="https://github.com/google-research/si-score",
        tree="rotation/<object>/<image id>.jpg with metadata.csv and foreground_classes.csv in rotation/",
    ),
    "backgrounds_challenge": Layout(
        BackgroundsChallenge,
        pictures="4,050 in each of eight variants: 450 in each of nine classes",
        size="below 2 GB",
        licence="none given, nor for the map of classes: ask the authors before passing either on",
        where="https://github.com/MadryLab/backgrounds_challenge",
        tree="bg_challenge/<variant>/val/{00_dog,...,08_fish}/*.JPEG, and in_to_in9.json there or in the root",
    ),
    "backgrounds_challenge_accuracy": Layout(
        AdversarialBackgrounds,
        pictures="4,050 objects, each on up to 4,050 backgrounds",
        size="no download of its own: the Backgrounds Challenge",
        licence="none given, nor for the map of classes: ask the authors before passing either on",
        where="https://github.com/MadryLab/backgrounds_challenge",
        tree="bg_challenge/{original,only_bg_t}/val/ as above, and bg_challenge/fg_mask/val/<class>/*.npy",
    ),
    "imagenet_9": Layout(
        ImageNet9,
        pictures="50 of each class of ImageNet that the map puts somewhere",
        size="no download of its own: ImageNet's validation photos",
        licence=IMAGENET,
        where="https://www.image-net.org/download.php",
        tree=f"{VAL}; the map is named with --imagenet_9.class-map",
    ),
}
