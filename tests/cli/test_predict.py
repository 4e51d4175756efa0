import csv
import shutil


def test_a_table_and_a_picture_each_are_written(walked):
    at, said = walked
    assert said["predict"].code == 0
    assert f"48 pictures, 0 faults -> {at / 'table.csv'}" in said["predict"].out
    with (at / "table.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == len(list((at / "looks").iterdir())) == 48
    assert {row["class_1"] for row in rows} <= {"red", "green", "blue"}


def test_an_unreadable_picture_is_told_and_the_others_are_done(sidelight, walked, table, tmp_path):
    shutil.copy(table.with_name("0.png"), tmp_path / "good.png")
    (tmp_path / "bad.png").write_bytes(b"no picture")
    said = sidelight("predict", walked[0] / "run", tmp_path, "--out", tmp_path / "table.csv", "--top", 1)
    assert said.code == 0
    assert f"fault: {tmp_path / 'bad.png'}: 10 bytes" in said.out
    assert "1 pictures, 1 faults" in said.out


def test_nothing_but_unreadable_pictures_is_a_failure(sidelight, walked, tmp_path):
    (tmp_path / "bad.png").write_bytes(b"no picture")
    assert sidelight("predict", walked[0] / "run", tmp_path, "--out", tmp_path / "table.csv").code == 1
