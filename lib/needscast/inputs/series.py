"""Series of reported figures of one crisis: the files a forecast learns from and starts from.

A series is one CSV with a figure a row, in any order. Beside it an INDEX.csv may say when the crisis began, how
many people were at risk and to which crisis (``group``) the series belongs; any of its cells may be blank. What
was mended on the way in (a date twice, a zero, a blank) is kept as remarks, so that a page can say so.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from needscast.errors import NeedscastError
from needscast.inputs.cells import Column
from needscast.inputs.files import Raw, read_bytes, read_csv
from needscast.inputs.problems import Problems
from needscast.inputs.rows import Rows, read_rows
from needscast.inputs.tables import Table

INDEX = "INDEX.csv"
MEASURES = ("idp_stock", "refugee_stock", "displaced_cumulative")
JUMP = 50.0  # times; a step as large as this is more often a slip of the pen than people on the move

_ROWS = (
    Column("as_of", "date", required=True, note="cut-off of the count, YYYY-MM-DD"),
    Column("value", "number", low=0.0, note="people; blank when the report gives no number"),
    Column("measure", "text", note="what is counted; blank means as in the rows before, or as in the index"),
    Column("hedge", "text", note="the printed word, such as 'more than'"),
)
_CRISES = (
    Column("slug", "text", required=True, note="name of the series file without .csv"),
    Column("onset_date", "date", note="first day of the crisis, YYYY-MM-DD; blank if unknown"),
    Column("measure", "text", note="what is counted"),
    Column("population_at_risk", "number", low=1.0, note="people who might be displaced; blank if unknown"),
    Column("group", "text", note="the crisis; series of one crisis share it"),
)


@dataclass(frozen=True)
class Remark:
    """Something that was mended or is odd.

    Attributes
    ----------
    as_of : the row it is about, or None for the series as a whole.
    text : one sentence.
    """

    as_of: date | None
    text: str


@dataclass(frozen=True)
class Series:
    """Reported figures of one measure of one crisis, in order of their dates, one for each date, all above zero.

    Attributes
    ----------
    name : file name without ending.
    days : cut-offs, as whole days since 1970-01-01; values : people; hedges : the printed words, lower case.
    measures : what is counted, by row, as far as that row and those before it say; "" when nothing does.
    onset, population_at_risk, group : from the index or the caller; None or "" when not known.
    remarks : what was mended on the way in.
    """

    name: str
    days: np.ndarray
    values: np.ndarray
    hedges: tuple[str, ...]
    measures: tuple[str, ...]
    onset: date | None = None
    population_at_risk: float | None = None
    group: str = ""
    remarks: tuple[Remark, ...] = ()

    def __len__(self) -> int:
        return len(self.days)

    @property
    def digest(self) -> str:
        """SHA-256 of everything a forecast may depend on."""
        content = [self.name, self.days.tolist(), self.values.tolist(), self.hedges, self.measures]
        known = [str(self.onset or ""), self.population_at_risk, self.group]
        return hashlib.sha256(json.dumps([content, known]).encode()).hexdigest()


def read_series(path: str | Path, *, onset: date | None = None, population_at_risk: float | None = None) -> Series:
    """Read one series and what an INDEX.csv beside it says about it.

    Parameters
    ----------
    onset, population_at_risk : override the index. [date, person]

    Raises
    ------
    NeedscastError : naming file, row and column, when something cannot be read with certainty or no row is left.
    """
    path = Path(path)
    problems = Problems()
    if path.name == INDEX:
        raise NeedscastError(f"{path} describes series and is none; name one of the files beside it")
    about = _index(path.parent, problems).get(path.stem, {})
    made = _series(path, about, problems)
    problems.raise_if_any()
    if population_at_risk is not None and not 1 <= population_at_risk < np.inf:
        raise NeedscastError(f"population at risk {population_at_risk!r}: give a number of people, or leave it out")
    known: dict[str, Any] = {"onset": onset, "population_at_risk": population_at_risk}
    return replace(made, **{name: value for name, value in known.items() if value is not None})


def read_folder(folder: str | Path) -> tuple[Series, ...]:
    """Read every series of a folder, in order of their names.

    Raises
    ------
    InputError : with all problems of all files at once.
    NeedscastError : when the folder is none or holds no series.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise NeedscastError(f"{folder} is not a folder; give one that holds series as CSV files")
    paths = sorted(path for path in folder.glob("*.csv") if path.name != INDEX)
    if not paths:
        raise NeedscastError(f"{folder} holds no series; put one CSV file for each series into it")
    problems = Problems()
    index = _index(folder, problems)
    made = [_series(path, index.get(path.stem, {}), problems) for path in paths]
    problems.raise_if_any()
    return tuple(made)


