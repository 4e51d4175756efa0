"""The reference, made from docstrings and tables at every build: what stands in the code is not written twice.

Everything goes to `reference/api`, which git ignores: a page a package, which asks autodoc for its modules, and a
fragment a table, which the pages of `reference` include.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sidelight.data.public.table import LAYOUTS
from sidelight.data.source.table import SOURCES
from sidelight.evaluate.public.table import PUBLIC
from sidelight.evaluate.table import BENCHMARKS
from sidelight.recipes.table import RECIPES, STUDIES
from sidelight.train.objective.table import OBJECTIVES

DOCS = Path(__file__).parent
SOURCE = DOCS.parent / "src" / "sidelight"
API = DOCS / "reference" / "api"

KEYS = re.findall(r"^@\w+\{(\w+),", (DOCS / "references.bib").read_text(encoding="utf-8"), flags=re.MULTILINE)
CITATION = re.compile(rf"\[?@?\b({'|'.join(KEYS)})\b\]?")
CODE = re.compile(r"(`[^`]*`)")
PROMISE = re.compile(r"^(Reproduces|Expected|Cost|Command): *(.*)")
GOOD = {True: "high", False: "low", None: "neither"}


def write_reference() -> None:
    """Write all pages and fragments; those that have not changed keep their time, so that they are not built again."""
    packages = {folder.parent for folder in SOURCE.rglob("__init__.py")} - {SOURCE}
    pages = {f"{'.'.join(folder.relative_to(SOURCE).parts)}.rst": _package(folder) for folder in packages}
    pages["objectives.inc"] = _classes(OBJECTIVES)
    pages["sources.inc"] = _classes(SOURCES)
    pages["benchmarks.inc"] = _benchmarks()
    pages["public-benchmarks.inc"] = _public_benchmarks()
    pages["recipes.inc"] = _recipes({name: listed.doc for name, listed in RECIPES.items()})
    pages["studies.inc"] = _recipes({name: listed.doc for name, listed in STUDIES.items()})
    API.mkdir(parents=True, exist_ok=True)
    for stale in API.iterdir():
        if stale.name not in pages:
            stale.unlink()
    for name, text in pages.items():
        if not (API / name).exists() or (API / name).read_text(encoding="utf-8") != text:
            (API / name).write_text(text, encoding="utf-8")


def mend_docstring(name: str, lines: list[str]) -> None:
    """Turn what docstrings take from Markdown (tables, bare signs, keys of the bibliography) into what Sphinx reads.

    Args:
        name: of the object, with all its modules.
        lines: of its docstring; changed in place, as autodoc wants it.
    """
    said = _promises(lines) if name.startswith("sidelight.recipes.") else lines
    mended: list[str] = []
    for line in said:
        in_table = bool(mended) and mended[-1].startswith("   |")
        if line.startswith("|"):
            mended += [f"   {line}"] if in_table else ["::", "", f"   {line}"]
        else:
            mended += ["", _prose(line)] if in_table else [_prose(line)]
    lines[:] = mended


def _prose(line: str) -> str:
    """Link the bibliography's keys; outside code, let bars and underscores stand for themselves."""
    if line.lstrip().startswith((">>>", "...")):
        return line
    parts = CODE.split(line)
    for place in range(0, len(parts), 2):
        plain = re.sub(r"(\||_+(?=\W|$))", r"\\\1", parts[place])
        parts[place] = CITATION.sub(r":cite:t:`\1`", plain)
    return "".join(parts)


def _promises(lines: Sequence[str]) -> list[str]:
    """A recipe's four headed lines as paragraphs of their own, whatever their indentation; the command as code."""
    return list(_paragraphs(lines)) if any(PROMISE.match(line) for line in lines) else list(lines)


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        headed = PROMISE.match(line)
        if headed is None:
            yield line.strip()
            continue
        yield ""
        yield f"**{headed[1]}.** " + (f"`{headed[2]}`" if headed[1] == "Command" else headed[2])


def _package(folder: Path) -> str:
    package = ".".join(("sidelight", *folder.relative_to(SOURCE).parts))
    modules = sorted(file.stem for file in folder.glob("*.py") if file.stem != "__init__")
    blocks = [f"{package}\n{'=' * len(package)}\n\n.. automodule:: {package}"]
    blocks += [f"{name}\n{'-' * len(name)}\n\n.. automodule:: {package}.{name}" for name in modules]
    return "\n\n".join(blocks) + "\n"


def _classes(table: Mapping[str, type]) -> str:
    """Every class by its name, with the first paragraph of what it says about itself."""
    blocks = []
    for name, kind in table.items():
        said = " ".join((kind.__doc__ or "").strip().partition("\n\n")[0].split())
        blocks += [f"## {name}", said, f"Its knobs: {{py:class}}`~{kind.__module__}.{kind.__name__}`."]
    return "\n\n".join(blocks) + "\n"


def _benchmarks() -> str:
    blocks = []
    for row in BENCHMARKS.values():
        needs, tasks = ", ".join(sorted(row.needs)), " or ".join(f"`{task}`" for task in sorted(row.tasks))
        metrics = [f"| `{name}` | {GOOD[m.higher_is_better]} | {m.definition} |" for name, m in row.metrics.items()]
        table = "\n".join(["| metric | good is | definition |", "|---|---|---|", *metrics])
        blocks += [f"## {row.name}", row.definition, f"Needs {needs}. For {tasks} data.", table]
    return "\n\n".join(blocks) + "\n"


def _public_benchmarks() -> str:
    """Every public benchmark: what it asks, its numbers with the likeliest options, its download, its options."""
    blocks = []
    for name, row in PUBLIC.items():
        layout = LAYOUTS[name]
        metrics = row.measure().definition()
        lines = [f"| `{metric}` | {GOOD[m.higher_is_better]} | {m.definition} |" for metric, m in metrics.items()]
        facts = {"Pictures": layout.pictures, "Layout": f"`{layout.tree}`", "Size": layout.size}
        facts |= {"Licence": layout.licence, "Where": f"<{layout.where}>"}
        if row.columns:
            facts["LUAB's column"] = ", ".join(f"{column} (`{metric}`)" for column, (metric, _) in row.columns.items())
        kinds = [f"{{py:class}}`~{kind.__module__}.{kind.__name__}`" for kind in (layout.reader, row.measure)]
        facts["Options"] = " and ".join(kinds)
        listed = "\n".join(f"- {fact}: {said}" for fact, said in facts.items())
        table = "\n".join(["| metric | good is | definition |", "|---|---|---|", *lines])
        blocks += [f"### {name}", row.sentence, table, listed]
    return "\n\n".join(blocks) + "\n"


def _recipes(docs: Mapping[str, str]) -> str:
    """Every recipe by its name, with its module's docstring; names that share one stand together."""
    names: dict[str, list[str]] = {}
    for name, doc in docs.items():
        names.setdefault(doc, []).append(f"`{name}`")
    blocks = []
    for doc, sharing in names.items():
        said = "\n".join(_promises(doc.splitlines()))
        blocks += [f"## {', '.join(sharing)}", CITATION.sub(r"{cite:t}`\1`", said).strip()]
    return "\n\n".join(blocks) + "\n"
