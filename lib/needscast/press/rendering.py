"""Rendering: a crisis to a published run, one report for each scenario and one that compares them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from needscast.errors import NeedscastError, one_of
from needscast.inputs import Crisis, read_crisis
from needscast.inputs.folder import locate
from needscast.inputs.shipped import notebook_path
from needscast.press import folders, fresh, publishing
from needscast.press.cluster import executed_there
from needscast.press.execute import CELL_SECONDS
from needscast.press.fresh import Earlier
from needscast.press.manifest import check_unchanged, folder_digest, manifest
from needscast.press.notebook import Notebook, read_notebook
from needscast.press.pool import Outcomes, executed_here, most_workers
from needscast.press.publishing import Made, Report, Run
from needscast.report import formats
from needscast.report.words import catalogue
from needscast.vocabulary import READERSHIPS

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
    formats.check(chosen.formats)
    earlier = None if force else fresh.earlier_run(out)
    if earlier is not None and _is_as_it_was(earlier, path, chosen):
        return publishing.unchanged(earlier, out, started)
    crisis = read_crisis(path, as_of=chosen.as_of)
    reports = plan(crisis, path, chosen)
    basis = _basis(crisis, path, reports, chosen)
    why = _why(reports, basis, chosen, earlier, force)
    if earlier is not None and not any(why.values()) and _same_set(earlier, basis):
        return publishing.unchanged(earlier, out, started)
    job = _Job(crisis, path, reports, basis, why, earlier, tuple(chosen.formats))
    changed = [each for each in reports if why[each.name]]
    count = max(1, min(len(changed), workers or most_workers()))
    crew: dict[str, Any] = {"cluster": cluster} if cluster else {"workers": count}
    try:
        with folders.new_run(out) as content:
            if cluster:
                outcomes = executed_there(changed, cluster, cell_seconds)
            else:
                outcomes = executed_here(changed, count, cell_seconds)
            made = _made(job, out, started, content, outcomes, tell)
            check_unchanged(crisis, path)
            return publishing.publish(content, out, started, reports, made, basis, crew, why)
    except OSError as problem:  # a full disk, a folder that may only be read
        publishing.note_failure(out, started, {"run": problem})
        raise


@dataclass(frozen=True)
class _Job:
    """What one render has to do: the reports with a reason in ``why`` are rendered, the others are kept."""

    crisis: Crisis
    path: Path
    reports: tuple[Report, ...]
    basis: Mapping[str, Any]
    why: Mapping[str, tuple[str, ...]]
    earlier: Earlier | None
    kinds: tuple[str, ...]


def _made(job: _Job, out: Path, started: datetime, content: Path, outcomes: Outcomes, tell: Tell) -> list[Made]:
    """Render or keep every report of a job; raise when one of them fails, after the others have been tried."""
    made: dict[str, Made] = {}
    failures: dict[str, NeedscastError] = {}
    count = sum(map(bool, job.why.values()))
    with closing(outcomes):
        for number, (report, outcome) in enumerate(outcomes, start=1):
            try:
                if isinstance(outcome, NeedscastError):
                    raise outcome
                made[report.name] = publishing.write_report(report, outcome, job.crisis, job.kinds, content)
            except NeedscastError as problem:
                failures[report.name] = problem
            tell(f"{number} of {count}: {report.name}{' failed' if report.name in failures else ''}")
    if failures:
        publishing.fail(out, started, failures)
    for report in job.reports:
        if report.name not in made:
            assert job.earlier is not None
            made[report.name] = publishing.keep_report(report.name, job.kinds, job.earlier, content)
    return [made[each.name] for each in job.reports]


def _is_as_it_was(earlier: Earlier, path: Path, choices: Choices) -> bool:
    try:
        notebooks = [notebook_path(name) for name in earlier.manifest["notebooks"]]
        return fresh.nothing_changed(earlier, path, _asked(choices), notebooks)
    except (OSError, KeyError):  # a notebook or a crisis that is gone, a manifest of another time
        return False


def _same_set(earlier: Earlier, basis: Mapping[str, Any]) -> bool:
    """Tell whether the earlier run holds these reports in these formats, and no others."""
    known = earlier.manifest
    return [*known["reports"]] == sorted(basis["reports"]) and known["asked"]["formats"] == basis["asked"]["formats"]


def _basis(crisis: Crisis, path: Path, reports: Sequence[Report], choices: Choices) -> dict[str, Any]:
    """Return the manifest, but for the files that are yet to be made."""
    parameters = {
        each.name: {key: _placeless(key, value) for key, value in each.parameters.items() if key != "crisis"}
        for each in reports
    }
    return manifest(crisis, path, {each.notebook.path for each in reports}, parameters, _asked(choices))


def _why(
    reports: Sequence[Report], basis: Mapping[str, Any], choices: Choices, earlier: Earlier | None, force: bool
) -> dict[str, tuple[str, ...]]:
    if force:
        return {each.name: (fresh.FORCED,) for each in reports}
    found = {}
    for each in reports:
        name = each.name
        found[name] = fresh.reasons(name, basis["reports"][name], each.notebook.path.name, basis, earlier)
        if earlier is not None and not found[name]:
            found[name] = fresh.lost_files(name, choices.formats, earlier)
    return found


def _asked(choices: Choices) -> dict[str, Any]:
    """Return the choices as they stand in a manifest."""
    return {name: _placeless(name, each) for name, each in vars(choices).items()}


def _placeless(name: str, value: Any) -> Any:
    """Return a choice as JSON; a path would say where a run was made, so a digest of what lies there replaces it."""
    if name == _PATH and value:
        return folder_digest(locate(value))
    return str(value) if isinstance(value, date) else [*value] if isinstance(value, tuple | list) else value


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
    catalogue(common["language"])  # an unknown language, like a wrong parameter, is found before any kernel starts
    for report in made:
        report.notebook.values(report.parameters)
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
