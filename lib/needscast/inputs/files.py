"""Tables as they lie in a file: CSV or the sheets of a workbook turned into a header and rows of raw cells.

Row numbers are those a spreadsheet shows: row 1 is the header, blank lines and the row of HXL tags count too.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from needscast.errors import one_of
from needscast.inputs.cells import is_blank
from needscast.inputs.problems import Problems, shown
from needscast.inputs.tables import Table

LARGEST_FILE = 50_000_000  # bytes; a table of a crisis has kilobytes


@dataclass(frozen=True)
class Raw:
    """A table before any cell is understood.

    Attributes
    ----------
    file : how the table is named in messages.
    header : names of the columns; rows : spreadsheet row number and cells, one for each name of the header.
    comma_decimals : whether the file uses semicolons, as offices do that write decimals with a comma.
    """

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Any, ...]], ...]
    comma_decimals: bool = False


def read_bytes(path: Path, file: str, problems: Problems) -> bytes | None:
    """Return the content of a file, or None with a problem when it cannot be read."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            problems.add(file, 0, "", f"has {path.stat().st_size:,} bytes", "keep tables below 50 million bytes")
            return None
        return path.read_bytes()
    except OSError as error:
        problems.add(file, 0, "", f"cannot be read: {error.strerror}", "check the file and its permissions")
        return None


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's content, for the manifest."""
    return hashlib.sha256(content).hexdigest()


def decoded(content: bytes, file: str, problems: Problems) -> str | None:
    """Return UTF-8 text with or without a byte order mark, or None with a problem that names the row."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        problems.add(
            file,
            row,
            "",
            f"byte {error.start + 1} is not UTF-8",
            "save the file as 'CSV UTF-8' (plain UTF-8 text)",
        )
        return None


def read_csv(content: bytes, table: Table, file: str, problems: Problems) -> Raw | None:
    """Read a CSV file with commas or semicolons; None when it has no usable header."""
    text = decoded(content, file, problems)
    if text is None:
        return None
    delimiter = _delimiter(text, table)
    lines: list[Sequence[Any]] = []
    try:
        lines.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        problems.add(
            file,
            len(lines) + 1,
            "",
            f"the row cannot be split into cells ({error})",
            "check the quotation marks of this row",
        )
    return table_of(enumerate(lines, 1), table, file, problems, comma_decimals=delimiter == ";")


def _delimiter(text: str, table: Table) -> str:
    """Return the sign that splits the header into most of the table's columns; a comma when neither does."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(
        ",;",
        key=lambda sign: len({cell.strip().strip('"') for cell in header.split(sign)} & set(table.names)),
    )


def table_of(
    lines: Iterable[tuple[int, Sequence[Any]]],
    table: Table,
    file: str,
    problems: Problems,
    *,
    comma_decimals: bool = False,
) -> Raw | None:
    """Make a table from numbered rows: header checked, blank rows and the row of HXL tags skipped."""
    filled = ((row, cells) for row, cells in lines if not all(map(is_blank, cells)))
    first = next(filled, None)
    if first is None:
        problems.add(file, 1, "", "has no header", f"write the column names: {', '.join(table.names)}")
        return None
    header = tuple("" if cell is None else str(cell).strip() for cell in first[1])
    while header and not header[-1]:
        header = header[:-1]
    if not _header_is_known(header, first[0], table, file, problems):
        return None
    rows = []
    for number, (row, cells) in enumerate(filled):
        if number == 0 and all(is_blank(cell) or str(cell).strip().startswith("#") for cell in cells):
            continue
        fitted = _fitted(cells, header, row, file, problems)
        if fitted is not None:
            rows.append((row, fitted))
    return Raw(file, header, tuple(rows), comma_decimals)


def _header_is_known(header: tuple[str, ...], row: int, table: Table, file: str, problems: Problems) -> bool:
    before = len(problems.found)
    for number, name in enumerate(header, 1):
        if not name:
            problems.add(file, row, f"column {number}", "has no name", "name the column or delete it")
        elif name not in table.names:
            problems.add(
                file,
                row,
                shown(name)[1:-1],
                one_of("column", shown(name)[1:-1], table.names),
                "rename the column or delete it",
            )
        elif header.index(name) != number - 1:
            problems.add(file, row, name, "stands twice in the header", "keep one of the two columns")
    for column in table.columns:
        if column.required and column.name not in header:
            problems.add(file, row, column.name, "the column is missing", f"add it: {column.note or 'it is required'}")
    return len(problems.found) == before


def _fitted(
    cells: Sequence[Any], header: tuple[str, ...], row: int, file: str, problems: Problems
) -> tuple[Any, ...] | None:
    """Return as many cells as the header has; blank ones beyond it do no harm, missing ones may."""
    width = len(header)
    if any(not is_blank(cell) for cell in cells[width:]):
        problems.add(
            file,
            row,
            "",
            f"has {len(cells)} cells, the header has {width}",
            "put quotation marks around a cell that holds the separator",
        )
        return None
    if len(cells) < width:
        problems.add(
            file,
            row,
            "",
            f"has {len(cells)} cells, the header has {width}",
            "write the missing cells, blank ones too",
        )
        return None
    return tuple(cells[:width])
