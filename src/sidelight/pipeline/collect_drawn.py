"""A small campaign of pictures drawn here: what benchmarks, long fault runs and tests let simulated people label."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image, ImageDraw

from sidelight.collect.campaign.folder import Campaign, init_campaign
from sidelight.collect.campaign.images import scan
from sidelight.collect.campaign.settings import ClassText, Settings
from sidelight.collect.simulate.person import World
from sidelight.collect.wire.page import Task
from sidelight.records.example import Box, Example
from sidelight.signal.draws import generator

SHAPES = ("circle", "square", "triangle")
"""Classes."""

WIDTH, HEIGHT = 160, 120


def draw_campaign(
    folder: Path,
    *,
    task: Task,
    pictures: int = 60,
    seed: int = 0,
    store_url: str = "",
    clock: Callable[[], float],
    **settings: object,
) -> tuple[Campaign, World]:
    """Draw pictures of shapes and make a campaign of them.

    Args:
        folder: to make; pictures lie in its `pictures`, the campaign in its `campaign`.
        task: browse, tag or paint.
        pictures: number of them, the classes in turn.
        seed: of the pictures.
        store_url: of the database; "" is a file in the campaign's folder.
        clock: seconds since 1970.
        settings: fields of `Settings` that differ.

    Returns:
        The campaign, and what is to be seen on its pictures, with exact boxes.
    """
    root = folder / "pictures"
    boxes = {}
    for number in range(pictures):
        shape = SHAPES[number % len(SHAPES)]
        path = f"{shape}/{shape}_{number}.png"
        (root / shape).mkdir(parents=True, exist_ok=True)
        boxes[path] = _draw(root / path, shape, generator(seed, path))
    found, _ = scan(root, pool="images")
    panels = {"Round": SHAPES[:1], "Edged": SHAPES[1:]} if task == "tag" else {}
    usual = Settings(
        task=task,
        title="Shapes",
        images=str(root.absolute()),
        classes=tuple(map(ClassText, SHAPES)),
        panels=panels,
        seed=seed,
        grid=32,
    )
    made = msgspec.convert(msgspec.to_builtins(usual) | msgspec.to_builtins(settings), Settings)
    campaign, _ = init_campaign(folder / "campaign", made, found, store_url=store_url, clock=clock)
    return campaign, drawn_world({one.id: one.path for one in found}, boxes)


def drawn_world(paths: dict[str, str], boxes: dict[str, Box]) -> World:
    """What people see on drawn pictures.

    Args:
        paths: of the pictures by id.
        boxes: by path.
    """
    examples = {
        picture: Example(path, path, "train", WIDTH, HEIGHT, (SHAPES.index(path.partition("/")[0]),), (boxes[path],))
        for picture, path in paths.items()
    }
    return World(examples, SHAPES, {shape: shape for shape in SHAPES})


def _draw(file: Path, shape: str, rng: np.random.Generator) -> Box:
    """A shape somewhere on noise; its box."""
    noise = rng.integers(90, 166, (HEIGHT // 8, WIDTH // 8, 3)).astype(np.uint8)
    picture = Image.fromarray(noise).resize((WIDTH, HEIGHT), Image.Resampling.NEAREST)
    size = int(rng.integers(30, 61))
    x, y = int(rng.integers(0, WIDTH - size)), int(rng.integers(0, HEIGHT - size))
    colour = tuple(rng.integers(0, 256, 3).tolist())
    pen = ImageDraw.Draw(picture)
    if shape == "circle":
        pen.ellipse((x, y, x + size - 1, y + size - 1), fill=colour)
    elif shape == "square":
        pen.rectangle((x, y, x + size - 1, y + size - 1), fill=colour)
    else:
        pen.polygon([(x, y + size - 1), (x + size - 1, y + size - 1), (x + size // 2, y)], fill=colour)
    picture.save(file)
    return Box(x / WIDTH, y / HEIGHT, (x + size) / WIDTH, (y + size) / HEIGHT, label=SHAPES.index(shape))
