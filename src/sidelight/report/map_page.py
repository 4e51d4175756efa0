"""One page of pictures with a model's maps over them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sidelight.records.example import Box
from sidelight.report.gallery import cam_tile, data_uri, photo_tile
from sidelight.report.html import template
from sidelight.report.illustration import Tile


@dataclass(frozen=True)
class MapItem:
    """One picture and where a model saw a class on it.

    Attributes:
        image: [H, W, 3] uint8, as the model was shown it.
        map: [h, w] of any scale.
        labels: names of the picture's classes.
        explained: name of the class that the map is about.
        said: the class that the model named, and its probability.
        boxes: of the objects.
    """

    image: npt.NDArray[np.uint8]
    map: npt.NDArray[np.floating]
    labels: tuple[str, ...]
    explained: str
    said: tuple[str, float]
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True)
class MapPage:
    """What the page holds.

    Attributes:
        facts: what identifies model, data and method: name -> words.
        items: the pictures.
    """

    facts: Mapping[str, str]
    items: tuple[MapItem, ...]


def write_map_page(page: MapPage, out: Path) -> Path:
    """Write one self-contained HTML file and return its path; an older one is replaced."""
    out.write_text(render(page), encoding="utf-8")
    return out


def render(page: MapPage) -> str:
    """The page as one string of HTML; words that come from users are escaped."""
    shown = [(", ".join(item.labels), _tiles(item)) for item in page.items]
    return template("maps.html.jinja").render(facts=page.facts, items=shown)


def _tiles(item: MapItem) -> list[Tile]:
    labels = ", ".join(item.labels)
    named, probability = item.said
    said = f"model: {named}, {100 * probability:.0f} %"
    photo = data_uri(photo_tile(item.image, boxes=item.boxes))
    heat = data_uri(cam_tile(item.image, item.map, boxes=item.boxes))
    return [
        Tile("the picture", "", None, photo, f"Picture of {labels}."),
        Tile(
            f"where it saw {item.explained}",
            said,
            named in item.labels,
            heat,
            f"Heat map of where the model saw {item.explained} on a picture of {labels}; {said}.",
        ),
    ]
