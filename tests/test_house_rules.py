"""The rules of form that can be held by reading the source; sidelight itself runs in one process apart."""

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "sidelight"
DOCS = ROOT / "docs"

MODULES = {path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text("utf-8")) for path in SOURCE.rglob("*.py")}
LINES = {name: len((SOURCE / name).read_text("utf-8").splitlines()) for name in MODULES}

PURE = ("records/", "signal/", "explain/", "evaluate/", "train/objective/", "data/augment/")
WORLD = {
    "open",
    "print",
    "read_bytes",
    "read_text",
    "write_bytes",
    "write_text",
    "mkdir",
    "unlink",
    "imread",
    "imwrite",
}
EDGES = ("cli/", "pipeline/")
"""Where the date of today may be asked for: what stands below is told it."""
BASE = (
    "records/",
    "signal/",
    "data/format/",
    "data/source/",
    "cli/main.py",
    "cli/words.py",
    "cli/progress.py",
    "cli/data_",
)
DISTRIBUTIONS = {
    "argon2": "argon2-cffi",
    "cv2": "opencv-python-headless",
    "lightning_fabric": "lightning-fabric",
    "markdown_it": "markdown-it-py",
    "PIL": "pillow",
    "prometheus_client": "prometheus-client",
    "sklearn": "scikit-learn",
}
"""Where a module is called otherwise than the package that brings it."""
ABSENCE = re.compile(r"\b(no|nothing|empty|missing|needs|undefined|cut off)\b")


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    said = function.body[0] if ast.get_docstring(function) else None
    return function.end_lineno - function.lineno + 1 - (said.end_lineno - said.lineno + 1 if said else 0)


