from PIL import Image


def test_figures_stand_beside_the_published_ones(walked):
    _, said = walked
    assert said["stats"].code == 0
    for words in ("clicks in a box (final)", "82.9%", "selected", "86.7%", "pictures", "48"):
        assert words in said["stats"].out
    assert "Clicks, traces and times are simulated" in said["stats"].out


def test_a_figure_is_drawn_beside_the_tables(walked):
    at, said = walked
    assert f"figure: {at / 'clicks' / 'statistics.png'}" in said["stats"].out
    with Image.open(at / "clicks" / "statistics.png") as figure:
        assert min(figure.size) > 200


def test_a_dataset_that_nobody_clicked_on_can_be_described(sidelight, walked, tmp_path):
    said = sidelight("data", "stats", walked[0] / "boxes", "--figure", tmp_path / "figure.png")
    assert said.code == 0
    assert "pictures" in said.out


def test_a_figure_is_a_png(sidelight, walked, tmp_path):
    said = sidelight("data", "stats", walked[0] / "clicks", "--figure", tmp_path / "figure.pdf")
    assert said.code == 1
    assert "allowed: .png" in said.err
