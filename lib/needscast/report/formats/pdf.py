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
from needscast.report.formats._paper import prepared
from needscast.report.formats._view import View, annexes_at, headings, size_of
from needscast.report.words import Words

FONTS = ("DejaVu Sans",)  # free licence, travels in the wheel of matplotlib; the charts are set in it too
EPOCH = "2020-01-01"  # of a report without a reference date; a fixed time stamp gives the same bytes
FULL, PAIRED, TALL = 186, 90, 215  # millimetres: a picture over the page, one of a pair, the tallest on a page
ANNEXES = "annexes-heading"  # the anchor of the heading that starts a page of its own


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


def load() -> None:
    """Read the fonts and the template before there is a report to set."""
    _fonts()
    _template()


def draw(chart: Chart, paired: bool, words: Words) -> str:
    """Return the drawing of a chart, over the page or as one of a pair."""
    from needscast.report.charts import house

    return house.draw(chart, words, width=house.NARROW if paired else house.WIDTH)


def _report(blocks: tuple[Block, ...], cover: Cover, language: str) -> Any:
    """Return everything that the template lays out, as plain data."""
    words = Words(language)

    def picture(chart: Chart, paired: bool) -> dict[str, Any]:
        svg = draw(chart, paired, words)
        width, height = size_of(svg)
        return {"svg": svg, "tall": (PAIRED if paired else FULL) * height / width > TALL}

    view = View(words, picture)
    shown = [view.of(block) for block in blocks if not isinstance(block, Cover)]
    first = annexes_at(shown)
    return prepared(
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


@cache
def _fonts() -> Any:
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return needed("pdf").Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


@cache
def _template() -> bytes:
    return (files("needscast.report") / "templates" / "report.typ").read_bytes()
