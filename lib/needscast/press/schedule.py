"""Unattended rendering: whatever is due, each entry once, one process at a time, and people told of the outcome."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from needscast.errors import NeedscastError
from needscast.locks import alone
from needscast.press import folders, notify, rendering
from needscast.press.fresh import earlier_run
from needscast.press.notify import Message
from needscast.press.timetable import Entry, Timetable, read_timetable
from needscast.report.words import Words

STATE = "schedule.json"  # what was due last, and what came of it
PUBLISHED, UNCHANGED, FAILED, BUSY = "published", "unchanged", "failed", "busy"
_LONGEST_NAP = 60.0  # seconds; a clock that is set, or a machine that slept, is noticed by then
_RETRY = timedelta(minutes=15)  # a failed entry is tried again no sooner
_REMEMBERED = 2000  # letters of a message, to tell whether a failure is news

Say = Callable[[str], object]


@dataclass(frozen=True)
class Outcome:
    """What came of an entry in one language.

    Attributes
    ----------
    result : published, unchanged, failed, or busy when another process is at it.
    words : what happened, for people.
    untold : channels that could not be told, and why.
    """

    entry: str
    language: str
    due: datetime
    result: str
    words: str
    untold: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether nobody needs to look at it."""
        return self.result != FAILED and not self.untold


def due(
    path: Path,
    now: datetime | None = None,
    *,
    workers: int | None = None,
    cluster: str = "",
    say: Say = lambda _: None,
) -> list[Outcome]:
    """Render every entry that is due and was not rendered since; one that was missed several times is caught up once.

    A failed entry is tried again after a quarter of an hour; people are told once of the same failure.

    Parameters
    ----------
    path : the timetable.
    now : the time it is, with its zone.
    workers, cluster : who makes the reports, as :func:`needscast.press.render` has it.

    Raises
    ------
    NeedscastError : for a timetable that cannot be read; whatever goes wrong with one entry is in its outcome.
    """
    moment = now or datetime.now(UTC)
    table, crew = read_timetable(path), {"workers": workers, "cluster": cluster}
    found = []
    for entry in table.entries:
        for language in entry.languages:
            outcome = _if_due(table, entry, language, moment, crew)
            if outcome is not None:
                found.append(outcome)
                say(f"{entry.name}{f' ({language})' if language else ''}: {outcome.words}")
    return found


def run(
    path: Path,
    stop: threading.Event,
    *,
    workers: int | None = None,
    cluster: str = "",
    say: Say = lambda _: None,
) -> None:
    """Stay and render whatever becomes due, until ``stop`` is set; a timetable that breaks meanwhile is told."""
    said = ""
    while not stop.is_set():
        try:
            due(path, workers=workers, cluster=cluster, say=say)
            coming, problem = next_due(path), ""
        except NeedscastError as broken:
            coming, problem = None, str(broken)
        if problem != said and problem:
            say(problem)
        said = problem
        left = (coming - datetime.now(UTC)).total_seconds() if coming else _LONGEST_NAP
        stop.wait(min(max(left, 1.0), _LONGEST_NAP))


def next_due(path: Path, now: datetime | None = None) -> datetime | None:
    """Return when the next entry is due, or None when there is none."""
    moment = now or datetime.now(UTC)
    return min((entry.next_after(moment) for entry in read_timetable(path).entries), default=None)


@dataclass(frozen=True)
class _Turn:
    """An entry in one language at one of its times, and the folder of its runs."""

    table: Timetable
    entry: Entry
    language: str
    moment: datetime
    now: datetime
    out: Path

    def outcome(self, result: str, words: str, untold: tuple[str, ...] = ()) -> Outcome:
        return Outcome(self.entry.name, self.language, self.moment, result, words, untold)


