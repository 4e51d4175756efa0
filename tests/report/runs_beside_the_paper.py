"""Ways of training with numbers that are known, for the report over several runs."""

import zlib

import numpy as np

from sidelight.records.result import Provenance, Result
from sidelight.report.paper import CLICKS
from sidelight.report.trained import Number, Trained

PICTURES = 10_000


def number(key, value, *, seed=0, answers=None, name="a"):
    """A number as a run of that seed has it."""
    made = Provenance(
        recipe=name, recipe_hash="c0ffee", seed=seed, dataset=key, fingerprint=f"f {key}", version="0.1.0"
    )
    result = Result(key, "top1", value, f"Definition of {key}.", True, PICTURES, provenance=made)
    return Number(result, answers)


def imagenet(name, model, guided, keys, *, seeds=5, noise=0, lift=None):
    """About 60 % right everywhere, `lift` more in some columns; answers picture by picture."""
    numbers = {}
    for key in keys:
        pictures = np.random.default_rng(zlib.crc32(key.encode())).random(PICTURES)  # some are hard for all models
        for seed in range(seeds):
            own = np.random.default_rng([noise, seed, zlib.crc32(key.encode())]).normal(0, 0.02, PICTURES)
            answers = (pictures + own < 0.6 + (lift or {}).get(key, 0.0)).astype(np.float64)
            found = number(key, float(answers.mean()), seed=seed, answers=answers, name=name)
            numbers.setdefault(key, {})[seed] = found
    return Trained(name, model, guided, numbers=numbers)


def coco(name, model, guided, *, seeds=1):
    """Numbers of a training with several labels a picture."""
    up = 0.01 * (guided == CLICKS)
    values = {"mAP": 0.7 + up, "V_min": 0.5 - up, "V_avg": 0.3 - up}
    numbers = {key: {seed: number(key, value, seed=seed) for seed in range(seeds)} for key, value in values.items()}
    return Trained(name, model, guided, task="multi_label", numbers=numbers)
