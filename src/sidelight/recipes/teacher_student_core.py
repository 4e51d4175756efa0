"""Both baselines, the student, and the mean of its maps: for the other strengths of the shortcut, and the other domain.

Reproduces: crum2023teaching, RQ3 where the shortcut is absent or strong, and RQ4 on the second domain (irises).

Expected: see docs/results/teacher-student.md.

Cost: about three quarters of an hour for five seeds on two CPU cores, for each dataset.

Command: sidelight study teacher-student-core --data decoy-strong --seeds 5 --jobs 2 --out runs/teacher-student-strong
"""

from sidelight.recipes.recipe import Study
from sidelight.recipes.teacher_student import RECIPE, SEEN, TUNING, core

STUDY = Study(
    name="teacher-student-core",
    question="Does the student still win with another shortcut, or in another domain?",
    conditions=core(RECIPE),
    tuning=TUNING,
    on=SEEN,
    validation=SEEN,
)
