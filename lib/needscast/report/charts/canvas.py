"""What charts are drawn on: SVG for pages, PNG for files that cannot hold it, each drawn once and the same every time.

A text is measured once, however often it is laid out and drawn, on whatever chart: measuring took most of the time.
This module loads matplotlib, so it is itself loaded when the first chart is drawn.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

from matplotlib import artist

artist.kwdoc = lambda artist: ""  # it would write a manual page for every class, a quarter of the time of loading

from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: E402
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG  # noqa: E402
from matplotlib.font_manager import findfont, get_font  # noqa: E402
from matplotlib.textpath import text_to_path  # noqa: E402

measured = lru_cache(maxsize=8192)(text_to_path.get_text_width_height_descent)


@lru_cache(maxsize=64)
def heights(style: Any) -> tuple[float, float, float]:
    """Return ascent, descent and line gap of a font at its size, as its own tables have them. [point]"""
    font = get_font(findfont(style))
    head: Any = font.get_sfnt_table("head")
    table: Any = font.get_sfnt_table("OS/2")
    unit = style.get_size_in_points() / head["unitsPerEm"]
    return table["sTypoAscender"] * unit, -table["sTypoDescender"] * unit, table["sTypoLineGap"] * unit


class _Renderer(RendererSVG):
    """Measures each text and each font once."""

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        return measured(s, prop, ismath)

    def _get_font_height_metrics(self, prop: Any) -> tuple[float, float, float]:
        return heights(prop.copy())  # it can be changed later, and is a key here


class Svg(FigureCanvasSVG):
    """SVG on a transparent ground."""

    dpi: ClassVar[int] = 72
    style: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("figure.facecolor", "figure.edgecolor", "axes.facecolor"), "none"
    )

    def get_renderer(self) -> RendererSVG:
        """Return what a layout measures with."""
        return self._renderer(io.StringIO())

    def drawing(self) -> bytes:
        """Return the file."""
        out = io.StringIO()
        renderer = self._renderer(out)
        self.figure.draw(renderer)
        renderer.finalize()
        return out.getvalue().encode("utf-8")

    def _renderer(self, out: io.StringIO) -> RendererSVG:
        width, height = self.figure.get_size_inches() * self.dpi
        return _Renderer(width, height, out, image_dpi=self.dpi, metadata={"Date": None, "Creator": None})


class Png(FigureCanvasAgg):
    """PNG on white."""

    dpi: ClassVar[int] = 200
    style: ClassVar[Mapping[str, str]] = {}

    def drawing(self) -> bytes:
        """Return the file."""
        out = io.BytesIO()
        self.print_png(out, metadata={"Software": None})
        return out.getvalue()


KINDS = {"svg": Svg, "png": Png}
