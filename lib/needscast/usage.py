"""The words of the command line: every command with what it does, an example that works, and its arguments."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from needscast import __version__
from needscast.errors import one_of

Command = Callable[[argparse.Namespace], int]
HORIZONS = (2, 4, 8, 12)


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


def _known(kind: str, folder: str, ending: str) -> Callable[[str], str]:
    """Return a reader of names that files of the package carry, which needs none of its libraries."""
    found = (Path(__file__).parent / "report" / folder).glob(f"*{ending}")
    names = sorted(each.stem for each in found if not each.name.startswith("_"))

    def read(text: str) -> str:
        if text not in names:
            raise argparse.ArgumentTypeError(one_of(kind, text, names))
        return text

    return read


_language = _known("language", "catalogue", ".toml")
_format = _known("format", "formats", ".py")


def _formats(text: str) -> tuple[str, ...]:
    return tuple(map(_format, _words(text)))


def _weeks(text: str) -> tuple[int, ...]:
    return tuple(_positive(word) for word in _words(text))


_CRISIS = "a name under data/crises, or the path of a folder or workbook"
_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "crisis": {"metavar": "CRISIS", "help": _CRISIS},
    "maybe_crisis": {"metavar": "CRISIS", "nargs": "?", "help": f"{_CRISIS} (default: the shipped one)"},
    "new_crisis": {"metavar": "CRISIS", "type": Path, "help": "the folder to make; its last part is the name"},
    "quantity": {
        "metavar": "QUANTITY",
        "nargs": "*",
        "help": "such as cost, order_by/ITEM or remaining/SECTOR; without one, all that can be asked is listed",
    },
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
    "--onset": {"metavar": "D", "type": _day, "help": "first day of the displacement, or of its new phase"},
    "--population-at-risk": {"metavar": "N", "type": _positive, "help": "people who could be displaced"},
    "--to": {"metavar": "FORMATS", "type": _formats, "help": "html,xlsx,csv (the default); also pdf, docx, json"},
    "--out": {"metavar": "FILE.csv", "type": Path, "help": "default: standard output"},
    "--out-dir": {"metavar": "DIR", "type": Path, "help": "the folder to write to", "required": True},
    "--report-dir": {"metavar": "DIR", "type": Path, "help": "default: reports/CRISIS in the current folder"},
    "--workers": {"metavar": "N", "type": _positive, "help": "reports made at a time (default: one a core, up to 4)"},
    "--cluster": {"metavar": "ADDRESS", "help": "of a Dask scheduler whose workers make the reports instead"},
    "--readership": {"choices": ("public", "internal"), "help": "edition (default: the crisis's own)"},
    "--language": {"metavar": "L", "type": _language, "help": "of the words (default: the crisis's first)"},
    "--file": {
        "metavar": "FILE.toml",
        "type": Path,
        "default": Path("reports/schedule.toml"),
        "help": "the timetable (default: reports/schedule.toml)",
    },
    "--force": {"action": "store_true", "help": "render every report, also those that would not change"},
    "--explain": {"action": "store_true", "help": "say why each report is rendered or kept"},
    "--draw": {"type": Path, "metavar": "FILE.svg", "help": "also draw where the last number comes from (SVG or PNG)"},
    "--workbook": {"action": "store_true", "help": "one XLSX workbook with drop-down lists instead"},
    "--cards": {"metavar": "CODES", "type": _words, "help": "shipped sector cards to put in too, to edit: FSC,SNFI"},
}
_FLAGS = {"--of-scenario": "--scenario", "--out-dir": "--out", "--report-dir": "--out"}  # what people type
_DESTINATIONS = {"maybe_crisis": "crisis", "new_crisis": "crisis"}
_WORLDS = "--as-of --draws --seed"
_OR = "|"  # between arguments of which only one is given
# command -> what it does, an example that works, its arguments
COMMANDS: Mapping[str, tuple[str, str, str]] = {
    "check": ("read everything of a crisis and list every problem", "nw-syria-2020", "crisis --as-of"),
    "nowcast": (
        "what is true now, from all reported figures together",
        "nw-syria-2020 --out nowcast.csv",
        f"crisis {_WORLDS} --out",
    ),
    "forecast": (
        "the future of one reported series",
        "data/hindcast/syria-offensive-2024.csv --as-of 2024-12-10 --horizons 2,4",
        "series --as-of --horizons --onset --population-at-risk --out",
    ),
    "hindcast": (
        "forecast past series from each of their dates, and score the forecasts",
        "data/hindcast --out hindcast",
        "folder --horizons --out-dir",
    ),
    "estimate": (
        "everything of a scenario as tables: people, demand, orders, costs, gaps, decisions, doubt",
        "nw-syria-2020 --scenario as-now --out tables",
        f"crisis --scenario {_WORLDS} --out-dir",
    ),
    "render": (
        "scenario reports and their comparison, published together or not at all",
        "nw-syria-2020 --scenario as-now --to html,xlsx --out reports/demo",
        f"maybe_crisis --scenario {_WORLDS} --since --before --to --report-dir --workers|--cluster --force --explain "
        "--readership --language",
    ),
    "explain": (
        "where a number comes from, down to figure ids and standards",
        "nw-syria-2020 displaced_since_onset --scenario as-now",
        f"crisis quantity --of-scenario {_WORLDS} --draw --readership",
    ),
    "schedule due": (
        "render what is due and was not rendered since, then exit: for cron, timers and orchestrators",
        "--file reports/schedule.toml",
        "--file --workers|--cluster",
    ),
    "schedule run": (
        "stay and render whatever becomes due, until stopped",
        "--file reports/schedule.toml",
        "--file --workers|--cluster",
    ),
    "schedule list": (
        "check the timetable and say when each entry is due next",
        "--file reports/schedule.toml",
        "--file",
    ),
    "new": (
        "a crisis folder, or one workbook, that already renders, to fill in",
        "my-crisis --workbook",
        "new_crisis --workbook --cards",
    ),
}

# What `estimate` writes of a scenario, a file each: the six that others script against, then what reports show beside.
TABLES: Mapping[str, str] = {
    "displacement": "who is where and who moves, by group, area and week",
    "people": "people requiring assistance, by sector, group, area and week",
    "demand": "what is due of each item, by week, and by area over the horizon",
    "costs": "what that costs, by item and sector",
    "gap": "due, covered by known supply and missing, by item and week; empty where no stock is known",
    "drivers": "what each input adds to the doubt about each headline",
    "orders": "the purchase plan: quantity, order-by date, price, weight, lead time, people waiting",
    "planning": "each item at P50, P80, P95 and at stated costs: people unserved, surplus, price of the step",
    "reach": "full rations given since the onset, and what part of what is due they are",
    "stock_out": "the day a known stock runs out, as a range",
    "stock_out_weeks": "the share of the worlds in which it runs out, by week",
    "date_drivers": "what each input adds to the doubt about that day",
    "passage": "trucks of each line of the plan: needed, across in time, late, never",
    "crossing": "trucks over all lines: needed, capacity of the crossings, what never passes",
    "response": "people and money by sector: required, targeted, reached, funded, what remains",
    "decisions": "the orders that the crisis names: what too few and too many cost, the level that implies",
    "information": "what a field check or an input is worth before each of them",
    "allocation": "what each zone is given of too little, and what it then lacks",
    "across": "people across sectors by area: largest sector, independence, cap",
    "flags": "sectors out of line with the others, by area",
    "special": "displaced children, women, older people, with a disability, now and at the end",
    "causes": "what groups of inputs add to the doubt about the main headlines",
}

GROUPS = {"schedule": "unattended rendering, as reports/schedule.toml says"}


def parser(runs: Mapping[str, Command]) -> argparse.ArgumentParser:
    """Return the parser of all commands; ``runs`` says what each of them runs."""
    made = argparse.ArgumentParser(
        prog="needscast",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="From reported figures to displacement, needs and aid demand, with honest ranges, as reports.",
        epilog="example:\n  needscast render nw-syria-2020 --to html\n\nneedscast COMMAND --help says more.",
    )
    made.add_argument("--version", action="version", version=f"needscast {__version__}")
    commands = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    groups: dict[str, Any] = {"": commands}
    for name in COMMANDS:
        group, _, own = name.rpartition(" ")
        if group not in groups:
            outer = commands.add_parser(group, help=GROUPS[group], description=_sentence(GROUPS[group]))
            groups[group] = outer.add_subparsers(title="commands", metavar="COMMAND", required=True)
        _add(groups[group], own, name, runs[name])
    return made


def parsed(made: argparse.ArgumentParser, arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of a command; names that follow an option count like those before it."""
    given, more = made.parse_known_args(arguments)
    if more and hasattr(given, "quantity") and not any(each.startswith("-") for each in more):
        given.quantity += more
    elif more:
        made.error(f"unrecognized arguments: {' '.join(more)}")
    return given


def _add(commands: Any, own: str, name: str, run: Command) -> None:
    what, example, arguments = COMMANDS[name]
    made = commands.add_parser(
        own,
        help=what,
        description=_sentence(what),
        epilog=f"example:\n  needscast {name} {example}" + _tables() * (name == "estimate"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.set_defaults(run=run)
    for either in arguments.split():
        group = made.add_mutually_exclusive_group() if _OR in either else made
        for argument in either.split(_OR):
            shown = _FLAGS.get(argument, _DESTINATIONS.get(argument, argument))
            needed: dict[str, Any] = {"required": True} if (name, argument) == ("forecast", "--as-of") else {}
            group.add_argument(shown, **_OPTIONS[argument], **needed)


def _tables() -> str:
    """The tables that `estimate` writes, a line each."""
    return "\n\ntables of each scenario:\n" + "\n".join(
        f"  {f'{name}.csv':<18} {what}" for name, what in TABLES.items()
    )


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
