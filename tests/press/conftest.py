"""Small notebooks, made in the test that needs them."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest


def notebooks_in(folder: Path):
    """Return a function that writes a notebook: ``parameters`` is the tagged cell, the others follow."""

    def make(*cells: str, parameters: str = "", name: str = "small", tags: dict[int, list[str]] | None = None) -> Path:
        head = [nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})] if parameters else []
        body = [nbformat.v4.new_code_cell(cell) for cell in cells]
        for index, words in (tags or {}).items():
            body[index]["metadata"]["tags"] = words
        notebook = nbformat.v4.new_notebook(cells=head + body, metadata={"language_info": {"name": "python"}})
        path = folder / f"{name}.ipynb"
        nbformat.write(notebook, path)
        return path

    return make


@pytest.fixture
def make_notebook(tmp_path):
    """Return a function that writes a notebook into the folder of the test."""
    return notebooks_in(tmp_path)


COMMON = """
crisis: str = ""  # a path
as_of: str = ""  # last day that is known, YYYY-MM-DD
draws: int = 0  # number of worlds, 0 .. 1_000_000
seed: int = -1  # any number from 0 on
readership: str = "public"  # public | internal
language: str = "en"  # a catalogue of words
"""
COVER = """
from needscast.report.blocks import Cover, Group, Heading, KeyFigure, Sentence
from needscast.report.values import Range, Text
title = Text("title.comparison", {"crisis": "Toyland"})
Cover(title, "toy", "Toyland", as_of, as_of, readership, language, str(NAME), draws, seed)
"""
FIGURES = 'Group((KeyFigure("People", Range(90.0, 100.0, 120.0, 0.8)),), "figures", "headline")'


def reports_in(folder: Path):
    """Return a function that writes two quick report notebooks; ``cell`` comes after the cover of the first."""

    def make(cell: str = "pass", *, answer: str = 'Sentence("So many.")') -> Path:
        scenario = COMMON + 'scenario: str = ""  # a card of the crisis'
        scenarios = COMMON + 'scenarios: str = ""  # cards with commas between'
        for name, parameters, own in (("report_scenario", scenario, cell), ("report_comparison", scenarios, "pass")):
            field = parameters.split("\n")[-1].split(":")[0]
            cells = (COVER.replace("NAME", field), own, FIGURES, answer)
            notebooks_in(folder)(*cells, parameters=parameters, name=name)
        return folder

    return make


@pytest.fixture(scope="session")
def reports_into():
    """Return the function that writes the two notebooks into a folder, for tests that share them."""
    return reports_in


@pytest.fixture
def make_reports(tmp_path):
    """Return a function that writes the two notebooks into the folder of the test."""
    return reports_in(tmp_path)


@pytest.fixture
def quick_reports(make_reports, monkeypatch):
    """Have the press take the quick notebooks instead of the shipped ones.

    They import so little that a new Python starts sooner than a warm process, so none is forked.
    """

    def use(cell: str = "pass", **options) -> None:
        folder = make_reports(cell, **options)
        monkeypatch.setattr("needscast.press.kernel.CAN_FORK", False)
        monkeypatch.setattr("needscast.press.rendering.notebook_path", lambda name: folder / name)

    return use
