"""Notebooks are thin, typed and stripped, and each runs to its end through the press, on the toy crisis."""

import ast
import json
import shutil
from pathlib import Path

import pytest

from needscast.press.execute import execute
from needscast.press.notebook import read_notebook, tags
from needscast.report.blocks import Cover, from_notebook
from needscast.report.formats.html import page

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
WANTED = {
    "01_reported_figures",
    "02_displacement",
    "03_needs",
    "04_aid_demand",
    "05_decisions",
    "06_hindcast",
    "report_scenario",
    "report_comparison",
    "report_update",
}
MOST_LINES = 12
FORBIDDEN = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.If,
    ast.Try,
    ast.With,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)

every = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path, kind="code"):
    return [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == kind]


def source(cell):
    return "".join(cell["source"])


def test_the_six_analysis_notebooks_and_the_reports_are_there():
    missing = WANTED - {path.stem for path in NOTEBOOKS}
    assert not missing


@every
def test_no_cell_defines_loops_or_decides(path):
    found = [
        ast.unparse(node)[:60]
        for cell in cells(path)
        for node in ast.walk(ast.parse(source(cell)))
        if isinstance(node, FORBIDDEN)
    ]
    assert found == []


@every
def test_no_cell_is_longer_than_a_glance(path):
    assert max(len(source(cell).splitlines()) for cell in cells(path)) <= MOST_LINES


@every
def test_outputs_are_stripped_and_cell_ids_are_unique(path):
    book = json.loads(path.read_text())
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    assert book["metadata"]["kernelspec"]["name"] == "python3"
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells(path))
    ids = [cell["id"] for cell in book["cells"]]
    assert len(ids) == len(set(ids))


@every
def test_parameters_are_typed_literals_with_help_in_one_cell_and_every_tag_is_known(path):
    read = read_notebook(path)
    assert [cell for cell in read.content["cells"] if tags(cell)][0]["source"].count("#") == len(read.parameters) > 0


@every
def test_a_notebook_opens_with_words_and_no_word_is_a_result(path):
    words = " ".join(source(cell) for cell in cells(path, "markdown"))
    assert words.startswith("# ")
    assert not [word for word in words.split() if len(word) > 3 and word.replace(",", "").replace(".", "").isdigit()]


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """Parameters that make any of the notebooks quick; each takes those that it has."""
    series = tmp_path_factory.mktemp("series")
    for name in ("INDEX.csv", "afrin-2018.csv", "palu-2018.csv"):
        (series / name).write_bytes((ROOT / "data" / "hindcast" / name).read_bytes())
    toy, before = ROOT / "tests" / "crises" / "toy", tmp_path_factory.mktemp("before") / "toy"
    shutil.copytree(toy, before)
    rates = (before / "rates.csv").read_text()
    (before / "rates.csv").write_text(rates.replace("pace_decay,,,0.5,0.5,0.5", "pace_decay,,,0.6,0.6,0.6"))
    earlier = {"since": "", "before": str(before)}
    return earlier | {"crisis": str(toy), "draws": 64, "seed": 0, "readership": "internal", "folder": str(series)}


@every
def test_a_notebook_runs_to_its_end_and_shows_blocks_that_make_a_page(path, small, kernels):
    read = read_notebook(path)
    done = execute(read, {name: value for name, value in small.items() if name in read.parameters}, kernels=kernels)
    blocks = from_notebook(done.notebook)
    assert isinstance(blocks[0], Cover)
    assert len(blocks) == len(cells(path)) - 1  # the parameters cell shows nothing
    assert "<main" in page(blocks, "en")
