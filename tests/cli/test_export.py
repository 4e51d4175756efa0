import torch


def test_the_words_it_prints_load_the_file_in_plain_timm(walked):
    at, said = walked
    assert said["export"].code == 0
    where, *lines = said["export"].out.splitlines()
    assert str(at / "net.safetensors") in where
    space = {"torch": torch}
    exec("\n".join(line.strip() for line in lines), space)
    assert space["net"].num_classes == 3


def test_another_layout_is_refused(sidelight, walked, tmp_path):
    said = sidelight("export", walked[0] / "run", "--to", "onnx", "--out", tmp_path / "net.onnx")
    assert said.code == 2
