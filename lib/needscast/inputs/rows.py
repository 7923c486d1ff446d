"""Rows that are understood: every cell of a raw table read by its column, and the table as a DataFrame."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from needscast.inputs.cells import TYPED, Column, read_cell
from needscast.inputs.files import Raw
from needscast.inputs.problems import CellError, Note, Problems, shown
from needscast.inputs.tables import Table


@dataclass(frozen=True)
class Row:
    """One row of a table.

    Attributes
    ----------
    number : row in the spreadsheet.
    cells : value by column; a cell that could not be read stands as blank and is in ``broken``.
    """

    number: int
    cells: dict[str, Any]
    broken: frozenset[str] = frozenset()

    def __getitem__(self, column: str) -> Any:
        return self.cells[column]


@dataclass(frozen=True)
class Rows:
    """A table that has been read: its schema, how its file is named in messages, and its rows."""

    table: Table
    file: str
    rows: tuple[Row, ...] = ()

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def ids(self) -> dict[str, Row]:
        """Return the rows by their first column, the first of repeated ones."""
        made: dict[str, Row] = {}
        for row in self.rows:
            made.setdefault(row[self.table.names[0]], row)
        return made


def noter(rows: Rows, row: Row, problems: Problems) -> Note:
    """Return a function that notes a problem with a column of a row."""

    def note(column: str, message: str, remedy: str) -> None:
        problems.add(rows.file, row.number, column, message, remedy)

    return note


def read_rows(raw: Raw, table: Table, problems: Problems) -> Rows:
    """Read every cell; each unreadable one is a problem of its own, and its row is kept for other checks."""
    columns = {column.name: column for column in table.columns}
    blanks = {column.name: column.blank for column in table.columns}
    header = [columns[name] for name in raw.header]
    rows = []
    for number, cells in raw.rows:
        values, broken = dict(blanks), set()
        for column, cell in zip(header, cells, strict=True):
            try:
                values[column.name] = read_cell(column, cell, comma_decimals=raw.comma_decimals)
            except CellError as error:
                broken.add(column.name)
                problems.add(raw.file, number, column.name, error.message, error.remedy)
        rows.append(Row(number, values, frozenset(broken)))
    made = Rows(table, raw.file, tuple(rows))
    _check_key(made, problems)
    return made


def _check_key(rows: Rows, problems: Problems) -> None:
    """No two rows may have one name, or be alike cell by cell where the table has no names: a delivery counts once."""
    seen: dict[tuple, int] = {}
    key = rows.table.key or rows.table.names
    for row in rows:
        if row.broken & set(key):
            continue
        name = tuple(row[column] for column in key)
        if name in seen and rows.table.key:
            words = ", ".join(str(part) for part in name if part)
            problems.add(
                rows.file,
                row.number,
                key[0],
                f"{shown(words)} stands in row {seen[name]} already",
                "give each row a name of its own or delete one of the two",
            )
        elif name in seen:
            remedy = "delete one of the two, or write in its notes what tells them apart"
            problems.add(rows.file, row.number, "", f"says the same as row {seen[name]}, cell by cell", remedy)
        seen.setdefault(name, row.number)


def frame(columns: Sequence[Column], rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Return rows as a DataFrame: dates as datetime64, missing numbers as NaN, missing text as ""."""
    kept = list(rows)
    made: dict[str, Any] = {}
    for column in columns:
        values = [row[column.name] for row in kept]
        if column.kind in ("date", "published"):
            dates = [None if isinstance(value, str) else value for value in values]
            made[column.name] = np.array(dates, dtype="datetime64[s]")
        elif column.kind in TYPED:
            made[column.name] = np.array(values, dtype=float)
        else:
            made[column.name] = pd.array(list(map(str, values)), dtype="str")
    return pd.DataFrame(made)


def each_row(table: pd.DataFrame) -> Iterator[Any]:
    """Walk through the rows of a table as named tuples, as ``itertuples`` does but with a type made once a layout."""
    return map(_row_type(tuple(map(str, table.columns))), table.index, *(column for _, column in table.items()))


@lru_cache(maxsize=256)
def _row_type(columns: tuple[str, ...]) -> Callable[..., Any]:
    return namedtuple("Row", ["Index", *columns], rename=True)
