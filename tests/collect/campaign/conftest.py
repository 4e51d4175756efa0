"""Folders of small pictures."""

from pathlib import Path

import pytest
from PIL import Image

from sidelight.collect.campaign.settings import ClassText, Settings
from sidelight.collect.store.pictures import Picture


def draw(file: Path, size: tuple[int, int] = (8, 6), **options) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (40, 90, 200)).save(file, **options)
    return file


@pytest.fixture
def photos(tmp_path) -> Path:
    """Two classes of six pictures, and one picture outside of them."""
    for i in range(6):
        draw(tmp_path / "photos" / "owl" / f"{i}.png")
        draw(tmp_path / "photos" / "heron" / f"{i}.jpg", (6, 9))
    draw(tmp_path / "photos" / "loose.webp")
    return tmp_path / "photos"


@pytest.fixture
def many() -> list[Picture]:
    """100 owls, 55 herons, 400 distractors."""
    owls = [Picture(f"o{i}", "images", f"owl/{i}", 8, 6, "owl") for i in range(100)]
    herons = [Picture(f"h{i}", "images", f"heron/{i}", 8, 6, "heron") for i in range(55)]
    return [*owls, *herons, *(Picture(f"d{i}", "distractors", f"{i}", 8, 6) for i in range(400))]


@pytest.fixture
def browse() -> Settings:
    classes = (ClassText("heron"), ClassText("owl"))
    return Settings(task="browse", title="Birds", images="photos", classes=classes)
