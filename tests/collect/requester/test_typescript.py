"""The pages' types are those of the routes."""

from pathlib import Path

from sidelight.collect.requester.typescript import typescript

MADE = Path(__file__).parents[3] / "frontend" / "src" / "admin" / "view.gen.ts"


def test_the_committed_types_are_those_that_are_made_now():
    again = "python -m sidelight.collect.requester.typescript frontend/src/admin/view.gen.ts"
    assert MADE.read_text("utf-8") == typescript(), f"run {again}"


def test_every_name_that_is_used_is_brought_in():
    text = typescript()
    assert (
        'import type { BrowseAnswer, ClassOption, PaintAnswer, TagAnswer, Task } from "../record/records.gen";' in text
    )
    assert "export interface Overview {" in text
