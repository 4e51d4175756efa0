import pytest
import torch

from sidelight.model.files import load_tensors, save_tensors, write_whole
from sidelight.records.errors import UserFault


def test_tensors_come_back_as_they_were(tmp_path):
    given = {
        "a": torch.rand(2, 3, 4, 4).contiguous(memory_format=torch.channels_last),
        "b": torch.tensor(7),
        "c": torch.rand(3).bfloat16(),
        "d": torch.rand(4, 6).T,
    }
    save_tensors(tmp_path / "x.safetensors", given)
    found = load_tensors(tmp_path / "x.safetensors")
    assert all(torch.equal(found[name], value) and found[name].dtype == value.dtype for name, value in given.items())


def test_two_names_of_one_tensor_are_both_kept(tmp_path):
    shared = torch.rand(3)
    save_tensors(tmp_path / "x.safetensors", {"a": shared, "b": shared})
    assert torch.equal(load_tensors(tmp_path / "x.safetensors")["b"], shared)


def test_equal_tensors_give_equal_files_in_whatever_order(tmp_path):
    a, b = torch.ones(2), torch.zeros(3)
    save_tensors(tmp_path / "1", {"a": a, "b": b})
    save_tensors(tmp_path / "2", {"b": b, "a": a})
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_the_old_file_stays_when_writing_the_new_one_fails(tmp_path):
    file = tmp_path / "x"
    write_whole(file, b"old")
    with pytest.raises(TypeError):
        write_whole(file, "not bytes")  # type: ignore[arg-type]
    assert file.read_bytes() == b"old"


def test_nothing_but_the_file_is_left_behind(tmp_path):
    write_whole(tmp_path / "new" / "x", b"content")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["x"]


@pytest.mark.parametrize("content", [None, b"", b"\x08\x00\x00\x00\x00\x00\x00\x00{}      trailing", b"\xff" * 40])
def test_a_missing_or_broken_file_is_a_clear_fault(tmp_path, content):
    file = tmp_path / "x.safetensors"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UserFault, match=r"x\.safetensors: unreadable"):
        load_tensors(file)
