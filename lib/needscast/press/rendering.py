"""Rendering: a crisis to a published run, one report for each scenario and one that compares them.

What this module needs is loaded at once, to tell quickly that nothing has changed, or else to start the warm process;
all the rest (:mod:`needscast.press.making`) is loaded while the warm process does its own imports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from needscast.errors import NeedscastError, one_of
from needscast.inputs.located import locate
from needscast.inputs.shipped import notebook_path
from needscast.press import fresh
from needscast.press.execute import CELL_SECONDS
from needscast.press.folders import Run
from needscast.press.fresh import Earlier
from needscast.press.kernel import Kernels
from needscast.press.manifest import folder_digest
from needscast.press.notebook import Notebook, read_notebook
from needscast.press.pool import started_kernels, world
from needscast.vocabulary import READERSHIPS

if TYPE_CHECKING:
    from needscast.inputs import Crisis
    from needscast.press.publishing import Report

SCENARIO = "report_scenario"
COMPARISON = "report_comparison"
UPDATE = "report_update"
FORMATS = ("html", "xlsx", "csv")
_PATH = "before"  # the parameter that names another crisis

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Choices:
    """What a person chooses about a render; what is left out is the crisis's own choice.

    With ``since``, an earlier date, or ``before``, an earlier version of the crisis, a report says what changed.
    """

    scenarios: Sequence[str] = ()
    as_of: date | None = None
    since: date | None = None
    before: str = ""
    readership: str = ""
    language: str = ""
    draws: int | None = None
    seed: int | None = None
    formats: Sequence[str] = FORMATS


def render(
    where: str | Path,
    out: Path,
    choices: Choices | None = None,
    *,
    workers: int | None = None,
    cluster: str = "",
    cell_seconds: int = CELL_SECONDS,
    force: bool = False,
    tell: Tell = lambda _: None,
) -> Run:
    """Render the reports of a crisis and publish them together; a report that would not change is kept.

    Parameters
    ----------
    where : a crisis by name or path.
    out : the folder with the runs and the pointer to the latest.
    workers : notebooks executed at a time, which changes no byte; one a core, up to four, when left out.
    cluster : address of a Dask scheduler whose workers execute the notebooks instead, which changes no byte either.
    force : render every report, changed or not.
    tell : called with a line whenever a report is done.

    Raises
    ------
    NeedscastError : for a wrong choice or a crisis that cannot be read, before anything runs.
    RenderError : when a report fails; it says which and why, and no report of the run is published.
    """
    started = datetime.now(UTC)
    path, chosen = locate(where).resolve(), choices or Choices()
    earlier = None if force else fresh.earlier_run(out)
    if earlier is not None and _is_as_it_was(earlier, path, chosen):
        return fresh.unchanged(earlier, out, started)
    task = Task(path, out, chosen, started, earlier, force, workers, cluster, cell_seconds, tell)
    with _kernels(task) as kernels:
        from needscast.inputs import read_crisis

        crisis = read_crisis(path, as_of=chosen.as_of)
        if earlier is None and not cluster:  # all of them will be rendered: the first can be begun
            kernels.compute(world(_first(crisis, path, chosen)))
        from needscast.press.making import make

        return make(task, crisis, kernels)


@dataclass(frozen=True)
class Task:
    """One render as it was asked for, and the run before it."""

    path: Path
    out: Path
    choices: Choices
    started: datetime
    earlier: Earlier | None
    force: bool
    workers: int | None
    cluster: str
    cell_seconds: int
    tell: Tell


@contextmanager
def _kernels(task: Task) -> Iterator[Kernels]:
    """Yield the kernels of this machine, which on a cluster are not asked for anything."""
    if task.cluster:
        yield Kernels()
    else:
        with started_kernels(task.path, str(task.choices.as_of or "")) as kernels:
            yield kernels


def _is_as_it_was(earlier: Earlier, path: Path, choices: Choices) -> bool:
    try:
        notebooks = [notebook_path(name) for name in earlier.manifest["notebooks"]]
        return fresh.nothing_changed(earlier, path, asked(choices), notebooks)
    except (OSError, KeyError):  # a notebook or a crisis that is gone, a manifest of another time
        return False


def asked(choices: Choices) -> dict[str, Any]:
    """Return the choices as they stand in a manifest."""
    return {name: placeless(name, each) for name, each in vars(choices).items()}


def placeless(name: str, value: Any) -> Any:
    """Return a choice as JSON; a path would say where a run was made, so a digest of what lies there replaces it."""
    if name == _PATH and value:
        return folder_digest(locate(value))
    return str(value) if isinstance(value, date) else [*value] if isinstance(value, tuple | list) else value


def plan(crisis: Crisis, path: Path, choices: Choices) -> tuple[Report, ...]:
    """Return the reports to make: each scenario, their comparison when there are several, an update when asked for."""
    from needscast.press.publishing import Report
    from needscast.report.catalogues import catalogue

    common, wanted = _common(crisis, path, choices), _wanted(crisis, choices)
    single, several = (_notebook(name) for name in (SCENARIO, COMPARISON))
    made = [Report(name, single, {**common, "scenario": name}) for name in wanted]
    if len(wanted) > 1:
        made.append(Report("comparison", several, {**common, "scenarios": ",".join(wanted)}))
    if choices.since or choices.before:
        made.append(Report("update", _notebook(UPDATE), {**common, **_earlier(crisis, choices)}))
    catalogue(common["language"])  # an unknown language, like a wrong parameter, is found before any kernel starts
    for report in made:
        report.notebook.values(report.parameters)
    return tuple(made)


def _first(crisis: Crisis, path: Path, choices: Choices) -> dict[str, Any]:
    """Return the parameters of the first report of a plan."""
    return {**_common(crisis, path, choices), "scenario": _wanted(crisis, choices)[0]}


def _wanted(crisis: Crisis, choices: Choices) -> list[str]:
    """Return the scenarios to report on, in the order of the crisis."""
    known = [each.id for each in crisis.scenarios]
    for name in choices.scenarios:
        if name not in known:
            raise NeedscastError(one_of("scenario", name, known))
    return [name for name in known if name in choices.scenarios] if choices.scenarios else known


def _common(crisis: Crisis, path: Path, choices: Choices) -> dict[str, Any]:
    """Return the parameters that all reports have in common."""
    settings = crisis.settings
    readership = choices.readership or settings.readership
    if readership not in READERSHIPS:
        raise NeedscastError(one_of("readership", readership, READERSHIPS))
    return {
        "crisis": str(path),
        "as_of": str(crisis.reference_date),
        "draws": settings.draws if choices.draws is None else choices.draws,
        "seed": settings.seed if choices.seed is None else choices.seed,
        "readership": readership,
        "language": choices.language or settings.languages[0],
    }


def _notebook(name: str) -> Notebook:
    return read_notebook(notebook_path(f"{name}.ipynb"))


def _earlier(crisis: Crisis, choices: Choices) -> dict[str, str]:
    """Return what an update is compared with, found before any kernel starts."""
    before = locate(choices.before).resolve() if choices.before else None
    if before is None and choices.since and choices.since >= crisis.reference_date:
        raise NeedscastError(f"since {choices.since} is not before {crisis.reference_date}; give an earlier date")
    return {
        "scenario": choices.scenarios[0] if choices.scenarios else "",
        "since": str(choices.since or ""),
        "before": str(before or ""),
    }
