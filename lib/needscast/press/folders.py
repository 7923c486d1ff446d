"""Run folders and the pointer to the latest: whatever is published is whole (law 12).

A run is made in a folder whose name begins with a dot and gets its own name, in one step, when it is complete; then
the pointer, ``index.html`` for people and ``latest.txt`` for scripts, moves to it. Whatever happens on the way, the
pointer names a run that is whole.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from needscast.locks import alone

RUNS = "runs"
FAILED = "failed"
LATEST = "latest.txt"
INDEX = "index.html"
MANIFEST = "manifest.json"
RECORD = "run-record.json"
PARTIAL = ".partial-"
TRACEBACKS = "\nTracebacks: "  # in the words of a failure, before the record that has them
_GRACE_SECONDS = 10  # between making a folder and holding its lock

_NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}(-\d+)?")

_POINTER = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="refresh" content="0; url={target}"><link rel="canonical" href="{target}"></head>
<body><p><a href="{target}">{title}</a></p></body></html>
"""


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
    why : report -> why it was rendered; nothing when the report of the run before was kept.
    """

    folder: Path
    index: Path
    reports: tuple[str, ...]
    warnings: Mapping[str, tuple[str, ...]]
    seconds: float
    why: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def rendered(self) -> tuple[str, ...]:
        """Names of the reports that were rendered now."""
        return tuple(name for name in self.reports if self.why.get(name))


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` that replaces it when all went well, and is removed otherwise."""
    with whole_folder(path.parent) as folder:
        made = folder / path.name
        yield made
        _settle(made)
        made.replace(path)


@contextmanager
def whole_folder(parent: Path) -> Iterator[Path]:
    """Yield a new hidden folder inside ``parent``; whatever was not moved out of it is removed.

    It is locked as long as it is worked in, so that another process can tell what a killed one left behind.
    """
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=parent))
    try:
        with alone(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def new_run(out: Path) -> Iterator[Path]:
    """Yield a folder for the files of a run; :func:`publish` takes it from there, and nothing of it stays otherwise."""
    for each in (out, out / RUNS, out / FAILED):
        _sweep(each)
    with whole_folder(out / RUNS) as folder:
        content = folder / "content"
        content.mkdir()
        yield content


def publish(content: Path, out: Path, started: datetime, digest: str, *, title: str, language: str) -> Path:
    """Give a complete run its name and move the pointer to it; return its folder."""
    for file in content.iterdir():
        _settle(file)
    name = _free_name(out / RUNS, f"{stamp(started)}-{digest[:8]}")
    content.chmod(0o755)
    run = content.rename(out / RUNS / name)
    _settle(run.parent)
    target = f"{RUNS}/{name}/{INDEX}"
    with whole_file(out / LATEST) as made:
        made.write_text(f"{RUNS}/{name}\n", encoding="utf-8")
    with whole_file(out / INDEX) as made:
        made.write_text(_POINTER.format(language=language, title=html.escape(title), target=target), encoding="utf-8")
    return run


def prune(out: Path, keep: int) -> None:
    """Keep the newest runs and records of failures, and whatever a pointer names; the others go, each in one step."""
    pointers = [(out / name).read_text(encoding="utf-8") for name in (LATEST, INDEX) if (out / name).is_file()]
    runs = sorted(each for each in (out / RUNS).glob("*") if _NAME.fullmatch(each.name))
    for run in runs[:-keep]:
        if not any(run.name in pointer for pointer in pointers):
            hidden = run.rename(run.with_name(f"{PARTIAL}{run.name}"))
            shutil.rmtree(hidden, ignore_errors=True)
    for record in sorted((out / FAILED).glob("*.json"))[:-keep]:
        record.unlink(missing_ok=True)


def write_failure(out: Path, started: datetime, record: Mapping[str, Any]) -> Path:
    """Keep the record of a run that was not published."""
    path = out / FAILED / f"{stamp(started)}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as made:
        made.write_text(as_json(record), encoding="utf-8")
    return path


def stamp(moment: datetime) -> str:
    """Return a moment in UTC as it stands in names: ``20200121T093000Z``."""
    return moment.strftime("%Y%m%dT%H%M%SZ")


def seconds_since(started: datetime) -> float:
    """Return how long ago a moment was, in seconds."""
    return round((datetime.now(UTC) - started).total_seconds(), 2)


def as_json(thing: Any) -> str:
    """Return JSON that a person can read, in the same bytes for the same content."""
    return json.dumps(thing, indent=1, ensure_ascii=False, sort_keys=True, default=str) + "\n"


def _free_name(runs: Path, name: str) -> str:
    """Two runs within one second with the same content get different names."""
    number, free = 1, name
    while (runs / free).exists():
        number += 1
        free = f"{name}-{number}"
    return free


def _sweep(parent: Path) -> None:
    """Remove hidden folders that nobody holds any more: a killed process left them."""
    limit = time.time() - _GRACE_SECONDS
    for folder in parent.glob(f"{PARTIAL}*"):
        with suppress(OSError):  # its owner has just removed it, or only its owner may
            if folder.stat().st_mtime < limit:
                with alone(folder) as abandoned:
                    pass
                if abandoned:
                    shutil.rmtree(folder, ignore_errors=True)


def _settle(path: Path) -> None:
    """Have a file or folder written to the disk before anything points to it; folders cannot be where not POSIX."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
