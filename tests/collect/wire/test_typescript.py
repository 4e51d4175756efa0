import re
from pathlib import Path

import msgspec
import pytest

from sidelight.collect.wire import log, page
from sidelight.collect.wire.typescript import typescript

WRITTEN = Path(__file__).parents[3] / "frontend" / "src" / "record" / "records.gen.ts"


def interface(name):
    text = typescript()
    start = text.index(f"export interface {name} {{")
    return text[start : text.index("\n}", start)]


def test_the_committed_file_is_what_is_made():
    remedy = "run: python -m sidelight.collect.wire.typescript frontend/src/record/records.gen.ts"
    assert WRITTEN.read_text("utf-8") == typescript(), remedy


def test_every_struct_becomes_an_interface_with_its_tag():
    for kind in log.Entry.__args__:
        assert f'readonly k: "{kind.__struct_config__.tag}";' in interface(kind.__name__)
    assert 'readonly task: "paint";' in interface("PaintAnswer")
    assert "readonly k:" not in interface("PageSpec")
    assert "interface Logged " not in typescript()


def test_what_the_browser_sends_may_leave_out_what_has_a_default():
    assert "readonly at?: Place | null;" in interface("Select")
    assert "readonly attempt?: number;" in interface("Submit")
    assert "/** Default: false. */\n  readonly publish?: boolean;" in interface("Agreement")


def test_what_the_service_sends_is_always_there():
    assert "?" not in "".join(line for line in interface("PageSpec").splitlines() if "readonly" in line)
    sent = msgspec.to_builtins(page.PageSpec("p", "tag", 1, 2, (), page.Wording("t", "h")))
    assert all(f"readonly {name}: " in interface("PageSpec") for name in sent)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Layout", "readonly images: Readonly<Record<string, readonly [number, number, number, number]>>;"),
        ("Stroke", "readonly cells: readonly number[];"),
        ("Stroke", "readonly by: Modality;"),
        ("PageSpec", "readonly log: readonly Entry[];"),
        ("PageSpec", "readonly task: Task;"),
        ("Submit", "readonly answer: Answer;"),
        ("Completion", "readonly form: readonly [string, Readonly<Record<string, string>>] | null;"),
        ("Gaps", "readonly gaps: readonly (readonly [number, number])[];"),
        ("Next", "readonly page: PageSpec | null;"),
    ],
)
def test_types_are_said_in_typescript(name, line):
    assert line in interface(name)


def test_fields_keep_what_is_said_of_them():
    assert "/** ms since the page was shown in this segment, monotonic" in interface("Undo")
    assert "/** from 1; the third is taken even with gaps, as is one 30 s after the first. Default: 1. */" in interface(
        "Submit"
    )


def test_kinds_are_listed_in_the_order_of_the_union():
    blocks = re.findall(r"(\w+_KINDS) = \[(.*?)\]", typescript(), re.DOTALL)
    listed = {name: re.findall(r'"(\w+)"', text) for name, text in blocks}
    assert listed["ENTRY_KINDS"] == [kind.__struct_config__.tag for kind in log.Entry.__args__]
    assert listed["TASK_KINDS"] == [kind.__struct_config__.tag for kind in log.TaskEntry.__args__]
