"""The house style: intervals first, the middle second, direct labels, colours that colour-blind readers tell apart."""

from __future__ import annotations

import io
import threading
from importlib import import_module
from typing import Any

from needscast.report.blocks import Chart
from needscast.report.words import Words

# Okabe and Ito, Color Universal Design, 2008: told apart under the common kinds of colour blindness.
BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
INK, GREY, PALE, BAND = "#1b2733", "#5b6770", "#d9dee3", "#a9cfe6"
FONTS = ["DejaVu Sans", "Segoe UI", "Helvetica Neue", "Arial", "sans-serif"]
WIDTH = 7.2  # inches; text of 9 points stays readable when a page of A4 shows the chart at full width
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "needscast",
    "font.family": "sans-serif",
    "font.sans-serif": FONTS,
    "font.size": 9.0,
    "axes.edgecolor": PALE,
    "axes.labelcolor": GREY,
    "xtick.color": GREY,
    "ytick.color": INK,
    "text.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": PALE,
    "grid.linewidth": 0.6,
}
_LOCK = threading.Lock()  # matplotlib's settings are one for the whole process


def draw(chart: Chart, words: Words) -> str:
    """Return a chart as SVG text, without the title and the caption, which the page carries as text."""
    import matplotlib

    kind = import_module(f"needscast.report.charts.{chart.kind}")
    with _LOCK, matplotlib.rc_context(_STYLE):
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure

        figure = Figure(figsize=(WIDTH, kind.height(chart)), layout="constrained")
        FigureCanvasSVG(figure)
        kind.draw(figure, chart, words)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return out.getvalue()


def people_axis(axis: Any, words: Words, unit: str) -> None:
    """Label a quantity axis with few round ticks in words and its unit, from zero on."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(5))
    far = max(abs(end) for end in axis.get_view_interval())
    size, label = (1e6, words.text("chart.millions", unit=words.unit(unit))) if far >= 2e6 else (1, words.unit(unit))
    axis.set_major_formatter(FuncFormatter(lambda value, _: words.number(value / size, unit, full=True)))
    axis.set_label_text(label)


def date_axis(axis: Any, words: Words) -> None:
    """Label a date axis with short dates in the language of the report."""
    from matplotlib.dates import AutoDateLocator, num2date
    from matplotlib.ticker import FuncFormatter

    axis.set_major_locator(AutoDateLocator(minticks=3, maxticks=7))
    axis.set_major_formatter(FuncFormatter(lambda value, _: words.day(num2date(value).date(), short=True)))


def wrapped(text: str, width: int = 30) -> str:
    """Break a long label into lines; a word that is too long is cut with an ellipsis."""
    import textwrap

    lines = textwrap.wrap(text, width) or [""]
    return "\n".join([*lines[:2], lines[2][: width - 1] + "\N{HORIZONTAL ELLIPSIS}"] if len(lines) > 3 else lines)


def plain(text: str) -> str:
    """Return a text that matplotlib prints as it stands: a dollar sign in it is not mathematics."""
    return text.replace("$", r"\$")
