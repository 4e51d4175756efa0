import pytest

from sidelight.data.public.table import LAYOUTS
from sidelight.evaluate.public.table import PUBLIC
from sidelight.records.errors import UserFault


def test_every_benchmark_has_a_layout_and_every_layout_a_benchmark():
    assert list(LAYOUTS) == list(PUBLIC)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_says_everything_one_needs_to_get_it(name):
    layout = LAYOUTS[name]
    assert layout.pictures
    assert layout.size
    assert layout.licence
    assert layout.tree
    assert layout.where.startswith("https://")


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_missing_download_is_said_in_four_parts(name, tmp_path):
    with pytest.raises(UserFault) as caught:
        LAYOUTS[name].reader().read(tmp_path)
    assert caught.value.allowed
    assert caught.value.remedy
