import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from tests.fakes import colour_model, paint

from sidelight.data.public.imagenet_names import wnids
from sidelight.data.public.imagenet_r import ImageNetR
from sidelight.evaluate.public.subset import Subset
from sidelight.evaluate.public.top1 import Top1
from sidelight.pipeline.public import Chosen, Place, chosen, evaluate_public, kept_results
from sidelight.pipeline.public_predictions import read_dump, score_predictions
from sidelight.records.errors import UserFault

LABELS = {1: 1, 2: 500, 13: 13, 999: 999}
"""Index of a folder of ImageNet-R, and what its one picture looks like."""
R_CLASSES = (1, 2, 4, 6)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Validation photos in folders, and ImageNet-R's layout."""
    root = tmp_path_factory.mktemp("downloads")
    for number, (label, shown) in enumerate(LABELS.items(), start=1):
        paint(root / "val" / wnids()[label] / f"ILSVRC2012_val_{number:08d}.JPEG", shown)
    for label in R_CLASSES:
        paint(root / "imagenet-r" / wnids()[label] / "art_0.jpg", label if label < 6 else 5)
    return root


@pytest.fixture(scope="module")
def place(root):
    return Place(root, partial=True)


@pytest.fixture(scope="module")
def dump(root):
    """Names with folders, and the colours' model's scores, in an order of its own."""
    files = sorted((root / "val").rglob("*.JPEG"), key=lambda file: file.name[::-1])
    model = colour_model()
    views = np.stack([np.asarray(model.show(_open(file), Top1().preparation)) for file in files])
    return [file.relative_to(root).as_posix() for file in files], model.scores(views, Top1().preparation)


def _open(file):
    from sidelight.pipeline.public_pass import open_picture  # noqa: PLC0415

    return open_picture(file)


def values(results):
    return {(r.benchmark, r.metric): (r.value, r.n) for r in results}


def as_file(kind, names, scores, folder):
    """The dump in one of the accepted forms."""
    top = np.argsort(-scores, axis=1)[:, :5]
    file = folder / f"dump.{kind.partition(' ')[0]}"
    ranked = {f"class_{place + 1}": top[:, place] for place in range(5)}
    match kind:
        case "npz logits":
            np.savez(file, names=names, logits=scores)
        case "npz probabilities":
            shifted = np.exp(scores.astype(np.float64) - scores.max(axis=1, keepdims=True))
            np.savez(file, names=names, probabilities=shifted / shifted.sum(axis=1, keepdims=True))
        case "npz top":
            np.savez(file, names=names, top=top)
        case "npy logits":
            np.save(file, scores)
        case "npy top":
            np.save(file, top)
        case "csv top":
            pa.csv.write_csv(pa.table({"path": names, "point_x": [0.5] * len(names), **ranked}), file)
        case "csv wnids":
            named = {column: [wnids()[place] for place in column_values] for column, column_values in ranked.items()}
            pa.csv.write_csv(pa.table({"filename": names, **named}), file)
        case "parquet logits":
            columns = {str(place): scores[:, place] for place in range(1000)}
            pa.parquet.write_table(pa.table({"image": names, **columns}), file)
    (folder / "names.txt").write_text("\n".join(names))
    return file


