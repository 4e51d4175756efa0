"""Does it matter how the teacher's maps are made? Students of the same teacher by CAM and by RISE.

Reproduces: the two ways of crum2023teaching to make a teacher's maps. RISE with 200 masks, a tenth of its authors'
number: its maps are noisy.

Expected: on the GPU where it was run, students of RISE's maps and of CAMs were equally good (AUC .710 and .709 on
unseen generators; .584 without maps), although RISE's maps were mostly noise: docs/results/teacher-student.md.

Cost: RISE looks at each of 2,100 pictures 200 times, half an hour a seed on one CPU core: three hours for five seeds
on two. Among others on an H200: seven minutes.

Command: sidelight study teacher-student-rise --data decoy --seeds 5 --jobs 2 --out runs/teacher-student-rise
"""

from sidelight.recipes.recipe import Condition, Study
from sidelight.recipes.teacher_student import RECIPE, SEEN, TUNING, core
from sidelight.recipes.teaching import Teaching

STUDY = Study(
    name="teacher-student-rise",
    question="Does it matter how the teacher's maps are made?",
    conditions=(
        *core(RECIPE),
        Condition(
            "student_rise",
            RECIPE,
            "treated",
            "The maps of small_people by RISE.",
            tuned_as="student",
            teachers=("small_people",),
            teaching=Teaching("rise", masks=200),
        ),
    ),
    tuning=TUNING,
    on=SEEN,
    validation=SEEN,
)
