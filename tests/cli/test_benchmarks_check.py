import pytest
from tests.fakes import paint

from sidelight.data.public.imagenet_names import wnids
from sidelight.evaluate.public.table import PUBLIC


@pytest.fixture
def root(tmp_path):
    for label in (0, 1):
        paint(tmp_path / "sketch" / wnids()[label] / "sketch_0.JPEG", label)
    (tmp_path / "sketch" / "dogs").mkdir()
    return tmp_path


def test_what_is_there_what_is_missing_and_every_fault_is_said(sidelight, root):
    said = sidelight("benchmarks", "check", "--data-root", root)
    assert said.code == 1
    assert "2 of 50,889 pictures, 3 faults" in said.out
    assert f"fault: {root}/sketch/dogs: this folder's name is no class of the benchmark" in said.out
    assert all(name in said.out for name in PUBLIC)
    assert "imagenet-a/" in said.out  # where a missing one is looked for


def test_what_is_missing_is_no_fault_unless_it_is_asked_for(sidelight, tmp_path):
    assert sidelight("benchmarks", "check", "--data-root", tmp_path).code == 0
    assert sidelight("benchmarks", "check", "--data-root", tmp_path, "--on", "imagenet_a").code == 1


def test_a_folder_can_be_named(sidelight, root):
    (root / "sketch").rename(root / "drawings")
    words = ["benchmarks", "check", "--data-root", root, "--on", "imagenet_sketch"]
    assert "missing" in sidelight(*words).out
    assert "2 of 50,889" in sidelight(*words, "--imagenet_sketch.folder", root / "drawings").out
