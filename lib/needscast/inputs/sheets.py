"""The sheets of an XLSX workbook as numbered rows of cells; a formula gives the value stored with it."""

from __future__ import annotations

import io
from typing import Any

from needscast.inputs.problems import Problems

Lines = list[tuple[int, tuple[Any, ...]]]


def read_sheets(content: bytes, file: str, problems: Problems) -> dict[str, Lines]:
    """Return the filled rows of every sheet by its name, each padded to the width of the first filled row.

    A formula counts with its stored value; one without a stored value is a problem, never a blank.
    """
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        lines = {sheet.title: _rows(sheet) for sheet in book.worksheets}
        if not any(_is_formula(cell) for rows in lines.values() for _, cells in rows for cell in cells):
            return {title: _values(rows) for title, rows in lines.items()}
        stored_book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        stored = {sheet.title: dict(_values(_rows(sheet))) for sheet in stored_book.worksheets}
    except Exception as error:  # openpyxl raises whatever the damaged part of a file provokes
        problems.add(
            file,
            0,
            "",
            f"is not a readable XLSX workbook ({type(error).__name__})",
            "open it in a spreadsheet program and save it as .xlsx again",
        )
        return {}
    return {title: _with_stored(title, rows, stored[title], file, problems) for title, rows in lines.items()}


def _rows(sheet: Any) -> list[tuple[int, tuple[Any, ...]]]:
    sheet.reset_dimensions()  # some programs write a wrong size, and cells beyond it would be lost
    rows = [
        (number, cells)
        for number, cells in enumerate(sheet.iter_rows(), 1)
        if any(cell.value is not None for cell in cells)
    ]
    width = len(rows[0][1]) if rows else 0
    return [(number, (*cells, *(None,) * (width - len(cells)))) for number, cells in rows]


def _is_formula(cell: Any) -> bool:
    return getattr(cell, "data_type", "") == "f"


def _values(rows: list[tuple[int, tuple[Any, ...]]]) -> Lines:
    return [(number, tuple(getattr(cell, "value", None) for cell in cells)) for number, cells in rows]


def _with_stored(
    title: str,
    rows: list[tuple[int, tuple[Any, ...]]],
    stored: dict[int, tuple[Any, ...]],
    file: str,
    problems: Problems,
) -> Lines:
    made = []
    for number, cells in rows:
        values = []
        for place, cell in enumerate(cells):
            value = getattr(cell, "value", None)
            if _is_formula(cell):
                value = dict(enumerate(stored.get(number, ()))).get(place)
                if value is None:
                    problems.add(
                        f"{file}[{title}]",
                        number,
                        cell.coordinate,
                        "is a formula without a stored result",
                        "write its value instead of the formula",
                    )
            values.append(value)
        made.append((number, tuple(values)))
    return made
