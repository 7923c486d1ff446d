"""The laws about the house: who may import whom, who reads files, what stands in no source, how long a module is."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from functools import cache
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
    "processor",
    "errors",
    "units",
    "derivation",
    "quantiles",
    "labels",
    "factor",
    "product",
    "estimate",
    "swept",
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
# Catalogues and templates that travel inside the package, and what the system tells of itself.
OWN_FILES = ("processor.py", "report/catalogues.py", "report/formats/html.py", "report/formats/pdf.py")


def name_of(module: Path) -> str:
    return module.relative_to(LIBRARY).as_posix()


def room_of(module: Path) -> str:
    return module.relative_to(LIBRARY).with_suffix("").parts[0]


@cache
def nodes_of(module: Path) -> list[ast.AST]:
    """Return the tree of a module with all that is in it, the tree itself first."""
    return list(ast.walk(ast.parse(module.read_text(encoding="utf-8"))))


def imported_rooms(module: Path) -> set[str]:
    found = set()
    for node in nodes_of(module):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "needscast":
            found |= {f"needscast.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return {name.split(".")[1] for name in found if name.startswith("needscast.")}


def called_names(module: Path) -> set[str]:
    return {name_called(node) for node in nodes_of(module) if isinstance(node, ast.Call)}


def name_called(call: ast.Call) -> str:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = {each.value for each in call.args if isinstance(each, ast.Constant)}
    return "write" if name == "open" and given & {"w", "wb", "x", "xb"} else name


def docstrings(module: Path) -> set[int]:
    holders = [
        node
        for node in nodes_of(module)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    ]
    return {id(node.body[0].value) for node in holders}


def breaches(law, *, except_in=()):
    """Return what a law finds wrong by module, for those outside some rooms in which it finds anything."""
    found = {name_of(module): law(module) for module in MODULES if room_of(module) not in except_in}
    return {name: said for name, said in found.items() if said}


def test_imports_run_down_the_list_of_rooms_only():
    unknown = {room_of(module) for module in MODULES} - {PACKAGE_LEVEL, *ROOMS}
    assert not unknown, "no room of the house; give it a place in the list, or move it into a room"

    def upwards(module):
        below = ROOMS[: ROOMS.index(room_of(module)) + 1]
        return imported_rooms(module) - {"__version__", *below}

    assert breaches(upwards, except_in={PACKAGE_LEVEL}) == {}


def test_only_inputs_reads_input_files():
    def reads(module):
        return name_of(module) not in OWN_FILES and called_names(module) & READING

    assert breaches(reads, except_in=READERS) == {}


def test_no_sector_code_is_quoted_outside_the_vocabulary():
    codes = {card.stem for card in (ROOT / "data" / "sectors").glob("*.toml")}

    def quoted(module):
        prose = docstrings(module)
        nodes = [node for node in nodes_of(module) if isinstance(node, ast.Constant) and id(node) not in prose]
        texts = [node.value for node in nodes if isinstance(node.value, str)]
        return [text for text in texts if text.split("/")[0] in codes]

    assert breaches(quoted, except_in={"vocabulary"}) == {}


def test_no_module_is_longer_than_its_ceiling():
    lines = {name_of(module): len(module.read_text(encoding="utf-8").splitlines()) for module in MODULES}
    assert {name: count for name, count in lines.items() if count > CEILING} == {}


def test_no_function_is_longer_than_its_ceiling():
    usage = {"_parser"}  # one line an option

    def long(module):
        functions = [node for node in nodes_of(module) if isinstance(node, ast.FunctionDef)]
        found = [each.name for each in functions if each.end_lineno - each.lineno >= FUNCTION_CEILING]
        return set(found) - usage

    assert breaches(long) == {}


def test_the_library_prints_nothing_outside_the_commands():
    assert breaches(lambda module: called_names(module) & {"print"}, except_in={"cli"}) == {}


def test_every_module_and_every_public_name_says_what_it_is():
    def silent(module):
        tree = nodes_of(module)[0]
        named = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        public = [node for node in named if not node.name.startswith("_")]
        own = [] if ast.get_docstring(tree) else ["the module"]
        return own + [node.name for node in public if not ast.get_docstring(node)]

    assert breaches(silent) == {}


def test_no_random_number_is_drawn_outside_the_named_streams():
    def drawn(module):
        attributes = [node for node in nodes_of(module) if isinstance(node, ast.Attribute)]
        return [
            ast.unparse(node)
            for node in attributes
            if node.attr == "default_rng"
            or node.attr in ("seed", "normal", "uniform", "choice")
            and ast.unparse(node.value) in ("np.random", "random")
        ]

    assert breaches(drawn) == {}


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
