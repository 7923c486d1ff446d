"""The settings of a crisis: crisis.toml, or the sheet ``crisis`` of a workbook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from needscast import vocabulary as words
from needscast.inputs.cells import Column
from needscast.inputs.documents import Document, read_fields, table_at, tables_at
from needscast.inputs.problems import Problems, shown
from needscast.inputs.ranges import noter, read_input
from needscast.inputs.uncertain import UncertainInput

NAMED_RANGES = {"population": "person", "household_size": "person / household"}

SETTINGS = (
    Column("name", "text", True, note="the name of the crisis as it is printed"),
    Column("country", "text", True, note="three capital letters, ISO 3166-1 alpha-3"),
    Column("time_zone", "text", True, note="such as Asia/Damascus"),
    Column("languages", "ids", True, note="two-letter codes of the report's languages"),
    Column("currency", "text", True, note="three capital letters"),
    Column("reference_date", "date", True, note="what was not public on this day is hidden"),
    Column("onset", "date", True, note="first day of the displacement the headline counts"),
    Column("phase", "word", True, words=words.PHASES, note="which level of each standard is chosen"),
    Column("phase_chosen_by", "text", True, note="who chose the phase"),
    Column("winter_months", "whole_numbers", low=1, high=12, note="months in which winter items are due"),
    Column("horizon_weeks", "whole", True, low=1, high=52, note="how many weeks ahead"),
    Column(
        "planning_level",
        "number",
        True,
        low=0,
        high=1,
        note="share of the possible worlds an order suffices for",
    ),
    Column("planning_level_chosen_by", "text", True, note="who chose the planning level"),
    Column("anchor_source", "id", True, note="the source whose counts the level hangs on; an id of sources.csv"),
    Column("readership", "word", True, words=words.READERSHIPS, note="public or internal"),
    Column("seed", "whole", True, note="any whole number"),
    Column("draws", "whole", True, low=1, high=1_000_000, note="how many draws, usually 4096"),
    Column("sectors", "ids", note="codes of the sector cards in use; all of them when left out"),
)

ADMIT = (
    Column("input", "input", True, note="the input, norm or specification to admit"),
    Column("reason", "text", True, note="why it may be used although it is younger or undated"),
)


@dataclass(frozen=True)
class Admission:
    """Something younger than the reference date, or undated, admitted by name and reason (law 7)."""

    input: str
    reason: str


@dataclass(frozen=True)
class Settings:
    """One field per key of crisis.toml.

    ``population`` and ``household_size`` are inputs too; either is None when it was published after the run's
    reference date and not admitted. ``sectors`` empty means all cards.
    """

    name: str
    country: str
    time_zone: str
    languages: tuple[str, ...]
    currency: str
    reference_date: date
    onset: date
    phase: str
    phase_chosen_by: str
    winter_months: tuple[int, ...]
    horizon_weeks: int
    planning_level: float
    planning_level_chosen_by: str
    anchor_source: str
    readership: str
    seed: int
    draws: int
    sectors: tuple[str, ...]
    population: UncertainInput | None
    household_size: UncertainInput | None
    admit: tuple[Admission, ...]


def read_settings(document: Document, problems: Problems) -> Settings | None:
    """Read the settings; None when something is wrong with them."""
    before = len(problems.found)
    values = read_fields(document, (), SETTINGS, problems, tables=(*NAMED_RANGES, "admit"))
    for name, unit in NAMED_RANGES.items():
        values[name] = _named_range(document, name, unit, problems)
    values["admit"] = tuple(
        Admission(**read_fields(document, path, ADMIT, problems)) for path in tables_at(document, (), "admit", problems)
    )
    _check(document, values, problems)
    return Settings(**values) if len(problems.found) == before else None


def _named_range(document: Document, name: str, unit: str, problems: Problems) -> UncertainInput | None:
    path = table_at(document, (), name, problems, required=True)
    made = read_input(document, path, name, problems) if path else None
    if path and made and made.range.unit != unit:
        message = f"{shown(made.range.unit)} is not the unit of {name}"
        noter(document, path, problems)("unit", message, f"write '{unit}'")
    return made


def _check(document: Document, values: dict, problems: Problems) -> None:
    note = noter(document, (), problems)
    for key, pattern, example in (("country", "[A-Z]{3}", "SYR"), ("currency", "[A-Z]{3}", "USD")):
        if values[key] and not re.fullmatch(pattern, values[key]):
            note(
                key,
                f"{shown(values[key])} is not a code of three capital letters",
                f"write it like '{example}'",
            )
    for language in values["languages"]:
        if not re.fullmatch("[a-z]{2,3}", language):
            note(
                "languages",
                f"{shown(language)} is not a language code",
                "write two small letters, such as 'en'",
            )
    if values["time_zone"] and not _is_time_zone(values["time_zone"]):
        near = _time_zones_of(values["time_zone"]) or ["Asia/Damascus"]
        note("time_zone", f"{shown(values['time_zone'])} is not a time zone", f"write it like '{near[0]}'")
    if values["onset"] and values["reference_date"] and values["onset"] > values["reference_date"]:
        note(
            "onset",
            f"'{values['onset']}' is after the reference date {values['reference_date']}",
            "swap or mend the two dates",
        )
    if values["planning_level"] in (0, 1):
        note(
            "planning_level",
            "no order suffices for that share of the worlds",
            "give a share inside 0 and 1, such as 0.8",
        )


def _time_zones_of(place: str) -> list[str]:
    """Return the time zones named after a place, such as America/Port-au-Prince."""
    import zoneinfo

    wanted = place.strip().replace(" ", "_").lower()
    return sorted(name for name in zoneinfo.available_timezones() if name.rpartition("/")[2].lower() == wanted)


def _is_time_zone(name: str) -> bool:
    import zoneinfo

    try:
        zoneinfo.ZoneInfo("UTC")
    except zoneinfo.ZoneInfoNotFoundError:  # this machine has no time zone data; then only the form is checked
        return bool(re.fullmatch(r"[A-Za-z_]+(/[A-Za-z0-9_+-]+)*", name))
    try:
        return bool(zoneinfo.ZoneInfo(name))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
