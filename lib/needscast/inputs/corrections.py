"""Corrections: records that change or exclude a figure, and fail when it is not what they expect."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from needscast.errors import one_of
from needscast.inputs.cells import Column, read_cell
from needscast.inputs.problems import CellError, Problems, shown
from needscast.inputs.rows import Row, Rows

SCALABLE = ("value_low", "value", "value_high")
FACTOR = Column("value", "number", required=True, low=0.0, note="the factor of a scale, such as 0.001")
EXCLUDED = "excluded"  # column of figures: the reason why a row is not used, "" when it is


def corrected(figures: Rows, corrections: Rows, problems: Problems) -> Rows:
    """Return the figures with every correction applied in order, and a column ``excluded`` with the reason.

    Nothing is edited in the files. A correction whose figure, column or value is not found is a problem.
    """
    by_id = {row["figure_id"]: row.number for row in figures}
    changed = {row.number: replace(row, cells={**row.cells, EXCLUDED: ""}) for row in figures}
    for correction in corrections:
        if correction.broken:
            continue
        number = by_id.get(correction["figure_id"])
        try:
            if number is None:
                raise _RefusedError(
                    "figure_id",
                    one_of("figure", correction["figure_id"], by_id),
                    "name a figure of figures.csv",
                )
            changed[number] = _applied(changed[number], correction, figures)
        except _RefusedError as refusal:
            problems.add(corrections.file, correction.number, refusal.column, refusal.message, refusal.remedy)
    return replace(figures, rows=tuple(changed.values()))


class _RefusedError(Exception):
    def __init__(self, column: str, message: str, remedy: str) -> None:
        self.column, self.message, self.remedy = column, message, remedy
        super().__init__(message)


def _applied(row: Row, correction: Row, figures: Rows) -> Row:
    action, name = correction["action"], correction["column"]
    if action == "exclude" and not name:
        return replace(row, cells={**row.cells, EXCLUDED: correction["reason"]})
    if name not in figures.table.names[1:]:
        raise _RefusedError(
            "column",
            one_of("column", shown(name)[1:-1], figures.table.names[1:]),
            "name a column of figures.csv",
        )
    column = figures.table.column(name)
    now = row[name]
    expected = _read(replace(column, required=False), correction, "expected")
    if now != expected:
        raise _RefusedError(
            "expected",
            f"expected {_word(expected)} in {name} of {correction['figure_id']}, but it is {_word(now)}",
            "the figure has changed since: check whether the correction is still needed",
        )
    if action == "exclude":
        return replace(row, cells={**row.cells, EXCLUDED: correction["reason"]})
    if action == "replace":
        return replace(row, cells={**row.cells, name: _read(column, correction, "value")})
    return replace(row, cells={**row.cells, name: _scaled(now, correction)})


def _scaled(now: Any, correction: Row) -> float:
    if correction["column"] not in SCALABLE or now is None:
        raise _RefusedError(
            "column",
            f"{shown(correction['column'])} holds no number to scale",
            f"name one of {', '.join(SCALABLE)}",
        )
    factor = _read(FACTOR, correction, "value")
    if factor == 0:
        raise _RefusedError(
            "value", "'0' is not a factor", "write a number above 0, such as 0.001, or exclude the figure"
        )
    return now * factor


def _read(column: Any, correction: Row, part: str) -> Any:
    try:
        return read_cell(column, correction[part])
    except CellError as error:
        raise _RefusedError(part, error.message, error.remedy) from None


def _word(value: Any) -> str:
    return shown(
        f"{value:g}"
        if isinstance(value, float) and value < 1e5
        else f"{value:.0f}"
        if isinstance(value, float)
        else ""
        if value is None
        else value
    )
