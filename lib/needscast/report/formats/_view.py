"""Blocks as a page needs them: text only, already in words and rounded. HTML, PDF and DOCX lay out the same view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain, count, groupby, islice
from typing import Any

from needscast.report.alt import alt, is_empty
from needscast.report.blocks import (
    RANGES,
    Block,
    Chart,
    Column,
    Cover,
    Group,
    Heading,
    KeyFigure,
    Note,
    Sentence,
    Table,
)
from needscast.report.catalogues import REFERENCE
from needscast.report.formats import _cells
from needscast.report.numbers import round_range
from needscast.report.values import Amount, Range
from needscast.report.words import Words

NARROW = 12  # letters; a first column of longer names is kept wide enough to read
SHORT = 20  # letters; as many in brackets stay on one line, also on a phone
LONG = 12  # rows; a longer table is a list to look something up in, which a page may fold
DENSE = 9  # columns from which on a table is set smaller
CROWDED = 100  # letters of a row, text in lines of NARROW, from which on a table is set smaller and as wide as it can
STACKED = 26  # letters of a row, and of the room between its cells, from which on a phone stacks the cells
BETWEEN = 2  # letters of the room between two cells
ANNEXES = "annexes"  # the section after which the contents stand
PAIR = "pair"  # the style of a group whose charts stand side by side
_HERE = "\N{OBJECT REPLACEMENT CHARACTER}"  # stands in a phrase for a text that is laid out apart from it
_FIGURE_ID = 12  # ids of figures are shorter than any citation of a rate

Picture = Callable[[Chart, bool], dict[str, Any]]  # a chart, and whether it is one of a pair -> what a format draws


class View:
    """Blocks of one report in one language, ready to be laid out.

    Parameters
    ----------
    picture : makes what the format needs to show a chart; the second argument says that it stands beside another.
    """

    def __init__(self, words: Words, picture: Picture) -> None:
        self.words, self.picture = words, picture
        self.anchors: set[str] = set()

    def of(self, block: Block, *, paired: bool = False) -> dict[str, Any]:
        """Return one block as a mapping of texts, with its ``tag``."""
        if isinstance(block, Chart):
            return {"tag": block.tag, **self._chart(block, paired)}
        return {"tag": block.tag, **getattr(self, f"_{block.tag}")(block)}

    def _cover(self, block: Cover) -> dict[str, Any]:
        say, words = self.words.say, self.words
        title, subtitle = say(block.title), say(block.subtitle) if block.subtitle else ""
        full = words.text("format.title", title=title, subtitle=subtitle) if subtitle else title
        return {
            "title": title,
            "subtitle": subtitle,
            "as_of": say(block.as_of) if block.as_of else "",
            "badge": words.text("page.badge"),
            "footer": say(block.footer),
            "full_title": full,
            "readership": block.readership,
            "edition": words.text(f"page.readership_{block.readership}"),
            "illustration": words.text("note.illustration") if block.illustration else "",
        }

    def _heading(self, block: Heading) -> dict[str, Any]:
        return {"text": self.words.say(block.text), "level": block.level, "anchor": self._anchor(block.text.key)}

    def _sentence(self, block: Sentence) -> dict[str, Any]:
        return {
            "text": capital(whole(self.words.say(block.text))),
            "label": self.words.say(block.label) if block.label else "",
        }

    def _key_figure(self, block: KeyFigure) -> dict[str, Any]:
        value, note = block.value, self.words.say(block.note) if block.note else ""
        label = self.words.say(block.label)
        if not isinstance(value, Range):
            return {"label": label, "ends": self.words.say(value), "rest": "", "note": note}
        bare = replace(value, unit="") if value.unit == "person" else value
        ends = self.words.with_unit(self.words.ends(bare), bare.unit, round_range(bare)[2])
        rest = self.words.text(
            "format.range_in_words", ends="", mass=self.words.mass(value.mass), middle=self.words.middle(value)
        ).strip()
        return {
            "label": label,
            "ends": whole(ends).replace("\N{NO-BREAK SPACE}", " "),
            "rest": "" if value.lower == value.upper else rest,
            "note": note,
        }

    def _note(self, block: Note) -> dict[str, Any]:
        return {"text": self.words.say(block.text), "kind": block.kind}

    def _group(self, block: Group) -> dict[str, Any]:
        inside = [self.of(each, paired=block.style == PAIR) for each in block.blocks]
        return {"style": block.style, "section": block.section, "blocks": inside}

    def _chart(self, block: Chart, paired: bool) -> dict[str, Any]:
        title, empty = self.words.say(block.title), is_empty(block)
        return {
            "title": title,
            "empty": self.words.text("alt.empty") if empty else "",
            "region": self.words.text("page.chart_region", title=title),
            "kind": block.kind,
            "alt": alt(block, self.words),
            "caption": self.words.say(block.caption) if block.caption else "",
            "sources": self._sources(block.sources),
            "anchor": self._anchor(block.name),
            **({} if empty else self.picture(block, paired)),
        }

    def _table(self, block: Table) -> dict[str, Any]:
        words, caption = self.words, self.words.say(block.caption)
        everything, block = block, _as_shown(block)
        further = self._further(everything, block)
        block, millions = _cells.in_millions(block)
        first = 1 if block.grouped else 0
        printed = [at for at, column in enumerate(block.columns) if at >= first and column.kind != "remark"]
        columns = [self._column(block, at, millions) for at in printed]
        subheads = [sub for column in columns for sub in column["subheads"]]
        rows = [self._row(block, number, columns) for number in range(len(block.rows))]
        width = sum(column["span"] for column in columns)
        letters = sum(_letters(rows, at) for at in range(width))
        return {
            "caption": caption,
            "name": block.name,
            "region": words.text("page.table_region", caption=caption),
            "heads": [{key: column[key] for key in ("label", "span", "kind")} for column in columns],
            "subheads": subheads,
            "labels": [each["label"] for column in columns for each in column["subheads"] or [column]],
            "told": [label for column in columns for label in column["told"]],
            "two_rows": bool(subheads),
            "width": width,
            "wide": any(len(row["cells"][0]["text"]) > NARROW for row in rows),
            "crowded": letters > CROWDED,
            "stacked": letters + BETWEEN * width > STACKED,
            "dense": width + sum(column["kind"] == RANGES[1] for column in columns) >= DENSE,
            "long": len(rows) > LONG,
            "count": words.text("page.rows", rows=Amount(len(rows))),
            "sections": [
                {"name": name, "rows": list(held)} for name, held in groupby(rows, key=lambda row: row["section"])
            ],
            "empty": words.text("page.empty_table"),
            "note": " ".join(filter(None, (words.say(block.note) if block.note else "", further))),
            "sources": self._sources(block.sources),
            "anchor": self._anchor(block.name),
        }

    def _further(self, everything: Table, shown: Table) -> str:
        """Say how many rows stand in the files for machines alone; nothing where pages print all of them."""
        if len(shown.rows) == len(everything.rows):
            return ""
        rows = {"shown": Amount(len(shown.rows)), "rows": Amount(len(everything.rows))}
        return self.words.text("page.further", name=everything.name, **rows)

    def _row(self, table: Table, number: int, columns: list[dict[str, Any]]) -> dict[str, Any]:
        """Return a row: its cells, the remarks under it, and the section that it belongs to."""
        cells, say = table.rows[number], self.words.say
        remarks = [
            self._remark(capital(say(column.label)), cell)
            for column, cell in zip(table.columns, cells, strict=True)
            if column.kind == "remark" and cell not in (None, "")
        ]
        first, *others = [cell for column in columns for cell in column["cells"][number]]
        return {
            "cells": [{**first, "text": capital(first["text"])}, *others],
            "remarks": remarks,
            "section": capital(say(cells[0])) if table.grouped else "",
            "total": table.total and number == len(table.rows) - 1,
        }

    def _remark(self, label: str, cell: Any) -> dict[str, str]:
        """Return a remark in three parts: its text, what stands around it, and the language of the text if another."""
        before, _, after = self.words.text("page.remark", label=label, text=_HERE).partition(_HERE)
        text = self.words.apart(self.words.say(cell))
        return {"before": before, "text": text, "after": after, "lang": self._foreign(cell)}

    def _foreign(self, cell: Any) -> str:
        """Return the language of a text of the data that nobody translated; "" of a code and of what is in ours."""
        is_text = isinstance(cell, str) and " " in cell
        return REFERENCE if is_text and self.words.language != REFERENCE else ""

    def _column(self, table: Table, at: int, millions: frozenset[str]) -> dict[str, Any]:
        """Return a column: its head and cells, and what is told before each cell where a phone stacks a row."""
        words, column = self.words, table.columns[at]
        label, kind = self._label(column, millions), column.kind
        if kind not in RANGES:
            texts = (
                _cells.added_up(table, at, words)
                if column.adds_up
                else [_cells.printed(row[at], column, words) for row in table.rows]
            )
            langs = [self._foreign(row[at]) for row in table.rows]
            cells = [[{"text": text, "kind": kind, "lang": lang}] for text, lang in zip(texts, langs, strict=True)]
            return {"label": label, "told": [label], "span": 1, "kind": kind, "subheads": [], "cells": cells}
        mass = _cells.common_mass(table, at)
        head = words.text("page.range_head", mass=words.mass(mass)) if mass else words.text("page.range_head_plain")
        pairs = [_cells.range_texts(row[at], column, words) for row in table.rows]
        labels = {RANGES[0]: head, "middle": words.text("page.middle_head")}
        subheads = [{"label": capital(label), "kind": each} for each, label in labels.items()]
        kinds = (RANGES[0], "middle")
        cells = [
            [{"text": text, "kind": kind, "lang": ""} for text, kind in zip(pair, kinds, strict=True)] for pair in pairs
        ]
        if kind != RANGES[0]:  # the ends alone; the table says once which mass they hold
            ends = [each[:1] for each in cells]
            return {"label": label, "told": [label], "span": 1, "kind": kind, "subheads": [], "cells": ends}
        told = [words.text("page.labelled", label=label, unit=_held(head)), subheads[1]["label"]]
        return {"label": label, "told": told, "span": 2, "kind": kind, "subheads": subheads, "cells": cells}

    def _label(self, column: Column, millions: frozenset[str]) -> str:
        words, label = self.words, capital(self.words.say(column.label))
        if column.key in millions:
            unit = words.text("chart.millions", unit=words.unit(column.unit))
            return words.text("page.labelled", label=label, unit=unit)
        if (
            column.unit
            and column.kind in ("count", "number", "money", *RANGES, "percent", "change", "probability")
            and column.unit != "person"
        ):
            return words.text("page.labelled", label=label, unit=words.unit(column.unit))
        return label

    def _sources(self, sources: tuple[str, ...]) -> str:
        if not sources:
            return ""
        if len(sources) <= 3:
            return self.words.text("page.sources_few", names=", ".join(sources))
        figures = sum(len(source) < _FIGURE_ID for source in sources)
        return self.words.text("page.sources", figures=Amount(figures), inputs=Amount(len(sources) - figures))

    def _anchor(self, key: str) -> str:
        wanted = "".join(letter if letter.isalnum() else "-" for letter in key.lower())
        numbered = (f"{wanted}-{number}" for number in count(2))
        anchor = next(each for each in chain([wanted], numbered) if each not in self.anchors)
        self.anchors.add(anchor)
        return anchor


def _letters(rows: list[dict[str, Any]], at: int) -> int:
    """Return how many letters of a line a column takes."""
    cells = [row["cells"][at] for row in rows]
    return max((NARROW if cell["kind"] == "text" else len(cell["text"]) for cell in cells), default=0)


def _as_shown(table: Table) -> Table:
    """Return a table with the rows that pages print."""
    if not table.shown:
        return table
    parts = groupby(table.rows, key=lambda row: row[0] if table.grouped else None)
    return replace(table, rows=tuple(row for _, held in parts for row in islice(held, table.shown)))


def charts(blocks: Iterable[Block], paired: bool = False) -> Iterator[tuple[Chart, bool]]:
    """Walk through the charts that a view shows, each with whether it stands beside another."""
    for block in blocks:
        if isinstance(block, Group):
            yield from charts(block.blocks, block.style == PAIR)
        elif isinstance(block, Chart) and not is_empty(block):
            yield block, paired


def headings(block: dict[str, Any], level: int = 2) -> Iterator[dict[str, Any]]:
    """Walk through the headings of a level in a block of a view."""
    if block["tag"] == "heading" and block["level"] == level:
        yield block
    for each in block.get("blocks", []):
        yield from headings(each, level)


def annexes_at(shown: list[dict[str, Any]]) -> int:
    """Return how many blocks stand before the contents: up to the start of the annexes, or the first one."""
    found = [at for at, block in enumerate(shown, start=1) if block.get("section") == ANNEXES]
    return found[0] if found else 1


def capital(text: str) -> str:
    """Begin a label with a capital letter; the names of inputs and groups are written as inside a sentence."""
    return text[:1].upper() + text[1:]


def _held(text: str) -> str:
    """Keep the words of a short text together, as it stands in brackets after a label."""
    return text.replace(" ", "\N{NO-BREAK SPACE}") if len(text) <= SHORT else text


def whole(text: str) -> str:
    """Keep the two ends of a range on one line."""
    return text.replace("\N{EN DASH}", "\N{WORD JOINER}\N{EN DASH}\N{WORD JOINER}")


def size_of(svg: str) -> tuple[int, int]:
    """Return width and height of an SVG in CSS pixels (its points are 1/72 inch), so that the page does not jump."""
    box = svg.partition('viewBox="')[2].partition('"')[0].split()
    return round(float(box[2]) * 96 / 72), round(float(box[3]) * 96 / 72)
