"""Every reader, by the name that `--from` takes."""

from sidelight.data.source.coco import Coco
from sidelight.data.source.coco_ab import CocoAB
from sidelight.data.source.csv_file import Csv
from sidelight.data.source.image_folder import ImageFolder
from sidelight.data.source.imagenet_ab import ImageNetAB
from sidelight.data.source.osie import Osie
from sidelight.data.source.reader import Source
from sidelight.data.source.saliency_maps import SaliencyMaps
from sidelight.data.source.tiny_imagenet import TinyImageNet

SOURCES: dict[str, type[Source]] = {
    "image_folder": ImageFolder,
    "csv": Csv,
    "saliency_maps": SaliencyMaps,
    "osie": Osie,
    "tiny_imagenet": TinyImageNet,
    "coco": Coco,
    "imagenet_ab": ImageNetAB,
    "coco_ab": CocoAB,
}
