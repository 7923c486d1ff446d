"""Blocks: the frozen pieces of a report, each carrying its own data, that every format reads.

A block knows no language and no layout. It shows itself in a notebook as HTML, and always travels as JSON in the
output of its cell, so that a rendered report is read from the executed notebook and from nothing else.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from needscast.report.numbers import is_sum
from needscast.report.values import VALUES, Amount, BlockError, Day, Range, Text, decode, encode

MIME = "application/vnd.needscast.block+json"
BLOCKS_ONLY = "NEEDSCAST_BLOCKS_ONLY"  # set while rendering: cells then carry no HTML, which nobody would read

NOTE_KINDS = ("caveat", "warning", "watermark", "method", "missing")
ADDING = "table.adding"  # the phrase that says why the ranges of a total row do not add up
RANGES = ("range", "ends")
COLUMN_KINDS = (
    "text",
    "count",
    "number",
    "people",
    "money",
    "date",
    *RANGES,
    "percent",
    "change",
    "probability",
    "remark",
)
CHART_KINDS = ("fan", "bars", "timeline", "tornado", "calibration", "circles", "steps", "tree", "weeks")


class Block:
    """What all blocks do: travel as JSON and show themselves in a notebook."""

    tag: ClassVar[str]

    def to_json(self) -> dict[str, Any]:
        """Return the block as plain JSON types."""
        return encode(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {MIME: self.to_json(), "text/plain": f"<{self.tag}>"}
        if not os.environ.get(BLOCKS_ONLY):
            from needscast.report.formats.html import fragment

            bundle["text/html"] = fragment([self])
        return bundle


@dataclass(frozen=True)
class Cover(Block):
    """What the report is about: the facts that every page and file repeats.

    Attributes
    ----------
    crisis_name : as it is printed, a text or one in several languages.
    reference_date : last day that the results know about, ``YYYY-MM-DD``; "" for a report about many crises.
    onset : first day of the displacement that the headline counts.
    readership : public or internal; the edition.
    language : the language in which the notebook was asked to speak.
    draws, seed : what makes the numbers again.
    illustration : True when an invented figure went in; every page then says so.
    """

    tag: ClassVar[str] = "cover"
    title: Text
    crisis: str
    crisis_name: Any
    reference_date: str
    onset: str
    readership: str
    language: str = "en"
    subtitle: Text | None = None
    draws: int = 0
    seed: int = 0
    illustration: bool = False

    @property
    def as_of(self) -> Text | None:
        """The phrase that says what the report knew, or None for a report about many crises."""
        return Text("page.as_of", {"date": Day(self.reference_date)}) if self.reference_date else None

    @property
    def footer(self) -> Text:
        """The phrase under every page."""
        said = {"title": self.title, "badge": Text("page.badge")}
        if not self.reference_date:
            return Text("page.footer_plain", said)
        made = {"date": Day(self.reference_date), "draws": Amount(self.draws), "seed": str(self.seed)}
        return Text("page.footer", {**said, **made})


@dataclass(frozen=True)
class Heading(Block):
    """A heading; level 2 opens a section, 3 a part of one. Level 1 is the cover's."""

    tag: ClassVar[str] = "heading"
    text: Text
    level: int = 2

    def __post_init__(self) -> None:
        _known("heading level", self.level, (2, 3, 4))


@dataclass(frozen=True)
class Sentence(Block):
    """A sentence computed from results; ``label`` is the question it answers, if it answers one."""

    tag: ClassVar[str] = "sentence"
    text: Text
    label: Text | None = None


