import numpy as np

from sidelight.evaluate.public.groups import shares_by_group
from sidelight.records.shown import Shown


def test_shares_are_those_of_a_plain_loop():
    rng = np.random.default_rng(0)
    names = [f"g{number}" for number in rng.integers(0, 7, 200)]
    counted = rng.random(200) < 0.4
    found = shares_by_group(counted, [Shown("a", (0,), name) for name in names])
    assert list(found) == list(dict.fromkeys(names))
    for name, share in found.items():
        own = [bool(value) for value, group in zip(counted, names, strict=True) if group == name]
        assert (share.value, share.n) == (sum(own) / len(own), len(own))
