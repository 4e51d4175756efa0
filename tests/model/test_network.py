import subprocess
import sys

import pytest

from sidelight.model.network import Network
from sidelight.records.errors import UserFault


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"name": ""}, "name"),
        ({"name": "resnet18.a1_in1k"}, "without a tag"),
        ({"width": 0.0}, "width"),
        ({"stem_stride": 0}, "stem_stride"),
        ({"output_stride": 4}, "output_stride"),
        ({"drop_path": 1.0}, "drop_path"),
        ({"image_size": 0}, "image_size"),
        ({"weights": "timm:a1_in1k", "width": 0.5}, "at width 1"),
    ],
)
def test_values_out_of_range_are_refused_by_name(fields, named):
    with pytest.raises(UserFault, match=named):
        Network(**fields)


def test_equal_values_are_equal_networks():
    assert Network("resnet50") == Network(name="resnet50")


def test_a_network_is_described_without_torch():
    blocked = "import sys; sys.modules['torch'] = None; sys.modules['timm'] = None"
    code = f"{blocked}; import sidelight.model.network"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
