"""Cells as people read them: rounded with what the table says, parts and total together."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import Any

from needscast.report.blocks import RANGES, Column, Table
from needscast.report.numbers import bound_of, round_range, round_share, round_to, shared_out, step_of, step_of_number
from needscast.report.values import Named, Range
from needscast.report.words import Words

MILLION = 1_000_000
LARGE = 10 * MILLION  # from here on a table counts in millions
PART_DIGITS = 2  # of a part of middling size: with 200 parts a tenth of the total's step would swallow them
DIGITS = 3  # significant digits of a single number in a table; one computed as a range prints what its range supports


def in_millions(table: Table) -> tuple[Table, frozenset[str]]:
    """Return a table with its large numbers in millions, and the keys of the columns that are now counted so.

    All numbers of a unit change together, and only when none of them would become a small fraction. A column that has
    small numbers alone, as the cost for one person, stays as it is.
    """
    sizes: dict[str, dict[str, list[float]]] = {}
    for at, column in enumerate(table.columns):
        ends = [abs(end) for row in table.rows for end in _ends(row[at]) if end]
        if column.unit and column.kind in (*RANGES, "money", "people") and max(ends, default=0.0) >= LARGE / 100:
            sizes.setdefault(column.unit, {})[column.key] = ends
    known = ((each, [end for ends in each.values() for end in ends]) for each in sizes.values())
    large = frozenset(key for each, ends in known if max(ends) >= LARGE and min(ends) >= LARGE / 100 for key in each)
    rows = tuple(
        tuple(_scaled(cell) if column.key in large else cell for cell, column in zip(row, table.columns, strict=True))
        for row in table.rows
    )
    return replace(table, rows=rows), large


def _ends(cell: Any) -> tuple[float, ...]:
    if isinstance(cell, Range):
        return cell.lower, cell.median, cell.upper
    return (float(cell),) if isinstance(cell, int | float) else ()


def _scaled(cell: Any) -> Any:
    if isinstance(cell, Range):
        lower, median, upper, step = (each / MILLION for each in (cell.lower, cell.median, cell.upper, cell.step))
        return replace(cell, lower=lower, median=median, upper=upper, step=step)
    return cell / MILLION if isinstance(cell, int | float) else cell


def common_mass(table: Table, at: int) -> float | None:
    """Return the mass of the ranges in a column when they share one."""
    masses = {row[at].mass for row in table.rows if isinstance(row[at], Range)}
    return masses.pop() if len(masses) == 1 else None


def printed(cell: Any, column: Column, words: Words) -> str:
    """Return one cell as text; a range is printed by its own function."""
    if cell is None:
        return words.say(None)
    if column.kind == "date" and isinstance(cell, str):
        return words.day(date.fromisoformat(cell), short=True)
    if isinstance(cell, str | Named):  # a text of the data may run the other way
        return words.apart(words.say(cell))
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return words.say(cell)
    if column.kind == "count":
        return words.number(float(cell), full=True)
    if column.kind == "probability" and (bound := bound_of(cell)):
        key, near = bound
        return words.text(f"format.{key}", number=words.with_unit(words.number(near, "share"), "share"))
    if column.kind in ("percent", "change", "probability"):
        share = round_share(float(cell))
        return (
            words.change(share) if column.kind == "change" else words.with_unit(words.number(share, "share"), "share")
        )
    if column.grain:
        return on_grain(float(cell), column.grain, words)
    rounded = (
        float(cell)
        if float(cell).is_integer() and abs(cell) < 1000
        else round_to(float(cell), step_of_number(float(cell), DIGITS))
    )
    return words.number(rounded, full=column.unit != "" or abs(rounded) < LARGE)


def on_grain(value: float, step: float, words: Words) -> str:
    """Return a number in whole steps; one that is less than half of a step, but not nothing, as less than one."""
    rounded = round_to(value, step)
    if rounded == 0 < value:
        return words.text("format.less_than", number=words.number(step, full=True))
    return words.number(rounded, full=True)


def added_up(table: Table, at: int, words: Words) -> list[str]:
    """Return a column whose parts add up to the total in the last row, rounded together so that they still do.

    The step is the one that :mod:`needscast.report.numbers` names; a part that is smaller is printed as "<step".
    """
    values, column = [row[at] for row in table.rows], table.columns[at]
    if column.kind == "count" or not table.total or len(values) < 2 or any(value is None for value in values):
        return [printed(value, column, words) for value in values]
    step = column.grain or _step_together(table, values)
    total = column.whole
    if total is None:  # on a grain each part is printed as elsewhere, and the total is theirs
        total = math.fsum(round_to(each, step) for each in (values[:-1] if column.grain else values[-1:]))
    small = words.text("format.less_than", number=words.number(step, full=True))
    return [
        small if shown == 0 != value else words.number(shown, full=True)
        for shown, value in zip([*shared_out(values[:-1], total, step), total], values, strict=True)
    ]


def _step_together(table: Table, values: list[float]) -> float:
    """Return the step of parts and total: a tenth of that of the total's range, finer where parts are small."""
    ranges = [cell for cell in table.rows[-1] if isinstance(cell, Range)]
    step = (
        step_of(ranges[-1].lower, ranges[-1].median, ranges[-1].upper) / 10
        if ranges
        else step_of_number(max(values, key=abs), DIGITS)
    )
    middling = math.fsum(map(abs, values[:-1])) / (len(values) - 1)  # of parts that may go up and down
    return min(step, step_of_number(max(middling, 1e-9), PART_DIGITS) or step)


def range_texts(cell: Any, column: Column, words: Words) -> tuple[str, str]:
    """Return a range as its ends and its middle; with the unit when the column does not say it."""
    if not isinstance(cell, Range):
        return words.say(cell), ""
    most = MILLION if cell.unit == "USD" else LARGE  # beside its currency a sum has no room for every zero
    full = column.unit != "" or max(map(abs, round_range(cell))) < most
    ends, middle = words.ends(cell, full=full), words.middle(cell, full=full)
    if column.unit == "" and cell.unit != "person" and words.has(f"unit.{cell.unit}"):
        _, median, upper = round_range(cell)
        ends, middle = (
            words.with_unit(said, cell.unit, number, full=full, alone=True)
            for said, number in ((ends, upper), (middle, median))
        )
    return ends, "" if cell.lower == cell.upper else middle
