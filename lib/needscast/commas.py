"""Tables as comma-separated text: what pandas writes, to the byte, in a fraction of its time.

Words, days and sources repeat from row to row of a table of estimates, so each is written and quoted once; numbers are
written as Python does, with as many digits as tell them apart. Some hundred rows are written at a time, so that a long
table never stands in memory as text.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

DAY = "%Y-%m-%d"
AT_ONCE = 512  # rows of a piece

Cells = Callable[[slice], Iterable[bytes]]  # of some rows of a column, each with what parts it from the next


def parts_of(table: pd.DataFrame) -> Iterator[bytes]:
    """Yield a table piece by piece in UTF-8: a line of names, then its rows; what is missing is blank."""
    yield ",".join(map(_quoted, map(str, table.columns))).encode() + b"\n"
    ends = [","] * (table.shape[1] - 1) + ["\n"]
    columns = [_cells(column, end) for (_, column), end in zip(table.items(), ends, strict=True)]
    for first in range(0, len(table), AT_ONCE):
        rows = slice(first, first + AT_ONCE)
        yield b"".join(chain.from_iterable(zip(*(cells(rows) for cells in columns), strict=True)))


def _cells(column: pd.Series, end: str) -> Cells:
    if column.dtype.kind == "f":
        return partial(_numbers, column.to_numpy(), end)
    if column.dtype.kind == "M":
        column = column.dt.strftime(DAY)
    return partial(_words, column.to_numpy(), _Texts(end))


def _numbers(column: np.ndarray, end: str, rows: slice) -> Iterable[bytes]:
    """Numbers as Python writes a list of them: faster than one by one."""
    listed = repr(column[rows].tolist())[1:-1].replace("nan", "").replace(", ", f"{end} ") + end
    return listed.encode().split(b" ")


def _words(column: np.ndarray, texts: _Texts, rows: slice) -> Iterable[bytes]:
    values = column[rows].tolist()
    return map(texts.__getitem__, zip(map(type, values), values, strict=True))


class _Texts(dict[tuple[type, Any], bytes]):
    """Cells of words, days and whatever else repeats, each written once; by type, because 1, 1.0 and True are equal."""

    def __init__(self, end: str) -> None:
        self._end = end

    def __missing__(self, cell: tuple[type, Any]) -> bytes:
        text = _quoted("" if pd.isna(cell[1]) else str(cell[1])) + self._end
        return self.setdefault(cell, text.encode())


def _quoted(text: str) -> str:
    """A text as a cell that is not alone on its line."""
    lines = _Lines()
    csv.writer(lines, lineterminator="\n").writerow(["", text])
    return lines[0][1:-1]


class _Lines(list[Any]):
    """A file in memory that keeps what is written call by call: one line each time."""

    write = list.append
