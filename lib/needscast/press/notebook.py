"""Notebooks as the press takes them: plain Python in every cell, one parameters cell, known tags."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from needscast.errors import NeedscastError, one_of
from needscast.press.parameters import TAG, Parameter, ParameterError, check_values, read_parameters

KNOWN_TAGS = (TAG,)
FRESH = "fresh"
_BACK_DOORS = ("get_ipython", "exit", "quit")  # they reach the shell, or end the kernel as though all were well


class NotebookError(NeedscastError):
    """A notebook that the press does not take."""


@dataclass(frozen=True)
class Notebook:
    """A notebook that may be executed.

    Attributes
    ----------
    path : where it was read.
    content : the notebook as parsed JSON; never changed.
    parameters : its parameters by name.
    """

    path: Path
    content: Mapping[str, Any]
    parameters: Mapping[str, Parameter]

    @property
    def name(self) -> str:
        """The name of the file without its ending."""
        return self.path.stem

    @property
    def wants_fresh_kernel(self) -> bool:
        """Whether its metadata say ``"needscast": {"kernel": "fresh"}``: a new Python, for what no fork survives."""
        return self.content.get("metadata", {}).get("needscast", {}).get("kernel") == FRESH

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the value of every parameter, given or default.

        Raises
        ------
        ParameterError : naming the notebook and the parameter.
        """
        try:
            return check_values(self.parameters, given)
        except ParameterError as problem:
            raise ParameterError(f"{self.path.name}: {problem}") from None


def read_notebook(path: Path) -> Notebook:
    """Read a notebook and check it against the rules of the press.

    Raises
    ------
    NotebookError : for a file that is no notebook, shell lines and magics, unknown tags, two parameters cells.
    ParameterError : for a parameters cell that is not typed literals.
    """
    import nbformat

    try:
        content = nbformat.read(str(path), as_version=4)
    except FileNotFoundError:
        raise NotebookError(f"there is no notebook {path}; notebooks end in .ipynb") from None
    except Exception as problem:  # nbformat raises whatever its parser raised
        raise NotebookError(
            f"{path.name} is not a notebook: {problem}; open it in JupyterLab and save it again"
        ) from None
    cells = list(content["cells"])
    for number, cell in enumerate(cells, start=1):
        _check_cell(cell, f"{path.name}, cell {number}")
    tagged = [cell for cell in cells if TAG in tags(cell)]
    if len(tagged) > 1:
        raise NotebookError(
            f"{path.name} has {len(tagged)} cells tagged '{TAG}', and the later would win; join them into one"
        )
    try:
        known = read_parameters(tagged[0]["source"]) if tagged else {}
    except ParameterError as problem:
        raise ParameterError(f"{path.name}: {problem}") from None
    return Notebook(path, content, known)


def _check_cell(cell: Mapping[str, Any], where: str) -> None:
    for tag in tags(cell):
        if tag not in KNOWN_TAGS:
            raise NotebookError(f"{where}: {one_of('tag', tag, KNOWN_TAGS)}; a misspelled tag would be ignored")
    if cell["cell_type"] != "code":
        return
    try:
        tree = ast.parse(cell["source"])
    except SyntaxError as problem:
        line = cell["source"].splitlines()[(problem.lineno or 1) - 1 :][:1] or [""]
        raise NotebookError(
            f"{where}, line {problem.lineno}: '{line[0].strip()}' is not plain Python; '!' and '%' lines fail "
            "unseen, so call the library instead"
        ) from None
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in _BACK_DOORS:
            raise NotebookError(
                f"{where}, line {node.lineno}: '{node.id}' fails or ends unseen; call the library instead"
            )


def tags(cell: Mapping[str, Any]) -> list[str]:
    """Return the tags of a cell."""
    return list(cell.get("metadata", {}).get("tags", []))
