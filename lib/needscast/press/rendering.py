"""Rendering: a crisis to a published run, one report for each scenario and one that compares them."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import needscast
from needscast.errors import NeedscastError, one_of
from needscast.evidence import store
from needscast.inputs import Crisis, read_crisis
from needscast.inputs.folder import locate
from needscast.inputs.shipped import notebook_path
from needscast.press import folders
from needscast.press.execute import CELL_SECONDS, Execution, execute
from needscast.press.index import Entry, write_index
from needscast.press.kernel import Kernels, papermill_execute
from needscast.press.manifest import check_unchanged, file_digest, manifest
from needscast.press.notebook import Notebook, read_notebook
from needscast.report import formats
from needscast.report.blocks import Block, Note, cover_of, from_notebook
from needscast.report.edition import check_edition
from needscast.vocabulary import READERSHIPS

SCENARIO = "report_scenario"
COMPARISON = "report_comparison"
UPDATE = "report_update"
FORMATS = ("html", "xlsx", "csv")
_MOST_WORKERS = 4  # each kernel holds a run of the chain in memory

Tell = Callable[[str], None]


class RenderError(NeedscastError):
    """Reports that could not be made; nothing was published, and the last good run stays."""


@dataclass(frozen=True)
class Report:
    """One report to make: a notebook and its parameters; ``name`` is that of its files."""

    name: str
    notebook: Notebook
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Run:
    """A published run.

    Attributes
    ----------
    folder : where it lies.
    index : the page that opens the latest run, this one.
    reports : names of the reports in it.
    warnings : report -> what its cells warned about.
    seconds : how long all of it took.
    """

    folder: Path
    index: Path
    reports: tuple[str, ...]
    warnings: Mapping[str, tuple[str, ...]]
    seconds: float


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
    cell_seconds: int = CELL_SECONDS,
    tell: Tell = lambda _: None,
) -> Run:
    """Render the reports of a crisis and publish them together.

    Parameters
    ----------
    where : a crisis by name or path.
    out : the folder with the runs and the pointer to the latest.
    workers : notebooks executed at a time, which changes no byte; one a core, up to four, when left out.
    tell : called with a line whenever a report is done.

    Raises
    ------
    NeedscastError : for a wrong choice or a crisis that cannot be read, before anything runs.
    RenderError : when a report fails; it says which and why, and no report of the run is published.
    """
    started = datetime.now(UTC)
    path, chosen = locate(where).resolve(), choices or Choices()
    formats.check(chosen.formats)
    crisis = read_crisis(path, as_of=chosen.as_of)
    reports = plan(crisis, path, chosen)
    count = min(len(reports), workers or min(os.cpu_count() or 1, _MOST_WORKERS))
    with (
        folders.new_run(out) as content,
        _kernels(reports) as kernels,
        closing(_executed(reports, count, cell_seconds, kernels)) as outcomes,
    ):
        executed, entries, failures = [], [], {}
        for number, (report, outcome) in enumerate(outcomes, start=1):
            try:
                if isinstance(outcome, NeedscastError):
                    raise outcome
                entries.append(_write(report, outcome, crisis, chosen.formats, content))
                executed.append(outcome)
            except NeedscastError as problem:
                failures[report.name] = problem
            tell(f"{number} of {len(reports)}: {report.name}{' failed' if report.name in failures else ''}")
        if failures:
            _fail(out, started, failures)
        check_unchanged(crisis, path)
        return _published(content, out, started, crisis, reports, executed, entries, count)


def plan(crisis: Crisis, path: Path, choices: Choices) -> tuple[Report, ...]:
    """Return the reports to make: each scenario, their comparison when there are several, an update when asked for."""
    known = [each.id for each in crisis.scenarios]
    for name in choices.scenarios:
        if name not in known:
            raise NeedscastError(one_of("scenario", name, known))
    readership = choices.readership or crisis.settings.readership
    if readership not in READERSHIPS:
        raise NeedscastError(one_of("readership", readership, READERSHIPS))
    wanted = [name for name in known if name in choices.scenarios] if choices.scenarios else known
    common = {
        "crisis": str(path),
        "as_of": str(crisis.reference_date),
        "draws": crisis.settings.draws if choices.draws is None else choices.draws,
        "seed": crisis.settings.seed if choices.seed is None else choices.seed,
        "readership": readership,
        "language": choices.language or crisis.settings.languages[0],
    }
    single, several = (_notebook(name) for name in (SCENARIO, COMPARISON))
    made = [Report(name, single, {**common, "scenario": name}) for name in wanted]
    if len(wanted) > 1:
        made.append(Report("comparison", several, {**common, "scenarios": ",".join(wanted)}))
    if choices.since or choices.before:
        made.append(Report("update", _notebook(UPDATE), {**common, **_earlier(crisis, choices)}))
    for report in made:
        report.notebook.values(report.parameters)  # a wrong parameter is found before any kernel starts
    return tuple(made)


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


def _executed(
    reports: Sequence[Report], workers: int, cell_seconds: int, kernels: Kernels
) -> Generator[tuple[Report, Execution | NeedscastError], None, None]:
    """Execute the notebooks of the reports at most ``workers`` at a time; yield them in order, each done or failed."""
    papermill_execute()  # imported once, before there are threads
    with ThreadPoolExecutor(workers, thread_name_prefix="report") as pool:
        waiting: list[Future[Execution]] = [
            pool.submit(execute, each.notebook, each.parameters, cell_seconds=cell_seconds, kernels=kernels)
            for each in reports
        ]
        try:
            for report, future in zip(reports, waiting, strict=True):
                problem = future.exception()
                if problem is not None and not isinstance(problem, NeedscastError):
                    raise problem
                yield report, problem or future.result()
        except BaseException:  # an interrupt, a full disk: nobody waits for the others any more
            for future in waiting:
                future.cancel()
            kernels.stop()
            raise


@contextmanager
def _kernels(reports: Sequence[Report]) -> Iterator[Kernels]:
    """Yield the kernels of a render, which share what they compute: in the cache, or in a folder of their own."""
    with TemporaryDirectory(prefix="needscast-", ignore_cleanup_errors=True) as folder:
        own = {"NEEDSCAST_CACHE": folder} if store.folder() is None else {}
        kernels = Kernels(own, warm=True)
        kernels.compute({name: reports[0].parameters[name] for name in ("crisis", "as_of", "draws", "seed")})
        try:
            yield kernels
        finally:
            kernels.stop()


def _write(report: Report, done: Execution, crisis: Crisis, kinds: Sequence[str], content: Path) -> Entry:
    """Write one report in every format, once it is known that its readers may have all of it."""
    blocks: tuple[Block, ...] = (*from_notebook(done.notebook), *(Note("warning", each) for each in done.warnings))
    cover = cover_of(blocks)
    if cover.readership != report.parameters["readership"]:
        raise RenderError(
            f"{report.name} is the {cover.readership} edition, not the {report.parameters['readership']} one asked for"
        )
    check_edition(blocks, crisis, cover.readership)
    for kind in kinds:
        formats.write(blocks, kind, content / f"{report.name}.{kind}")
    return Entry(report.name, tuple(kinds), blocks)


def _fail(out: Path, started: datetime, failures: Mapping[str, NeedscastError]) -> None:
    record = {
        **_record(started),
        "failures": {
            name: {"message": str(problem), "traceback": getattr(problem, "traceback", "")}
            for name, problem in failures.items()
        },
    }
    where = ""
    with suppress(OSError):  # a full disk must not hide why the report failed
        where = f"\nTracebacks: {folders.write_failure(out, started, record)}"
    lines = "\n".join(f"{name}: {problem}" for name, problem in failures.items())
    raise RenderError(f"nothing published, the last good reports stay; failed:\n{lines}{where}")


def _published(
    content: Path,
    out: Path,
    started: datetime,
    crisis: Crisis,
    reports: Sequence[Report],
    done: Sequence[Execution],
    entries: Sequence[Entry],
    workers: int,
) -> Run:
    language = reports[0].parameters["language"]
    title = write_index(entries, content / folders.INDEX, language)
    parameters = {
        each.name: {key: value for key, value in each.parameters.items() if key != "crisis"} for each in reports
    }
    notebooks = {each.notebook.path for each in reports}
    (content / folders.MANIFEST).write_text(
        folders.as_json(manifest(crisis, sorted(notebooks), parameters, content)), encoding="utf-8"
    )
    warnings = {report.name: each.warnings for report, each in zip(reports, done, strict=True)}
    record = {
        **_record(started),
        "workers": workers,
        "warnings": warnings,
        "seconds_by_report": {report.name: round(each.seconds, 2) for report, each in zip(reports, done, strict=True)},
    }
    (content / folders.RECORD).write_text(folders.as_json(record), encoding="utf-8")
    run = folders.publish(
        content, out, started, file_digest(content / folders.MANIFEST), title=title, language=language
    )
    return Run(run, out / folders.INDEX, tuple(each.name for each in reports), warnings, _seconds(started))


def _record(started: datetime) -> dict[str, Any]:
    return {
        "started": started.isoformat(timespec="seconds"),
        "seconds": _seconds(started),
        "machine": platform.node(),
        "system": platform.platform(),
        "folder": str(Path.cwd()),
        "needscast": needscast.__version__,
    }


def _seconds(started: datetime) -> float:
    return round((datetime.now(UTC) - started).total_seconds(), 2)
