"""PDF: A4 pages from the same blocks, tagged for screen readers (PDF/UA-1), set by typst, which comes as a wheel."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from needscast.report.blocks import Block, Chart, Cover, cover_of
from needscast.report.formats import needed
from needscast.report.formats._view import View, annexes_at, headings
from needscast.report.words import Words

FONTS = ("DejaVu Sans",)  # free licence, travels in the wheel of matplotlib; the charts are set in it too
EPOCH = "2020-01-01"  # of a report without a reference date; a fixed time stamp gives the same bytes
ANNEXES = "annexes-heading"  # the anchor of the heading that starts a page of its own
LONGEST = 22  # letters of a word that any column holds; a longer one may break
_COLUMN = 30  # letters of a column of text, at most
_ROOM = 115  # letters that a line of a table holds at its full size
_BOLD = 1.2  # width of a bold letter
_SIZES = (7.6, 6.4)  # points, of a table that fits and of one that does not


def write(blocks: tuple[Block, ...], path: Path, language: str) -> None:
    """Write the PDF."""
    path.write_bytes(pages(blocks, language))


def pages(blocks: tuple[Block, ...], language: str) -> bytes:
    """Return the PDF; it passes the checks of PDF/UA-1 that can be made by a machine, or is not made."""
    cover = cover_of(blocks)
    made = datetime.fromisoformat(cover.reference_date or EPOCH).replace(tzinfo=UTC)
    compiler = needed("pdf").Compiler(
        input=_template(), font_paths=_fonts(), sys_inputs={"report": json.dumps(_report(blocks, cover, language))}
    )
    done = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=made)
    assert isinstance(done, bytes)
    return done


def _report(blocks: tuple[Block, ...], cover: Cover, language: str) -> Any:
    """Return everything that the template lays out, as plain data."""
    words = Words(language)

    def picture(chart: Chart, paired: bool) -> dict[str, Any]:
        from needscast.report.charts import house

        return {"svg": house.draw(chart, words, width=house.NARROW if paired else house.WIDTH)}

    view = View(words, picture)
    shown = [view.of(block) for block in blocks if not isinstance(block, Cover)]
    first = annexes_at(shown)
    return _prepared(
        {
            "cover": view.of(cover),
            "blocks": shown,
            "first": first,
            "annexes": ANNEXES,
            "contents": [each for block in shown[first:] for each in headings(block)],
            "contents_label": words.text("page.contents"),
            "language": language,
            "direction": words.direction,
            "fonts": FONTS,
        }
    )


def _prepared(thing: Any, key: str = "") -> Any:
    """Give each table its widths, and each very long word places to break."""
    if isinstance(thing, dict):
        inside = {name: _prepared(value, name) for name, value in thing.items()}
        return {**inside, **_widths(thing)} if thing.get("tag") == "table" else inside
    if isinstance(thing, list):
        return [_prepared(value) for value in thing]
    return _breakable(thing) if isinstance(thing, str) and key not in ("svg", "anchor") else thing


def _breakable(text: str) -> str:
    if all(len(word) <= LONGEST for word in text.split()):
        return text
    pieces = [word if len(word) <= LONGEST else _cut(word) for word in text.split(" ")]
    return " ".join(pieces)


def _cut(word: str) -> str:
    step = LONGEST // 2
    return "\N{ZERO WIDTH SPACE}".join(word[at : at + step] for at in range(0, len(word), step))


def _widths(table: dict[str, Any]) -> dict[str, Any]:
    """Return the width of each column in letters and the size of the text, so that numbers stay on one line.

    A table that does not fit is set smaller; then columns of text give way, down to their longest word.
    """
    rows = [row["cells"] for section in table["sections"] for row in section["rows"]]
    heads = table["subheads"] or table["heads"]
    wanted: list[float] = []
    least: list[float] = []
    for at in range(table["width"]):
        texts = [row[at]["text"] for row in rows] or [""]
        label = heads[at]["label"] if len(heads) == table["width"] else ""
        named = max(len(part) for part in f"{label} ".split(" ")) * _BOLD
        word = min(max(named, *(len(part) for text in texts for part in text.split(" "))), LONGEST)
        longest = max(len(text) for text in texts)
        wide = bool(rows) and rows[0][at]["kind"] != "text"
        wanted.append(max(longest if wide else min(longest, _COLUMN), word, 4) + 2)
        least.append(wanted[-1] if wide else max(word, 4) + 2)
    small = sum(wanted) > _ROOM
    spare = max(_ROOM * _SIZES[0] / _SIZES[1] - sum(least), 0)
    share = min(spare / max(sum(wanted) - sum(least), 1), 1) if small else 1
    widths = [low + share * (high - low) for low, high in zip(least, wanted, strict=True)]
    return {"widths": widths, "size": _SIZES[1] if small else _SIZES[0]}


@cache
def _fonts() -> Any:
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return needed("pdf").Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


@cache
def _template() -> bytes:
    return (files("needscast.report") / "templates" / "report.typ").read_bytes()
