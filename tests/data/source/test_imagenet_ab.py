import gzip
import io
import random
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sidelight.data.format.points import PointPolicyChoice, read_points
from sidelight.data.format.reader import Dataset
from sidelight.data.source.ab_file import AbFile, AbMetadata, AbObject, AbSample
from sidelight.data.source.ab_layout import serialise
from sidelight.data.source.ab_xml import MAX_BYTES
from sidelight.data.source.imagenet_ab import ImageNetAB
from sidelight.data.source.progress import silent
from sidelight.records.errors import UserFault

WHOLE = (Path(__file__).parent / "fixtures" / "n01440764_105.xml").read_bytes()
DOUBLE = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        "


def record(name, *clicks, selected=True, **more):
    clicks = tuple(AbSample(10**12 + i, x, y) for i, (x, y) in enumerate(clicks))
    metadata = AbMetadata(image_id=f"{name.split('_')[0]}/{name}", selected=selected, clicks=clicks, **more)
    return AbFile(size=(500, 375, 3), metadata=(metadata,))


def folder(root, files):
    for name, data in files.items():
        path = root / "train_xml" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def tar(path, files, mode="w:gz"):
    with tarfile.open(path, mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(f"train_xml/{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def convert(source, out, **options):
    manifest, faults = ImageNetAB(**options).convert(source, out, progress=silent, overwrite=True)
    return Dataset.open(out), manifest, [str(fault) for fault in faults]


FILES = {
    "n01440764/n01440764_105.xml": WHOLE,
    "n01440764/._n01440764_105.xml": DOUBLE,
    "n01443537/n01443537_7.xml": serialise(record("n01443537_7", (0.2, 0.4))),
    "n01440764/n01440764_9.xml": serialise(AbFile(size=(500, 375, 3))),
}


@pytest.fixture(params=["folder", "tar.gz", "tar"])
def release(request, tmp_path):
    if request.param == "folder":
        return folder(tmp_path / "release", FILES)
    return tar(tmp_path / f"release.{request.param}", FILES, "w:gz" if request.param == "tar.gz" else "w")


def test_a_release_becomes_a_dataset(release, tmp_path):
    dataset, manifest, faults = convert(release, tmp_path / "out")
    assert faults == []
    assert manifest.classes == ("n01440764", "n01443537")
    examples = {e.id: e for e in dataset.examples()}
    assert sorted(examples) == ["n01440764_105", "n01440764_9", "n01443537_7"]
    e = examples["n01440764_105"]
    assert (e.path, e.split, e.width, e.height) == ("train/n01440764/n01440764_105.JPEG", "train", 500, 375)
    assert (e.labels, e.group) == ((0,), "n01440764")
    assert e.boxes[0].label == 0
    assert e.boxes[0].x1 == 1.0


def test_annotations_arrive_with_their_events(release, tmp_path):
    dataset, _, _ = convert(release, tmp_path / "out", identity="keep")
    annotations = {a.id: a for a in dataset.annotations()}
    assert sorted(annotations) == ["n01440764_105:0", "n01443537_7:0"]
    a = annotations["n01440764_105:0"]
    assert (a.annotator, a.label, len(a.events)) == ("47DBDD543E", 0, 9)


def test_the_manifest_counts_what_was_met(release, tmp_path):
    _, manifest, _ = convert(release, tmp_path / "out")
    told = manifest.provenance
    assert (told["examples"], told["annotations"], told["apple_doubles"]) == ("3", "2", "1")
    assert (told["examples_without_annotation"], told["faults"]) == ("1", "0")


def test_folder_and_tar_give_the_same_dataset(tmp_path):
    sources = [folder(tmp_path / "release", FILES), tar(tmp_path / "a.tar.gz", FILES), tar(tmp_path / "a.tar", FILES)]
    prints = {convert(source, tmp_path / "out", identity="keep")[1].fingerprint for source in sources}
    assert len(prints) == 1


def test_pseudonyms_are_fresh_every_time_and_grade_the_dataset(tmp_path):
    source = folder(tmp_path / "release", FILES)
    first, second = (convert(source, tmp_path / name) for name in ("one", "two"))
    names = [next(d.annotations()).annotator for d, _, _ in (first, second)]
    assert len({*names, "47DBDD543E", ""}) == 4
    assert first[1].privacy_grade == "L2"
    assert convert(source, tmp_path / "kept", identity="keep")[1].privacy_grade == "L3"


def test_nothing_of_an_annotators_name_reaches_the_disk(tmp_path):
    dataset, _, _ = convert(folder(tmp_path / "release", FILES), tmp_path / "out")
    told = f"{[table.to_pylist() for table in map(dataset.table, ('examples', 'annotations', 'traces'))]}"
    assert not any(raw in told for raw in ("47DBDD543E", "36DSNE9Q", "3URJ6VVY", "5cd81d28", "imagePosition"))


def test_the_official_policy_averages_first_clicks_over_records(tmp_path):
    name = "n01440764_1"
    twice = record(name, (0.1, 0.2), (0.9, 0.9))
    file = AbFile(
        size=twice.size,
        metadata=twice.metadata
        + record(name, (0.3, 0.6)).metadata
        + record(name, (0.8, 0.8), selected=False).metadata
        + record(name).metadata,
    )
    dataset, _, faults = convert(folder(tmp_path / "in", {f"n01440764/{name}.xml": serialise(file)}), tmp_path / "out")
    assert faults == []
    assert read_points(dataset, PointPolicyChoice("first", "mean")).xy[0, 0].tolist() == pytest.approx([0.2, 0.4])
    assert read_points(dataset, PointPolicyChoice("final", "mean")).xy[0, 0].tolist() == pytest.approx([0.6, 0.75])
    assert read_points(dataset, PointPolicyChoice("first", "first")).xy[0, 0].tolist() == pytest.approx([0.1, 0.2])


def test_classes_of_a_file_choose_and_order(tmp_path):
    names = tmp_path / "classes.txt"
    names.write_text("n01443537 goldfish\nn01484850 shark\n")
    dataset, manifest, faults = convert(folder(tmp_path / "in", FILES), tmp_path / "out", classes=names)
    assert manifest.classes == ("n01443537", "n01484850")
    assert [(e.id, e.labels) for e in dataset.examples()] == [("n01443537_7", (0,))]
    assert (manifest.provenance["other_classes"], faults) == ("2", [])


@pytest.mark.parametrize("text", ["", "a\na\n", b"\xff\xfe"])
def test_classes_that_say_nothing_are_refused(tmp_path, text):
    names = tmp_path / "classes.txt"
    names.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UserFault, match="Mend the file"):
        convert(folder(tmp_path / "in", FILES), tmp_path / "out", classes=names)


def test_images_are_referred_to(tmp_path):
    source = folder(tmp_path / "in", FILES)
    assert convert(source, tmp_path / "out")[1].image_root == "images"
    with pytest.raises(UserFault, match="no folder 'train' in it"):
        convert(source, tmp_path / "out", images=tmp_path)
    (tmp_path / "train").mkdir()
    assert convert(source, tmp_path / "out", images=tmp_path)[1].image_root == tmp_path.as_posix()


def test_boxes_may_be_left_behind(tmp_path):
    dataset, _, _ = convert(folder(tmp_path / "in", FILES), tmp_path / "out", keep_boxes=False, split="validation")
    assert {(e.boxes, e.split) for e in dataset.examples()} == {((), "validation")}


BAD = {
    "n01440764/n01440764_2.xml": (b"<annotation>", "no well-formed XML: no element found"),
    "n01440764/n01440764_3.xml": (b"<!DOCTYPE annotation><annotation/>", "a document type (DOCTYPE)"),
    "n01440764/n01440764_4.xml": (WHOLE.replace(b"341", b"soon"), "'metadata' 1: estimateTime is 'soon'"),
    "n01440764/n01440764_5.xml": (serialise(record("n01440764_6")), "imageID is 'n01440764/n01440764_6'"),
    "n01440764/n01440764_7.xml": (b"<annotation/>", "no usable width and height"),
    "n01440764/n01440764_8.xml": (b" " * (MAX_BYTES + 1), f"at most {MAX_BYTES} are read"),
    "n01440764/n01440764_1.xml": (
        serialise(AbFile(size=(5, 5, 3), objects=(AbObject(box=(9, 9, 1, 1)),))),
        "the box is (9, 9, 1, 1)",
    ),
}


@pytest.mark.parametrize("kind", ["folder", "tar.gz"])
def test_every_bad_file_is_one_line_with_its_name_and_no_good_record_is_lost(tmp_path, kind):
    files = {
        "n01440764/n01440764_105.xml": WHOLE,
        **{name: data for name, (data, _) in BAD.items()},
        "n02/n02_1.xml": WHOLE.replace(b"n01440764/n01440764_105", b"n02/n02_1"),
    }
    source = folder(tmp_path / "in", files) if kind == "folder" else tar(tmp_path / "in.tar.gz", files)
    dataset, _, faults = convert(source, tmp_path / "out")
    for name, (_, said) in BAD.items():
        (line,) = [fault for fault in faults if name in fault]
        assert said in line
        assert "\n" not in line
    assert len(faults) == len(BAD)
    assert {"n01440764_105:0", "n02_1:0"} == {a.id for a in dataset.annotations()}


def test_a_second_file_about_a_picture_is_told_and_the_first_counts(tmp_path):
    later = {"n01440764/n01440764_105.xml": WHOLE, "again/n01440764/n01440764_105.xml": WHOLE}
    _, manifest, faults = convert(tar(tmp_path / "a.tar", later), tmp_path / "out")
    assert "a second file about n01440764_105; the first counts" in faults[-1]
    assert manifest.provenance["examples"] == "1"


@pytest.mark.parametrize("name", ["../../etc/x.xml", "n1/..xml", "n1/n1_a b.xml", "n1_1.xml", "n1/n1_\x1b[31m.xml"])
def test_a_record_under_a_strange_name_is_one_harmless_line(tmp_path, name):
    _, manifest, faults = convert(tar(tmp_path / "a.tar", {name: WHOLE} | FILES), tmp_path / "out")
    assert manifest.provenance["examples"] == "3"
    assert faults[0].isprintable()
    assert faults[0].endswith("not named <wnid>/<wnid>_<n>.xml; left out")


def test_files_of_another_kind_are_counted_and_passed_over(tmp_path):
    _, manifest, faults = convert(tar(tmp_path / "a.tar", {"README": b"hello"} | FILES), tmp_path / "out")
    assert (manifest.provenance["other_files"], faults) == ("1", [])


@pytest.mark.parametrize("what", ["an empty folder", "an empty tar", "only bad files", "random bytes"])
def test_a_source_without_a_record_is_refused_and_leaves_nothing(tmp_path, what):
    source = tmp_path / "in"
    if what == "an empty folder":
        source.mkdir()
    elif what == "random bytes":
        source.write_bytes(random.Random(0).randbytes(5000))
    else:
        tar(source, {} if what == "an empty tar" else {"n1/n1_1.xml": b"<a/>"})
    with pytest.raises(UserFault):
        convert(source, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_tar_cut_off_in_the_middle_keeps_what_came_before(tmp_path):
    names = [f"n1/n1_{number}.xml" for number in range(60)]
    noise = random.Random(1)
    files = {n: serialise(record(n[3:-4], (noise.random(), noise.random()))) for n in names}
    data = tar(tmp_path / "a.tar.gz", files).read_bytes()
    (tmp_path / "a.tar.gz").write_bytes(data[: len(data) // 2])
    dataset, _, faults = convert(tmp_path / "a.tar.gz", tmp_path / "out")
    assert 15 < len(dataset.examples()) < 45
    assert [e.id for e in dataset.examples()] == [n[3:-4] for n in names][: len(dataset.examples())]
    assert "cut off" in faults[-1]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_to_a_tar_is_ever_an_accident(tmp_path, data):
    whole = gzip.decompress(tar(tmp_path / "a.tar.gz", FILES).read_bytes())
    place = data.draw(st.integers(0, len(whole)))
    damaged = whole[:place] + data.draw(st.binary(max_size=20)) + whole[place + data.draw(st.integers(0, 900)) :]
    (tmp_path / "a.tar").write_bytes(damaged)
    try:
        dataset, _, _ = convert(tmp_path / "a.tar", tmp_path / "out")
    except UserFault:
        return
    assert len(dataset.examples()) <= 3


def test_progress_is_told_with_its_total(tmp_path):
    told = []
    source = folder(tmp_path / "in", FILES)
    ImageNetAB().convert(source, tmp_path / "out", progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (4, 4)
