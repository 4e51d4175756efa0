"""A campaign's work as a sidelight dataset."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from sidelight.collect.export.consensus import decided_label, tagged_labels, voted_labels
from sidelight.collect.export.grade import POLICIES, Grade, Task
from sidelight.collect.export.saliency import mean_map, painted
from sidelight.collect.export.work import Seen
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.source.split import split_by_share
from sidelight.records.example import Example, Split

VALIDATION_SHARE, TEST_SHARE, SPLIT_SEED = 0.1, 0.2, 0
"""As for a folder of pictures: drawn for each picture by its path alone."""


def write_dataset(
    out: Path,
    pictures: Iterable[Seen],
    *,
    name: str,
    task: Task,
    classes: tuple[str, ...],
    image_root: Path,
    grade: Grade,
    provenance: Mapping[str, str],
    simulated: str = "",
    overwrite: bool = False,
) -> Counter[str]:
    """Write a dataset; each picture with all annotations about it.

    A picture's label is the requester's, where known; else the class that most people saw on it (browse, paint). Tagged
    pictures have the classes that at least half of the people left an icon of. Pictures without a label cannot be in a
    single-label dataset (distractors that nobody selected, decisions that tie): they are left out and counted. Painted
    masks become one map a picture; where all are blank there is none.

    Returns:
        Counts of pictures, annotations, maps, and of what was left out.
    """
    counts: Counter[str] = Counter()
    writer = DatasetWriter(
        out,
        name=name,
        task="multi_label" if task == "tag" else "single_label",
        classes=classes,
        image_root=image_root,
        point_policies=POLICIES[task][grade],
        source="campaign",
        simulated=simulated,
        provenance=provenance,
        privacy_grade=grade,
        overwrite=overwrite,
    )
    with writer as dataset:
        for seen in pictures:
            labels = _labels(seen, task, classes)
            if not labels and task != "tag":
                counts["pictures_without_label"] += 1
                continue
            example = Example(seen.path, seen.path, _split(seen.path), seen.width, seen.height, labels)
            annotations = [annotation for work in seen.works for annotation in work.annotations]
            saliency = mean_map([painted(work.mask) for work in seen.works if work.mask is not None])
            dataset.add(example, annotations, saliency=saliency)
            counts.update(pictures=1, annotations=len(annotations), maps=int(saliency is not None))
            counts["pictures_without_map"] += task == "paint" and grade != "L0" and saliency is None
        dataset.note(**{f"count.{what}": str(count) for what, count in sorted(counts.items())})
    return counts


def _split(path: str) -> Split:
    return split_by_share(path, validation=VALIDATION_SHARE, test=TEST_SHARE, seed=SPLIT_SEED)


def _labels(seen: Seen, task: Task, classes: tuple[str, ...]) -> tuple[int, ...]:
    annotations = [annotation for work in seen.works for annotation in work.annotations]
    if task == "tag":
        return tagged_labels(annotations, people=len(seen.works))
    if seen.label in classes:
        return (classes.index(seen.label),)
    if task == "browse":
        return voted_labels(annotations)[:1]
    decided = decided_label(annotations)
    return () if decided is None else (decided,)
