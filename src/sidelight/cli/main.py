"""Find the command, run it, turn a user's fault into one plain message."""

import importlib
import sys
from collections.abc import Sequence

from sidelight import __version__
from sidelight.records.errors import UserFault, unknown_name

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("sidelight.cli.demo", "walk the whole way on small data that sidelight draws itself"),
    "collect init": ("sidelight.cli.collect_init", "a folder of pictures to a labelling campaign"),
    "collect serve": ("sidelight.cli.collect_serve", "the campaign's pages, for annotators and for you"),
    "collect simulate": (
        "sidelight.cli.collect_simulate",
        "people who do not exist label, through the running service",
    ),
    "collect status": ("sidelight.cli.collect_status", "how far a campaign is"),
    "collect export": (
        "sidelight.cli.collect_export",
        "what was collected: as a dataset, ImageNet-AB, COCO-AB or maps",
    ),
    "collect pay": ("sidelight.cli.collect_pay", "approve people at Prolific, and pay bonuses: shown first, then sent"),
    "collect withdraw": ("sidelight.cli.collect_withdraw", "remove what a person did, by the token she holds"),
    "data convert": ("sidelight.cli.data_convert", "public files, or your own, to a dataset"),
    "data validate": ("sidelight.cli.data_validate", "list every fault of a dataset, with its place"),
    "data stats": ("sidelight.cli.data_stats", "counts, dwell times, clicks in boxes: a table and a figure"),
    "data simulate": ("sidelight.cli.data_simulate", "add simulated clicks and pointer traces from boxes or masks"),
    "data decoy": ("sidelight.cli.data_decoy", "draw a two-class benchmark with a shortcut beside the object"),
    "train": ("sidelight.cli.train", "a recipe and a dataset to a model"),
    "evaluate": ("sidelight.cli.evaluate", "measure a model: accuracy, localisation, reliance on the background"),
    "benchmarks list": (
        "sidelight.cli.benchmarks_list",
        "public benchmarks: what they measure, how they lie on disk, where to get them",
    ),
    "benchmarks check": ("sidelight.cli.benchmarks_check", "what of the public benchmarks is there, and what is wrong"),
    "detect": ("sidelight.cli.detect", "fine-tune Faster or Mask R-CNN on a trained backbone, and measure it"),
    "teach": ("sidelight.cli.teach", "a trained model's maps become a dataset, for students to learn from"),
    "study": ("sidelight.cli.study", "conditions times seeds, with controls and confidence intervals"),
    "report": ("sidelight.cli.report", "one self-contained page from a run or a study"),
    "predict": ("sidelight.cli.predict", "classes, probabilities and where the model looked, for your pictures"),
    "explain": (
        "sidelight.cli.explain",
        "where a model saw the classes of a dataset's pictures: as data, and as a page",
    ),
    "export": ("sidelight.cli.export", "the trained backbone as a plain timm checkpoint"),
}
"""Every command, the module that runs it (imported only when asked for) and what it does."""

USER_FAULT, INTERRUPTED = 1, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: the words after `sidelight`; None takes those of the process.

    Returns:
        0 when done, 1 when the user has something to mend (said on standard error), 2 for wrong words, 130 when
        interrupted.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help", "help"):
        print(overview())
        return 0
    if words[0] in ("-V", "--version", "version"):
        print(f"sidelight {__version__}")
        return 0
    try:
        module, rest = _find(words)
        return int(importlib.import_module(module).main(rest))
    except UserFault as fault:
        print(f"sidelight: {fault}", file=sys.stderr)
        return USER_FAULT
    except KeyboardInterrupt:
        print("sidelight: interrupted; what was finished is kept", file=sys.stderr)
        return INTERRUPTED
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.startswith("sidelight"):
            raise
        print(f"sidelight: {_missing_extra(missing.name)}", file=sys.stderr)
        return USER_FAULT


def overview() -> str:
    """The list of commands, as `sidelight --help` prints it."""
    width = max(map(len, COMMANDS))
    lines = [f"  sidelight {name:<{width}}  {what}" for name, (_, what) in COMMANDS.items()]
    head = "sidelight: image classifiers that learn from how people label, not only from what they label"
    return "\n".join([head, "", *lines, "", "Each command explains itself: sidelight COMMAND --help"])


def _find(words: list[str]) -> tuple[str, list[str]]:
    for length in (2, 1):
        name = " ".join(words[:length])
        if name in COMMANDS:
            return COMMANDS[name][0], words[length:]
    group = [name for name in COMMANDS if name.startswith(f"{words[0]} ")]
    asked = " ".join(words[:2]) if group else words[0]
    raise unknown_name("command", asked, group or COMMANDS)


def _missing_extra(package: str) -> str:
    return str(
        UserFault(
            "this command",
            seen=f"the package '{package}' is not installed",
            allowed="an installation with the extras the command needs",
            remedy="Install them: pip install 'sidelight[all]'",
        )
    )
