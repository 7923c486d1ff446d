"""Tidy CSV: every number of the report one a row, unrounded, with its label, unit, range and mass."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from needscast.report.blocks import Block, Group, Heading, KeyFigure, Note, Sentence, Table
from needscast.report.values import Amount, Day, Range
from needscast.report.words import Words

COLUMNS = (
    "section",
    "table",
    "row",
    "label",
    "column",
    "unit",
    "value",
    "lower",
    "median",
    "upper",
    "mass",
    "text",
    "sources",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write(blocks: tuple[Block, ...], path: Path, language: str) -> None:
    """Write the file in UTF-8 with a byte order mark, which spreadsheets need to read accents right."""
    words = Words(language)
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for row in _rows(blocks, words, ""):
            writer.writerow({key: harmless(value) if isinstance(value, str) else value for key, value in row.items()})


def harmless(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _rows(blocks: Any, words: Words, section: str) -> Iterator[dict[str, Any]]:
    for block in blocks:
        if isinstance(block, Group):
            yield from _rows(block.blocks, words, block.section or section)
        elif isinstance(block, Sentence | Note | Heading):
            kind = block.kind if isinstance(block, Note) else block.tag
            label = words.say(block.label) if isinstance(block, Sentence) and block.label else ""
            yield {"section": section, "table": kind, "label": label, "text": words.say(block.text)}
        elif isinstance(block, KeyFigure):
            yield {
                "section": section,
                "table": block.tag,
                "label": words.say(block.label),
                **_cell(block.value, "", words),
            }
        elif isinstance(block, Table):
            yield from _table(block, words, section)


def _table(table: Table, words: Words, section: str) -> Iterator[dict[str, Any]]:
    first = "; ".join(table.sources)
    if table.note:
        yield {"section": section, "table": table.name, "column": "note", "text": words.say(table.note)}
    for number, row in enumerate(table.rows, start=1):
        for column, cell in zip(table.columns, row, strict=True):
            yield {
                "section": section,
                "table": table.name,
                "row": number,
                "label": words.say(row[0]),
                "column": column.key,
                **_cell(cell, column.unit, words),
                "sources": first,
            }


def _cell(cell: Any, unit: str, words: Words) -> dict[str, Any]:
    if cell is None:
        return {"unit": unit}
    if isinstance(cell, Range):
        return {
            "unit": cell.unit,
            "lower": cell.lower,
            "median": cell.median,
            "upper": cell.upper,
            "mass": cell.mass,
        }
    if isinstance(cell, Amount):
        return {"unit": cell.unit, "value": cell.value}
    if isinstance(cell, int | float):
        return {"unit": unit, "value": cell}
    return {"unit": unit, "text": cell.iso if isinstance(cell, Day) else words.say(cell)}
