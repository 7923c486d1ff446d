"""Tables as comma-separated text: what pandas writes, to the byte, in a fraction of its time.

Words, days and sources repeat from row to row of a table of estimates, so each is written and quoted once; numbers are
written as Python does, with as many digits as tell them apart.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

DAY = "%Y-%m-%d"
SOURCES, CITED = "sources", "cited"  # the column of ids in every table, and what an id stands for in its own
CITATIONS = "citations"  # the table that says so


def with_citations(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return tables in which an id stands for each list of sources, and ``citations`` with what each id stands for.

    A list of a hundred and fifty sources is the same in thousands of rows; written once, a table is a tenth or less.
    The id is that of the list's content: the same list has it in every table, scenario and run.

    Returns
    -------
    The tables by name, their column ``sources`` replaced; ``citations`` has a row an id: ``sources, cited``.
    """
    with_sources = {name: table for name, table in tables.items() if SOURCES in table}
    texts = {text for table in with_sources.values() for text in table[SOURCES] if text}
    ids = {"": ""} | {text: _id_of(text) for text in texts}
    made = {name: table.assign(**{SOURCES: table[SOURCES].map(ids)}) for name, table in with_sources.items()}
    cited = pd.DataFrame(sorted((ids[text], text) for text in texts), columns=[SOURCES, CITED])
    return {**tables, **made, CITATIONS: cited}


def _id_of(text: str) -> str:
    return f"s{hashlib.blake2b(text.encode(), digest_size=6).hexdigest()}"


def parts_of(table: pd.DataFrame) -> Iterator[bytes]:
    """Yield a table piece by piece in UTF-8: a line of names, then its rows; what is missing is blank.

    The last cell of a row is a piece of its own, because it may be a long text that many rows share.
    """
    yield ",".join(_quoted([*map(str, table.columns)])).encode() + b"\n"
    *first, last = (_written(column) for _, column in table.items())
    ends = {text: f"{',' if first else ''}{text}\n".encode() for text in set(last)}
    for *cells, text in zip(*first, last, strict=True):
        yield ",".join(cells).encode()
        yield ends[text]


def _written(column: pd.Series) -> list[str]:
    """The cells of a column as they stand between commas."""
    if column.dtype.kind == "f":
        return ["" if number != number else repr(number) for number in column.tolist()]
    if column.dtype.kind == "M":
        column = column.dt.strftime(DAY)
    values = column.tolist()
    cells = list(zip(map(type, values), values, strict=True))  # with its type: 1, 1.0 and True are equal
    unlike = list(dict.fromkeys(cells))
    texts = _quoted(["" if pd.isna(value) else str(value) for _, value in unlike])
    return list(map(dict(zip(unlike, texts, strict=True)).__getitem__, cells))


def _quoted(texts: list[str]) -> list[str]:
    """Each text as a cell that is not alone on its line."""
    lines = _Lines()
    csv.writer(lines, lineterminator="\n").writerows(["", text] for text in texts)
    return [line[1:-1] for line in lines]


class _Lines(list[Any]):
    """A file in memory that keeps what is written call by call: one line each time."""

    write = list.append
