"""Settings become a dataset: the decoy benchmark, drawn and written."""

import tempfile
from dataclasses import asdict
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
from PIL import Image

from sidelight.data.decoy.artefact import GENERATORS
from sidelight.data.decoy.picture import draw_picture
from sidelight.data.decoy.settings import AGREEMENT, CLASSES, Decoy, Plan
from sidelight.data.format.manifest import Manifest
from sidelight.data.format.reader import Dataset
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.source.progress import Progress, silent
from sidelight.records.example import Box, Example

STATEMENT = "The pictures are drawn by sidelight, and so are the people who painted the maps."


def draw_decoy(decoy: Decoy, out: Path, *, progress: Progress = silent, overwrite: bool = False) -> Manifest:
    """Draw the benchmark and write it as a dataset with exact masks and boxes, and maps on its annotated part.

    `Example.group` names who made a picture: "genuine", or one of the domain's generators.

    Args:
        decoy: what to draw.
        out: folder of the dataset; the pictures lie in its `images`.
        progress: told (done, total).
        overwrite: replace what is there.

    Returns:
        The manifest, with every setting in its provenance.

    Raises:
        UserFault: if `out` is in the way.
    """
    plans = list(decoy.plans())
    with (
        tempfile.TemporaryDirectory() as drawing,
        DatasetWriter(
            out,
            name=f"decoy-{decoy.domain}-{decoy.shortcut}",
            task="single_label",
            classes=CLASSES,
            image_root="images",
            source="decoy",
            simulated=STATEMENT,
            provenance=_provenance(decoy),
            privacy_grade="L0",
            licence="drawn by sidelight: Apache-2.0",
            overwrite=overwrite,
        ) as writer,
    ):
        file = Path(drawing) / "picture.png"
        for done, plan in enumerate(plans, start=1):
            _add(writer, decoy, plan, file)
            progress(done, len(plans))
    return Dataset.open(out).manifest


def _add(writer: DatasetWriter, decoy: Decoy, plan: Plan, file: Path) -> None:
    maker = plan.generator if plan.label else ""
    drawn = draw_picture(decoy.domain, maker, plan.kind, key=plan.key, side=decoy.side, people=decoy.people)
    Image.fromarray(drawn.picture).save(file)
    example = Example(
        id=plan.id,
        path=f"{plan.id}.png",
        split=plan.split,
        width=decoy.side,
        height=decoy.side,
        labels=(plan.label,),
        boxes=(_box(drawn.inside, plan.label),),
        group=plan.generator,
    )
    mask = drawn.inside * np.uint8(plan.label + 1)
    saliency = np.round(255 * drawn.saliency).astype(np.uint8) if plan.annotated else None
    writer.add(example, mask=mask, saliency=saliency, image=file)


def _box(inside: npt.NDArray[np.bool_], label: int) -> Box:
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    height, width = inside.shape
    return Box(columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height, label=label)


def _provenance(decoy: Decoy) -> dict[str, str]:
    settings = {f"option.{name}": str(value) for name, value in asdict(decoy).items()}
    generators = GENERATORS[decoy.domain]
    return settings | {
        "agreement": str(AGREEMENT[decoy.shortcut]),
        "generators.training": msgspec.json.encode({k: repr(v) for k, v in generators.training.items()}).decode(),
        "generators.unseen": msgspec.json.encode({k: repr(v) for k, v in generators.unseen.items()}).decode(),
    }
