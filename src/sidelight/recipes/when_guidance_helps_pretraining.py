"""Weights for when-guidance-helps: its network trained on the 33 classes that the study does not use.

Reproduces: nothing published; no public weights fit a network of a quarter of the width.

Expected: see docs/results/when-guidance-helps.md.

Cost: 11,550 photos x 12 epochs: about 8 minutes on one CPU core, bf16.

Command: sidelight train when_guidance_helps_pretraining --data in9-others --out runs/when-guidance-helps-pretraining
"""

from dataclasses import replace

from sidelight.data.selection import Selection
from sidelight.recipes import when_guidance_helps
from sidelight.recipes.conditions import plain

RECIPE = replace(
    plain(when_guidance_helps.RECIPE),
    name="when_guidance_helps_pretraining",
    training=replace(when_guidance_helps.RECIPE.training, epochs=12, assess_every=1),
    selection=Selection(),
    plant=None,
)
