"""How much does it matter where clicks lie? Plain and random points against clicks with a chosen share off the object.

Reproduces: nothing published. han2023luab report that 17.1 % of people's clicks on ImageNet lie outside the box, and
compare clicks with random points only; this goes through the shares between.

Expected: see docs/results/tiny-in9-luab.md.

Cost: as tiny-in9: 6 short and 15 full runs for every share, an hour and a half on two CPU cores.

Command: sidelight data simulate tiny-in9 --outside-share .5 --out tiny-in9-outside-50, and then
sidelight study tiny-in9-dose --data tiny-in9-outside-50 --seeds 5 --out runs/tiny-in9-outside-50
"""

from dataclasses import replace

from sidelight.recipes import tiny_in9
from sidelight.recipes.conditions import six_conditions
from sidelight.recipes.recipe import Study

RECIPE = replace(tiny_in9.RECIPE, name="tiny_in9_dose")

STUDY = Study(
    name="tiny-in9-dose",
    question="How much does it matter where the clicks lie?",
    conditions=tuple(c for c in six_conditions(RECIPE) if c.name in ("plain", "uniform", "clicks")),
    tuning=tiny_in9.STUDY.tuning,
    subsets=tiny_in9.STUDY.subsets,
)
