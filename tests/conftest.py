"""What holds for all tests. Read by pytest before any module of sidelight is imported."""

import os

from hypothesis import settings
from jaxtyping import install_import_hook

# One thread: sums keep their order, and tests side by side do not fight for cores. Read by torch when it is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "Agg")

# Shapes of tensors are checked here, and only here.
CHECKED = ["sidelight.train.objective", "sidelight.train.term", "sidelight.explain", "sidelight.model.outputs"]
install_import_hook(CHECKED, "beartype.beartype")

# A busy machine is no fault of the code.
settings.register_profile("sidelight", deadline=None)
settings.load_profile("sidelight")
