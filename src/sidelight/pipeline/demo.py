"""The whole river on a laptop: pictures, a labelling service, simulated annotators, dataset, trainings, report."""

from collections.abc import Callable
from pathlib import Path

from sidelight.pipeline.collect_demo import label_by_service
from sidelight.pipeline.digits import Digits, draw_digits
from sidelight.pipeline.report import report_study
from sidelight.pipeline.study import run_study
from sidelight.recipes.recipe import Study
from sidelight.records.errors import UserFault
from sidelight.train.loop import StepReport


def run_demo(
    study: Study,
    out: Path,
    *,
    seeds: int,
    jobs: int = 1,
    digits: Digits | None = None,
    announce: Callable[[str], None] = lambda _: None,
    report: Callable[[StepReport], None] | None = None,
) -> Path:
    """Walk the whole way.

    Args:
        study: what to train on the drawn pictures.
        out: folder for everything; an interrupted demo goes on in it.
        seeds: of each condition.
        jobs: trainings at the same time.
        digits: which pictures to draw.
        announce: told in words what comes next.
        report: told of every training step.

    Returns:
        The page to look at.
    """
    if out.exists() and any(out.iterdir()) and not (out / "pictures").is_dir():
        raise UserFault(
            f"folder {out}",
            seen="other files",
            allowed="a new or empty folder, or that of an earlier demo",
            remedy="Choose another --out",
        )
    pictures, clicks = out / "pictures", out / "clicks"
    if not pictures.exists():
        announce("drawing handwritten digits on textures")
        draw_digits(digits or Digits(), pictures)
    if not clicks.exists():
        announce("starting a labelling service for them")
        label_by_service(pictures, clicks, work=out / "campaign", announce=announce)
    run_study(study, clicks, out / "study", seeds=seeds, jobs=jobs, announce=announce, report=report)
    announce("writing the report")
    return report_study(out / "study", clicks)