def read_forecasts(path: Path) -> pd.DataFrame:
    """Read back a table of forecasts that a hindcast kept, to the last digit."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return table.astype({"horizon_weeks": "int64", "value": "float64"})


def _index(folder: Path, problems: Problems) -> dict[str, dict[str, Any]]:
    path = folder / INDEX
    if not path.is_file():
        return {}
    rows = _rows(path, Table("index", _CRISES, key=("slug",)), problems)
    return {row["slug"]: row.cells for row in rows}


def _rows(path: Path, table: Table, problems: Problems) -> Rows:
    """Read the columns we know; others are for people."""
    content = read_bytes(path, path.name, problems)
    if content is None:
        return Rows(table, path.name)
    first = content.decode("utf-8-sig", "replace").lstrip().split("\n", 1)[0]
    others = [cell.strip().strip('"') for cell in first.replace(";", ",").split(",")]
    extra = tuple(Column(name, "text") for name in dict.fromkeys(others) if name and name not in table.names)
    raw = read_csv(content, Table(table.name, (*table.columns, *extra)), path.name, problems)
    if raw is None:
        return Rows(table, path.name)
    if table.name == "series" and "value" not in raw.header:
        problems.add(path.name, 1, "value", "the column is missing", "add it: the reported number of people")
    return read_rows(_only(raw, table), table, problems)


def _only(raw: Raw, table: Table) -> Raw:
    kept = [number for number, name in enumerate(raw.header) if name in table.names]
    rows = tuple((row, tuple(cells[number] for number in kept)) for row, cells in raw.rows)
    return replace(raw, header=tuple(raw.header[number] for number in kept), rows=rows)


def _series(path: Path, about: dict[str, Any], problems: Problems) -> Series:
    before = len(problems.found)
    rows = _rows(path, Table("series", _ROWS), problems)
    if len(problems.found) > before:
        return _nothing(path)
    remarks: list[Remark] = []
    kept = _one_measure(_with_value(rows, remarks), about.get("measure") or "", remarks)
    if not kept:
        problems.add(path.name, 0, "value", "holds no figure above zero", "a forecast needs at least one")
        return _nothing(path)
    days, values, hedges, measures = _one_for_each_date(kept, remarks)
    _remark_order(rows, remarks)
    _remark_jumps(days, values, remarks)
    return Series(
        path.stem,
        days,
        values,
        hedges,
        measures,
        about.get("onset_date"),
        about.get("population_at_risk"),
        about.get("group") or "",
        tuple(sorted(remarks, key=lambda remark: str(remark.as_of or ""))),
    )


def _nothing(path: Path) -> Series:
    return Series(path.stem, np.array([], dtype=np.int64), np.array([]), (), ())


def _with_value(rows: Rows, remarks: list[Remark]) -> list[dict[str, Any]]:
    """Return the rows with a figure above zero, sorted; growth from nothing has no meaning."""
    kept = []
    for row in sorted(rows, key=lambda row: (row["as_of"], row["value"] or 0.0, row["hedge"])):
        if row["value"] is None:
            remarks.append(Remark(row["as_of"], f"{row['as_of']}: no value; the row is left out"))
        elif row["value"] == 0:
            remarks.append(Remark(row["as_of"], f"{row['as_of']}: zero people; left out, nothing grows from zero"))
        else:
            kept.append(row.cells)
    return kept


def _one_measure(rows: list[dict[str, Any]], fallback: str, remarks: list[Remark]) -> list[dict[str, Any]]:
    """Keep the measure of the earliest row that names one: a stock and a cumulative count are not one series.

    A row before that one has the measure of the index: what a later row says was not known on its day.
    """
    measure, kept = "", []
    for row in rows:
        measure = measure or row["measure"]
        if row["measure"] in ("", measure):
            kept.append({**row, "measure": measure or fallback})
        else:
            said = f"{row['as_of']}: {row['measure']} among figures of {measure}; the row is left out"
            remarks.append(Remark(row["as_of"], said))
    for unknown in sorted({row["measure"] for row in kept} - {"", *MEASURES}):
        day = next(row["as_of"] for row in kept if row["measure"] == unknown)
        reading = "a count that adds up" if adds_up(unknown) else "a stock, which can fall"
        remarks.append(Remark(day, f"measure '{unknown}' is none of {', '.join(MEASURES)}; taken as {reading}"))
    return kept


def adds_up(measure: str) -> bool:
    """Return whether a measure counts everybody so far, and not those of the day."""
    return measure.endswith("cumulative")


def _one_for_each_date(
    rows: list[dict[str, Any]], remarks: list[Remark]
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...], tuple[str, ...]]:
    """Merge rows of one date: the middle of their logarithms, whatever their order in the file."""
    by_date: dict[date, list[dict[str, Any]]] = {}
    for row in rows:
        by_date.setdefault(row["as_of"], []).append(row)
    values, hedges = [], []
    for day, same in by_date.items():
        figures = [row["value"] for row in same]
        middle = figures[0] if min(figures) == max(figures) else float(np.exp(np.median(np.log(figures))))
        words = {row["hedge"].lower() for row in same}
        values.append(middle)
        hedges.append(words.pop() if len(words) == 1 else "")
        if len(same) > 1:
            printed = ", ".join(f"{figure:,.0f}" for figure in figures)
            remarks.append(Remark(day, f"{day}: {len(same)} rows ({printed}) taken as one of {middle:,.0f}"))
    days = np.array([(day - date(1970, 1, 1)).days for day in by_date], dtype=np.int64)
    return days, np.array(values), tuple(hedges), tuple(same[-1]["measure"] for same in by_date.values())


def _remark_order(rows: Rows, remarks: list[Remark]) -> None:
    dates = [row["as_of"] for row in rows]
    late = next((after for before, after in zip(dates, dates[1:], strict=False) if after < before), None)
    if late is not None:
        remarks.append(Remark(late, f"{late}: stands below a later date; rows are taken in order of their dates"))


def _remark_jumps(days: np.ndarray, values: np.ndarray, remarks: list[Remark]) -> None:
    for number in np.flatnonzero(np.abs(np.diff(np.log(values))) >= np.log(JUMP)):
        day = date.fromordinal(int(days[number + 1]) + date(1970, 1, 1).toordinal())
        said = f"{values[number]:,.0f} is followed by {values[number + 1]:,.0f}; check for a slip of digits"
        remarks.append(Remark(day, f"{day}: {said}"))