def everywhere(kind: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """All nodes of a kind, with the name of their module."""
    return ((name, node) for name, tree in MODULES.items() for node in ast.walk(tree) if isinstance(node, kind))


def keys_of(file: str, table: str) -> list[str]:
    """The names in a literal table, read without running anything."""
    for node in ast.walk(MODULES[file]):
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == table:
            return [key.value for key in node.value.keys]
    raise AssertionError(f"no literal table {table} in {file}")


def committed() -> Iterator[Path]:
    """Every text file that is ours, without asking git."""
    for folder in ("src", "tests", "docs", "benchmarks", ".ci"):
        for path in (ROOT / folder).rglob("*"):
            made = {"__pycache__", "_build", "api"} & set(path.relative_to(ROOT).parts)
            if path.is_file() and not made and path.suffix not in (".png", ".gz", ".tar", ".parquet"):
                yield path
    yield from (path for path in ROOT.iterdir() if path.is_file())


def test_files_are_short():
    assert {name: lines for name, lines in LINES.items() if lines > 400} == {}
    assert statistics.median(lines for name, lines in LINES.items() if not name.endswith("__init__.py")) <= 130


def test_tests_are_as_long_as_what_they_test():
    written = sum(len(path.read_text("utf-8").splitlines()) for path in (ROOT / "tests").rglob("*.py"))
    assert 0.8 <= written / sum(LINES.values()) <= 1.5


def test_functions_are_short():
    lengths = {(name, f.name, f.lineno): code_lines(f) for name, tree in MODULES.items() for f in functions(tree)}
    assert {place: lines for place, lines in lengths.items() if lines > 60} == {}
    assert statistics.median(lengths.values()) <= 10


def test_functions_take_at_most_five_positional_arguments():
    def positional(function):
        return [a.arg for a in (*function.args.posonlyargs, *function.args.args) if a.arg not in ("self", "cls")]

    assert [(n, f.name) for n, tree in MODULES.items() for f in functions(tree) if len(positional(f)) > 5] == []


def test_nothing_is_a_drawer():
    drawers = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
    assert [name for name in MODULES if drawers & set(name.removesuffix(".py").split("/"))] == []


def test_packages_export_nothing_from_inside():
    inits = [name for name in MODULES if name.endswith("__init__.py") and name != "__init__.py"]
    assert inits
    assert [name for name in inits if len(MODULES[name].body) != 1 or not ast.get_docstring(MODULES[name])] == []


def test_pure_modules_do_not_touch_the_world():
    called = [
        (name, node.lineno, getattr(node.func, "id", getattr(node.func, "attr", "")))
        for name, node in everywhere(ast.Call)
        if name.startswith(PURE)
    ]
    assert [call for call in called if call[2] in WORLD] == []


def test_chance_and_the_wall_clock_come_from_outside():
    imported = [(n, node.names[0].name) for n, node in everywhere(ast.Import)]
    imported += [(n, node.module) for n, node in everywhere(ast.ImportFrom)]
    assert [place for place in imported if place[1] == "random"] == []
    names = [(name, ast.unparse(node)) for name, node in everywhere(ast.Attribute)]
    mine = {"default_rng", "Generator", "PCG64", "SeedSequence"}
    chance = [(n, a) for n, a in names if re.fullmatch(r"(np|numpy)\.random\.\w+", a) and a.split(".")[2] not in mine]
    inner = [(name, what) for name, what in names if not name.startswith(EDGES)]
    assert chance + [place for place in names if place[1] in ("time.time", "datetime.utcnow")] == []
    assert [place for place in inner if place[1] in ("datetime.now", "date.today")] == []


def test_faults_carry_the_value():
    raised = [(n, node.exc) for n, node in everywhere(ast.Raise) if isinstance(node.exc, ast.Call)]
    plain = [(n, e) for n, e in raised if getattr(e.func, "id", "") in ("ValueError", "TypeError", "KeyError")]
    silent = [(n, e) for n, e in plain if not e.args or isinstance(e.args[0], ast.Constant)]
    assert [(n, ast.unparse(e)) for n, e in silent if not (e.args and ABSENCE.search(str(e.args[0].value)))] == []
    parts = {"seen", "allowed", "remedy"}
    faults = [(n, e) for n, e in raised if getattr(e.func, "id", "") == "UserFault"]
    assert [(n, e.lineno) for n, e in faults if not e.args or {k.arg for k in e.keywords} != parts] == []


def test_recipes_make_their_four_promises():
    values = [n for n, node in everywhere(ast.Assign) if getattr(node.targets[0], "id", "") in ("RECIPE", "STUDY")]
    recipes = {name for name in values if name.startswith("recipes/")}
    assert len(recipes) >= 8
    for name in sorted(recipes):
        said = ast.get_docstring(MODULES[name]) or ""
        heads = re.findall(r"^(Reproduces|Expected|Cost|Command): \S", said, flags=re.MULTILINE)
        assert heads == ["Reproduces", "Expected", "Cost", "Command"], f"{name} promises {heads}"


def test_every_cited_work_is_in_the_bibliography():
    known = set(re.findall(r"^@\w+\{(\w+),", (DOCS / "references.bib").read_text("utf-8"), flags=re.MULTILINE))
    key = re.compile(r"\b[a-z]+(?:19|20)\d\d[a-z]*\b")
    cited = set()
    for name in MODULES:
        for source in re.findall(
            r"Source:(.*?)(?:\n\s*\n|\"\"\")", (SOURCE / name).read_text("utf-8"), flags=re.DOTALL
        ):
            cited |= {(name, found) for found in key.findall(source)}
    for page in DOCS.rglob("*.md"):
        for names in re.findall(r"\{cite:?\w*\}`([^`]+)`", page.read_text("utf-8")):
            cited |= {(page.name, found.strip()) for found in names.split(",")}
    assert len(cited) > 30
    assert sorted(place for place in cited if place[1] not in known) == []


def test_every_command_is_documented():
    page = (DOCS / "reference" / "commands.md").read_text("utf-8")
    headings = re.findall(r"^## (.+)$", page, flags=re.MULTILINE)
    assert headings == keys_of("cli/main.py", "COMMANDS")
    for command in headings:
        assert f"\nsidelight {command} " in page, f"no usage of '{command}'"


def test_documented_commands_exist():
    commands = keys_of("cli/main.py", "COMMANDS")
    recipes, studies = (keys_of("recipes/table.py", table) for table in ("RECIPES", "STUDIES"))
    pages = [*DOCS.rglob("*.md"), ROOT / "README.md", *(SOURCE / "recipes").glob("*.py")]
    typed = [
        line
        for page in pages
        for line in re.findall(r"^(?:Command: )?sidelight (\S.*)$", page.read_text("utf-8"), re.MULTILINE)
    ]
    assert len(typed) > 20
    for words in map(str.split, typed):
        name = next((n for n in (" ".join(words[:2]), words[0]) if n in commands), None)
        assert name or words[0] == "COMMAND", f"sidelight {' '.join(words)}"
        if name in ("train", "study") and len(words) > 1 and words[1].islower():
            assert words[1] in (recipes if name == "train" else studies), f"sidelight {' '.join(words)}"


@pytest.mark.parametrize(
    ("file", "table", "fragment"),
    [
        ("train/objective/table.py", "OBJECTIVES", "objectives"),
        ("evaluate/table.py", "BENCHMARKS", "benchmarks"),
        ("data/source/table.py", "SOURCES", "sources"),
        ("recipes/table.py", "RECIPES", "recipes"),
        ("recipes/table.py", "STUDIES", "studies"),
    ],
)
def test_every_row_of_a_table_gets_onto_a_page(file, table, fragment):
    assert keys_of(file, table)
    assert f'pages["{fragment}.inc"]' in (DOCS / "generated.py").read_text("utf-8")
    pages = [page.read_text("utf-8") for page in (DOCS / "reference").glob("*.md")]
    assert sum(f"{{include}} api/{fragment}.inc" in page for page in pages) == 1


def test_nothing_waits_for_later():
    later = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")))
    assert [str(path) for path in committed() if later.search(path.read_text("utf-8", errors="replace"))] == []


def test_no_file_tells_about_a_machine_or_a_registry():
    telling = re.compile(
        r"(?<![\w.])/(?:work|home|root|Users)/\w|https?://[^\s)'\"]*(?:py[p]i|python[h]osted|npm[j]s|download\.py[t]orch)"
    )
    found = [
        (str(path), hit[0]) for path in committed() for hit in telling.finditer(path.read_text("utf-8", "replace"))
    ]
    assert found == []


def extras() -> tuple[set[str], set[str]]:
    """Names of the packages that the base installation brings, and of all that any extra brings."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["dependencies"], [r for some in project["optional-dependencies"].values() for r in some]
    base, more = ({re.split(r"[\[<>=]", row)[0].lower() for row in rows} for rows in wanted)
    return base, base | more


def imports(tree: ast.Module, *, anywhere: bool) -> set[str]:
    """Distributions that a module imports: at its top level, or anywhere in it."""
    nodes = ast.walk(tree) if anywhere else tree.body
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    nodes = ast.walk(tree) if anywhere else tree.body
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    tops = {name.split(".")[0] for name in names} - sys.stdlib_module_names - {"sidelight", "_typeshed"}
    return {DISTRIBUTIONS.get(top, top) for top in tops}


def test_what_is_imported_is_declared():
    base, everything = extras()
    assert {n: lacking for n, tree in MODULES.items() if (lacking := imports(tree, anywhere=True) - everything)} == {}
    light = {n: tree for n, tree in MODULES.items() if n.startswith(BASE) and n != "records/batch.py"}
    assert {n: lacking for n, tree in light.items() if (lacking := imports(tree, anywhere=False) - base)} == {}


PROBE = """
import contextlib, io, sys

class Absent:
    # Not None in sys.modules: tyro takes a name that is listed there for an import that worked.
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in sys.argv[1:]:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from sidelight.cli.main import COMMANDS, main
for command in [name for name in COMMANDS if name.startswith("data ")]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        main([*command.split(), "--help"])
    assert "sidelight " + command in said.getvalue(), (command, said.getvalue())
"""


def test_data_commands_help_where_only_the_base_is_installed():
    base, everything = extras()
    called = {distribution: name for name, distribution in DISTRIBUTIONS.items()}
    absent = {called.get(name, name) for name in everything - base} - {"sidelight"}
    assert {"torch", "cv2", "matplotlib"} <= absent
    done = subprocess.run([sys.executable, "-c", PROBE, *sorted(absent)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
