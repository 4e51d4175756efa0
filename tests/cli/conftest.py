"""The command line, run in this process, and a river walked with nothing but its commands."""

import csv
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import cv2
import numpy as np
import pytest

from sidelight.cli.main import main

OVERRIDES = {
    "--network.image-size": "16",
    "--augmentation.size": "16",
    "--training.batch-size": "8",
    "--training.epochs": "2",
    "--training.schedule.warmup-epochs": "0",
}
"""They make a training of the recipe 'digits' a matter of a second."""
SMALL = [word for option in OVERRIDES.items() for word in option]


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def sidelight() -> Callable[..., Said]:
    def run(*words: object) -> Said:
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            try:
                code = main([str(word) for word in words])
            except SystemExit as left:
                code = left.code
        return Said(code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture(scope="session")
def small() -> list[str]:
    return SMALL


@pytest.fixture(scope="session")
def table(tmp_path_factory) -> Path:
    """A user's own table: 48 pictures of 16 x 16 pixels, a square of the class's colour on each, and its box."""
    folder = tmp_path_factory.mktemp("own")
    rng = np.random.default_rng(0)
    with (folder / "squares.csv").open("w", newline="") as lines:
        write = csv.writer(lines)
        write.writerow(["path", "label", "x0", "y0", "x1", "y1", "split"])
        for i in range(48):
            picture = rng.integers(0, 60, (16, 16, 3)).astype(np.uint8)
            x, y = (int(corner) for corner in rng.integers(10, size=2))
            picture[y : y + 6, x : x + 6, i % 3] = 255
            cv2.imwrite(str(folder / f"{i}.png"), picture[..., ::-1])
            split = ("train", "train", "validation", "test")[i // 3 % 4]
            label = ("red", "green", "blue")[i % 3]
            write.writerow([f"{i}.png", label, x / 16, y / 16, (x + 6) / 16, (y + 6) / 16, split])
    return folder / "squares.csv"


@pytest.fixture(scope="session")
def walked(sidelight, table, tmp_path_factory) -> tuple[Path, dict[str, Said]]:
    """A folder, and what every command said on the way through it."""
    at = tmp_path_factory.mktemp("river")
    boxes, clicks, run = at / "boxes", at / "clicks", at / "run"
    way = {
        "convert": ["data", "convert", table, "--from", "csv", "--out", boxes],
        "validate": ["data", "validate", boxes],
        "simulate": ["data", "simulate", boxes, "--out", clicks],
        "stats": ["data", "stats", clicks],
        "train": ["train", "digits", "--data", clicks, "--out", run, "--seed", 1, *SMALL],
        "evaluate": ["evaluate", run, "--data", clicks],
        "report": ["report", run, "--data", clicks],
        "predict": ["predict", run, table.parent, "--out", at / "table.csv", "--explain", at / "looks"],
        "export": ["export", run, "--out", at / "net.safetensors"],
    }
    return at, {name: sidelight(*words) for name, words in way.items()}
