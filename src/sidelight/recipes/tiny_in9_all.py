"""The six conditions of tiny-in9, trained on photos with boxes of any size.

Reproduces: han2023luab, table 2, where no photo is left out. Here objects fill most photos, so that a constant centre
lies on the object more often than a click does.

Expected: see docs/results/tiny-in9-luab.md.

Cost: 14,700 photos instead of 5,900: 15 short and 30 full runs of 10 to 12 minutes, 7 hours on two CPU cores.

Command: sidelight study tiny-in9-all --data tiny-in9-clicks --seeds 5 --out runs/tiny-in9-all
"""

from dataclasses import replace

from sidelight.data.selection import Selection
from sidelight.recipes import tiny_in9
from sidelight.recipes.conditions import six_conditions
from sidelight.recipes.recipe import Study

RECIPE = replace(tiny_in9.RECIPE, name="tiny_in9_all", selection=Selection())

STUDY = Study(
    name="tiny-in9-all",
    question="Does a click help where objects fill the photos?",
    conditions=six_conditions(RECIPE),
    tuning=tiny_in9.STUDY.tuning,
    subsets=tiny_in9.STUDY.subsets,
)
