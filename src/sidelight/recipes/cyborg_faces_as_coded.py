"""CYBORG on synthetic faces, as the authors' script computes it, for whoever holds the faces and their maps.

Reproduces: the public training script of boyd2023cyborg: the map of the *predicted* class, of the tensor that the
script hooks (which only Inception pools), mean squared error, alpha .5 (students: --objective.alpha .01); all else as
in cyborg_faces_as_written. Its test script scores `sigmoid(z1)`: sidelight evaluate --on two_class --two-class.score
sigmoid_z1. Alpha means something else here: the mean squared error is about a seventeenth of the norm.

Expected: as in cyborg_faces_as_written; not run here, for want of the data.

Cost: as cyborg_faces_as_written. The data are yours to bring.

Command: sidelight train cyborg_faces_as_coded --data faces --out runs/cyborg-coded
"""

from dataclasses import replace

from sidelight.recipes.cyborg_faces_as_written import RECIPE as WRITTEN
from sidelight.train.objective.cyborg import Cyborg

RECIPE = replace(
    WRITTEN,
    name="cyborg_faces_as_coded",
    objective=Cyborg(alpha=0.5, cam_class="predicted", distance="mse", compat="cyborg"),
)
