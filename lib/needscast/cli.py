"""The command ``needscast``: thin; every command calls one room and writes what it returns.

Exit status: 0 done, 1 the input or the run failed (a message, no traceback), 2 usage. Results go to files or standard
output, words to standard error.
"""

from __future__ import annotations

import argparse
import atexit
import contextlib
import gc
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from needscast import processor
from needscast.errors import InputError, NeedscastError
from needscast.usage import TABLES, parsed, parser

if TYPE_CHECKING:
    import pandas as pd

    from needscast.chain import Results
    from needscast.inputs import Crisis
    from needscast.report.blocks import Chart

TRACEBACK = "NEEDSCAST_TRACEBACK"  # set it to see where an unexpected error came from
GARBAGE = 50_000  # objects made between two looks for garbage; at Python's 700 these take a fifth of a render
DONE, FAILED, INTERRUPTED = 0, 1, 130
BUFFER = 1 << 20  # bytes written to a file at a time


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    given = parsed(_parser(), arguments)
    _plain_warnings()
    os.environ.update(processor.environment())  # before numpy is loaded
    gc.set_threshold(GARBAGE)
    atexit.register(gc.freeze)  # all of it goes when Python ends: to look for garbage first takes a sixth of a second
    try:
        status: int = given.run(given)
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return _say("needscast: stopped; nothing was published") or INTERRUPTED
    except (NeedscastError, OSError) as problem:
        return _say(f"needscast: {problem}") or FAILED
    except Exception as problem:  # a fault of ours; a person at a terminal still gets a sentence
        if os.environ.get(TRACEBACK):
            raise
        _say(
            f"needscast: unexpected {type(problem).__name__}: {problem}; set {TRACEBACK}=1 to see where, and report it"
        )
        return FAILED


# --- commands -------------------------------------------------------------------------------------------------------


def _check(given: argparse.Namespace) -> int:
    from datetime import date
    from itertools import chain

    from needscast.demand.lacking import lacking
    from needscast.inputs import read_crisis
    from needscast.inputs.folder import file_of
    from needscast.inputs.located import SETTINGS_FILE, locate
    from needscast.inputs.notes import notes, unsized
    from needscast.report.catalogues import unwritten

    try:
        crisis = read_crisis(given.crisis, as_of=given.as_of)
        where = locate(given.crisis)
        settings = SETTINGS_FILE if where.is_dir() else file_of(where, "crisis")
        lacks = *lacking(crisis, file_of(where, "rates")), *unwritten(crisis.settings.languages, settings)
        if lacks:
            raise InputError(lacks)
    except InputError as found:
        for problem in found.problems:
            print(problem)
        count = len(found.problems)
        return _say(f"{given.crisis}: {count} problem{'' if count == 1 else 's'}") or FAILED
    for note in chain(notes(given.crisis, crisis.reference_date, date.today()), unsized(crisis), _borrowed(crisis)):
        _say(f"note: {note}")
    return _say(f"{crisis!r}; no problems")


def _borrowed(crisis: Crisis) -> Iterator[str]:
    """What a crisis took over from another country; which of it to replace first only an estimate can tell."""
    from needscast.chain import estimate
    from needscast.report.content.borrowed import remarks

    if any(row.is_borrowed_in(crisis.settings.country) for row in crisis.inputs):
        _tell("weighing what was made for another country")
        yield from remarks(estimate(crisis, crisis.scenarios[0].id))


def _nowcast(given: argparse.Namespace) -> int:
    from needscast.evidence import nowcast
    from needscast.inputs import read_crisis

    crisis = read_crisis(given.crisis, as_of=given.as_of, before_onset=True)
    draws, seed = _worlds(given, crisis.settings.draws, crisis.settings.seed)
    now = nowcast(crisis, draws=draws, seed=seed)
    for warning in now.warnings:
        _say(f"warning: {warning}")
    return _write(now.quantities(), given.out)


