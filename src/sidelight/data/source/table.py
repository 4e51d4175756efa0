"""Every reader, by the name that `--from` takes."""

from sidelight.data.source.reader import Source
from sidelight.data.source.tiny_imagenet import TinyImageNet

SOURCES: dict[str, type[Source]] = {
    "tiny_imagenet": TinyImageNet,
}
