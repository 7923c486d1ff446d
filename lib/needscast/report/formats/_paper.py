"""What paper asks of a view beyond the screen: widths of columns, a size that fits, words that break."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

_LONGEST = 22  # letters of a word that any column holds; a longer one may break
_SIZE = 7.6  # points of a table
_SMALLEST = 4.8  # points, of a table that does not fit with every cell in two lines
# Widths are counted in digits of the font; the others are the widths of DejaVu Sans, roughly.
_ROOM = 106  # of a line of a table at its full size
_COLUMN = 28  # of a column of text, at most
_NAME = 18  # of the first column, which names the row, before it breaks into more lines
_PHRASE = 14  # of a short text in another column, in two lines
_BOLD = 1.1
_HEAD_LINES = 3  # of a head, where there is room
_WHOLE = 11  # rows and remarks of a table that stands on one page; of a longer one a third of a page would stay empty
_CLOSING = 24  # and of the last table of a report, or one row of it may have the last page to itself
_AROUND, _APART = 1.4, 1.1  # beside a cell, and more before words that follow other cells
_GIVES = 0.1  # of what columns of text want beyond their least, they have before other cells take two lines
_BREAKS = ((), ("range", "ends"), ("range", "ends", "middle", "date", "money", "number", "people", "probability"))
_WIDTHS = defaultdict(
    lambda: 1.0,
    {
        letter: wide
        for wide, letters in ((0.5, " .,:;'iljI|\u00a0\u202f"), (0.65, "()frt-/"), (1.5, "mwMW%"))
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


def prepared(thing: Any, key: str = "") -> Any:
    """Return blocks of a view in which a table has its ``widths``, ``size`` and ``whole``, and long words may break."""
    if isinstance(thing, dict):
        inside = {name: prepared(value, name) for name, value in thing.items()}
        return {**inside, **_widths(thing)} if thing.get("tag") == "table" else inside
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


def _widths(table: dict[str, Any]) -> dict[str, Any]:
    """Return the width of each column in letters, the size of the text, and whether the table stands on one page.

    Columns of text give way first, by as much as still reads well; then ranges take two lines, then days and middles
    with their units; then columns of text give way down to their longest word. The names of rows keep a readable
    width. Only a table that does not fit even so is set smaller. Room that is left goes to long texts.
    """
    columns = [_Column(table, at) for at in range(table["width"])]
    for broken in _BREAKS:
        least = [column.least(broken) for column in columns]
        wanted = [column.wanted(broken) for column in columns]
        if sum(least) + _GIVES * (sum(wanted) - sum(least)) <= _ROOM:
            break
    spare = max(_ROOM - sum(least), 0)
    share = min(spare / max(sum(wanted) - sum(least), 1), 1)
    widths = [low + share * (high - low) for low, high in zip(least, wanted, strict=True)]
    hungry = [column.lacks(width) for column, width in zip(columns, widths, strict=True)]
    fed = min(max(_ROOM - sum(widths), 0) / max(sum(hungry), 1), 1)
    widths = [width + fed * more for width, more in zip(widths, hungry, strict=True)]
    rows = [row for section in table["sections"] for row in section["rows"]]
    lines = len(rows) + sum(len(row.get("remarks", ())) for row in rows)
    size = max(_SIZE * min(_ROOM / sum(least), 1), _SMALLEST)
    return {"widths": widths, "size": size, "whole": lines <= _WHOLE, "closing": lines <= _CLOSING}


class _Column:
    """A column of a table with the room that it takes."""

    def __init__(self, table: dict[str, Any], at: int) -> None:
        cells = [row["cells"][at] for section in table["sections"] for row in section["rows"]]
        texts = [cell["text"] for cell in cells] or [""]
        self.kind, self.first = cells[0]["kind"] if cells else "text", at == 0
        label = table["labels"][at]
        self.named = max(map(_wide, label.split(" "))) * _BOLD
        self.headed = _in_lines(label, _HEAD_LINES) * _BOLD
        self.word = min(max(_wide(part) for text in texts for part in text.split(" ")), _LONGEST)
        self.longest, self.halved = max(map(_wide, texts)), max(map(_two_lines, texts))
        bold = (
            _BOLD if self.kind == "middle" or (table["sections"] and table["sections"][-1]["rows"][-1]["total"]) else 1
        )
        self.longest, self.halved = self.longest * bold, self.halved * bold
        self.around = _AROUND + (_APART if not self.first and self.kind in ("text", "date") else 0)

    def least(self, broken: tuple[str, ...]) -> float:
        """Return the least width, where cells of some kinds may take two lines."""
        if self.kind == "text":
            name = min(self.longest, _NAME) if self.first else min(self.halved, _PHRASE)
            return max(self.word, self.named, name, 3) + self.around
        return max(self.halved if self.kind in broken else self.longest, self.named, 3) + self.around

    def wanted(self, broken: tuple[str, ...]) -> float:
        """Return the width that is enough, also for a head of a few lines."""
        if self.kind == "text":
            return max(min(self.longest, _COLUMN), self.word, self.headed, 3) + self.around
        return max(self.least(broken), self.headed + self.around)

    def lacks(self, width: float) -> float:
        """Return how much wider a column of text would be with every cell on one line."""
        return max(self.longest + self.around - width, 0.0) if self.kind == "text" else 0.0


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


def _two_lines(text: str) -> float:
    """Return the width of the longer of two lines, broken at a space or after the dash of a range."""
    breaks = [at + 1 for at, letter in enumerate(text[:-1]) if letter in " \N{EN DASH}"]
    return min((max(_wide(text[:at].rstrip()), _wide(text[at:])) for at in breaks), default=_wide(text))