@dataclass(frozen=True)
class KeyFigure(Block):
    """One number that stands for the answer, a :class:`Range` or an amount, with its label and a note on what it is."""

    tag: ClassVar[str] = "key_figure"
    label: Text
    value: Any
    note: Text | None = None


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    key : plain name, unique in the table, the header in files for machines.
    label : the header that people read.
    kind : text, count, number, people, money, date, range, ends, percent, change or probability; says how cells are
        kept and printed. A change is a share that carries its sign, upwards too. Of a range in a column of kind ends,
        pages print the ends alone; files for machines hold all of it. A count is whole and printed to the unit:
        nothing about it is estimated once it is decided. A probability is never printed as certain: ">99 %" stands for
        1, because the worlds share assumptions. A remark is a long text that pages print under its row over the whole
        width, and files for machines as a column.
    unit : of a number or a range.
    adds_up : the cells above a total row add up to it; they are rounded together so that they still do, as
        :mod:`needscast.report.numbers` says.
    grain : the step to which pages print a number that several tables name, so that all print it alike; 0 where each
        table prints what its own numbers support.
    whole : the total of a column that adds up as printed, where it is the difference of two numbers that are printed
        elsewhere; None: the column finds it.
    """

    tag: ClassVar[str] = "column"
    key: str
    label: Text
    kind: str = "text"
    unit: str = ""
    adds_up: bool = False
    grain: float = 0.0
    whole: float | None = None

    def __post_init__(self) -> None:
        _known("kind of column", self.kind, COLUMN_KINDS)


@dataclass(frozen=True)
class Table(Block):
    """Rows of raw numbers under typed columns.

    Attributes
    ----------
    name : short plain name, unique in a report: the sheet of a workbook, the table of a file.
    rows : one tuple a row, a cell a column: number, ISO date, text, :class:`Range`, phrase, or None for missing.
    total : True when the last row is the total of the others.
    grouped : True when rows that follow each other with the same first cell stand under it as one part of the table.
    shown : how many rows pages print, the first of the table or, in a grouped one, of each part; 0 means all. Files for
        machines hold every row, and pages say so.
    sources : ids and names of what the numbers rest on.
    """

    tag: ClassVar[str] = "table"
    name: str
    caption: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: bool = False
    note: Text | None = None
    sources: tuple[str, ...] = ()
    grouped: bool = False
    shown: int = 0

    def __post_init__(self) -> None:
        if self.shown and self.total:
            raise BlockError(
                f"table '{self.name}' ends in a total of all its rows; print all of them, not {self.shown}"
            )
        keys = [column.key for column in self.columns]
        if len(set(keys)) < len(keys):
            raise BlockError(f"table '{self.name}' repeats a column among {keys}; give each its own key")
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(keys):
                raise BlockError(f"table '{self.name}' row {number} has {len(row)} cells for {len(keys)} columns")
        for at, column in enumerate(self.columns):
            _check_cells(self, column, [row[at] for row in self.rows])
        if self.total and any(isinstance(cell, Range) for cell in self.rows[-1]):
            _check_ranges(self)


@dataclass(frozen=True)
class Chart(Block):
    """A chart as data; how it is drawn and what its alternative text says follows from the data.

    Attributes
    ----------
    kind : one of the modules of :mod:`needscast.report.charts`, which says what ``data`` holds.
    unit : of the quantity axis.
    """

    tag: ClassVar[str] = "chart"
    kind: str
    name: str
    title: Text
    data: Mapping[str, Any]
    unit: str = ""
    caption: Text | None = None
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _known("kind of chart", self.kind, CHART_KINDS)


@dataclass(frozen=True)
class Note(Block):
    """Something the reader must know beside the numbers."""

    tag: ClassVar[str] = "note"
    kind: str
    text: Text | str

    def __post_init__(self) -> None:
        _known("kind of note", self.kind, NOTE_KINDS)


@dataclass(frozen=True)
class Group(Block):
    """Blocks that belong together, with a hint how to lay them out.

    Attributes
    ----------
    style : "" one below the other, "figures" as cards, "answers" to questions, "pair" two charts side by side.
    section : the name under which the page gave the group out, such as "headline".
    language : in which a notebook shows it; formats choose their own.
    """

    tag: ClassVar[str] = "group"
    blocks: tuple[Block, ...] = field(default_factory=tuple)
    style: str = ""
    section: str = ""
    language: str = "en"

    def __iter__(self) -> Iterator[Block]:
        return iter(self.blocks)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {MIME: self.to_json(), "text/plain": f"<{self.section or 'blocks'}>"}
        if not os.environ.get(BLOCKS_ONLY):
            from needscast.report.formats.html import fragment

            bundle["text/html"] = fragment(self.blocks, self.language)
        return bundle


BLOCKS: dict[str, type] = {each.tag: each for each in (Cover, Heading, Sentence, KeyFigure, Table, Chart, Note, Group)}
_TYPES: dict[str, type] = {**VALUES, **BLOCKS, Column.tag: Column}


def from_json(thing: Mapping[str, Any]) -> Block:
    """Read a block back from its JSON."""
    block = decode(thing, _TYPES)
    if not isinstance(block, Block):
        raise BlockError(f"this is not a block but a {type(block).__name__}: {str(thing)[:80]}")
    return block


def flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """Walk through blocks and what their groups hold, without the groups themselves."""
    for block in blocks:
        if isinstance(block, Group):
            yield from flat(block.blocks)
        else:
            yield block


def from_notebook(notebook: Mapping[str, Any]) -> tuple[Block, ...]:
    """Return the blocks that an executed notebook shows, in reading order.

    Parameters
    ----------
    notebook : the notebook as a mapping (nbformat's node or parsed JSON).
    """
    return tuple(block for cell in notebook["cells"] for block in from_cell(cell))


def from_cell(cell: Mapping[str, Any]) -> tuple[Block, ...]:
    """Return the blocks that an executed cell shows."""
    outputs = cell.get("outputs", ())
    return tuple(from_json(output["data"][MIME]) for output in outputs if MIME in output.get("data", {}))


def cover_of(blocks: Iterable[Block]) -> Cover:
    """Return the cover among the blocks; it says what the report is about."""
    for block in flat(blocks):
        if isinstance(block, Cover):
            return block
    raise BlockError("the report has no cover; its first cell must show page.show('cover')")


def _check_cells(table: Table, column: Column, cells: list[Any]) -> None:
    """Refuse counts that are not whole, and a total that is not the sum of its parts."""
    known = [cell for cell in cells if isinstance(cell, int | float)]
    if column.kind == "count" and any(cell != round(cell) for cell in known):
        raise BlockError(f"table '{table.name}' column '{column.key}' counts, but not every cell is a whole number")
    if table.total and column.adds_up and len(known) == len(cells) > 1 and not is_sum(known[:-1], known[-1]):
        parts = math.fsum(known[:-1])
        raise BlockError(
            f"table '{table.name}' column '{column.key}': parts make {parts:g}, the total says {known[-1]:g}"
        )


def _check_ranges(table: Table) -> None:
    """Refuse a total of ranges without a word that ranges do not add up, and without a column that does."""
    said = (
        (table.note.key, *(each.key for each in table.note.values.values() if isinstance(each, Text)))
        if table.note
        else ()
    )
    if ADDING not in said or not any(column.adds_up for column in table.columns):
        raise BlockError(
            f"table '{table.name}' has a total of ranges; say '{ADDING}' in its note and add a column of averages"
        )


def _known(kind: str, value: Any, known: tuple[Any, ...]) -> None:
    if value not in known:
        from needscast.errors import one_of

        raise BlockError(one_of(kind, value, known))
