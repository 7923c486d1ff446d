"""A crisis as one XLSX workbook: a sheet for every table and card, drop-down lists, notes on the columns.

Whatever a cell says is written as text, number or date, never as a formula or link. Reading the workbook
gives the same crisis as reading the folder.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from needscast.errors import NeedscastError
from needscast.inputs.card_sheets import CARD_SHEETS, flat
from needscast.inputs.cells import Column
from needscast.inputs.documents import Document
from needscast.inputs.folder import Folder, open_crisis
from needscast.inputs.located import locate
from needscast.inputs.problems import Problems, shown
from needscast.inputs.tables import TABLES

LONGEST_CELL = 32_767  # characters; a spreadsheet holds no more
EMPTY_ROWS = 500  # rows below the data that have drop-down lists too
ID_LISTS = {"area": ("areas", "area"), "parent": ("areas", "area"), "source": ("sources", "source")}
_PRODUCED = datetime(2000, 1, 1)  # a fixed stamp: the same crisis gives the same bytes (law 11)
GUIDE = (
    "One sheet for each table; row 1 names the columns, and a note on each says what belongs there.",
    "Dates are written YYYY-MM-DD. Decimals have a point. A blank cell means: not known. A 0 needs a source.",
    "Red columns must be filled in. Cells with few allowed words have a list to choose from.",
    "TO FILL IN marks what is made up.",
    "1. Sheet crisis: name, country, dates, population, who chose phase and planning level.",
    "2. Sheets areas, sources, figures: the zones, who reports, and one reported figure a row as it was printed.",
    "3. Sheets rates, scenarios, overrides: shares and hazards with range, source and date; stories in numbers.",
    "4. Delete the made-up rows (illustration = yes) of stocks, pipeline and response. No row means unknown, not zero.",
    "5. Prices, lead times, who requires what: if made for another country, the check says what to replace first.",
    "Check it with: needscast check THIS-FILE.xlsx   Then write the reports with: needscast render THIS-FILE.xlsx",
)


def write_workbook(where: str | Path, file: str | Path) -> Path:
    """Write a crisis as one workbook, whole or not at all.

    Parameters
    ----------
    where : the crisis, by name or path. file : the workbook to write; an existing one is replaced.

    Raises
    ------
    InputError : when a table or card of the crisis cannot be read.
    NeedscastError : when a cell is too long for a spreadsheet.
    """
    problems = Problems()
    folder = open_crisis(locate(where), problems)
    problems.raise_if_any()
    target = Path(file)
    with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
        made = Path(temporary) / "crisis.xlsx"
        _Book.write(folder, made)
        made.replace(target)
    return target


@dataclass(frozen=True)
class _Book:
    """The workbook being written, and its formats."""

    book: Any
    folder: Folder
    formats: dict[str, Any]

    @classmethod
    def write(cls, folder: Folder, path: Path) -> None:
        import xlsxwriter

        with xlsxwriter.Workbook(
            str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        ) as book:
            book.set_properties({"title": folder.id, "created": _PRODUCED})
            formats = {
                "head": book.add_format({"bold": True, "bg_color": "#DDE6EE", "border": 1}),
                "must": book.add_format({"bold": True, "bg_color": "#DDE6EE", "border": 1, "font_color": "#9C0006"}),
                "date": book.add_format({"num_format": "yyyy-mm-dd"}),
                "text": book.add_format({"num_format": "@"}),
            }
            cls(book, folder, formats)._sheets()

    def _sheets(self) -> None:
        guide = self.book.add_worksheet("read_me")
        guide.set_column(0, 0, 110)
        for row, line in enumerate(GUIDE):
            guide.write_string(row, 0, line)
        self._table("crisis", CARD_SHEETS["crisis"], _pairs(self.folder.settings))
        for name, table in TABLES.items():
            rows = self.folder.tables[name]
            self._table(name, table.columns, [[row[column] for column in table.names] for row in rows])
        self._scenarios()
        self._table(
            "sectors",
            CARD_SHEETS["sectors"],
            [[code, *pair] for code, card in self.folder.sectors.items() for pair in _pairs(card)],
        )

    def _scenarios(self) -> None:
        cards = {name: card.values for name, card in self.folder.scenarios.items()}
        fixed = CARD_SHEETS["scenarios"]
        titles = sorted({key for card in cards.values() for key in card if key.startswith("title_")})
        columns = [*fixed, *(Column(key, "text", note="the title in this language") for key in titles)]
        self._table(
            "scenarios",
            columns,
            [[name, *(_one_cell(card.get(column.name)) for column in columns[1:])] for name, card in cards.items()],
        )
        below = CARD_SHEETS["overrides"]
        self._table(
            "overrides",
            below,
            [
                [name, *(override.get(column.name) for column in below[1:])]
                for name, card in cards.items()
                for override in card.get("override", ())
            ],
        )

    def _table(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        last = 0
        for number, column in enumerate(columns):
            sheet.write_string(0, number, column.name, self.formats["must" if column.required else "head"])
            if column.note:
                sheet.write_comment(0, number, column.note)
            width = 60 if column.name in ("notes", "reason", "value", "narrative") else max(12, len(column.name) + 2)
            sheet.set_column(number, number, width, self._format_of(column))
        for last, row in enumerate(rows, 1):
            for number, cell in enumerate(row):
                self._cell(sheet, last, number, cell, name)
        self._lists(sheet, name, columns, last + EMPTY_ROWS)
        if last:
            sheet.autofilter(0, 0, last, len(columns) - 1)

    def _format_of(self, column: Column) -> Any:
        """Dates look like dates; ids and text stay what they are: no program turns 1-2 into a day."""
        return self.formats.get(
            {"date": "date", "published": "date", "id": "text", "text": "text"}.get(column.kind, "")
        )

    def _cell(self, sheet: Any, row: int, number: int, cell: Any, name: str) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, bool):
            sheet.write_boolean(row, number, cell)
        elif isinstance(cell, (int, float)) and float(f"{cell:.16G}") == cell:
            sheet.write_number(row, number, cell)
        elif isinstance(cell, date):
            sheet.write_datetime(row, number, datetime(cell.year, cell.month, cell.day), self.formats["date"])
        else:
            text = str(cell)
            if len(text) > LONGEST_CELL:
                raise NeedscastError(
                    f"sheet {name}, row {row + 1}: {shown(text, 30)} has {len(text):,} characters; "
                    f"a spreadsheet cell holds {LONGEST_CELL:,}: shorten it"
                )
            sheet.write_string(row, number, text, self.formats["text"])

    def _lists(self, sheet: Any, name: str, columns: Sequence[Column], last: int) -> None:
        """Give word columns and ids of areas and sources a list to choose from."""
        for number, column in enumerate(columns):
            source: Any = None
            if column.kind == "word" and column.words:
                source = list(column.words)
            elif column.name in ID_LISTS and column.kind == "id" and ID_LISTS[column.name] != (name, column.name):
                table, key = ID_LISTS[column.name]
                letter = chr(ord("A") + TABLES[table].names.index(key))
                source = f"={table}!${letter}$2:${letter}${len(self.folder.tables[table].rows) + EMPTY_ROWS + 1}"
            if source:
                sheet.data_validation(
                    1,
                    number,
                    last,
                    number,
                    {
                        "validate": "list",
                        "source": source,
                        "error_title": column.name,
                        "error_message": f"{column.note or column.name}: choose from the list"[:250],
                    },
                )


def _pairs(document: Document | None) -> list[list[Any]]:
    return [list(pair) for pair in flat(document.values)] if document is not None else []


def _one_cell(value: Any) -> Any:
    return ";".join(map(str, value)) if isinstance(value, list) else value
