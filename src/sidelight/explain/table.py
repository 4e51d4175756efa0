"""Every way of explaining a model."""

from sidelight.explain.cam import Cam
from sidelight.explain.gradcam import GradCam
from sidelight.explain.input_gradient import InputGradient
from sidelight.explain.method import Method
from sidelight.explain.rise import Rise

METHODS: dict[str, type[Method]] = {
    "cam": Cam,
    "gradcam": GradCam,
    "input_gradient": InputGradient,
    "rise": Rise,
}
"""Methods by the name that options and maps carry."""
