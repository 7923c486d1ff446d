"""The making of a run: what must be rendered and why, the reports one after the other, and their publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from needscast.errors import NeedscastError
from needscast.press import folders, fresh, publishing
from needscast.press.cluster import executed_there
from needscast.press.drafts import Drafts
from needscast.press.folders import Run
from needscast.press.fresh import Earlier
from needscast.press.kernel import Kernels
from needscast.press.manifest import check_unchanged, manifest
from needscast.press.pool import Outcomes, executed_here, most_workers
from needscast.press.publishing import Made, Report
from needscast.press.rendering import Choices, Task, asked, placeless, plan
from needscast.report import formats

if TYPE_CHECKING:
    from needscast.inputs import Crisis


def make(task: Task, crisis: Crisis, kernels: Kernels) -> Run:
    """Render what is not as it was, keep the rest, and publish all of it together.

    Raises
    ------
    NeedscastError : for a wrong choice, before anything runs.
    RenderError : when a report fails.
    """
    chosen, earlier, out, started = task.choices, task.earlier, task.out, task.started
    formats.check(chosen.formats)
    reports = plan(crisis, task.path, chosen)
    basis = _basis(crisis, task.path, reports, chosen)
    why = _why(reports, basis, chosen, earlier, task.force)
    if earlier is not None and not any(why.values()) and _same_set(earlier, basis):
        return fresh.unchanged(earlier, out, started)
    job = _Job(crisis, reports, basis, why, earlier, tuple(chosen.formats))
    changed = [each for each in reports if why[each.name]]
    count = max(1, min(len(changed), task.workers or most_workers()))
    crew: dict[str, Any] = {"cluster": task.cluster} if task.cluster else {"workers": count}
    try:
        with folders.new_run(out) as content, closing(Drafts(job.kinds)) as drafts:
            if task.cluster:
                outcomes = executed_there(changed, task.cluster, task.cell_seconds)
            else:
                outcomes = executed_here(changed, kernels, count, task.cell_seconds, drafts.seen)
            made = _made(job, task, content, outcomes, drafts)
            check_unchanged(crisis, task.path)
            return publishing.publish(content, out, started, reports, made, basis, crew, why)
    except OSError as problem:  # a full disk, a folder that may only be read
        publishing.note_failure(out, started, {"run": problem})
        raise


@dataclass(frozen=True)
class _Job:
    """What one render has to do: the reports with a reason in ``why`` are rendered, the others are kept."""

    crisis: Crisis
    reports: tuple[Report, ...]
    basis: Mapping[str, Any]
    why: Mapping[str, tuple[str, ...]]
    earlier: Earlier | None
    kinds: tuple[str, ...]


def _made(job: _Job, task: Task, content: Path, outcomes: Outcomes, drafts: Drafts) -> list[Made]:
    """Render or keep every report of a job; raise when one of them fails, after the others have been tried."""
    made: dict[str, Made] = {}
    failures: dict[str, NeedscastError] = {}
    count = sum(map(bool, job.why.values()))
    with closing(outcomes):
        for number, (report, outcome) in enumerate(outcomes, start=1):
            try:
                if isinstance(outcome, NeedscastError):
                    raise outcome
                drawn = partial(drafts.wait_for, report)
                made[report.name] = publishing.write_report(report, outcome, job.crisis, job.kinds, content, drawn)
            except NeedscastError as problem:
                failures[report.name] = problem
            task.tell(f"{number} of {count}: {report.name}{' failed' if report.name in failures else ''}")
    if failures:
        publishing.fail(task.out, task.started, failures)
    for report in job.reports:
        if report.name not in made:
            assert job.earlier is not None
            made[report.name] = publishing.keep_report(report.name, job.kinds, job.earlier, content)
    return [made[each.name] for each in job.reports]


def _same_set(earlier: Earlier, basis: Mapping[str, Any]) -> bool:
    """Tell whether the earlier run holds these reports in these formats, and no others."""
    known = earlier.manifest
    return [*known["reports"]] == sorted(basis["reports"]) and known["asked"]["formats"] == basis["asked"]["formats"]


def _basis(crisis: Crisis, path: Path, reports: Sequence[Report], choices: Choices) -> dict[str, Any]:
    """Return the manifest, but for the files that are yet to be made."""
    parameters = {
        each.name: {key: placeless(key, value) for key, value in each.parameters.items() if key != "crisis"}
        for each in reports
    }
    return manifest(crisis, path, {each.notebook.path for each in reports}, parameters, asked(choices))


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
