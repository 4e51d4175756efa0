"""The page of the public benchmarks against the tables."""

import importlib.util
import re
from pathlib import Path

import pytest

from sidelight.data.public.table import LAYOUTS
from sidelight.evaluate.public.table import PUBLIC

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reference" / "public-benchmarks.md").read_text("utf-8")


@pytest.fixture(scope="module")
def listed():
    spec = importlib.util.spec_from_file_location("generated", DOCS / "generated.py")
    generated = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generated)
    return generated._public_benchmarks()


def test_the_list_holds_every_benchmark_with_definition_source_and_licence(listed):
    assert re.findall(r"^### (\w+)$", listed, flags=re.MULTILINE) == list(PUBLIC)
    for name, row in PUBLIC.items():
        assert all(metric.definition in listed for metric in row.measure().definition().values())
        assert f"<{LAYOUTS[name].where}>" in listed
        assert LAYOUTS[name].licence in listed


def test_the_page_includes_the_list_once():
    assert PAGE.count("{include} api/public-benchmarks.inc") == 1


def test_every_benchmark_s_traps_are_told():
    heads = re.findall(r"^(?:- \*\*|#+ )(.*)$", PAGE, flags=re.MULTILINE)
    told = {name for head in heads for name in re.findall(r"\w+", head.partition(".**")[0])}
    assert set(PUBLIC) - told == set()
