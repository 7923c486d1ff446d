"""HTML: one self-contained page without scripts or outside requests, for screens, phones and A4 paper."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup

from needscast.report.alt import alt
from needscast.report.blocks import (
    Block,
    Chart,
    Cover,
    Group,
    Heading,
    KeyFigure,
    Note,
    Sentence,
    Table,
    cover_of,
)
from needscast.report.formats import _cells
from needscast.report.values import Amount, Range
from needscast.report.words import Words

NARROW = 12  # letters; a first column of longer names is kept wide enough to read
_FIGURE_ID = 12  # ids of figures are shorter than any citation of a rate


def write(blocks: tuple[Block, ...], path: Path, language: str) -> None:
    """Write the page."""
    path.write_text(page(blocks, language), encoding="utf-8")


def page(blocks: tuple[Block, ...], language: str) -> str:
    """Return the whole page."""
    words, view = Words(language), _View(Words(language))
    cover = cover_of(blocks)
    shown = [view.of(block) for block in blocks if not isinstance(block, Cover)]
    sections = [each for block in shown for each in _headings(block) if each["level"] == 2]
    return _template().render(
        fragment=False,
        blocks=shown,
        first=1,
        contents=sections[1:],
        contents_label=words.text("page.contents"),
        language=language,
        direction=words.direction,
        skip=words.text("page.skip"),
        style=Markup(_file("report.css")),
        cover_view=view.of(cover),
        illustration=cover.illustration,
    )


def fragment(blocks: Iterable[Block], language: str = "en") -> str:
    """Return blocks as a piece of HTML, for a notebook."""
    view = _View(Words(language))
    return _template().render(fragment=True, blocks=[view.of(block) for block in blocks])


class _View:
    """Blocks as the template needs them: text only, already in words and rounded."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.anchors: set[str] = set()

    def of(self, block: Block) -> dict[str, Any]:
        made = getattr(self, f"_{block.tag}")(block)
        return {"tag": block.tag, **made}

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
        }

    def _heading(self, block: Heading) -> dict[str, Any]:
        return {
            "text": self.words.say(block.text),
            "level": block.level,
            "anchor": self._anchor(block.text.key),
        }

    def _sentence(self, block: Sentence) -> dict[str, Any]:
        return {
            "text": _whole(self.words.say(block.text)),
            "label": self.words.say(block.label) if block.label else "",
        }

    def _key_figure(self, block: KeyFigure) -> dict[str, Any]:
        value, note = block.value, self.words.say(block.note) if block.note else ""
        label = self.words.say(block.label)
        if not isinstance(value, Range):
            return {"label": label, "ends": self.words.say(value), "rest": "", "note": note}
        bare = Range(value.lower, value.median, value.upper, value.mass, "") if value.unit == "person" else value
        ends = self.words.with_unit(self.words.ends(bare), bare.unit)
        rest = self.words.text(
            "format.range_in_words",
            ends="",
            mass=self.words.mass(value.mass),
            middle=self.words.middle(value),
        ).strip()
        return {
            "label": label,
            "ends": _whole(ends).replace("\N{NO-BREAK SPACE}", " "),
            "rest": "" if value.lower == value.upper else rest,
            "note": note,
        }

    def _note(self, block: Note) -> dict[str, Any]:
        return {"text": self.words.say(block.text), "kind": block.kind}

    def _group(self, block: Group) -> dict[str, Any]:
        return {"style": block.style, "blocks": [self.of(each) for each in block.blocks]}

    def _chart(self, block: Chart) -> dict[str, Any]:
        from needscast.report.charts import draw

        svg = draw(block, self.words)
        width, height = _size(svg)
        title = self.words.say(block.title)
        return {
            "title": title,
            "region": self.words.text("page.chart_region", title=title),
            "kind": block.kind,
            "alt": alt(block, self.words),
            "width": width,
            "height": height,
            "image": Markup("data:image/svg+xml," + quote(_tight(svg), safe=" =/:;,()")),
            "caption": self.words.say(block.caption) if block.caption else "",
            "sources": self._sources(block.sources),
            "anchor": self._anchor(block.name),
        }

    def _table(self, block: Table) -> dict[str, Any]:
        words, caption = self.words, self.words.say(block.caption)
        block, millions = _cells.in_millions(block)
        columns = [self._column(block, at, millions) for at in range(len(block.columns))]
        heads = [{"label": column["label"], "span": column["span"], "kind": column["kind"]} for column in columns]
        two_rows = any(column["span"] > 1 for column in columns)
        subheads = [sub for column in columns for sub in column["subheads"]]
        rows = [[cell for column in columns for cell in column["cells"][number]] for number in range(len(block.rows))]
        return {
            "caption": caption,
            "region": words.text("page.table_region", caption=caption),
            "heads": heads,
            "subheads": subheads,
            "two_rows": two_rows,
            "wide": any(len(row[0]["text"]) > NARROW for row in rows),
            "rows": rows,
            "total": block.total,
            "empty": words.text("page.empty_table"),
            "note": words.say(block.note) if block.note else "",
            "sources": self._sources(block.sources),
            "anchor": self._anchor(block.name),
        }

    def _column(self, table: Table, at: int, millions: frozenset[str]) -> dict[str, Any]:
        words, column = self.words, table.columns[at]
        label = words.say(column.label)
        if column.unit in millions:
            label = words.text(
                "page.labelled", label=label, unit=words.text("chart.millions", unit=words.unit(column.unit))
            )
        elif column.unit and column.kind in ("number", "money", "range", "percent") and column.unit != "person":
            label = words.text("page.labelled", label=label, unit=words.unit(column.unit))
        if column.kind != "range":
            texts = (
                _cells.added_up(table, at, words)
                if column.adds_up
                else [_cells.printed(row[at], column, words) for row in table.rows]
            )
            return {
                "label": label,
                "span": 1,
                "kind": column.kind,
                "subheads": [],
                "cells": [[{"text": text, "kind": column.kind}] for text in texts],
            }
        mass = _cells.common_mass(table, at)
        head = words.text("page.range_head", mass=words.mass(mass)) if mass else words.text("page.range_head_plain")
        pairs = [_cells.range_texts(row[at], column, words) for row in table.rows]
        return {
            "label": label,
            "span": 2,
            "kind": "range",
            "subheads": [
                {"label": head, "kind": "range"},
                {"label": words.text("page.middle_head"), "kind": "middle"},
            ],
            "cells": [[{"text": ends, "kind": "range"}, {"text": middle, "kind": "middle"}] for ends, middle in pairs],
        }

    def _sources(self, sources: tuple[str, ...]) -> str:
        if not sources:
            return ""
        if len(sources) <= 3:
            return self.words.text("page.sources_few", names=", ".join(sources))
        figures = sum(len(source) < _FIGURE_ID for source in sources)
        return self.words.text("page.sources", figures=Amount(figures), inputs=Amount(len(sources) - figures))

    def _anchor(self, key: str) -> str:
        wanted = "".join(letter if letter.isalnum() else "-" for letter in key.lower())
        anchor = next(each for each in (wanted, *(f"{wanted}-{n}" for n in range(2, 999))) if each not in self.anchors)
        self.anchors.add(anchor)
        return anchor


def _headings(block: dict[str, Any]) -> list[dict[str, Any]]:
    if block["tag"] == "heading":
        return [block]
    return [found for each in block.get("blocks", []) for found in _headings(each)]


def _whole(text: str) -> str:
    """Keep the two ends of a range on one line."""
    return text.replace("\N{EN DASH}", "\N{WORD JOINER}\N{EN DASH}\N{WORD JOINER}")


def _size(svg: str) -> tuple[int, int]:
    """Return width and height of an SVG in CSS pixels (its points are 1/72 inch), so that the page does not jump."""
    box = svg.partition('viewBox="')[2].partition('"')[0].split()
    return round(float(box[2]) * 96 / 72), round(float(box[3]) * 96 / 72)


def _tight(svg: str) -> str:
    """Drop what an image inside a page does not need: the XML prologue, metadata and line breaks."""
    head, _, rest = svg[svg.index("<svg") :].partition("<metadata>")
    return " ".join((head + rest.partition("</metadata>")[2]).split())


@cache
def _template() -> Template:
    environment = Environment(
        loader=FunctionLoader(_file),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2")


def _file(name: str) -> str:
    return (files("needscast.report") / "templates" / name).read_text(encoding="utf-8")
