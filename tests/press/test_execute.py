"""Executing one notebook: whole or an error, in a kernel that leaves nothing behind."""

from __future__ import annotations

import subprocess
import sys
import tempfile

import pytest

from needscast import kept
from needscast.press.execute import ExecutionError, execute
from needscast.press.kernel import Kernels
from needscast.press.notebook import NotebookError, read_notebook
from needscast.report.blocks import BLOCKS_ONLY


def texts(done):
    outputs = [output for cell in done.notebook["cells"] for output in cell.get("outputs", ())]
    return [output["data"]["text/plain"] for output in outputs if "data" in output]


def test_the_kernel_is_this_very_python_with_blocks_only_and_one_thread(make_notebook):
    cell = "import os, sys\n[sys.executable, os.environ['NEEDSCAST_BLOCKS_ONLY'], os.environ['OMP_NUM_THREADS']]"
    assert texts(execute(read_notebook(make_notebook(cell)), {})) == [repr([sys.executable, "1", "1"])]


def test_a_failing_cell_is_named_by_the_authors_count_and_its_traceback_set_apart(make_notebook, kernels):
    path = make_notebook("y = x", "{}['absent']", parameters="x: int = 1  # a number")
    with pytest.raises(ExecutionError, match=r"^small.ipynb, cell 3: KeyError: 'absent'$") as caught:
        execute(read_notebook(path), {}, kernels=kernels)
    assert "Traceback" in caught.value.traceback and "\x1b" not in caught.value.traceback


def test_our_own_errors_come_through_in_their_own_words(make_notebook, kernels):
    cell = "from needscast.errors import NeedscastError\nraise NeedscastError('figures.csv row 3: no')"
    with pytest.raises(ExecutionError, match="^small.ipynb, cell 1: figures.csv row 3: no$"):
        execute(read_notebook(make_notebook(cell)), {}, kernels=kernels)


def test_a_cell_that_takes_too_long_is_an_error(make_notebook, kernels):
    with pytest.raises(ExecutionError, match="a cell took longer than allowed"):
        execute(read_notebook(make_notebook("import time\ntime.sleep(60)")), {}, cell_seconds=1, kernels=kernels)


def test_a_kernel_that_dies_is_an_error(make_notebook, kernels):
    with pytest.raises(ExecutionError, match="the kernel died"):
        execute(read_notebook(make_notebook("import os\nos._exit(0)", "1")), {}, kernels=kernels)


def test_the_executed_notebook_is_kept_only_when_it_is_whole(make_notebook, tmp_path, kernels):
    kept = tmp_path / "kept" / "executed.ipynb"
    kept.parent.mkdir()
    with pytest.raises(ExecutionError):
        execute(read_notebook(make_notebook("1 / 0")), {}, keep=kept, kernels=kernels)
    assert list(kept.parent.iterdir()) == []
    execute(read_notebook(make_notebook("1 + 1")), {}, keep=kept, kernels=kernels)
    assert [each.name for each in kept.parent.iterdir()] == ["executed.ipynb"]
    assert "2" in kept.read_text(encoding="utf-8")


def test_an_execution_leaves_no_temporary_folder_and_does_not_change_the_notebook(make_notebook, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    path = make_notebook("x + 1", parameters="x: int = 1  # a number")
    before = path.read_bytes()
    notebook = read_notebook(path)
    assert [texts(execute(notebook, {"x": number})) for number in (1, 41)] == [["2"], ["42"]]
    assert path.read_bytes() == before
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("tag", ["paramters", "raises-exception", "hide-celll"])
def test_a_tag_that_nobody_reads_is_an_error(make_notebook, tag):
    with pytest.raises(NotebookError, match=f"small.ipynb, cell 1: unknown tag '{tag}'"):
        read_notebook(make_notebook("1", tags={0: [tag]}))


def test_what_is_no_notebook_is_an_error(tmp_path):
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(NotebookError, match="broken.ipynb is not a notebook"):
        read_notebook(tmp_path / "broken.ipynb")
    with pytest.raises(NotebookError, match="there is no notebook"):
        read_notebook(tmp_path / "absent.ipynb")


def test_kernels_are_told_what_the_rooms_read_by_the_names_that_they_read():
    assert {kept.SHARED, BLOCKS_ONLY} < set(Kernels().environment)


def test_what_finds_that_nothing_changed_loads_no_library_of_numbers():
    asked = "import needscast.press.rendering, sys; sys.exit(bool({'numpy', 'pandas', 'jinja2'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
