"""Draws the screenshot of the report beside the paper: `python docs/screenshots_paper.py [FOLDER]`.

Two ResNet-18s are trained for a minute on digits that sidelight draws, filed under ten of ImageNet's thousand classes,
and measured on other digits that lie as the public benchmarks do. The numbers mean nothing; the page is the real one.
"""

import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import msgspec
import PIL.Image
from playwright.sync_api import sync_playwright

from sidelight.cli.main import main as sidelight
from sidelight.data.format.reader import Dataset
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.public.imagenet_names import wnids
from sidelight.data.source.progress import silent
from sidelight.pipeline.digits import Digits, draw_digits
from sidelight.pipeline.simulate import simulate
from sidelight.pipeline.train import train
from sidelight.recipes.conditions import plain
from sidelight.recipes.table import RECIPES
from sidelight.records.example import Example
from sidelight.signal.annotator import SimulatedAnnotator

WINDOW = {"width": 1280, "height": 2100}
BENCHMARKS = ("imagenet", "imagenet_v2", "imagenet_sketch", "imagenet_occluded")
LAYOUTS = {
    "imagenet/val/{wnid}/ILSVRC2012_val_{number:08d}.JPEG": "RGB",
    "imagenetv2-matched-frequency-format-val/{label}/{number}.jpeg": "RGB",
    "sketch/{wnid}/sketch_{number}.JPEG": "L",
}
"""Where copies of the test pictures go, and in which colours."""


def main(folder: Path) -> None:
    """Train, measure, report, photograph."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        page = _report(Path(work))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            shown = browser.new_page(viewport=WINDOW)  # type: ignore[arg-type]
            shown.goto(page.as_uri())
            shown.screenshot(path=folder / "paper-tables.png")
            browser.close()


def _report(work: Path) -> Path:
    digits = draw_digits(Digits(pictures=1200), work / "digits")
    _file_under_imagenet(digits, work / "thousand")
    simulate(work / "thousand", work / "clicked", annotator=SimulatedAnnotator(), progress=silent)
    _lay_out(digits, work / "downloads")
    recipe = RECIPES["luab_imagenet_resnet"].recipe
    training = replace(
        recipe.training,
        epochs=8,
        batch_size=50,
        precision="32-true",
        optimiser=replace(recipe.training.optimiser, lr=0.05),
        schedule=replace(recipe.training.schedule, warmup_epochs=0),
    )
    luab = replace(
        recipe,
        network=replace(recipe.network, name="resnet18"),
        augmentation=replace(recipe.augmentation, size=40, crop_scale=(0.6, 1.0), flip=0.0, eval_resize=None),
        training=training,
    )
    for made in (plain(luab), luab):
        run = work / "runs" / made.name
        train(made, work / "clicked", run, seed=0)
        words = ["evaluate", str(run), "--data-root", str(work / "downloads"), "--partial"]
        _run([*words, "--on", *BENCHMARKS])
        _run(["evaluate", str(run), "--data", str(work / "clicked"), "--on", "localisation"])
    page = work / "paper.html"
    _run(["report", *map(str, sorted((work / "runs").iterdir())), "--out", str(page)])
    return page


def _run(words: list[str]) -> None:
    if sidelight(words):
        raise SystemExit(f"sidelight {' '.join(words)} failed")


def _file_under_imagenet(digits: Path, out: Path) -> None:
    """The same pictures, in a dataset of ImageNet's classes."""
    pictures = Dataset.open(digits)
    about = {"name": "digits as ImageNet", "task": "single_label", "source": "digits"}
    with DatasetWriter(out, classes=wnids(), image_root=digits / "images", **about) as writer:  # type: ignore[arg-type]
        for example in pictures.examples():
            label = _class_of(example)
            boxes = tuple(msgspec.structs.replace(box, label=label) for box in example.boxes)
            writer.add(msgspec.structs.replace(example, labels=(label,), boxes=boxes, mask_path=None))


def _lay_out(digits: Path, root: Path) -> None:
    """The test pictures as the public downloads lie."""
    tests = [example for example in Dataset.open(digits).examples() if example.split == "test"]
    for number, example in enumerate(tests, start=1):
        label = _class_of(example)
        with PIL.Image.open(digits / "images" / example.path) as picture:
            for layout, colours in LAYOUTS.items():
                file = root / layout.format(wnid=wnids()[label], label=label, number=number)
                file.parent.mkdir(parents=True, exist_ok=True)
                picture.convert(colours).save(file, "JPEG", quality=95)


def _class_of(example: Example) -> int:
    """A digit's place among the thousand."""
    return 100 * example.labels[0]


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "screenshots")
