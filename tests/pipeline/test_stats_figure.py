import pytest
from PIL import Image

from sidelight.pipeline.stats import collect_statistics
from sidelight.pipeline.stats_figure import draw_statistics
from sidelight.records.errors import UserFault


@pytest.mark.parametrize("data", ["clicks", "pictures", "tagged"])
def test_any_dataset_can_be_drawn_clicked_on_or_not(request, tmp_path, data):
    root = request.getfixturevalue(data)
    out = draw_statistics(root, collect_statistics(root), tmp_path / "figure.png")
    with Image.open(out) as figure:
        assert figure.format == "PNG"
        assert min(figure.size) > 200


def test_another_ending_than_png_is_refused(clicks, tmp_path):
    with pytest.raises(UserFault, match=r"ending '\.pdf'"):
        draw_statistics(clicks, collect_statistics(clicks), tmp_path / "figure.pdf")
