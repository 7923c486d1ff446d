"""XLSX: numbers as numbers, totals as live sums, ranges in columns of their own, a sheet a table, contents, method."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range

from needscast.report.blocks import (
    RANGES,
    Block,
    Column,
    Cover,
    Heading,
    KeyFigure,
    Note,
    Sentence,
    Table,
    cover_of,
    flat,
)
from needscast.report.formats import _cells
from needscast.report.numbers import round_to, shared_out
from needscast.report.values import Amount, Range
from needscast.report.words import Words

CREATED = datetime(2020, 1, 1)  # fixed, so that the same report is the same bytes
_WIDEST = {"text": 44, "remark": 80}  # letters of a column; numbers and their heads need less
_WHOLE = ("person", "USD")  # units of which a cell shows no fraction
_A4 = 9
LINE = 15  # points
_MERGED = 140  # letters on a line of the summary, over the columns beside the first
_METHOD, _TITLE, _NOTE, _FIRST, _NUMBER = 120, 80, 60, 44, 16  # letters of a column
NAME_LENGTH = 31  # of a sheet, set by the format
_FORMATS = {
    "title": {"bold": True, "font_size": 16},
    "head": {"bold": True, "bg_color": "#E4ECF2", "text_wrap": True, "valign": "top", "bottom": 1},
    "bold": {"bold": True},
    "text": {"text_wrap": True, "valign": "top"},
    "link": {"font_color": "#005A8F", "underline": 1, "valign": "top"},
    "number": {"num_format": "#,##0", "valign": "top"},
    "decimal": {"num_format": "#,##0.###", "valign": "top"},
    "percent": {"num_format": "0 %", "valign": "top"},
    "share": {"num_format": "0.0 %", "valign": "top"},
    "date": {"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"},
    "warning": {"bold": True, "font_color": "#8F1414", "text_wrap": True},
    "section": {"bold": True, "font_color": "#005A8F", "top": 1},
}


def write(blocks: tuple[Block, ...], path: Path, language: str) -> None:
    """Write the workbook."""
    cover, words = cover_of(blocks), Words(language, marks=True)
    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties(
        {"title": words.say(cover.title), "subject": cover.crisis, "author": "needscast", "created": CREATED}
    )
    _Book(book, words).fill(blocks, cover)
    book.close()


def rounded(cells: list[Any], step: float) -> list[Any]:
    """Return parts and total rounded together to the last digit that their cells show; as they are when one is missing.

    So the live sum of the parts is what a reader sees who adds up the cells, and what was computed to half a step.
    """
    if len(cells) < 2 or not all(isinstance(cell, int | float) for cell in cells):
        return []
    parts = shared_out(cells[:-1], cells[-1], step)
    return [*parts, round_to(math.fsum(parts), step)]


class _Book:
    """A workbook that is being filled from blocks."""

    def __init__(self, book: xlsxwriter.Workbook, words: Words) -> None:
        self.book, self.words = book, words
        self.formats = {name: book.add_format(look) for name, look in _FORMATS.items()}
        self.names: set[str] = set()

    def fill(self, blocks: tuple[Block, ...], cover: Cover) -> None:
        """Write the summary, a list of the tables, one sheet a table, then method, and sources that tables name."""
        tables = [block for block in flat(blocks) if isinstance(block, Table)]
        self._summary(blocks, cover)
        contents = self._sheet(self.words.text("sheet.contents"))
        sheets = [self._table(table) for table in tables]
        self._contents(contents, dict(zip(sheets, tables, strict=True)))
        self._method(blocks)
        self._sources(tables)

    # --- sheets ---------------------------------------------------------------------------------------------------

    def _summary(self, blocks: tuple[Block, ...], cover: Cover) -> None:
        sheet, words = self._sheet(words_name := self.words.text("sheet.summary")), self.words
        sheet.set_column(0, 0, _FIRST)
        sheet.set_column(1, 6, _NUMBER)
        sheet.set_column(7, 7, _NOTE)
        lines = count(1)
        sheet.write_string(0, 0, words.say(cover.title), self.formats["title"])
        facts = [
            words.say(cover.subtitle) if cover.subtitle else words_name,
            words.text("page.badge"),
            *([words.say(cover.as_of)] if cover.as_of else []),
            words.text(f"page.readership_{cover.readership}"),
            words.text("sheet.unrounded"),
            *([words.text("note.illustration")] if cover.illustration else []),
        ]
        for fact in facts:
            sheet.write_string(
                next(lines),
                0,
                fact,
                self.formats["warning" if fact == facts[-1] and cover.illustration else "bold"],
            )
        self._heads(sheet, next(lines) + 1, ["figure", "value", "lower", "median", "upper", "mass", "unit", "note"])
        next(lines)
        for block in flat(blocks):
            if isinstance(block, KeyFigure):
                self._key_figure(sheet, next(lines), block)
        next(lines)
        for block in flat(blocks):
            if isinstance(block, Heading) and block.level == 2:
                sheet.write_string(next(lines), 0, words.say(block.text), self.formats["section"])
            elif isinstance(block, Sentence):
                row = next(lines)
                sheet.write_string(row, 0, words.say(block.label) if block.label else "", self.formats["text"])
                sheet.merge_range(row, 1, row, 7, "", self.formats["text"])
                sheet.write_string(row, 1, words.say(block.text), self.formats["text"])
                self._tall(sheet, row, [(words.say(block.text), _MERGED), (words.say(block.label or ""), _FIRST)])

    def _key_figure(self, sheet: Any, row: int, block: KeyFigure) -> None:
        value = block.value
        sheet.write_string(row, 0, self.words.say(block.label), self.formats["text"])
        if isinstance(value, Range):
            for column, number in enumerate((value.lower, value.median, value.upper), start=2):
                sheet.write_number(row, column, number, self._look(value.unit))
            sheet.write_number(row, 5, value.mass, self.formats["percent"])
        elif isinstance(value, Amount):
            sheet.write_number(row, 1, value.value, self._look(value.unit))
        sheet.write_string(row, 6, self.words.unit(getattr(value, "unit", "")), self.formats["text"])
        note = self.words.say(block.note) if block.note else ""
        sheet.write_string(row, 7, note, self.formats["text"])
        self._tall(sheet, row, [(note, _NOTE), (self.words.say(block.label), _FIRST)])

    def _contents(self, sheet: Any, tables: dict[str, Table]) -> None:
        sheet.set_column(0, 0, NAME_LENGTH)
        sheet.set_column(1, 1, _TITLE)
        self._heads(sheet, 0, ["table", "title"])
        for row, (name, table) in enumerate(tables.items(), start=1):
            title = self.words.say(table.caption)
            place = name.replace("'", "''")  # as a formula quotes it
            sheet.write_url(row, 0, f"internal:'{place}'!A1", self.formats["link"], string=name)
            sheet.write_string(row, 1, title, self.formats["text"])
            self._tall(sheet, row, [(title, _TITLE)])

    def _table(self, table: Table) -> str:
        """Write a table on a sheet of its own and return the sheet's name."""
        sheet, words = self._sheet(table.name), self.words
        sheet.write_string(0, 0, words.say(table.caption), self.formats["title"])
        sheet.write_string(1, 0, words.say(table.note) if table.note else "")
        sheet.repeat_rows(2)
        at = 0
        wrapped: list[list[tuple[str, int]]] = [[] for _ in range(3 + len(table.rows))]
        for number in range(len(table.columns)):
            at += self._column(sheet, table, number, at, wrapped)
        for row, texts in enumerate(wrapped):
            self._tall(sheet, row, texts)
        sheet.freeze_panes(3, 1)
        bottom = 3 + len(table.rows) + 1
        if table.sources:
            sheet.write_string(bottom, 0, words.text("sheet.sources"), self.formats["bold"])
            sheet.write_string(bottom, 1, "; ".join(table.sources))
        return str(sheet.get_name())

    def _column(self, sheet: Any, table: Table, number: int, at: int, wrapped: list[list[tuple[str, int]]]) -> int:
        """Write one column of a table from row 2 on; return how many columns of the sheet it takes.

        To ``wrapped``, a list a row, go its texts that may need several lines, with the letters of a line.
        """
        column, words = table.columns[number], self.words
        label = words.say(column.label)
        cells = [row[number] for row in table.rows]
        if column.kind not in RANGES:
            head = words.text("page.labelled", label=label, unit=words.unit(column.unit)) if column.unit else label
            sheet.write_string(2, at, head, self.formats["head"])
            texts = ["" if cell is None else words.say(cell) for cell in cells]
            letters = min(max([10, len(head), *map(len, texts)]), _WIDEST.get(column.kind, _NUMBER))
            sheet.set_column(at, at, letters)
            wrapped[2].append((head, letters))
            for row, (cell, text) in enumerate(zip(cells, texts, strict=True), start=3):
                if column.kind != "date" and not isinstance(cell, int | float | Amount):
                    wrapped[row].append((text, letters))
            summed = rounded(cells, self._step(column.unit)) if table.total and column.adds_up else []
            for row, cell in enumerate(summed or cells, start=3):
                self._cell(sheet, row, at, cell, column)
            if summed:
                last = 2 + len(cells)
                total = f"=SUM({xl_range(3, at, last - 1, at)})"
                sheet.write_formula(last, at, total, self._look(column.unit), summed[-1])
            return 1
        shared = _cells.common_mass(table, number)
        mass = words.mass(shared) if shared else words.text("page.range_head_plain")
        heads = [words.text(f"page.{end}_head", label=label, mass=mass) for end in ("lower", "median", "upper")]
        heads += [words.text("page.mass_head", label=label), words.text("page.unit_head", label=label)]
        for step, head in enumerate(heads):
            sheet.write_string(2, at + step, head, self.formats["head"])
            wrapped[2].append((head, _NUMBER))
        sheet.set_column(at, at + 4, _NUMBER)
        for row, cell in enumerate(cells, start=3):
            if isinstance(cell, Range):
                for step, value in enumerate((cell.lower, cell.median, cell.upper)):
                    sheet.write_number(row, at + step, value, self._look(cell.unit))
                sheet.write_number(row, at + 3, cell.mass, self.formats["percent"])
                sheet.write_string(row, at + 4, words.unit(cell.unit), self.formats["text"])
            else:
                sheet.write_string(row, at, words.say(cell), self.formats["text"])
        return 5

    def _cell(self, sheet: Any, row: int, at: int, cell: Any, column: Column) -> None:
        if isinstance(cell, Amount):
            sheet.write_number(row, at, cell.value, self._look(cell.unit))
        elif isinstance(cell, int | float) and not isinstance(cell, bool):
            sheet.write_number(
                row,
                at,
                cell,
                self.formats["share"]
                if column.kind in ("percent", "change", "probability")
                else self._look(column.unit),
            )
        elif isinstance(cell, str) and column.kind == "date":
            sheet.write_datetime(
                row, at, datetime.combine(date.fromisoformat(cell), datetime.min.time()), self.formats["date"]
            )
        else:
            sheet.write_string(row, at, self.words.say(cell), self.formats["text"])

    def _method(self, blocks: tuple[Block, ...]) -> None:
        sheet = self._sheet(self.words.text("sheet.method"))
        sheet.set_column(0, 0, _METHOD)
        notes = [block for block in flat(blocks) if isinstance(block, Note)]
        for row, note in enumerate(notes):
            text = self.words.say(note.text)
            sheet.write_string(row, 0, text, self.formats["warning" if note.kind == "watermark" else "text"])
            self._tall(sheet, row, [(text, _METHOD)])

    def _sources(self, tables: list[Table]) -> None:
        used: dict[str, list[str]] = {}
        for table in tables:
            for source in table.sources:
                used.setdefault(source, []).append(table.name)
        if not used:  # the tables of a report name theirs in rows of their own
            return
        sheet = self._sheet(self.words.text("sheet.sources"))
        sheet.set_column(0, 1, 40)
        self._heads(sheet, 0, ["source", "table"])
        for row, (source, names) in enumerate(sorted(used.items()), start=1):
            sheet.write_string(row, 0, source)
            sheet.write_string(row, 1, ", ".join(names))

    # --- inside ---------------------------------------------------------------------------------------------------

    def _sheet(self, name: str) -> Any:
        """Add a sheet; its name is cut to the length that the format allows and made unique, whatever the case."""
        plain = "".join(" " if letter in "[]:*?/\\" else letter for letter in name)[:NAME_LENGTH].strip("'") or "sheet"
        free = next(
            each
            for each in (plain, *(f"{plain[: NAME_LENGTH - 4]} {n}" for n in range(2, 1000)))
            if each.lower() not in self.names
        )
        self.names.add(free.lower())
        made = self.book.add_worksheet(free)
        made.set_row(0, 24)  # the title
        made.set_landscape()
        made.set_paper(_A4)
        made.fit_to_pages(1, 0)  # a sheet is printed as wide as a page, however many rows it has
        if self.words.direction == "rtl":
            made.right_to_left()
        return made

    def _tall(self, sheet: Any, row: int, texts: Iterable[tuple[str, int]]) -> None:
        """Make a row as high as its texts need, each with the letters of a line; not every program does so."""
        lines = max((len(textwrap.wrap(text, letters)) for text, letters in texts), default=0)
        if lines > 1:
            sheet.set_row(row, LINE * lines)

    def _heads(self, sheet: Any, row: int, keys: list[str]) -> None:
        for at, key in enumerate(keys):
            sheet.write_string(row, at, self.words.text(f"sheet.{key}"), self.formats["head"])

    def _look(self, unit: str) -> Any:
        return self.formats["share" if unit == "share" else "number" if unit in _WHOLE else "decimal"]

    def _step(self, unit: str) -> float:
        """The last digit that a cell of the unit shows."""
        return 1 if unit in _WHOLE else 0.001
