import os
import zlib

import pytest
from PIL import Image

from sidelight.collect.campaign import images
from sidelight.collect.campaign.images import NoPicture, Sniffed, locate, scan, sniff
from sidelight.records.errors import UserFault


def picture(file, size=(8, 6), **options):
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (40, 90, 200)).save(file, **options)
    return file


def faults_of(root) -> dict[str, str]:
    return {fault.location: fault.message for fault in scan(root, pool="images")[1]}


def test_folders_name_classes_and_ids_say_nothing(photos):
    found, faults = scan(photos, pool="images")
    assert faults == []
    assert [(one.path, one.label) for one in found][:2] == [("loose.webp", ""), ("heron/0.jpg", "heron")]
    assert {one.label for one in found} == {"owl", "heron", ""}
    assert len({one.id for one in found}) == 13
    assert {(one.width, one.height) for one in found if one.label == "heron"} == {(6, 9)}
    assert not set(scan(photos, pool="images")[0]) & set(found)


def test_sizes_are_those_of_the_upright_picture(tmp_path):
    turned = Image.Exif()
    turned[images.ORIENTATION] = 6
    picture(tmp_path / "a.jpg", (20, 10), exif=turned)
    assert sniff(tmp_path / "a.jpg") == Sniffed("image/jpeg", 10, 20)


def test_the_type_is_what_is_inside_whatever_the_name_says(tmp_path):
    picture(tmp_path / "a.png").rename(tmp_path / "a.jpg")
    assert sniff(tmp_path / "a.jpg").type == "image/png"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "'.svg'"),
        ("a.png", b"<svg onload=alert(1)></svg>", "not a picture inside"),
        ("a.html", b"<html></html>", "'.html'"),
        ("a.jpg", b"\xff\xd8\xff\xe0 cut off", "picture"),
        ("a.webp", b"", "not a picture inside"),
        ("a.gif", b"GIF89a", "'.gif'"),
        ("noending", b"x", "'nothing'"),
    ],
)
def test_what_is_no_picture_gets_one_line(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    (message,) = faults_of(tmp_path).values()
    assert says in message
    assert "\n" not in message


@pytest.mark.parametrize("markup", [b"<script>alert(1)</script>", b"<HTML>", b"<svg onload=x>", b"<!DOCTYPE html>"])
@pytest.mark.parametrize("where", ["behind", "within"])
def test_a_picture_that_is_also_a_page_is_refused(tmp_path, markup, where):
    file = picture(tmp_path / "a.png")
    raw = file.read_bytes()
    if where == "behind":
        file.write_bytes(raw + markup)
    else:
        text = b"tEXt" + b"Comment\0" + markup
        chunk = (len(text) - 4).to_bytes(4, "big") + text + zlib.crc32(text).to_bytes(4, "big")
        file.write_bytes(raw[:33] + chunk + raw[33:])
    assert "markup" in faults_of(tmp_path)["a.png"]


def test_pixel_bombs_are_refused_unread(tmp_path):
    header = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    head = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + header + zlib.crc32(header).to_bytes(4, "big")
    (tmp_path / "a.png").write_bytes(head + b"\0\0\0\0IDAT")
    assert "pixels" in faults_of(tmp_path)["a.png"]


def test_links_out_of_the_folder_are_refused_and_links_to_folders_are_not_followed(photos, tmp_path):
    picture(tmp_path / "secret" / "s.png")
    (photos / "owl" / "out.png").symlink_to(tmp_path / "secret" / "s.png")
    (photos / "gone.png").symlink_to(tmp_path / "nothing.png")
    (photos / "far.png").symlink_to(tmp_path / "secret")
    found, _ = scan(photos, pool="images")
    assert len(found) == 13
    assert set(faults_of(photos)) == {"owl/out.png", "gone.png", "far.png"}


def test_pipes_and_folders_that_look_like_pictures_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    assert "no ordinary file" in faults_of(tmp_path)["pipe.png"]
    assert scan(tmp_path, pool="images")[0] == []


def test_names_that_would_upset_a_terminal_or_the_database_are_told_safely(tmp_path):
    (tmp_path / "a\x1b[31m.txt").write_bytes(b"")
    os.close(os.open(os.fsencode(tmp_path) + b"/b\xff.png", os.O_CREAT))
    told = faults_of(tmp_path)
    assert set(told) == {"a?[31m.txt", "b\\udcff.png"}
    assert "UTF-8" in told["b\\udcff.png"]


def test_hidden_files_are_passed_over(photos):
    (photos / ".DS_Store").write_bytes(b"x")
    picture(photos / ".cache" / "a.png")
    assert len(scan(photos, pool="images")[0]) == 13


def test_a_missing_folder_is_a_fault(tmp_path):
    with pytest.raises(UserFault, match="no such folder"):
        scan(tmp_path / "none", pool="images")


@pytest.mark.parametrize("path", ["../secret.png", "/etc/hostname", "owl/../../secret.png", "a\0b", "owl", "none.png"])
def test_only_files_within_the_folder_are_located(photos, path):
    picture(photos.parent / "secret.png")
    with pytest.raises(NoPicture):
        locate(photos, path)
    assert locate(photos, "owl/0.png") == photos / "owl" / "0.png"
