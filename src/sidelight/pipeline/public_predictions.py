"""Stored predictions of anybody's model, scored as any benchmark would score the model itself.

A dump names its pictures and has, of each, either scores of all thousand classes or the highest classes in their order:

- `.npz` with `names` and one of `logits`, `probabilities` [n, 1000] or `top` [n, k];
- `.npy` with one of these arrays (integers are classes, other numbers logits), and a text file with a name a line;
- `.csv` or `.parquet` with a column of names (`path`, `filename`, `file`, `image` or `name`) and either columns `0` to
  `999` (logits) or `class_1`, `class_2`, ... (indices or wnids, as `sidelight predict` writes them).

Names are matched by as many of their last folders as are known, at least by the file's name. A picture that is named
twice with the same answer, as padded batches of several processes leave it, counts once.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from sidelight.data.public.imagenet_names import CLASSES, index_of
from sidelight.evaluate.public.measure import Scores
from sidelight.pipeline.public import LOOPS, Chosen, Place, as_results, keep_results, listed
from sidelight.pipeline.public_answers import Answers
from sidelight.records.errors import UserFault
from sidelight.records.result import Provenance, Result

NAMES = ("path", "filename", "file", "image", "name")
BATCH = 1024
AMBIGUOUS = -1
"""In place of a picture's place, where a name means none or several."""


@dataclass(frozen=True)
class Dump:
    """Somebody's predictions.

    Attributes:
        names: [n] of the pictures.
        scores: [n, 1000] logits; None where only the highest classes are known.
        top: [n, k] the highest classes, the first being the model's answer; None where there are scores.
    """

    names: Sequence[str]
    scores: npt.NDArray[np.floating] | None
    top: npt.NDArray[np.integer] | None

    @property
    def depth(self) -> int:
        """How many of the highest classes are known."""
        return CLASSES if self.top is None else int(self.top.shape[1])

    def rows(self, chosen: npt.NDArray[np.intp]) -> Scores:
        """[B, 1000]: the scores, or numbers in the order of the known classes and -inf for the others."""
        if self.scores is not None:
            return np.asarray(self.scores[chosen], dtype=np.float32)
        assert self.top is not None
        found = np.full((len(chosen), CLASSES), -np.inf, dtype=np.float32)
        falling = np.arange(self.depth, 0, -1, dtype=np.float32)
        np.put_along_axis(found, self.top[chosen], np.broadcast_to(falling, (len(chosen), self.depth)), axis=1)
        return found


def score_predictions(
    file: Path, benchmarks: Mapping[str, Chosen], place: Place, *, names: Path | None = None, model: str = ""
) -> list[Result]:
    """Score a dump.

    Args:
        file: in one of the forms above.
        benchmarks: by name.
        place: of the pictures, whose names and folders say what is right; none is opened.
        names: text file with a name a line, for .npy.
        model: what to call the model; "" takes the file's name.

    Raises:
        UserFault: for a dump that is not understood, that lacks pictures, or that has too few classes a picture.
    """
    dump = read_dump(file, names)
    provenance = Provenance(recipe=model or file.stem, environment={"predictions": file.name})
    found: list[Result] = []
    for name, each in benchmarks.items():
        if name in LOOPS:
            raise UserFault(
                f"predictions {file}",
                seen=f"benchmark '{name}', whose pictures are composed while it is measured",
                allowed="benchmarks that show files",
                remedy="Leave it out of --on",
            )
        answers = Answers(name, each.measure, listed(name, each.reader, place))
        _refuse_shallow(file, answers, dump)
        rows = _matched(file, answers, dump, partial=place.partial)
        for first in range(0, len(rows), BATCH):
            pairs = rows[first : first + BATCH]
            answers.add(pairs[:, 0].tolist(), dump.rows(pairs[:, 1]))
        found += as_results(answers, provenance)
    if place.out is not None:
        keep_results(place.out, found)
    return found


def read_dump(file: Path, names: Path | None = None) -> Dump:
    """Read a dump; see the module for its forms.

    Raises:
        UserFault: if it is not understood.
    """
    if not file.is_file():
        raise _refused(file, "no such file")
    readers = {".npz": _from_npz, ".npy": _from_npy, ".csv": _from_table, ".parquet": _from_table}
    if file.suffix not in readers:
        raise _refused(file, f"a file of the kind '{file.suffix}'")
    try:
        dump = readers[file.suffix](file, names)
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        raise _refused(file, f"unreadable ({type(error).__name__}: {str(error)[:80]})") from error
    rows = dump.scores if dump.top is None else dump.top
    if rows is None or rows.ndim != 2 or len(rows) != len(dump.names):
        raise _refused(file, f"{len(dump.names)} names for an array of shape {None if rows is None else rows.shape}")
    if dump.scores is not None and rows.shape[1] != CLASSES:
        raise _refused(file, f"scores of {rows.shape[1]} classes")
    if dump.scores is not None and np.isnan(rows).any():
        raise _refused(file, "a score that is not a number")
    if dump.top is not None and (not rows.size or rows.min() < 0 or rows.max() >= CLASSES):
        raise _refused(file, "classes outside 0 to 999")
    if dump.top is not None and any(len(set(row)) < len(row) for row in dump.top.tolist()):
        raise _refused(file, "a class that is named twice for one picture")
    return dump


