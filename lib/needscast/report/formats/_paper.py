"""What paper asks of a view beyond the screen: widths of columns, a size that fits, words that break."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from needscast.report.formats._view import whole

_LONGEST = 22  # letters of a word that any column holds; a longer one may break
_SIZE = 7.6  # points of a table
_SMALLEST = 4.8  # points, of a table that does not fit with every cell in two lines
# Widths are counted in digits of the font; the others are the widths of DejaVu Sans, roughly.
_ROOM = 108.5  # of a line of a table at its full size
_COLUMN = 28  # of a column of text, at most
_PHRASE = 14  # of a short text in another column, in two lines
_BOLD = 1.1
_HEAD_LINES = 3  # of a head, where there is room
_WHOLE = 10  # rows, remarks and names of parts of a table that stands on one page; a longer one would leave much empty
_BEGINNING = 34  # millimetres that the caption, the head and the first rows of a longer one ask for on a page
_REMARK = 7  # and for each remark of one of these rows
_FIRST = 3  # rows
_APART = 1.1  # before words that follow other cells, more than beside any cell
_MILLIMETRES = 0.79  # on either side of a cell, of a digit beside it
_GIVES = 0.1  # of what columns of text want beyond their least, they have before other cells take two lines
_WIDTHS = defaultdict(
    lambda: 1.0,
    {
        letter: wide
        for wide, letters in (
            (0.35, "\u202f"),
            (0.5, " .,:;'iljI|\u00a0"),
            (0.65, "()frt-/"),
            (0.8, "\N{EN DASH}"),
            (1.3, "\N{MINUS SIGN}+<>="),
            (1.5, "mwMW%"),
        )
        for letter in letters
    },
)
_WIDTHS |= {
    letter: wide
    for wide, letters in (
        (0.0, "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"),  # vowels, above or below their letter
        (0.6, "اأإآلبتثنيئى،؛"),
        (0.95, "دذرزوؤةعغفقكمهء"),
        (1.1, "جحخ"),
        (1.45, "سشصضطظ"),
    )
    for letter in letters
}
_TAIL, _TAILED = 0.6, re.compile("[بتثنيىفقلس](?![\u0621-\u0652])")  # wider at the end of a word
_WIDTHS |= dict.fromkeys("\u200b\u200e\u200f\u2060\u2066\u2067\u2068\u2069", 0.0)  # steer a line, take no room


@dataclass(frozen=True)
class _Layout:
    """How closely a table is set.

    Attributes
    ----------
    name : of the first column, which names the row, before it breaks into more lines. [digit]
    around : beside a cell. [digit]
    parted : kinds of cells whose words, as a unit, may stand on another line than the number.
    broken : kinds of cells that may take two lines, broken at the dash of a range too.
    smaller : by how much of its size the text may shrink, rather than to take the next layout.
    """

    name: float = 18.0
    around: float = 1.4
    parted: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    smaller: float = 0.0


_RANGES = ("range", "ends")
_PARTED = (*_RANGES, "middle", "number", "probability")
_NUMBERS = re.compile(  # two numbers and a word between them, with the word before them; or all from first to last
    r"(?:[^\W\d_]+[ \u00a0])?[^\w ]*\d[^ ]*[ \u00a0][^\W\d_]+[ \u00a0][^\w ]*\d[^ ]*|\d(?:.*\d)?"
)
_BESIDE_WORDS = re.compile(r"[ \u00a0](?=[^\W\d_])|(?<=[^\W\d_])[ \u00a0]")
_LAYOUTS = (  # the first that has room is taken
    _Layout(),
    _Layout(name=14.0),
    _Layout(name=14.0, around=0.9),
    _Layout(name=14.0, around=0.9, parted=_PARTED),
    _Layout(name=11.0, around=0.75, parted=_PARTED, smaller=0.12),
    _Layout(broken=_RANGES),
    _Layout(broken=(*_RANGES, "middle", "date", "money", "number", "people", "probability")),
)


def prepared(thing: Any, key: str = "") -> Any:
    """Return blocks of a view whose tables say how they are set (see :func:`_laid_out`); long words may break."""
    if isinstance(thing, dict):
        inside = {name: prepared(value, name) for name, value in thing.items()}
        return _laid_out(inside) if thing.get("tag") == "table" else inside
    if isinstance(thing, list):
        return [prepared(value) for value in thing]
    return _breakable(thing) if isinstance(thing, str) and key not in ("svg", "anchor") else thing


def _breakable(text: str) -> str:
    if all(len(word) <= _LONGEST for word in text.split()):
        return text
    pieces = [word if len(word) <= _LONGEST else _cut(word) for word in text.split(" ")]
    return " ".join(pieces)


def _cut(word: str) -> str:
    step = _LONGEST // 2
    return "\N{ZERO WIDTH SPACE}".join(word[at : at + step] for at in range(0, len(word), step))


def _laid_out(table: dict[str, Any]) -> dict[str, Any]:
    """Return a table with the width of each column in digits, what is beside its cells, the size of its text, and more.

    Columns of text give way first, by as much as still reads well; then the room beside cells, then units go below
    their numbers; then the text is set a little smaller; only then ranges take two lines, then days and middles. Then
    columns of text give way down to their longest word. Only a table that does not fit even so is set much smaller.
    Room that is left goes to long texts, where it saves most lines.
    """
    columns = [_Column(table, at) for at in range(table["width"])]
    for layout in _LAYOUTS:
        least = [column.least(layout) for column in columns]
        wanted = [column.wanted(layout) for column in columns]
        asked = sum(least) + _GIVES * (sum(wanted) - sum(least))
        if asked <= _ROOM / (1 - layout.smaller):
            break
    room = max(_ROOM, sum(least), min(asked, _ROOM / (1 - layout.smaller)))
    spare = room - sum(least)
    share = min(spare / max(sum(wanted) - sum(least), 1), 1)
    widths = [low + share * (high - low) for low, high in zip(least, wanted, strict=True)]
    widths = _fed(columns, widths, room, layout)
    size = max(_SIZE * _ROOM / room, _SMALLEST)
    rows = [row for section in table["sections"] for row in section["rows"]]
    named = sum(bool(section.get("name")) for section in table["sections"])
    lines = len(rows) + named + sum(len(row.get("remarks", ())) for row in rows)
    return {
        **table,
        "sections": [
            {**section, "rows": [_kept_whole(row, layout) for row in section["rows"]]} for section in table["sections"]
        ],
        "widths": widths,
        "pad": layout.around * _MILLIMETRES * size / _SIZE,
        "size": size,
        "whole": lines <= _WHOLE,
        "beginning": _BEGINNING + _REMARK * sum(len(row.get("remarks", ())) for row in rows[:_FIRST]),
    }


def _fed(columns: list[_Column], widths: list[float], room: float, layout: _Layout) -> list[float]:
    """Return widths with the room that is left given to long texts: to all alike, or first to one of them.

    Of these the one with the fewest lines is taken, and where it saves none, all alike.
    """
    lacking = [column.lacks(width, layout) for column, width in zip(columns, widths, strict=True)]
    left = max(room - sum(widths), 0)
    found = []
    for first in (None, *(at for at, lack in enumerate(lacking) if lack)):
        before = 0.0 if first is None else min(lacking[first], left)
        hungry = [0.0 if at == first else lack for at, lack in enumerate(lacking)]
        share = min((left - before) / max(sum(hungry), 1), 1)
        given = [before if at == first else share * lack for at, lack in enumerate(hungry)]
        found.append([width + more for width, more in zip(widths, given, strict=True)])
    return min(found, key=lambda each: _height(columns, each, layout))


def _height(columns: list[_Column], widths: list[float], layout: _Layout) -> float:
    """Return how many lines the rows of a table take for their texts."""
    taken = [column.lines(width, layout) for column, width in zip(columns, widths, strict=True)]
    return sum(map(max, zip(*taken, strict=True)))


def _kept_whole(row: dict[str, Any], layout: _Layout) -> dict[str, Any]:
    """Return a row whose numbers and ranges break nowhere but where the layout wants them to."""
    return {**row, "cells": [{**cell, "text": _unbroken(cell, layout)} for cell in row["cells"]]}


def _unbroken(cell: dict[str, Any], layout: _Layout) -> str:
    kind, text = cell["kind"], str(cell["text"])
    if kind in layout.parted:
        text = _parted(text)
    elif kind in _RANGES and kind not in layout.broken:
        text = text.replace(" ", "\N{NO-BREAK SPACE}")
    return whole(text) if kind in _RANGES and kind not in layout.broken else text


def _parted(text: str) -> str:
    """Return a text that breaks beside its words alone: "150-260 / million USD", but never "> / 99 %".

    What stands between two numbers is kept with them: "from 150 to 260 / million", as a range is said in Arabic.
    """
    numbers = _NUMBERS.search(text)
    if not numbers:
        return _BESIDE_WORDS.sub(" ", text)
    kept = numbers[0].replace(" ", "\N{NO-BREAK SPACE}")
    parted = (_BESIDE_WORDS.sub("\n", each) for each in (text[: numbers.start()], text[numbers.end() :]))
    before, after = (each.replace(" ", "\N{NO-BREAK SPACE}").replace("\n", " ") for each in parted)
    return f"{before}{kept}{after}"


class _Column:
    """A column of a table with the room that it takes."""

    def __init__(self, table: dict[str, Any], at: int) -> None:
        cells = [row["cells"][at] for section in table["sections"] for row in section["rows"]]
        texts = [cell["text"] for cell in cells] or [""]
        self.kind, self.first = cells[0]["kind"] if cells else "text", at == 0
        label = table["labels"][at]
        self.named = max(map(_wide, label.split(" "))) * _BOLD
        self.headed = _in_lines(label, _HEAD_LINES) * _BOLD
        self.words = [[_wide(part) for part in text.split(" ")] for text in texts]
        self.word = min(max(map(max, self.words)), _LONGEST)
        self.longest, self.halved = max(map(_wide, texts)), max(map(_two_lines, texts))
        self.parted = max(_two_lines(_parted(text), " ") for text in texts)
        bold = (
            _BOLD if self.kind == "middle" or (table["sections"] and table["sections"][-1]["rows"][-1]["total"]) else 1
        )
        self.longest, self.halved, self.parted = self.longest * bold, self.halved * bold, self.parted * bold
        self.apart = _APART if not self.first and self.kind in ("text", "date") else 0.0

    def least(self, layout: _Layout) -> float:
        """Return the least width in a layout."""
        if self.kind == "text":
            name = min(self.longest, layout.name) if self.first else min(self.halved, _PHRASE)
            inside = max(self.word, name)
        elif self.kind in layout.broken:
            inside = self.halved
        else:
            inside = self.parted if self.kind in layout.parted else self.longest
        return max(inside, self.named, 3) + layout.around + self.apart

    def wanted(self, layout: _Layout) -> float:
        """Return the width that is enough, also for a head of a few lines."""
        around = layout.around + self.apart
        if self.kind == "text":
            return max(min(self.longest, _COLUMN), self.word, self.headed, 3) + around
        return max(self.least(layout), self.headed + around)

    def lacks(self, width: float, layout: _Layout) -> float:
        """Return how much wider a column of text would be with every cell on one line."""
        return max(self.longest + layout.around + self.apart - width, 0.0) if self.kind == "text" else 0.0

    def lines(self, width: float, layout: _Layout) -> list[float]:
        """Return how many lines each text takes in a width; cells of other kinds are as wide as they must be."""
        if self.kind != "text":
            return [1] * len(self.words)
        inside = width - layout.around - self.apart
        return [_lines([min(word, inside) for word in words], inside) for words in self.words]


def _wide(text: str) -> float:
    wide = sum(map(_WIDTHS.__getitem__, text))
    return wide if text.isascii() else wide + _TAIL * len(_TAILED.findall(text))


def _in_lines(text: str, lines: int) -> float:
    """Return the least width in which a text takes no more lines than these, broken at spaces."""
    words = [_wide(word) for word in text.split(" ")]
    return next(width for width in sorted(_runs(words)) if _lines(words, width) <= lines)


def _runs(words: list[float]) -> set[float]:
    """Return the width of every run of words, with spaces between: one of them is the width of the longest line."""
    return {
        sum(words[first : last + 1]) + (last - first) * _WIDTHS[" "]
        for first in range(len(words))
        for last in range(first, len(words))
    }


def _lines(words: list[float], width: float) -> float:
    """Return how many lines words take in a width; without end where one does not fit at all."""
    lines, at = 1, 0.0
    for word in words:
        if word > width:
            return float("inf")
        if at and at + _WIDTHS[" "] + word > width:
            lines, at = lines + 1, word
        else:
            at += word + (_WIDTHS[" "] if at else 0)
    return lines


def _two_lines(text: str, at: str = " \N{EN DASH}") -> float:
    """Return the width of the longer of two lines, broken after a letter: a space or the dash of a range."""
    breaks = [place + 1 for place, letter in enumerate(text[:-1]) if letter in at]
    return min((max(_wide(text[:place].rstrip()), _wide(text[place:])) for place in breaks), default=_wide(text))
