"""What paper asks of a view beyond the screen: widths of columns, a size that fits, words that break."""

from __future__ import annotations

from typing import Any

_LONGEST = 22  # letters of a word that any column holds; a longer one may break
_COLUMN = 30  # letters of a column of text, at most
_NAME = 20  # letters of the first column, which names the row, before it breaks into more lines
_ROOM = 115  # letters that a line of a table holds at its full size
_BOLD = 1.2  # width of a bold letter
_APART = 2  # letters more before words that follow other cells
_GIVES = 0.4  # of what columns of text want beyond their least, they have at full size; else the table is set smaller
_SIZES = (7.6, 6.4)  # points, of a table that fits and of one that does not
_SMALLEST = 4.8  # points, of a table whose numbers alone do not fit


def prepared(thing: Any, key: str = "") -> Any:
    """Return blocks of a view in which each table has its ``widths`` and ``size``, and very long words may break."""
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
    """Return the width of each column in letters and the size of the text, so that numbers stay on one line.

    Columns of text give way first, by as much as still reads well; then the table is set smaller, and they give way
    down to their longest word. The names of rows keep a readable width.
    """
    rows = [row["cells"] for section in table["sections"] for row in section["rows"]]
    wanted: list[float] = []
    least: list[float] = []
    for at in range(table["width"]):
        texts = [row[at]["text"] for row in rows] or [""]
        named = max(len(part) for part in table["labels"][at].split(" ")) * _BOLD
        word = min(max(named, *(len(part) for text in texts for part in text.split(" "))), _LONGEST)
        longest = max(len(text) for text in texts)
        wide = bool(rows) and rows[0][at]["kind"] != "text"
        around = 2 + (_APART if at and (not wide or rows[0][at]["kind"] == "date") else 0)
        wanted.append(max(longest if wide else min(longest, _COLUMN), word, 4) + around)
        least.append(wanted[-1] if wide else max(word, 4 if at else min(longest, _NAME)) + around)
    small = sum(least) + _GIVES * (sum(wanted) - sum(least)) > _ROOM
    room = _ROOM * _SIZES[0] / _SIZES[1] if small else _ROOM
    spare = max(room - sum(least), 0)
    share = min(spare / max(sum(wanted) - sum(least), 1), 1)
    widths = [low + share * (high - low) for low, high in zip(least, wanted, strict=True)]
    squeezed = max(_SIZES[1] * min(room / sum(least), 1), _SMALLEST)
    return {"widths": widths, "size": squeezed if small else _SIZES[0]}
