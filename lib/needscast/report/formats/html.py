"""HTML: one self-contained page without scripts or outside requests, for screens, phones and A4 paper."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup

from needscast.report.blocks import Block, Chart, Cover, cover_of
from needscast.report.formats._view import View, annexes_at, headings, size_of
from needscast.report.words import Words

_SCRIPT = "U+0600-06FF, U+0750-077F, U+08A0-08FF, U+FB50-FDFF, U+FE70-FEFF"  # Arabic
_READERS = '"Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif'  # as in report.css


def write(blocks: tuple[Block, ...], path: Path, language: str) -> None:
    """Write the page."""
    path.write_text(page(blocks, language), encoding="utf-8")


def page(blocks: tuple[Block, ...], language: str) -> str:
    """Return the whole page."""
    words, view = Words(language), _view(Words(language))
    cover = cover_of(blocks)
    shown = [view.of(block) for block in blocks if not isinstance(block, Cover)]
    first = annexes_at(shown)
    return _template().render(
        fragment=False,
        blocks=shown,
        first=first,
        contents=[each for block in shown[first:] for each in headings(block)],
        contents_label=words.text("page.contents"),
        language=language,
        direction=words.direction,
        skip=words.text("page.skip"),
        style=Markup(_file("report.css") + font_faces(words.font)),
        cover_view=view.of(cover),
        illustration=cover.illustration,
    )


def fragment(blocks: Iterable[Block], language: str = "en") -> str:
    """Return blocks as a piece of HTML, for a notebook."""
    words = Words(language)
    view = _view(words)
    shown = [view.of(block) for block in blocks]
    return _template().render(fragment=True, blocks=shown, language=language, direction=words.direction)


@cache
def font_faces(font: str) -> str:
    """Return the style that brings a font of ours into a page, for the letters of its script alone; "" for none."""
    if not font:
        return ""
    folder = files("needscast.report") / "fonts"
    faces = [
        f"@font-face {{ font-family: ours; font-weight: {weight}; unicode-range: {_SCRIPT}; "
        f"src: url(data:font/woff2;base64,{b64encode((folder / f'{font}-{weight}.woff2').read_bytes()).decode()}); }}"
        for weight in (400, 700)
    ]
    return "\n".join(["", *faces, f"html {{ font-family: ours, {_READERS}; }}"])


def load() -> None:
    """Load the template, which is compiled first."""
    _template()


def draw(chart: Chart, paired: bool, words: Words) -> tuple[str, str]:
    """Return the drawings of a chart, wide and narrow; of one that stands beside another only the narrow one."""
    from needscast.report.charts import house

    wide = "" if paired else house.draw(chart, words)
    return wide, house.draw(chart, words, width=house.NARROW)


def _view(words: Words) -> View:
    """Open a view whose charts are images in two widths: one for the page, one for phones and for pairs."""

    def picture(chart: Chart, paired: bool) -> dict[str, Any]:
        wide, narrow = draw(chart, paired, words)
        shown = wide or narrow
        width, height = size_of(shown)
        return {"image": _data(shown), "narrow": _data(narrow) if wide else "", "width": width, "height": height}

    return View(words, picture)


def _data(svg: str) -> Markup:
    return Markup("data:image/svg+xml," + quote(_tight(svg), safe=" =/:;()").replace(" ", "%20"))


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