def _forecast(given: argparse.Namespace) -> int:
    from needscast.forecast import forecast

    made = forecast(
        given.series,
        as_of=given.as_of,
        horizons=given.horizons,
        onset=given.onset,
        population_at_risk=given.population_at_risk,
    )
    for note in made.notes:
        _say(note)
    return _write(made.table, given.out)


def _hindcast(given: argparse.Namespace) -> int:
    from needscast.forecast import write_hindcast

    def progress(done: int, of: int, name: str) -> None:
        _tell(f"{done} of {of}: {name}")

    made = write_hindcast(given.folder, given.out, given.horizons, progress)
    count = len(made.notes)
    notes = f"; {count} note{'' if count == 1 else 's'} on what was mended in notes.csv" if count else ""
    return _say(f"forecasts.csv, scores.csv and cases.csv in {given.out}{notes}\n{made}")


def _estimate(given: argparse.Namespace) -> int:
    from concurrent.futures import ThreadPoolExecutor

    from needscast.chain import TABLES as CONTRACT
    from needscast.chain import of_each
    from needscast.commas import parts_of
    from needscast.press.folders import whole_file
    from needscast.report.edition import check_tables

    def written(results: Results) -> str:
        beside = {name: results.tables[name] for name in TABLES if name not in CONTRACT}
        check_tables(beside, results.crisis, results.readership)
        folder = given.out / results.scenario.id
        folder.mkdir(parents=True, exist_ok=True)

        def write(name: str) -> None:
            with whole_file(folder / f"{name}.csv") as made, made.open("wb", buffering=BUFFER) as file:
                file.writelines(parts_of(results.tables[name]))

        with ThreadPoolExecutor(2) as pool:  # while one waits for the disk the other makes the next table's text
            list(pool.map(write, TABLES))
        return results.scenario.id

    done = of_each(written, given.crisis, given.scenario, as_of=given.as_of, draws=given.draws, seed=given.seed)
    for scenario in done:
        _tell(f"{scenario}: {len(TABLES)} tables")
    return _say(f"{len(done)} scenario{'' if len(done) == 1 else 's'} in {given.out}")


def _render(given: argparse.Namespace) -> int:
    from needscast.inputs.located import locate
    from needscast.press import FORMATS, Choices, render

    where = given.crisis or _only_crisis()
    path = locate(where).resolve()
    out = given.out or Path("reports") / (path.name if path.is_dir() else path.stem)
    choices = Choices(
        given.scenario or (),
        given.as_of,
        given.since,
        given.before or "",
        given.readership or "",
        given.language or "",
        given.draws,
        given.seed,
        given.to or FORMATS,
    )
    crew = {"workers": given.workers, "cluster": given.cluster or ""}
    run = render(where, out, choices, **crew, force=given.force, tell=_tell)
    for report, reasons in run.why.items() if given.explain else ():
        _say(f"{report}: " + (f"rendered, for {'; '.join(reasons)}" if reasons else "kept, nothing changed"))
    for report, warned in run.warnings.items():
        for warning in warned:
            _say(f"{report}: {warning}")
    count, kept = len(run.reports), len(run.reports) - len(run.rendered)
    said = f" ({kept} unchanged and kept)" if kept else ""
    _say(f"{count} report{'' if count == 1 else 's'}{said} in {run.seconds:.0f} s. Open this page in a browser:")
    print(run.index)
    return DONE


def _schedule_due(given: argparse.Namespace) -> int:
    from needscast.press import schedule

    outcomes = schedule.due(given.file, workers=given.workers, cluster=given.cluster or "", say=_say)
    for outcome in outcomes:
        for problem in outcome.untold:
            _say(f"{outcome.entry}: {problem}")
    if not outcomes:
        _say("nothing is due")
    return DONE if all(each.is_good for each in outcomes) else FAILED