def _if_due(table: Timetable, entry: Entry, language: str, now: datetime, crew: Mapping[str, Any]) -> Outcome | None:
    turn = _Turn(table, entry, language, entry.last_before(now), now, table.folder_of(entry, language))
    try:
        with alone(turn.out) as held:
            state = _state(turn.out)
            if not _is_due(state, turn.moment, now):
                return None
            if not held:
                return turn.outcome(BUSY, "another process is rendering it")
            return _rendered(turn, state, crew)
    except OSError as problem:  # a folder that cannot be written, a disk that is full
        untold = _tell_all(turn, _failure(entry, str(problem)))
        return turn.outcome(FAILED, f"failed, the last good report stays: {problem}", untold)


def _is_due(state: dict[str, Any], moment: datetime, now: datetime) -> bool:
    if state.get("due", "") < moment.isoformat():
        return True
    return state.get("result") == FAILED and state.get("tried", "") <= (now - _RETRY).astimezone(UTC).isoformat()


def _rendered(turn: _Turn, state: dict[str, Any], crew: Mapping[str, Any]) -> Outcome:
    entry, out, before = turn.entry, turn.out, earlier_run(turn.out)
    untold: tuple[str, ...] = ()
    failure = ""
    try:
        done = rendering.render(_crisis(turn), out, entry.choices(turn.language), **crew)
    except Exception as problem:  # also a fault of ours: the other entries must not suffer from it
        kind = "" if isinstance(problem, NeedscastError | OSError) else f"unexpected {type(problem).__name__}: "
        failure = f"{kind}{problem}".partition(folders.TRACEBACKS)[0][:_REMEMBERED]  # whose name is new each time
        if state.get("failure") != failure:
            untold = _tell_all(turn, _failure(entry, failure))
        result, words = FAILED, f"failed, the last good report stays: {failure}"
    else:
        if before is not None and done.folder == before.folder:
            result, words = UNCHANGED, "nothing changed"
        else:
            result, words = PUBLISHED, f"published {done.folder.name}: {len(done.rendered)} rendered"
            untold = _tell_news(turn, before.summary if before else {})
        folders.prune(out, entry.keep)
    tried = turn.now.astimezone(UTC).isoformat()
    kept = {"due": turn.moment.isoformat(), "tried": tried, "result": result, "failure": failure, "untold": untold}
    with folders.whole_file(out / STATE) as made:
        made.write_text(folders.as_json(kept), encoding="utf-8")
    return turn.outcome(result, words, untold)


def _crisis(turn: _Turn) -> str | Path:
    """A path in a timetable is relative to it: a service may start anywhere."""
    beside = turn.table.folder / turn.entry.crisis
    return beside if beside.exists() else turn.entry.crisis


def _state(out: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((out / STATE).read_text(encoding="utf-8"))
        return found
    except (OSError, ValueError):
        return {}


def _tell_news(turn: _Turn, before: notify.Summary) -> tuple[str, ...]:
    now, entry = earlier_run(turn.out), turn.entry
    if now is None or not entry.tell:
        return ()
    language = next(iter(now.summary.values()))["blocks"][0]["language"]
    words = Words(language)
    moved = notify.changes(before, now.summary, words)
    beyond = notify.crossed(entry.threshold, moved)
    if not moved:
        return ()
    kind = "threshold crossed" if beyond else "headlines changed" if before else "first report"
    lines = (*beyond, *(each.said(words) for each in moved), f"Run: {now.folder.name}")
    data = {"entry": entry.name, "event": kind, "crossed": beyond, "run": now.folder.name}
    return _tell_all(turn, Message(f"Needscast, {entry.name}: {kind}", lines, data))


def _failure(entry: Entry, problem: str) -> Message:
    lines = ("The report was not renewed; the last good one stays in place.", problem)
    return Message(f"Needscast, {entry.name}: failed", lines, {"entry": entry.name, "event": "failed"})


def _tell_all(turn: _Turn, message: Message) -> tuple[str, ...]:
    untold = []
    for name in turn.entry.tell:
        try:
            notify.tell(turn.table.channels[name], message)
        except NeedscastError as problem:  # a mail server that is down must not lose a report
            untold.append(str(problem))
    return tuple(untold)
