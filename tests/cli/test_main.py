import subprocess
import sys

import pytest

import sidelight as package
from sidelight.cli.main import COMMANDS, main


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["help"]])
def test_help_lists_every_command_with_what_it_does(sidelight, words):
    said = sidelight(*words)
    assert said.code == 0
    for name, (_, what) in COMMANDS.items():
        assert f"sidelight {name} " in said.out
        assert what in said.out


@pytest.mark.parametrize("word", ["--version", "-V", "version"])
def test_the_version_is_told(sidelight, word):
    assert sidelight(word).out.strip() == f"sidelight {package.__version__}"


def test_help_costs_no_heavy_import():
    code = (
        "import sys; from sidelight.cli.main import main; main(['--help']); print({'torch', 'tyro'} & {*sys.modules})"
    )
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.splitlines()[-1] == "set()"


def test_the_package_can_be_run():
    asked = subprocess.run([sys.executable, "-m", "sidelight", "evalute"], capture_output=True, text=True, check=False)
    assert asked.returncode == 1
    assert asked.stdout == ""
    assert "Did you mean 'evaluate'?" in asked.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(sidelight, name):
    said = sidelight(*name.split(), "--help")
    assert said.code == 0
    assert f"sidelight {name}" in said.out
    assert said.err == ""


FAULTS = {
    "trian digits": "command 'trian': no such name",
    "data convrt x": "Did you mean 'data convert'?",
    "data": "command 'data': no such name",
    "data convert x --out OUT": "no --from; allowed: image_folder, csv",
    "data convert x --from": "option --from: no value after it",
    "data convert x --from cvs --out OUT": "Did you mean 'csv'?",
    "data convert NOWHERE --from csv --out OUT": "nowhere",
    "data convert TABLE --from csv --out OUT --test-share 2": "share",
    "data simulate NOWHERE --out OUT": "no such folder",
    "data simulate CLICKS --out CLICKS --overwrite": "read from",
    "data stats NOWHERE": "no such folder",
    "train digit --data CLICKS --out OUT": "Did you mean 'digits'?",
    "train digits --data NOWHERE --out OUT": "no such folder",
    "train digits --data CLICKS --out RUN": "a run is already there",
    "train digits --data BOXES --out OUT --network.image-size 16": "has a click",
    "train digits --data CLICKS --out OUT --training.epochs 0": "training's epochs",
    "train digits --data CLICKS --out OUT --network.name resnet19": "network 'resnet19'",
    "train digits --data CLICKS --out OUT --guidance.kind none": "objective Luab with guidance 'none'",
    "train digits --data CLICKS --out OUT --augmentation.crop-scale 0.9 0.1": "crop_scale",
    "train digits --data CLICKS --out OUT --weights NOWHERE": "nowhere",
    "train luab_coco_resnet --data CLICKS --out OUT": "several labels",
    "evaluate NOWHERE --data CLICKS": "no such file",
    "evaluate RUN --data NOWHERE": "no such folder",
    "evaluate RUN --data CLICKS --on acuracy": "Did you mean 'accuracy'?",
    "evaluate RUN --data CLICKS --on planted": "planted",
    "evaluate timm:resnett10t --data CLICKS": "Did you mean 'resnet10t'?",
    "study digit --data CLICKS --out OUT": "Did you mean 'digits'?",
    "study digits --data NOWHERE --out OUT": "no such folder",
    "report NOWHERE": "neither study.json nor results.json",
    "predict NOWHERE TABLE --out OUT": "no such file",
    "predict RUN NOWHERE --out OUT": "no such file or folder",
    "export NOWHERE --out OUT": "no such file",
}


@pytest.mark.parametrize("words", FAULTS)
def test_a_user_s_fault_is_one_plain_message(sidelight, walked, table, tmp_path, words):
    at, _ = walked
    places = {
        "NOWHERE": at / "nowhere", "OUT": tmp_path / "out", "TABLE": table,
        "BOXES": at / "boxes", "CLICKS": at / "clicks", "RUN": at / "run",
    }  # fmt: skip
    said = sidelight(*(places.get(word, word) for word in words.split()))
    assert said.code == 1
    assert said.err.startswith("sidelight: ")
    assert FAULTS[words] in said.err
    assert "Traceback" not in said.err + said.out
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words", ["train digits", "evaluate", "data validate", "data simulate CLICKS"])
def test_words_that_are_missing_are_asked_for(sidelight, words):
    said = sidelight(*words.split())
    assert said.code == 2
    assert "required" in (said.err + said.out).lower()


@pytest.fixture
def command(monkeypatch, tmp_path):
    """Put a command of our own in the place of the demo's."""

    def put(body):
        (tmp_path / "own_command.py").write_text(f"def main(argv):\n    {body}\n")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "own_command", raising=False)
        monkeypatch.setitem(COMMANDS, "demo", ("own_command", ""))

    return put


def test_what_a_command_answers_is_the_exit_code(command):
    command("return len(argv)")
    assert main(["demo", "a", "b"]) == 2


def test_a_missing_package_is_a_hint_to_install_it(command, sidelight):
    command("import package_that_nobody_has")
    said = sidelight("demo")
    assert (said.code, said.out) == (1, "")
    assert "the package 'package_that_nobody_has' is not installed" in said.err
    assert "pip install 'sidelight[all]'" in said.err


def test_an_interruption_says_that_nothing_is_lost(command, sidelight):
    command("raise KeyboardInterrupt")
    said = sidelight("demo")
    assert said.code == 130
    assert said.err == "sidelight: interrupted; what was finished is kept\n"


@pytest.mark.parametrize("body", ["raise ZeroDivisionError", "import sidelight.nonsense"])
def test_our_own_faults_are_not_hidden(command, body):
    command(body)
    with pytest.raises((ZeroDivisionError, ModuleNotFoundError)):
        main(["demo"])