KINDS = (
    "npz logits", "npz probabilities", "npz top", "npy logits", "npy top", "csv top", "csv wnids", "parquet logits",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_dump_is_scored_as_the_model_itself(kind, dump, place, tmp_path):
    file = as_file(kind, *dump, tmp_path)
    names = tmp_path / "names.txt" if file.suffix == ".npy" else None
    found = score_predictions(file, chosen(["imagenet", "imagenet_real"]), place, names=names, model="theirs")
    itself = evaluate_public(colour_model(), chosen(["imagenet", "imagenet_real"]), place)
    assert values(found) == values(itself)
    assert {r.provenance.recipe for r in found} == {"theirs"}
    assert {r.subset for r in found} == {"all (partial)"}


def test_names_without_folders_are_matched_where_they_are_unique(dump, place, tmp_path):
    names, scores = dump
    file = as_file("npz top", [name.rpartition("/")[2] for name in names], scores, tmp_path)
    assert values(score_predictions(file, chosen(["imagenet"]), place))["imagenet", "top1"] == (0.75, 4)


def test_padding_of_several_processes_counts_once(dump, place, tmp_path):
    names, scores = dump
    wrong = [number for number, name in enumerate(names) if wnids()[2] in name]
    padded = [*range(4), *wrong * 3]  # counted again it would give 3 of 7
    file = as_file("npz logits", [names[n] for n in padded], scores[padded], tmp_path)
    assert values(score_predictions(file, chosen(["imagenet"]), place))["imagenet", "top1"] == (0.75, 4)


def test_two_answers_for_one_picture_are_refused(dump, place, tmp_path):
    names, scores = dump
    file = as_file("npz top", [*names, names[0]], np.concatenate([scores, scores[[1]]]), tmp_path)
    with pytest.raises(UserFault, match="two different rows, 1 and 5"):
        score_predictions(file, chosen(["imagenet"]), place)


def test_a_picture_without_a_prediction_is_named(dump, root, tmp_path):
    names, scores = dump
    file = as_file("npz top", names[:3], scores[:3], tmp_path)
    asked = {"imagenet_r": Chosen(ImageNetR(), Subset(slice=False))}
    with pytest.raises(UserFault, match=r"0 of the 4 pictures of 'imagenet_r' \('n01443537/art_0.jpg' is not there\)"):
        score_predictions(file, asked, Place(root, partial=True))
    (found, _) = score_predictions(file, chosen(["imagenet"]), Place(root, partial=True))
    assert (found.n, found.subset) == (3, "all (partial)")


@pytest.mark.parametrize(("name", "lacks"), [("imagenet_r", "the scores of all classes"), ("imagenet_o", "scores of")])
def test_a_benchmark_that_needs_all_scores_says_so(name, lacks, dump, place, root, tmp_path):
    paint(root / "imagenet-o" / wnids()[2] / "a.JPEG", 2)
    file = as_file("npz top", *dump, tmp_path)
    with pytest.raises(UserFault, match=f"5 highest classes.*{lacks}.*benchmark '{name}'"):
        score_predictions(file, chosen([name]), place)


def test_top5_needs_five_classes(dump, place, tmp_path):
    names, scores = dump
    np.savez(tmp_path / "dump.npz", names=names, top=scores.argmax(axis=1)[:, None])
    with pytest.raises(UserFault, match=r"the 1 highest classes .*the 5 highest classes"):
        score_predictions(tmp_path / "dump.npz", chosen(["imagenet"]), place)
    asked = {"imagenet": Chosen(chosen(["imagenet"])["imagenet"].reader, Top1(top5=False))}
    assert values(score_predictions(tmp_path / "dump.npz", asked, place)) == {("imagenet", "top1"): (0.75, 4)}


def test_scores_are_sliced_as_a_model_s_are(root, place, tmp_path):
    names = [f"{wnids()[label]}/art_0.jpg" for label in R_CLASSES]
    scores = np.zeros((4, 1000), np.float32)
    scores[np.arange(4), R_CLASSES] = 1
    scores[:, 0] = 2  # a class that ImageNet-R does not have
    np.savez(tmp_path / "dump.npz", names=names, logits=scores)
    assert values(score_predictions(tmp_path / "dump.npz", chosen(["imagenet_r"]), place)) == {
        ("imagenet_r", "top1"): (1, 4)
    }
    whole = {"imagenet_r": Chosen(ImageNetR(), Subset(slice=False))}
    assert values(score_predictions(tmp_path / "dump.npz", whole, place)) == {("imagenet_r", "top1"): (0, 4)}


def test_results_are_kept_where_asked(dump, root, tmp_path):
    file = as_file("npz top", *dump, tmp_path)
    found = score_predictions(file, chosen(["imagenet"]), Place(root, tmp_path / "out", partial=True))
    assert kept_results(tmp_path / "out") == found


NAME = np.array(["a"])
BROKEN = {
    "no names": ({"top": [[1]]}, "unreadable .KeyError"),
    "lengths differ": ({"names": NAME, "top": [[1], [2]]}, r"1 names for an array of shape \(2, 1\)"),
    "flat": ({"names": NAME, "top": [1]}, "shape"),
    "other classes": ({"names": NAME, "logits": [[0.5] * 10]}, "scores of 10 classes"),
    "nan": ({"names": NAME, "logits": [[np.nan] * 1000]}, "not a number"),
    "beyond": ({"names": NAME, "top": [[1000]]}, "classes outside 0 to 999"),
    "none": ({"names": NAME, "top": np.zeros((1, 0), int)}, "classes outside"),
    "twice": ({"names": NAME, "top": [[3, 3]]}, "named twice"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_dump_that_is_not_understood_is_refused(case, tmp_path):
    arrays, seen = BROKEN[case]
    np.savez(tmp_path / "dump.npz", **{name: np.asarray(each) for name, each in arrays.items()})
    with pytest.raises(UserFault, match=seen):
        read_dump(tmp_path / "dump.npz")


def test_files_of_other_kinds_are_refused(tmp_path):
    for name, content, seen in (
        ("a.txt", "1", "of the kind '.txt'"),
        ("a.csv", "x,class_1\na,1\n", "no column of names among x, class_1"),
        ("b.csv", "path,class_1\na,dog\n", "unreadable"),
        ("a.parquet", "x", "unreadable"),
        ("a.npz", "x", "unreadable"),
        ("a.npy", "x", "without the pictures' names"),
    ):
        (tmp_path / name).write_text(content)
        with pytest.raises(UserFault, match=seen):
            read_dump(tmp_path / name)
    with pytest.raises(UserFault, match="no such file"):
        read_dump(tmp_path / "c.npz")
