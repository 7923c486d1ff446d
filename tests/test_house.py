"""The laws about the house: who may import whom, who reads files, what stands in no source, how long a module is."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "lib" / "needscast"
MODULES = sorted(LIBRARY.rglob("*.py"))
CEILING = 350
FUNCTION_CEILING = 60

# A room may import itself and whatever stands before it.
ROOMS = (
    "lazy",
    "errors",
    "units",
    "derivation",
    "quantiles",
    "labels",
    "product",
    "estimate",
    "draws",
    "locks",
    "apart",
    "vocabulary",
    "inputs",
    "evidence",
    "forecast",
    "displacement",
    "needs",
    "demand",
    "decisions",
    "kept",
    "tables",
    "headlines",
    "sectors",
    "chain",
    "comparison",
    "update",
    "report",
    "press",
    "commas",
    "usage",
    "cli",
    "__main__",
)
PACKAGE_LEVEL = "__init__"  # its lazy names may point anywhere

READING = {"read_csv", "read_excel", "read_text", "read_bytes", "load_workbook", "open"}
READERS = ("inputs", "press", "cli")
# Catalogues and templates that travel inside the package.
OWN_FILES = ("report/words.py", "report/formats/html.py", "report/formats/pdf.py")


def name_of(module: Path) -> str:
    return module.relative_to(LIBRARY).as_posix()


def room_of(module: Path) -> str:
    return module.relative_to(LIBRARY).with_suffix("").parts[0]


def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def imported_rooms(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "needscast":
            found |= {f"needscast.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return {name.split(".")[1] for name in found if name.startswith("needscast.")}


def called_names(tree: ast.Module) -> set[str]:
    return {name_called(node) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def name_called(call: ast.Call) -> str:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = {each.value for each in call.args if isinstance(each, ast.Constant)}
    return "write" if name == "open" and given & {"w", "wb", "x", "xb"} else name


def docstrings(tree: ast.Module) -> set[int]:
    holders = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    ]
    return {id(node.body[0].value) for node in holders}


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_imports_run_down_the_list_of_rooms_only(module):
    room = room_of(module)
    if room == PACKAGE_LEVEL:
        return
    assert room in ROOMS, f"{room} is no room of the house; give it a place in the list, or move it into a room"
    above = {"__version__", "ONE_THREAD", *ROOMS[: ROOMS.index(room) + 1]}
    assert imported_rooms(tree_of(module)) - above == set()


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_only_inputs_reads_input_files(module):
    if room_of(module) in READERS or name_of(module) in OWN_FILES:
        return
    assert called_names(tree_of(module)) & READING == set()


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_no_sector_code_is_quoted_outside_the_vocabulary(module):
    if room_of(module) == "vocabulary":
        return
    codes = {card.stem for card in (ROOT / "data" / "sectors").glob("*.toml")}
    tree = tree_of(module)
    prose = docstrings(tree)
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
    ]
    assert [text for text in texts if text.split("/")[0] in codes] == []


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_no_module_is_longer_than_its_ceiling(module):
    assert len(module.read_text(encoding="utf-8").splitlines()) <= CEILING


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_no_function_is_longer_than_its_ceiling(module):
    functions = [node for node in ast.walk(tree_of(module)) if isinstance(node, ast.FunctionDef)]
    usage = {"_parser"}  # one line an option
    assert [
        each.name for each in functions if each.end_lineno - each.lineno >= FUNCTION_CEILING and each.name not in usage
    ] == []


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_the_library_prints_nothing_outside_the_commands(module):
    if room_of(module) == "cli":
        return
    assert "print" not in called_names(tree_of(module))


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_every_module_and_every_public_name_says_what_it_is(module):
    tree = tree_of(module)
    public = [
        node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    assert ast.get_docstring(tree)
    assert [node.name for node in public if not ast.get_docstring(node)] == []


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_no_random_number_is_drawn_outside_the_named_streams(module):
    uses = [
        node
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Attribute)
        and node.attr == "default_rng"
        or isinstance(node, ast.Attribute)
        and node.attr in ("seed", "normal", "uniform", "choice")
        and ast.unparse(node.value) in ("np.random", "random")
    ]
    assert [ast.unparse(each) for each in uses] == []


def test_importing_the_package_loads_none_of_its_rooms_and_no_big_library():
    big = "name.startswith('needscast.') or name in ('numpy', 'pandas')"
    code = f"import sys, needscast; print([name for name in sys.modules if {big}])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT / "lib", check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_of_the_package_is_there():
    import needscast

    assert {"Estimate", "read_crisis", "chain", "report"} <= set(dir(needscast))
    assert needscast.Estimate.__module__ == "needscast.estimate"
    with pytest.raises(AttributeError, match="has no attribute 'estmate'"):
        needscast.estmate  # noqa: B018


def test_constraints_pin_every_dependency_and_name_no_place():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in lines if line and not line.startswith("#")}
    assert all("==" in line for line in lines if line and not line.startswith("#"))
    assert not [line for line in lines if "://" in line or "@" in line or line.startswith("-")]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = {text.split(";")[0].split(">=")[0].strip().lower() for text in wanted if "sys_platform" not in text}
    assert names - pinned == set()
