"""One notebook through papermill: checked before, run by this Python, believed only when every cell has run."""

from __future__ import annotations

import builtins
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from needscast.errors import NeedscastError
from needscast.press.kernel import LOG, Kernels, kernel_manager, papermill_execute
from needscast.press.notebook import Notebook, tags
from needscast.press.parameters import INJECTED_TAG, TAG, check_injected

CELL_SECONDS = 900  # a cell that takes longer has gone wrong
START_SECONDS = 120  # a busy machine starts a kernel slowly
_LOG_CHARACTERS = 4000
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_WARNING = re.compile(r"^(?:.*:\d+: )?(\w*Warning: .*)$", re.MULTILINE)


class ExecutionError(NeedscastError):
    """A notebook that did not run to its end.

    Attributes
    ----------
    traceback : where it happened, for the run record; the message is for people.
    """

    def __init__(self, message: str, traceback: str = "") -> None:
        self.traceback = traceback
        super().__init__(message)


@dataclass(frozen=True)
class Execution:
    """A notebook that has run to its end.

    Attributes
    ----------
    notebook : with its outputs, as a mapping.
    warnings : what cells warned about, each once, without places.
    seconds : how long it took.
    """

    notebook: Mapping[str, Any]
    warnings: tuple[str, ...]
    seconds: float


def execute(
    notebook: Notebook,
    given: Mapping[str, Any],
    *,
    cell_seconds: int = CELL_SECONDS,
    keep: Path | None = None,
    kernels: Kernels | None = None,
    seen: Callable[[Mapping[str, Any]], None] | None = None,
) -> Execution:
    """Execute a notebook in a kernel of its own.

    Parameters
    ----------
    given : parameters; the others keep their defaults.
    cell_seconds : the longest that one cell may take.
    keep : where to write the executed notebook, whole or not at all; nowhere when left out.
    kernels : takes in the kernel, so that another thread can stop it.
    seen : called with each cell as soon as it has run, with its outputs.

    Raises
    ------
    ParameterError : before a kernel starts, for an unknown name or a wrong value.
    ExecutionError : when a cell fails, ends the kernel, takes too long, or has not run at all.
    """
    values = notebook.values(given)
    started = time.monotonic()
    run = papermill_execute()
    with tempfile.TemporaryDirectory(prefix="needscast-", ignore_cleanup_errors=True) as folder:
        try:
            done = run(
                _copy(notebook),
                None,
                parameters=values,
                kernel_name="python3",
                language="python",
                progress_bar=False,
                start_timeout=START_SECONDS,
                execution_timeout=cell_seconds,
                shutdown_kernel="immediate",
                on_cell_executed=seen and (lambda cell, **_: seen(cell)),
                kernel_manager_class=kernel_manager(
                    Path(folder), kernels or Kernels(), fresh=notebook.wants_fresh_kernel
                ),
            )
        except Exception as problem:  # papermill, nbclient and jupyter_client have no error in common
            raise _explained(problem, notebook, _last_words(Path(folder) / LOG)) from problem
    _check_complete(done, notebook)
    if values:
        injected = [cell for cell in done["cells"] if INJECTED_TAG in cell["metadata"].get("tags", [])]
        check_injected(injected[0]["source"] if len(injected) == 1 else "", values)
    if keep is not None:
        _write(done, keep)
    return Execution(done, _warnings(done), time.monotonic() - started)


def _copy(notebook: Notebook) -> Any:
    import nbformat

    return nbformat.from_dict(notebook.content)


def _explained(problem: Any, notebook: Notebook, log: str) -> ExecutionError:
    """Turn what papermill and nbclient raise into one sentence, the traceback set apart."""
    name, kind = notebook.path.name, type(problem).__name__
    if kind == "PapermillExecutionError":
        plain = problem.evalue if not hasattr(builtins, problem.ename) else f"{problem.ename}: {problem.evalue}"
        trace = _COLOUR.sub("", "\n".join(problem.traceback))
        return ExecutionError(f"{name}, cell {_number(notebook, problem.cell_index)}: {plain}", trace)
    said = {
        "CellTimeoutError": "a cell took longer than allowed and was stopped",
        "DeadKernelError": "the kernel died, perhaps for want of memory; try fewer draws or workers",
    }.get(kind, f"{kind}: {problem}")
    return ExecutionError(f"{name}: {said}", f"{problem}\n{log}".strip())


def _last_words(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-_LOG_CHARACTERS:] if log.exists() else ""


def _number(notebook: Notebook, index: int) -> int:
    """Return the number of a cell as its author counts: the injected cell comes right after the parameters cell."""
    tagged = [place for place, cell in enumerate(notebook.content["cells"]) if TAG in tags(cell)]
    return index + 1 - (bool(tagged) and index > tagged[0])


def _check_complete(done: Mapping[str, Any], notebook: Notebook) -> None:
    """``sys.exit(0)`` ends a notebook without an error; so the record of every cell is looked at."""
    for index, cell in enumerate(done["cells"]):
        if cell["cell_type"] != "code" or not cell["source"].strip():
            continue
        record = cell["metadata"].get("papermill", {})
        if record.get("status") != "completed" or record.get("exception") or cell.get("execution_count") is None:
            raise ExecutionError(
                f"{notebook.path.name} stopped in cell {_number(notebook, index)} and said that all was well; "
                "a report must run to its last cell"
            )


def _warnings(done: Mapping[str, Any]) -> tuple[str, ...]:
    streams = [
        output["text"]
        for cell in done["cells"]
        for output in cell.get("outputs", ())
        if output["output_type"] == "stream" and output["name"] == "stderr"
    ]
    return tuple(dict.fromkeys(found.strip() for text in streams for found in _WARNING.findall(text)))


def _write(done: Any, path: Path) -> None:
    import nbformat

    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".partial-") as folder:
        made = Path(folder) / path.name
        made.write_text(nbformat.writes(done), encoding="utf-8")
        made.replace(path)
