"""From executed notebooks to a published run: files in every format, index, manifest, record, and the pointer."""

from __future__ import annotations

import json
import platform
import shutil
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import needscast
from needscast.errors import NeedscastError
from needscast.inputs import Crisis
from needscast.inputs.notes import PLACEHOLDER
from needscast.press import folders, fresh
from needscast.press.archive import write_archive
from needscast.press.execute import Execution
from needscast.press.folders import Run, seconds_since
from needscast.press.fresh import Earlier
from needscast.press.index import Entry, key_figures, write_index
from needscast.press.manifest import file_digest, files_of
from needscast.press.notebook import Notebook
from needscast.report import formats
from needscast.report.blocks import Block, Note, cover_of, from_json, from_notebook
from needscast.report.edition import PUBLIC, check_edition


class RenderError(NeedscastError):
    """Reports that could not be made; nothing was published, and the last good run stays."""


@dataclass(frozen=True)
class Report:
    """One report to make: a notebook and its parameters; ``name`` is that of its files."""

    name: str
    notebook: Notebook
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Made:
    """One report of a run in the making: its entry on the index, its warnings, and how long it took (0 when kept)."""

    entry: Entry
    warnings: tuple[str, ...]
    seconds: float


def write_report(
    report: Report, done: Execution, crisis: Crisis, kinds: Sequence[str], content: Path, drawn: Callable[[], None]
) -> Made:
    """Write one report in every format, once it is known that its readers may have all of it.

    ``drawn`` waits for its charts, which are still being drawn while it is checked.
    """
    warned = (from_json(Note("warning", each).to_json()) for each in done.warnings)
    blocks: tuple[Block, ...] = (*from_notebook(done.notebook), *warned)
    cover = cover_of(blocks)
    if cover.readership != report.parameters["readership"]:
        raise RenderError(
            f"{report.name} is the {cover.readership} edition, not the {report.parameters['readership']} one asked for"
        )
    check_edition(blocks, crisis, cover.readership)
    warnings = (*done.warnings, *_unfilled(blocks, cover.readership))
    drawn()
    for kind in kinds:
        formats.write_carried(blocks, kind, content / f"{report.name}.{kind}")
    return Made(Entry(report.name, tuple(kinds), (cover, *key_figures(blocks))), warnings, done.seconds)


def _unfilled(blocks: Sequence[Block], readership: str) -> tuple[str, ...]:
    """Warn of a public report that shows words which the template left to fill in."""
    if readership != PUBLIC or not any(PLACEHOLDER in json.dumps(block.to_json()) for block in blocks):
        return ()
    return (f"this public report shows '{PLACEHOLDER}'; `needscast check` lists the cells that are still to fill in",)


def keep_report(name: str, kinds: Sequence[str], earlier: Earlier, content: Path) -> Made:
    """Take a report over from the earlier run as it is."""
    for kind in kinds:
        shutil.copyfile(earlier.folder / f"{name}.{kind}", content / f"{name}.{kind}")
    known = earlier.summary[name]
    blocks = tuple(from_json(each) for each in known["blocks"])
    return Made(Entry(name, tuple(kinds), blocks), tuple(known["warnings"]), 0.0)


def publish(
    content: Path,
    out: Path,
    started: datetime,
    reports: Sequence[Report],
    made: Sequence[Made],
    manifest: Mapping[str, Any],
    record: Mapping[str, Any],
    why: Mapping[str, tuple[str, ...]],
) -> Run:
    """Write what stands beside the reports and move the pointer to them."""
    language = reports[0].parameters["language"]
    title = write_index([each.entry for each in made], content / folders.INDEX, language)
    _write_json(content / fresh.SUMMARY, {each.entry.name: _summary(each) for each in made})
    _write_json(content / folders.MANIFEST, {**manifest, "files": files_of(content)})
    warnings = {each.entry.name: each.warnings for each in made}
    own = {
        "warnings": warnings,
        "why": why,
        "seconds_by_report": {each.entry.name: round(each.seconds, 2) for each in made},
    }
    _write_json(content / folders.RECORD, {**run_record(started), **record, **own})
    run = folders.publish(
        content, out, started, file_digest(content / folders.MANIFEST), title=title, language=language
    )
    with suppress(OSError):  # the reports are out; a full disk here must not call them failed
        write_archive(out, language)
    return Run(run, out / folders.INDEX, tuple(warnings), warnings, seconds_since(started), why)


def fail(out: Path, started: datetime, failures: Mapping[str, NeedscastError]) -> None:
    """Keep the record of a run that failed, and raise."""
    where = note_failure(out, started, failures)
    lines = "\n".join(f"{name}: {problem}" for name, problem in failures.items())
    raise RenderError(f"nothing published, the last good reports stay; failed:\n{lines}{where}")


def note_failure(out: Path, started: datetime, failures: Mapping[str, Exception]) -> str:
    """Keep the record of a run that failed, and return where it lies; a full disk must not hide why the run failed."""
    record = {
        **run_record(started),
        "failures": {
            name: {"message": str(problem), "traceback": getattr(problem, "traceback", "") or _place(problem)}
            for name, problem in failures.items()
        },
    }
    with suppress(OSError):
        return f"{folders.TRACEBACKS}{folders.write_failure(out, started, record)}"
    return ""


def _place(problem: Exception) -> str:
    return "".join(traceback.format_tb(problem.__traceback__))


def run_record(started: datetime) -> dict[str, Any]:
    """Return when, where, how long and by which version."""
    return {
        "started": started.isoformat(timespec="seconds"),
        "seconds": seconds_since(started),
        "machine": platform.node(),
        "system": platform.platform(),
        "folder": str(Path.cwd()),
        "needscast": needscast.__version__,
    }


def _summary(made: Made) -> dict[str, Any]:
    return {"warnings": made.warnings, "blocks": [block.to_json() for block in made.entry.blocks]}


def _write_json(path: Path, thing: Any) -> None:
    path.write_text(folders.as_json(thing), encoding="utf-8")
