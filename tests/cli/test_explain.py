from sidelight.data.format.teacher_maps import TEACHER_MAPS_FILE


def test_maps_are_written_and_where_they_are_is_said(sidelight, walked, tmp_path):
    at, _ = walked
    said = sidelight("explain", at / "run", "--data", at / "clicks", "--split", "test", "--out", tmp_path)
    assert (said.code, said.err) == (0, "")
    assert f"12 maps by cam -> {tmp_path}" in said.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["maps.html", TEACHER_MAPS_FILE]


def test_a_method_has_its_own_options(sidelight, walked, tmp_path):
    at, _ = walked
    words = ["explain", at / "run", "--data", at / "clicks", "--split", "test", "--out", tmp_path]
    assert sidelight(*words, "--method", "rise", "--masks", 4, "--cells", 2).code == 0
    assert "masks 4, cells 2" in (tmp_path / "maps.html").read_text("utf-8")
    assert sidelight(*words, "--method", "gradcam", "--masks", 4).code == 2


def test_help_lists_the_methods_and_the_options_of_one(sidelight):
    said = sidelight("explain", "--method", "gradcam", "--help").out
    for word in ("input_gradient", "rise", "--layer", "--relu"):
        assert word in said


def test_an_unknown_method_is_refused_with_the_closest_name(sidelight):
    said = sidelight("explain", "run", "--data", "d", "--out", "o", "--method", "grad-cam")
    assert said.code == 1
    assert "Did you mean 'gradcam'?" in said.err
