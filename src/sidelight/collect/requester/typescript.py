"""Writes `view.gen.ts`: what the admin routes answer, as TypeScript says it.

    python -m sidelight.collect.requester.typescript frontend/src/admin/view.gen.ts

The file is committed; a test keeps it equal to what this module makes.
"""

import re
import sys
from pathlib import Path

from sidelight.collect.requester import view
from sidelight.collect.wire.typescript import interfaces

_HEADER = "// Generated from view.py by `python -m sidelight.collect.requester.typescript`. Do not edit.\n"
_BORROWED = ("BrowseAnswer", "ClassOption", "PaintAnswer", "TagAnswer", "Task")
"""Names of `records.gen.ts` that the views use."""


def typescript() -> str:
    """The whole text of `view.gen.ts`.

    >>> "export interface Overview " in typescript()
    True
    """
    body = "\n".join(interfaces(view))
    used = ", ".join(name for name in _BORROWED if re.search(rf"\b{name}\b", body))
    return f'{_HEADER}\nimport type {{ {used} }} from "../record/records.gen";\n\n{body}'


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(typescript(), "utf-8")