def _schedule_run(given: argparse.Namespace) -> int:
    import signal
    import threading

    from needscast.press import schedule

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # how services are stopped
    schedule.next_due(given.file)  # a timetable that cannot be read is no way to begin
    with contextlib.suppress(KeyboardInterrupt):
        schedule.run(given.file, stop, workers=given.workers, cluster=given.cluster or "", say=_say)
    return _say("stopped")


def _schedule_list(given: argparse.Namespace) -> int:
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from needscast.press.timetable import read_timetable

    for entry in read_timetable(given.file).entries:
        coming = entry.next_after(datetime.now(UTC)).astimezone(ZoneInfo(entry.time_zone))
        print(f"{entry.name}\t{entry.crisis}\t{coming:%Y-%m-%d %H:%M} {entry.time_zone}")
    return DONE


def _explain(given: argparse.Namespace) -> int:
    from needscast.chain import estimate_all
    from needscast.inputs import read_crisis
    from needscast.report.explain import diagram, explain, names

    crisis = read_crisis(given.crisis, as_of=given.as_of)
    scenarios = given.scenario or [each.id for each in crisis.scenarios[:1]]
    for results in estimate_all(crisis, scenarios, draws=given.draws, seed=given.seed, readership=given.readership):
        for quantity in given.quantity:
            print(explain(results, quantity))
        if not given.quantity:
            print(names(results))
    return _drawn(diagram(results, *given.quantity[-1:]), given.draw) if given.draw else DONE


def _drawn(chart: Chart, path: Path) -> int:
    """Write a chart to a file: SVG, or PNG if its name ends so."""
    from needscast.press.folders import whole_file
    from needscast.report.charts import draw, house
    from needscast.report.words import Words

    with whole_file(path) as made:
        png = path.suffix.lower() == ".png"
        made.write_bytes(house.draw_png(chart, Words()) if png else draw(chart, Words()).encode("utf-8"))
    return _say(f"drawn in {path}")


def _new(given: argparse.Namespace) -> int:
    from needscast.inputs.new import new_crisis

    made = new_crisis(given.crisis, workbook=given.workbook, cards=given.cards or ())
    print(made)
    return _say(f"Fill it in, then: needscast check {made}; needscast render {made}")


# --- what commands share --------------------------------------------------------------------------------------------


def _only_crisis() -> str:
    from needscast.inputs.shipped import data_path

    known = sorted(folder.name for folder in data_path("crises").iterdir() if folder.is_dir())
    if len(known) != 1:
        raise NeedscastError(f"say which crisis to render: {', '.join(known) or 'none is shipped, so give a path'}")
    return known[0]


def _worlds(given: argparse.Namespace, draws: int, seed: int) -> tuple[int, int]:
    return (draws if given.draws is None else given.draws, seed if given.seed is None else given.seed)


def _write(table: pd.DataFrame, out: Path | None) -> int:
    if out is None:
        _csv(table, sys.stdout)
        return DONE
    from needscast.press.folders import whole_file

    with whole_file(out) as made:
        _csv(table, made)
    return _say(f"{len(table)} rows in {out}")


def _csv(table: pd.DataFrame, target: object) -> None:
    table.to_csv(target, index=False, lineterminator="\n", encoding="utf-8", date_format="%Y-%m-%d")  # type: ignore[call-overload]


def _say(words: str) -> int:
    print(words, file=sys.stderr)
    return DONE


def _tell(words: str) -> None:
    """Show progress, but only to a person at a terminal."""
    if sys.stderr.isatty():
        _say(words)


def _plain_warnings() -> None:
    warnings.formatwarning = lambda message, category, *_, **__: f"needscast: {category.__name__}: {message}\n"


# --- usage ----------------------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    return parser(
        {
            "check": _check,
            "nowcast": _nowcast,
            "forecast": _forecast,
            "hindcast": _hindcast,
            "estimate": _estimate,
            "render": _render,
            "explain": _explain,
            "schedule due": _schedule_due,
            "schedule run": _schedule_run,
            "schedule list": _schedule_list,
            "new": _new,
        }
    )