def _from_npz(file: Path, _: Path | None) -> Dump:
    with np.load(file, allow_pickle=False) as found:
        kept: dict[str, Any] = {name: found[name] for name in found.files}
    names = [str(name) for name in kept["names"]]
    if "probabilities" in kept:
        with np.errstate(divide="ignore"):
            return Dump(names, np.log(kept["probabilities"]), None)
    return Dump(names, kept["logits"], None) if "logits" in kept else Dump(names, None, kept["top"])


def _from_npy(file: Path, names: Path | None) -> Dump:
    if names is None:
        raise _refused(file, "an array without the pictures' names; add --names FILE, a name a line")
    listed_names = [line.strip() for line in names.read_text("utf-8").splitlines() if line.strip()]
    rows = np.load(file, mmap_mode="r", allow_pickle=False)
    whole = np.issubdtype(rows.dtype, np.integer)
    return Dump(listed_names, None, np.asarray(rows)) if whole else Dump(listed_names, rows, None)


def _from_table(file: Path, _: Path | None) -> Dump:
    table = pa.csv.read_csv(file) if file.suffix == ".csv" else pa.parquet.read_table(file)
    named = next((name for name in NAMES if name in table.column_names), None)
    if named is None:
        raise _refused(file, f"no column of names among {', '.join(table.column_names[:8])}")
    names = [str(name) for name in table[named].to_pylist()]
    if str(CLASSES - 1) in table.column_names:
        columns = [table[str(label)].to_numpy() for label in range(CLASSES)]
        return Dump(names, np.stack(columns, axis=1, dtype=np.float32, casting="unsafe"), None)
    ranked = [column for column in table.column_names if re.fullmatch(r"class_[0-9]+", column)]
    ranked.sort(key=lambda column: int(column.removeprefix("class_")))
    top = [[_class(value) for value in table[column].to_pylist()] for column in ranked]
    return Dump(names, None, np.array(top, dtype=np.int64).T)


def _class(value: object) -> int:
    """An index, or a wnid's.

    >>> _class("n01443537"), _class(7)
    (1, 7)
    """
    index = index_of(str(value)) if str(value).startswith("n") else int(str(value))
    if index is None:
        raise ValueError(f"{value!r} is no class of ImageNet-1K")
    return index


def _refuse_shallow(file: Path, answers: Answers, dump: Dump) -> None:
    depth = answers.measure.depth or CLASSES
    if dump.depth < depth:
        needed = "the scores of all classes" if depth == CLASSES else f"the {depth} highest classes"
        raise UserFault(
            f"predictions {file}",
            seen=f"the {dump.depth} highest classes of each picture",
            allowed=f"{needed}, for benchmark '{answers.name}' with these options",
            remedy="Leave it out of --on, or change the option (top5, slice) that needs so many",
        )


def _matched(file: Path, answers: Answers, dump: Dump, *, partial: bool) -> npt.NDArray[np.intp]:
    """[m, 2]: place of a picture in the benchmark, and its row of the dump."""
    known = _endings(answers)
    taken: dict[int, int] = {}
    for number, name in enumerate(dump.names):
        place = _place(name, known)
        if place in taken:
            _refuse_contradiction(file, dump, taken[place], number)
        elif place != AMBIGUOUS:
            taken[place] = number
    if not taken or (len(taken) < len(answers.rows) and not partial):
        lacking = next(row.path for place, row in enumerate(answers.rows) if place not in taken)
        raise UserFault(
            f"predictions {file}",
            seen=f"{len(taken):,} of the {len(answers.rows):,} pictures of '{answers.name}' ('{lacking}' is not there)",
            allowed="a prediction for every picture",
            remedy="Check the names, or score what is there with --partial",
        )
    return np.array(sorted(taken.items()), dtype=np.intp)


def _endings(answers: Answers) -> dict[str, int]:
    """Everything that a picture may be called: its path, with two folders above it, and every ending of that."""
    known: dict[str, int] = {}
    place = 0
    for part in answers.listing.parts:
        for row in part.rows:
            steps = (*part.root.parts[-2:], *row.path.split("/"))
            for first in range(len(steps)):
                ending = "/".join(steps[first:])
                known[ending] = AMBIGUOUS if ending in known else place
            place += 1
    return known


def _place(name: str, known: Mapping[str, int]) -> int:
    """The picture that a name means, by its longest ending that is known."""
    steps = name.replace("\\", "/").split("/")
    endings = ("/".join(steps[first:]) for first in range(len(steps)))
    return next((known[ending] for ending in endings if ending in known), AMBIGUOUS)


def _refuse_contradiction(file: Path, dump: Dump, first: int, second: int) -> None:
    one, other = dump.rows(np.array([first])), dump.rows(np.array([second]))
    if not np.allclose(one, other, rtol=1e-3, atol=1e-3):
        raise UserFault(
            f"predictions {file}",
            seen=f"two different rows, {first + 1} and {second + 1}, for picture '{dump.names[second]}'",
            allowed="one a picture, or equal ones (padding)",
            remedy="Remove one of them",
        )


def _refused(file: Path, seen: str) -> UserFault:
    return UserFault(
        f"predictions {file}",
        seen=seen,
        allowed=".npz (names + logits, probabilities or top), .npy with --names, .csv or .parquet",
        remedy="See 'Predictions of others' in the documentation of the public benchmarks",
    )
