"""Cards as sheets of a workbook: settings and sector cards as keys with values, scenarios as two tables.

A nested key is written with points and tables are counted from 1: ``item.2.price.low``. A list stands in one
cell, its parts divided by semicolons.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from needscast.errors import one_of
from needscast.inputs.cells import Column, is_blank
from needscast.inputs.documents import Document, Path, path_name
from needscast.inputs.problems import Problems, shown
from needscast.inputs.ranges import AUTHOR
from needscast.inputs.scenarios import OVERRIDE, SCENARIO
from needscast.inputs.sheets import Lines
from needscast.inputs.tables import ORIGIN, RANGE

KEY = Column("key", "text", True, note="name of the setting; nested keys have points")
VALUE = Column("value", "text", note="its value; the parts of a list are divided by ;")
CARD_SHEETS: dict[str, tuple[Column, ...]] = {
    "crisis": (KEY, VALUE),
    "scenarios": (Column("scenario", "id", True, note="a name of its own"), *SCENARIO),
    "overrides": (
        Column("scenario", "id", True, note="the scenario it belongs to"),
        *OVERRIDE,
        *RANGE,
        *ORIGIN,
        AUTHOR,
    ),
    "sectors": (Column("sector", "id", True, note="code of the sector card"), KEY, VALUE),
}

Places = dict[Path, tuple[str, int]]


def flat(values: Any, path: Path = ()) -> Iterator[tuple[str, Any]]:
    """Yield every key of a card with its value, nested keys with points, lists in one cell."""
    if isinstance(values, Mapping):
        for key, value in values.items():
            yield from flat(value, (*path, key))
    elif isinstance(values, list) and values and isinstance(values[0], Mapping):
        for number, value in enumerate(values):
            yield from flat(value, (*path, number))
    else:
        yield path_name(path), ";".join(map(str, values)) if isinstance(values, list) else values


def key_documents(lines: Lines, file: str, problems: Problems) -> dict[str, Document]:
    """Return the cards of a sheet of keys and values, by the column before them that names the card."""
    rows = list(_records(lines, file, problems))
    names = [str(cells.get("sector", "")) for _, cells in rows]
    return {
        name: _nested(
            [(row, cells) for (row, cells), own in zip(rows, names, strict=True) if own == name],
            file,
            problems,
        )
        for name in dict.fromkeys(names)
    }


def _records(lines: Lines, file: str, problems: Problems) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield filled rows as column -> cell without the blank ones, with their row numbers."""
    filled = [(row, cells) for row, cells in lines if not all(map(is_blank, cells))]
    if not filled:
        return
    header = [str(cell).strip() if cell is not None else "" for cell in filled[0][1]]
    for row, cells in filled[1:]:
        record = {}
        for place, cell in enumerate(cells):
            name = header[place] if place < len(header) else ""
            if not is_blank(cell) and not name:
                problems.add(
                    file,
                    row,
                    f"column {place + 1}",
                    f"{shown(cell)} stands below no column name",
                    "name the column or delete it",
                )
            elif not is_blank(cell):
                record[name] = cell
        yield row, record


def _nested(rows: list[tuple[int, dict[str, Any]]], file: str, problems: Problems) -> Document:
    values: dict[Any, Any] = {}
    places: Places = {(): (file, 0)}
    for row, cells in rows:
        for column in set(cells) - {"sector", "key", "value"}:
            problems.add(
                file,
                row,
                shown(column)[1:-1],
                one_of("column", shown(column)[1:-1], ("sector", "key", "value")),
                "delete it",
            )
        path: Path = tuple(int(part) - 1 if part.isdecimal() else part for part in str(cells.get("key", "")).split("."))
        if "value" not in cells:
            continue
        if not _put(values, path, cells["value"]):
            problems.add(
                file,
                row,
                "key",
                f"{shown(cells.get('key', ''))} is given twice or is blank",
                "give each key once",
            )
        for depth in range(1, len(path) + 1):
            places.setdefault(path[:depth], (file, row))
    return Document(file, _with_lists(values), lines=places)


def _put(values: dict[Any, Any], path: Path, value: Any) -> bool:
    here: Any = values
    for part in path[:-1]:
        here = here.setdefault(part, {})
        if not isinstance(here, dict):
            return False
    if path[-1] == "" or path[-1] in here:
        return False
    here[path[-1]] = value
    return True


def _with_lists(values: Any) -> Any:
    """Turn tables counted by numbers into lists, in the order of their numbers."""
    if not isinstance(values, dict):
        return values
    if values and all(isinstance(key, int) for key in values):
        return [_with_lists(values[key]) for key in sorted(values)]
    return {str(key): _with_lists(value) for key, value in values.items()}


def scenario_documents(scenarios: Lines, overrides: Lines, file: str, problems: Problems) -> dict[str, Document]:
    """Read the sheets ``scenarios`` and ``overrides`` into one card for each scenario."""
    sheet, below = f"{file}[scenarios]", f"{file}[overrides]"
    cards: dict[str, tuple[dict[str, Any], Places]] = {}
    for row, cells in _records(scenarios, sheet, problems):
        name = str(cells.pop("scenario", ""))
        if name in cards:
            problems.add(
                sheet,
                row,
                "scenario",
                f"{shown(name)} stands there twice",
                "give each scenario a name of its own",
            )
        cards[name] = (
            {**cells, "override": []},
            {(): (sheet, row)} | {(key,): (sheet, row) for key in cells},
        )
    for row, cells in _records(overrides, below, problems):
        name = str(cells.pop("scenario", ""))
        if name not in cards:
            problems.add(
                below,
                row,
                "scenario",
                one_of("scenario", shown(name)[1:-1], cards),
                "name a scenario of the sheet scenarios",
            )
            continue
        values, places = cards[name]
        places[("override", len(values["override"]))] = (below, row)
        values["override"].append(cells)
    return {name: Document(sheet, values, lines=places) for name, (values, places) in cards.items()}
