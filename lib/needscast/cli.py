"""The command ``needscast``: thin; every command calls one room and writes what it returns.

Exit status: 0 done, 1 the input or the run failed (a message, no traceback), 2 usage. Results go to files or standard
output, words to standard error.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from needscast import ONE_THREAD, __version__
from needscast.errors import InputError, NeedscastError

if TYPE_CHECKING:
    import pandas as pd

TRACEBACK = "NEEDSCAST_TRACEBACK"  # set it to see where an unexpected error came from
HORIZONS = (2, 4, 8, 12)
DONE, FAILED, INTERRUPTED = 0, 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    given = _parser().parse_args(arguments)
    _plain_warnings()
    os.environ.update(ONE_THREAD)  # before numpy is loaded
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
    from needscast.inputs import read_crisis

    try:
        crisis = read_crisis(given.crisis, as_of=given.as_of)
    except InputError as found:
        for problem in found.problems:
            print(problem)
        count = len(found.problems)
        return _say(f"{given.crisis}: {count} problem{'' if count == 1 else 's'}") or FAILED
    return _say(f"{crisis!r}; no problems")


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

    write_hindcast(given.folder, given.out, given.horizons, progress)
    return _say(f"forecasts.csv and scores.csv in {given.out}")


def _estimate(given: argparse.Namespace) -> int:
    from needscast.chain import TABLES, estimate_all
    from needscast.press.folders import whole_file

    results = estimate_all(given.crisis, given.scenario, as_of=given.as_of, draws=given.draws, seed=given.seed)
    for each in results:
        folder = given.out / each.scenario.id
        folder.mkdir(parents=True, exist_ok=True)
        for name in TABLES:
            with whole_file(folder / f"{name}.csv") as made:
                _csv(each.tables[name], made)
        _tell(f"{each.scenario.id}: {', '.join(TABLES)}")
    return _say(f"{len(results)} scenario{'' if len(results) == 1 else 's'} in {given.out}")


def _render(given: argparse.Namespace) -> int:
    from needscast.inputs.folder import locate
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
    run = render(where, out, choices, workers=given.workers, force=given.force, tell=_tell)
    for report, reasons in run.why.items() if given.explain else ():
        _say(f"{report}: " + (f"rendered, for {'; '.join(reasons)}" if reasons else "kept, nothing changed"))
    for report, warnings in run.warnings.items():
        for warning in warnings:
            _say(f"{report}: {warning}")
    count, kept = len(run.reports), len(run.reports) - len(run.rendered)
    said = f" ({kept} unchanged and kept)" if kept else ""
    _say(f"{count} report{'' if count == 1 else 's'}{said} in {run.seconds:.0f} s. Open this page in a browser:")
    print(run.index)
    return DONE


def _explain(given: argparse.Namespace) -> int:
    from needscast.chain import estimate_all
    from needscast.inputs import read_crisis
    from needscast.report.explain import explain

    crisis = read_crisis(given.crisis, as_of=given.as_of)
    scenarios = given.scenario or [each.id for each in crisis.scenarios[:1]]
    for results in estimate_all(crisis, scenarios, draws=given.draws, seed=given.seed):
        for quantity in given.quantity:
            print(explain(results, quantity))
    return DONE


def _new(given: argparse.Namespace) -> int:
    from needscast.inputs.new import new_crisis

    made = new_crisis(given.crisis, workbook=given.workbook)
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


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a date; use YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not in the calendar") from None


def _natural(text: str) -> int:
    if not re.fullmatch(r"[0-9]+", text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 0 on")
    return int(text)


def _positive(text: str) -> int:
    if _natural(text) == 0:
        raise argparse.ArgumentTypeError("'0' is too few; give 1 or more")
    return _natural(text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _weeks(text: str) -> tuple[int, ...]:
    return tuple(_positive(word) for word in _words(text))


_CRISIS = "a name under data/crises, or the path of a folder or workbook"
_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "crisis": {"metavar": "CRISIS", "help": _CRISIS},
    "maybe_crisis": {"metavar": "CRISIS", "nargs": "?", "help": f"{_CRISIS} (default: the shipped one)"},
    "new_crisis": {"metavar": "CRISIS", "type": Path, "help": "the folder to make; its last part is the name"},
    "quantity": {"metavar": "QUANTITY", "nargs": "+", "help": "a headline, such as cost; a wrong name lists them all"},
    "series": {"metavar": "SERIES.csv", "type": Path, "help": "as_of and value of each report"},
    "folder": {"metavar": "FOLDER", "type": Path, "help": "series and their INDEX.csv"},
    "--scenario": {"metavar": "S", "action": "append", "help": "may be repeated (default: all)"},
    "--of-scenario": {"metavar": "S", "action": "append", "help": "may be repeated (default: the first)"},
    "--as-of": {"metavar": "D", "type": _day, "help": "YYYY-MM-DD; nothing published later is used"},
    "--since": {"metavar": "D", "type": _day, "help": "an earlier date: adds a report of what changed since"},
    "--before": {"metavar": "CRISIS", "help": "an earlier version of the inputs: adds a report of what changed"},
    "--draws": {"metavar": "N", "type": _positive, "help": "modelled worlds (default: the crisis's own number)"},
    "--seed": {"metavar": "N", "type": _natural, "help": "from 0 on (default: the crisis's own)"},
    "--horizons": {"metavar": "W,W", "type": _weeks, "default": HORIZONS, "help": "weeks ahead (default: 2,4,8,12)"},
    "--onset": {"metavar": "D", "type": _day, "help": "first day of the displacement"},
    "--population-at-risk": {"metavar": "N", "type": _positive, "help": "people who could be displaced"},
    "--to": {"metavar": "FORMATS", "type": _words, "help": "html, xlsx, csv with commas between (default: all three)"},
    "--out": {"metavar": "FILE.csv", "type": Path, "help": "default: standard output"},
    "--out-dir": {"metavar": "DIR", "type": Path, "help": "the folder to write to", "required": True},
    "--report-dir": {"metavar": "DIR", "type": Path, "help": "default: reports/CRISIS in the current folder"},
    "--workers": {"metavar": "N", "type": _positive, "help": "reports made at a time (default: one a core, up to 4)"},
    "--readership": {"choices": ("public", "internal"), "help": "edition (default: the crisis's own)"},
    "--language": {"metavar": "L", "help": "of the words (default: the crisis's first)"},
    "--force": {"action": "store_true", "help": "render every report, also those that would not change"},
    "--explain": {"action": "store_true", "help": "say why each report is rendered or kept"},
    "--workbook": {"action": "store_true", "help": "one XLSX workbook with drop-down lists instead"},
}
_FLAGS = {"--of-scenario": "--scenario", "--out-dir": "--out", "--report-dir": "--out"}  # what people type
_DESTINATIONS = {"maybe_crisis": "crisis", "new_crisis": "crisis"}
_WORLDS = "--as-of --draws --seed"
# command -> what runs it, what it does, an example that works, its arguments
_COMMANDS: Mapping[str, tuple[Callable[[argparse.Namespace], int], str, str, str]] = {
    "check": (_check, "read everything of a crisis and list every problem", "nw-syria-2020", "crisis --as-of"),
    "nowcast": (
        _nowcast,
        "what is true now, from all reported figures together",
        "nw-syria-2020 --out nowcast.csv",
        f"crisis {_WORLDS} --out",
    ),
    "forecast": (
        _forecast,
        "the future of one reported series",
        "data/hindcast/syria-offensive-2024.csv --as-of 2024-12-10 --horizons 2,4",
        "series --as-of --horizons --onset --population-at-risk --out",
    ),
    "hindcast": (
        _hindcast,
        "forecast past series from each of their dates, and score the forecasts",
        "data/hindcast --out hindcast",
        "folder --horizons --out-dir",
    ),
    "estimate": (
        _estimate,
        "displacement, people, demand, costs, gap and drivers as tables",
        "nw-syria-2020 --scenario as-now --out tables",
        f"crisis --scenario {_WORLDS} --out-dir",
    ),
    "render": (
        _render,
        "scenario reports and their comparison, published together or not at all",
        "nw-syria-2020 --scenario as-now --to html,xlsx --out reports/demo",
        f"maybe_crisis --scenario {_WORLDS} --since --before --to --report-dir --workers --force --explain "
        "--readership --language",
    ),
    "explain": (
        _explain,
        "where a number comes from, down to figure ids and standards",
        "nw-syria-2020 displaced_since_onset --scenario as-now",
        f"crisis quantity --of-scenario {_WORLDS}",
    ),
    "new": (
        _new,
        "a crisis folder, or one workbook, that already renders, to fill in",
        "my-crisis --workbook",
        "new_crisis --workbook",
    ),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="needscast",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="From reported figures to displacement, needs and aid demand, with honest ranges, as reports.",
        epilog="example:\n  needscast render nw-syria-2020 --to html\n\nneedscast COMMAND --help says more.",
    )
    parser.add_argument("--version", action="version", version=f"needscast {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, (run, what, example, arguments) in _COMMANDS.items():
        made = commands.add_parser(
            name,
            help=what,
            description=f"{what[0].upper()}{what[1:]}.",
            epilog=f"example:\n  needscast {name} {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.set_defaults(run=run)
        for argument in arguments.split():
            shown = _FLAGS.get(argument, _DESTINATIONS.get(argument, argument))
            needed: dict[str, Any] = {"required": True} if (name, argument) == ("forecast", "--as-of") else {}
            made.add_argument(shown, **_OPTIONS[argument], **needed)
    return parser
