import pytest
from tests.public_trees import si_score

from sidelight.data.public.si_score import SiLocation, SiRotation, SiSize
from sidelight.records.errors import UserFault

PICTURES = [
    (3, "kite", 21, {"area": 0.05, "rotation": 10, "x_coord": 0.1, "y_coord": 0.2}),
    (7, "kite", 21, {"area": 0.050, "rotation": 10, "x_coord": 0.1, "y_coord": 0.25}),
    (11, "pitcher (container)", 725, {"area": 0.5, "rotation": 350, "x_coord": 0.1, "y_coord": 0.2}),
    (12, "bagel", 931, {"area": 1.0, "rotation": 10, "x_coord": 0.1, "y_coord": 0.2}),
]


@pytest.fixture
def root(tmp_path):
    for folder in ("area", "location20_area02_min0pc", "rotation"):
        si_score(tmp_path / folder, PICTURES)
    return tmp_path


@pytest.mark.parametrize(
    ("reader", "groups"),
    [
        (SiSize, ["1", "0.05", "0.05", "0.5"]),
        (SiLocation, ["0.1,0.2", "0.1,0.2", "0.1,0.25", "0.1,0.2"]),
        (SiRotation, ["10", "10", "10", "350"]),
    ],
)
def test_classes_and_factor_values_come_from_the_download(root, reader, groups):
    (part,) = reader().read(root).parts
    assert [(row.path, row.labels) for row in part.rows] == [
        ("bagel/12.jpg", (931,)),
        ("kite/3.jpg", (21,)),
        ("kite/7.jpg", (21,)),
        ("pitcher (container)/11.jpg", (725,)),
    ]
    assert [row.group for row in part.rows] == groups


def test_pictures_and_metadata_must_agree(root):
    (root / "area" / "kite" / "7.jpg").rename(root / "area" / "kite" / "4.jpg")
    (root / "area" / "kites").mkdir()
    listing = SiSize().read(root)
    assert [fault.message for fault in listing.faults] == [
        "metadata.csv has no such picture",
        "this folder's name is no class of the benchmark",
        "3 objects with pictures instead of 61",
        "3 pictures of metadata.csv instead of 4",
    ]
    assert (listing.count, listing.expected) == (3, 4)


def test_another_factor_s_metadata_shows_by_a_factor_that_does_not_vary(root):
    text = (root / "area" / "metadata.csv").read_text().replace("0.5,", "0.05,").replace("1.0,", "0.05,")
    (root / "area" / "metadata.csv").write_text(text)
    assert SiSize().read(root).faults[0].message == "size does not vary: the file of another factor"


def test_csv_files_may_lie_elsewhere(root, tmp_path):
    apart = tmp_path / "apart"
    apart.mkdir()
    for name in ("metadata.csv", "foreground_classes.csv"):
        (root / "rotation" / name).rename(apart / name)
    with pytest.raises(UserFault, match=r"foreground_classes\.csv: unreadable.*object_rotation/.*--si_rotation"):
        SiRotation().read(root)
    reader = SiRotation(metadata=apart / "metadata.csv", foreground_classes=apart / "foreground_classes.csv")
    assert reader.read(root).count == 4


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("metadata.csv", "image_id,rotation\n3,10\n", "no column area"),
        ("metadata.csv", "image_id,area\n3,large\n", r"metadata\.csv, line 2: could not convert .*'large'"),
        ("foreground_classes.csv", "int,label\n1000,kite\n", r"foreground_classes\.csv, line 2: int is '1000'"),
    ],
)
def test_other_csv_files_are_refused(root, name, text, said):
    (root / "area" / name).write_text(text)
    with pytest.raises(UserFault, match=said):
        SiSize().read(root)
