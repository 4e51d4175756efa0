"""Lists that name the class of each picture, for the validation photos of ImageNet unpacked into one flat folder.

Three public forms are read: `NAME INDEX` a line (Caffe's val.txt), `NAME,INDEX` (class_labels.txt of wsolevaluation),
and `ImageId,PredictionString` with the wnid first (Kaggle's LOC_val_solution.csv). A wnid may stand for an index. The
development kit's list of bare numbers is refused: its numbers are in an order of its own, not that of models' outputs.
"""

import re
from pathlib import Path

from sidelight.data.public.imagenet_names import CLASSES, index_of
from sidelight.records.errors import Fault, UserFault

LINE = re.compile(r"(?P<name>[^\s,]+)[\s,]+(?P<label>n[0-9]{8}|[0-9]+)(?:\s.*)?")
BARE = re.compile(r"[0-9]+")


def read_ground_truth(file: Path) -> tuple[dict[str, int], list[Fault]]:
    """Read a list.

    Args:
        file: in one of the forms above; a first line of headings is passed over.

    Returns:
        {file name without folders and ending: index of ImageNet-1K}, and a fault for each line that is not understood.

    Raises:
        UserFault: if it cannot be read, or is the development kit's list.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(file, f"unreadable ({type(error).__name__})") from error
    if lines and BARE.fullmatch(lines[0].strip()):
        raise _refused(file, "bare numbers: the development kit's own order of classes")
    labels: dict[str, int] = {}
    faults = []
    for number, line in enumerate(lines, start=1):
        found = LINE.fullmatch(line.strip())
        label = None if found is None else _label(found["label"])
        if found is not None and label is not None:
            labels[Path(found["name"]).stem] = label
        elif line.strip() and number > 1:
            faults.append(Fault(f"{file}, line {number}", f"{line[:60]!r}; a name and its class are expected"))
    if not labels:
        raise _refused(file, "no line with a name and its class")
    return labels, faults


def _label(text: str) -> int | None:
    if text.startswith("n"):
        return index_of(text)
    return int(text) if int(text) < CLASSES else None


def _refused(file: Path, seen: str) -> UserFault:
    return UserFault(
        f"ground truth {file}",
        seen=seen,
        allowed="lines 'NAME INDEX', 'NAME,INDEX' or Kaggle's LOC_val_solution.csv",
        remedy="Take LOC_val_solution.csv, or sort the photos into folders named by wnid",
    )
