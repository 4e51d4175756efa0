from sidelight.data.format.reader import Dataset
from sidelight.data.source.table import SOURCES


def test_a_table_becomes_a_dataset(walked):
    at, said = walked
    assert said["convert"].code == 0
    assert f"48 pictures, 3 classes, 0 faults -> {at / 'boxes'}" in said["convert"].out
    assert Dataset.open(at / "boxes").manifest.classes == ("blue", "green", "red")


def test_options_of_the_source_are_options_of_the_command(sidelight, table, tmp_path):
    said = sidelight("data", "convert", table, "--from", "csv", "--out", tmp_path / "d", "--copy-images")
    assert said.code == 0
    assert len(list((tmp_path / "d" / "images").iterdir())) == 48


def test_faults_are_listed_with_their_places_and_good_records_are_kept(sidelight, table, tmp_path):
    broken = table.with_name("broken.csv")
    broken.write_text(table.read_text() + "nowhere.png,red,,,,,train\n0.png,,,,,,train\n")
    said = sidelight("data", "convert", broken, "--from", "csv", "--out", tmp_path / "d")
    broken.unlink()
    assert said.code == 0
    faults = [line for line in said.out.splitlines() if line.startswith("fault: ")]
    assert [fault.split(":")[1].strip() for fault in faults] == ["broken.csv, line 51", "broken.csv, line 50"]
    assert "48 pictures, 3 classes, 2 faults" in said.out


def test_a_dataset_is_replaced_only_when_asked(sidelight, table, tmp_path):
    words = ["data", "convert", table, "--from=csv", "--out", tmp_path / "d"]
    codes = [sidelight(*words, *more).code for more in ([], [], ["--overwrite"])]
    assert codes == [0, 1, 0]


def test_help_lists_the_sources_and_each_explains_itself(sidelight):
    overview = sidelight("data", "convert", "--help").out
    for name in SOURCES:
        assert f"  {name} " in overview
        assert sidelight("data", "convert", "--from", name, "--help").code == 0
