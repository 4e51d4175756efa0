import re
import shutil
import subprocess
import sys

import torch

import sidelight
from sidelight.pipeline.provenance import commit, environment


def test_the_commit_says_whether_the_tree_was_changed():
    assert re.fullmatch(r"([0-9a-f]{12}\+?)?", commit())


def test_outside_a_repository_there_is_no_commit(tmp_path):
    package = shutil.copytree(next(iter(sidelight.__path__)), tmp_path / "sidelight")
    code = "from sidelight.pipeline.provenance import commit; print(repr(commit()))"
    alone = {"PYTHONPATH": str(package.parent), "GIT_CEILING_DIRECTORIES": str(tmp_path)}
    asked = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=alone, capture_output=True, text=True, check=True
    )
    assert asked.stdout.strip() == "''"


def test_the_environment_names_what_numbers_depend_on():
    found = environment()
    assert found["torch"] == torch.__version__.split("+")[0] or found["torch"] == torch.__version__
    assert {"python", "machine", "numpy", "timm"} <= set(found)
