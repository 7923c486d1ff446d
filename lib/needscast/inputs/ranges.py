"""A range with its source, as rates.csv, cards and scenarios write it, made into a named uncertain input."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from needscast.draws import Range
from needscast.errors import NeedscastError
from needscast.inputs.cells import Column
from needscast.inputs.documents import Document, Path, read_fields
from needscast.inputs.problems import Note, Problems
from needscast.inputs.tables import ORIGIN, RANGE
from needscast.inputs.uncertain import UncertainInput

AUTHOR = Column("author", "text", note="who judged it")
MAY_BE_NEGATIVE = ("_growth", "_change")  # endings of the names of inputs that may lie below zero


def uncertain_input(name: str, values: Mapping[str, Any], note: Note) -> UncertainInput | None:
    """Make an input from read values, or note what is wrong with the range and return None."""
    if any(values[column.name] is None or values[column.name] == "" for column in (*RANGE, *ORIGIN) if column.required):
        return None  # each missing or unreadable value has been noted already
    if values["low"] < 0 and not name.partition("/")[0].endswith(MAY_BE_NEGATIVE):
        note(
            "low",
            f"'{values['low']:g}' is negative",
            "give a number of at least 0; only a _growth or _change may be negative",
        )
        return None
    try:
        spread = Range(values["low"], values["best"], values["high"], values["mass"], values["unit"])
    except NeedscastError as error:
        message, _, remedy = str(error).partition("; ")
        note("mass" if message.startswith("mass") else "low", message, remedy)
        return None
    made = UncertainInput(
        name,
        spread,
        values["source"],
        published_on(values["published"]),
        values["url"],
        values["confidence"],
        values["reason"],
        values.get("author", ""),
    )
    if made.is_assumption and not made.reason:
        note("reason", "is blank", "give the reason of an assumption, and who made it")
        return None
    return made


def published_on(value: date | str | None) -> date | None:
    """Return the date, or None for an undated value."""
    return value if isinstance(value, date) else None


def read_input(
    document: Document,
    path: Path,
    name: str,
    problems: Problems,
    more: tuple[Column, ...] = (),
    translated: tuple[str, ...] = (),
) -> UncertainInput | None:
    """Read the table of a card that gives one range.

    ``more`` are keys beside those of the range, ``translated`` those of them that may come in further languages.
    """
    before = len(problems.found)
    values = read_fields(document, path, (*more, *RANGE, *ORIGIN, AUTHOR), problems, translated=translated)
    if len(problems.found) > before:
        return None
    return uncertain_input(name, values, noter(document, path, problems))


def noter(document: Document, path: Path, problems: Problems) -> Note:
    """Return a function that notes a problem with a key of a table of a card."""

    def note(key: str, message: str, remedy: str) -> None:
        document.note(problems, (*path, key), message, remedy)

    return note
