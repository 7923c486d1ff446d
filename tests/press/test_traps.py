"""The ten silent traps of papermill 2.7, each sprung by a small notebook and each closed."""

from __future__ import annotations

from datetime import date

import pytest

from needscast.press.execute import ExecutionError, execute
from needscast.press.notebook import NotebookError, read_notebook
from needscast.press.parameters import ParameterError

PARAMETERS = "x: int = 1  # a number\nnote: str = ''  # a word, YYYY-MM-DD"


def run(path, **given):
    return execute(read_notebook(path), given, cell_seconds=60)


@pytest.fixture
def no_kernel(monkeypatch):
    """Fail when a kernel is about to start: these traps are closed before that."""

    def refuse():
        raise AssertionError("a kernel was about to start")

    monkeypatch.setattr("needscast.press.execute.papermill_execute", refuse)


def test_trap_unknown_parameter_is_an_error_before_a_kernel_starts(make_notebook, no_kernel):
    with pytest.raises(ParameterError, match="small.ipynb: unknown parameter 'nota'; did you mean 'note'"):
        run(make_notebook("x", parameters=PARAMETERS), nota="a")


def test_trap_optional_parameter_is_known_and_reaches_the_cells(make_notebook):
    path = make_notebook("assert a == 5", parameters="a: int | None = None  # a number, or none")
    assert run(path, a=5).warnings == ()


def test_trap_wrong_type_is_an_error_before_a_kernel_starts(make_notebook, no_kernel):
    with pytest.raises(ParameterError, match="parameter 'x' is '5', a str; give a int"):
        run(make_notebook("x", parameters=PARAMETERS), x="5")


def test_trap_date_reaches_the_cells_as_iso_text(make_notebook):
    run(make_notebook("assert note == '2020-01-14'", parameters=PARAMETERS), note=date(2020, 1, 14))


def test_trap_derived_value_in_the_parameters_cell_is_an_error(make_notebook, no_kernel):
    with pytest.raises(ParameterError, match="default of 'y' is 'x \\* 2', not a literal"):
        run(make_notebook("y", parameters="x: int = 1  # a number\ny: int = x * 2  # twice"), x=5)


def test_trap_two_parameters_cells_are_an_error(make_notebook, no_kernel):
    path = make_notebook("x: int = 2  # again", "x", parameters=PARAMETERS, tags={0: ["parameters"]})
    with pytest.raises(NotebookError, match="2 cells tagged 'parameters'"):
        run(path)


@pytest.mark.parametrize("cell", ["!false", "files = !ls", "%cd /", "get_ipython().system('false')"])
def test_trap_shell_lines_are_an_error(make_notebook, no_kernel, cell):
    with pytest.raises(NotebookError, match="cell 2, line 1"):
        run(make_notebook(cell, parameters=PARAMETERS))


def test_trap_cell_magic_is_an_error_even_when_its_command_would_succeed(make_notebook, no_kernel):
    with pytest.raises(NotebookError, match="'%%bash' is not plain Python"):
        run(make_notebook("%%bash\ntrue", parameters=PARAMETERS))


@pytest.mark.parametrize("leave", ["import sys\nsys.exit(0)", "raise SystemExit"])
def test_trap_leaving_midway_with_status_0_is_an_error(make_notebook, leave):
    with pytest.raises(ExecutionError, match="small.ipynb stopped in cell 2 and said that all was well"):
        run(make_notebook(leave, "x = 3", parameters=PARAMETERS))


def test_trap_leaving_in_the_last_cell_is_an_error_too(make_notebook):
    with pytest.raises(ExecutionError, match="stopped in cell 2"):
        run(make_notebook("1", "import sys\nsys.exit(0)"))


def test_trap_warnings_are_collected_without_places(make_notebook):
    cell = "import warnings\nfor _ in range(2):\n    warnings.warn('the register is thin')"
    assert run(make_notebook(cell)).warnings == ("UserWarning: the register is thin",)
