"""What a check tells besides problems: nothing that stops a run, but a person should look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path as File
from typing import Any

from needscast.inputs.checks import checked
from needscast.inputs.crisis import Crisis
from needscast.inputs.documents import Document, Path, path_name
from needscast.inputs.folder import Folder, open_crisis
from needscast.inputs.located import locate
from needscast.inputs.problems import Problems, listed
from needscast.inputs.unlikely import old_prices, unlikely

PLACEHOLDER = "TO FILL IN"  # how a cell of the template begins
FEW = 6  # places that are worth a line


def notes(where: str | File, reference: date, today: date) -> tuple[str, ...]:
    """Return what to look at in a crisis that has no problem, a sentence each.

    Parameters
    ----------
    where : a name under ``data/crises``, or the path of a folder or workbook.
    reference : the reference date of the run: figures that are younger are hidden.
    today : a figure published later than this is likely a slip.
    """
    folder = open_crisis(locate(where), Problems())
    found = checked(folder, Problems())
    odd = (*unlikely(found), old_prices(found, reference)) if found else ()
    told = (_placeholders(folder), *_later(folder, today), *odd, _hidden(folder, reference))
    return tuple(note for note in told if note)


def unsized(crisis: Crisis) -> tuple[str, ...]:
    """Return which sectors a report leaves out, and what would bring them in; nothing where there is none."""
    if not crisis.unsized:
        return ()
    return (
        f"not estimated, because who requires their help is undated or younger than {crisis.reference_date}: "
        f"{', '.join(each.code for each in crisis.unsized)}; give the shares that were known by then in rates.csv, "
        "or admit them by name and reason in crisis.toml",
    )


def placeholders(folder: Folder) -> Iterator[str]:
    """Yield every cell and key that still holds the words of the template, as file:row:column."""
    for document in (folder.settings, *folder.scenarios.values(), *folder.sectors.values()):
        if document is not None:
            yield from _keys(document, (), document.values)
    for rows in folder.tables.values():
        for row in rows:
            for column, value in row.cells.items():
                if isinstance(value, str) and value.startswith(PLACEHOLDER):
                    yield f"{rows.file}:{row.number}:{column}"


def _keys(document: Document, path: Path, value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith(PLACEHOLDER):
        file, row = document.place(path)
        yield f"{file}:{row}:{path_name(path)}"
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield from _keys(document, (*path, key), each)


def _placeholders(folder: Folder) -> str:
    places = list(placeholders(folder))
    count = len(places)
    begin = "cell still begins" if count == 1 else "cells still begin"
    return f"{count} {begin} with '{PLACEHOLDER}': {listed(places, FEW)}" if places else ""


def _later(folder: Folder, today: date) -> Iterator[str]:
    """A figure from the future is hidden like any that is younger than the reference date, and easily overlooked."""
    figures = folder.tables["figures"]
    for row in figures:
        if row["published"] and row["published"] > today:
            place = f"{figures.file}:{row.number}:published"
            yield f"{place}: {row['figure_id']} is of {row['published']}, later than today: a slip?"


def _hidden(folder: Folder, reference: date) -> str:
    figures = folder.tables["figures"]
    names = [row["figure_id"] for row in figures if row["published"] and row["published"] > reference]
    if not names:
        return ""
    said = "figure is" if len(names) == 1 else "figures are"
    few = f": {', '.join(names)}" if len(names) <= FEW else ""
    return f"{len(names)} {said} younger than {reference} and not used{few}"
