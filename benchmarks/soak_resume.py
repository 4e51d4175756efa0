"""Kill a training again and again, and compare the bits: `python benchmarks/soak_resume.py` (`make soak`).

Draws the demo's pictures and trains on them once without interruption. Then, round after round, the same training is
started in a process of its own and killed without warning (SIGKILL) after a random time, until one is left to finish.
Its weights and its table of metrics must equal those of the first to the last bit. Exits with 1 at a difference.
"""

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import tyro

from sidelight.data.source.progress import silent
from sidelight.pipeline.digits import Digits, draw_digits
from sidelight.pipeline.simulate import simulate
from sidelight.signal.annotator import SimulatedAnnotator

TIMES = {"seconds", "images_per_s"}


@dataclass(frozen=True)
class SoakResume:
    """Kill and resume."""

    rounds: int = 10
    """Interrupted trainings, one after the other."""
    kills: int = 8
    """How often each is killed at most."""
    epochs: int = 6
    """Of the training."""
    checkpoint_every: int = 5
    """Steps between two checkpoints within an epoch."""
    seed: int = 0
    """Of the moments of the kills."""


def start(asked: SoakResume, data: Path, run: Path) -> subprocess.Popen[bytes]:
    """A training in a process of its own, which goes on where an earlier one stopped."""
    words = ["train", "digits", "--data", str(data), "--out", str(run), "--resume"]
    words += ["--training.epochs", str(asked.epochs), "--training.checkpoint-every", str(asked.checkpoint_every)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.Popen([sys.executable, "-m", "sidelight", *words], env=environment, stdout=subprocess.DEVNULL)


def finish(asked: SoakResume, data: Path, run: Path) -> float:
    """Train to the end; how many seconds it took."""
    begun = time.monotonic()
    if start(asked, data, run).wait() != 0:
        raise SystemExit(f"the training in {run} failed")
    return time.monotonic() - begun


def kill_again_and_again(asked: SoakResume, data: Path, run: Path, *, rng: random.Random, seconds: float) -> int:
    """Kill the training at random moments; how often it was caught alive."""
    caught = 0
    for _ in range(asked.kills):
        child = start(asked, data, run)
        try:
            child.wait(rng.uniform(0.3, 1.0) * seconds)
            break
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            caught += 1
    return caught


def differences(run: Path, whole: Path) -> list[str]:
    """What of a run differs from the uninterrupted one."""
    files = ("model.safetensors", "model.json")
    found = [name for name in files if (run / name).read_bytes() != (whole / name).read_bytes()]
    return found + (["metrics.csv"] if rows_of(run) != rows_of(whole) else [])


def rows_of(run: Path) -> list[dict[str, str]]:
    """The rows of metrics.csv without the measured times."""
    with (run / "metrics.csv").open(newline="") as lines:
        return [{name: text for name, text in row.items() if name not in TIMES} for row in csv.DictReader(lines)]


def main(asked: SoakResume) -> None:
    rng = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as folder:
        pictures, data, whole = (Path(folder) / name for name in ("pictures", "clicks", "whole"))
        draw_digits(Digits(), pictures)
        simulate(pictures, data, annotator=SimulatedAnnotator(), progress=silent)
        seconds = finish(asked, data, whole)
        print(f"uninterrupted: {asked.epochs} epochs in {seconds:.0f} s, with the start of the process", flush=True)
        for number in range(1, asked.rounds + 1):
            run = Path(folder) / f"round-{number}"
            caught = kill_again_and_again(asked, data, run, rng=rng, seconds=seconds)
            finish(asked, data, run)
            if found := differences(run, whole):
                raise SystemExit(f"round {number}, killed {caught} times: {', '.join(found)} differ")
            print(f"round {number}: killed {caught} times, equal to the last bit", flush=True)


if __name__ == "__main__":
    main(tyro.cli(SoakResume))
