"""The house style: intervals first, the middle second, direct labels, colours that colour-blind readers tell apart."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from needscast.report.blocks import Chart, from_json
from needscast.report.words import Words

# Okabe and Ito, Color Universal Design, 2008: told apart under the common kinds of colour blindness.
BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
INK, GREY, PALE, BAND = "#1b2733", "#5b6770", "#d9dee3", "#a9cfe6"
FONTS = ["DejaVu Sans", "Segoe UI", "Helvetica Neue", "Arial", "sans-serif"]
WIDTH = 7.2  # inches; text of 9 points stays readable when a page of A4 shows the chart at full width
NARROW = 3.7  # inches; for a phone, and for two charts side by side on A4
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
_TEXT = re.compile("(<text[^>]*>)([^<]*[\u0600-\u06ff][^<]*)(</text>)")
_OPENS, _CLOSES = (
    "\N{LEFT-TO-RIGHT ISOLATE}\N{RIGHT-TO-LEFT ISOLATE}\N{FIRST STRONG ISOLATE}",
    "\N{POP DIRECTIONAL ISOLATE}",
)
_LOCK = threading.Lock()  # matplotlib's settings are one for the whole process
_AT_MOST = 256  # drawings kept: several formats show the same charts, and so do reports that are made side by side
_KEEPING = threading.Lock()
_kept: dict[tuple[str, str, float, str], bytes] = {}  # by chart, language, width and kind


def load() -> None:
    """Load matplotlib, which takes half a second, before the first chart is to be drawn."""
    import_module("needscast.report.charts.canvas")


def draw(chart: Chart, words: Words, *, width: float = WIDTH) -> str:
    """Return a chart as SVG text, without the title and the caption, which the page carries as text.

    Parameters
    ----------
    width : of the drawing in inches, :data:`WIDTH` or :data:`NARROW`; text keeps its size.
    """
    return _drawn(json.dumps(chart.to_json(), sort_keys=True), words.language, width, "svg").decode("utf-8")


def draw_png(chart: Chart, words: Words, *, width: float = WIDTH) -> bytes:
    """Return a chart as PNG, for files that cannot hold SVG."""
    return _drawn(json.dumps(chart.to_json(), sort_keys=True), words.language, width, "png")


def keep(drawings: Mapping[tuple[str, str, float, str], bytes]) -> None:
    """Keep drawings that were made here or in another process, instead of those kept longest."""
    with _KEEPING:
        _kept.update(drawings)
        for oldest in [*_kept][:-_AT_MOST]:
            del _kept[oldest]


def taken() -> dict[tuple[str, str, float, str], bytes]:
    """Return all drawings that are kept here, for another process, and keep them no longer."""
    with _KEEPING:
        found = dict(_kept)
        _kept.clear()
    return found


def _drawn(*about: Any) -> bytes:
    """Return a drawing that is kept, or make and keep it."""
    found = _kept.get(about)
    if found is None:
        found = _made(*about)
        keep({about: found})
    return found


def _made(chart: str, language: str, width: float, kind: str) -> bytes:
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    from needscast.report.charts.canvas import KINDS

    block, words = from_json(json.loads(chart)), Words(language)
    assert isinstance(block, Chart)
    module = import_module(f"needscast.report.charts.{block.kind}")
    canvas: Any = KINDS[kind]
    with _LOCK, matplotlib.rc_context({**_STYLE, **canvas.style}):
        layout = ConstrainedLayoutEngine()
        figure = Figure(figsize=(width, module.height(block)), layout=layout, dpi=canvas.dpi)
        made = canvas(figure)
        module.draw(figure, block, words)
        layout.execute(figure)  # once; saving would draw all of it to lay it out, and once more
        figure.set_layout_engine("none")
        drawing: bytes = made.drawing()
    return _towards(drawing) if kind == "svg" and words.direction == "rtl" else drawing


def _towards(svg: bytes) -> bytes:
    """Have a browser read texts with Arabic letters from the right; matplotlib's own letters (PNG) are so already."""
    text = _TEXT.sub("\\1\N{RIGHT-TO-LEFT ISOLATE}\\2\N{POP DIRECTIONAL ISOLATE}\\3", svg.decode("utf-8"))
    return text.encode("utf-8")


def is_narrow(figure: Any) -> bool:
    """Whether a figure is being drawn for a phone or beside another one."""
    return bool(figure.get_size_inches()[0] < (WIDTH + NARROW) / 2)


def label_width(figure: Any) -> int:
    """Return how many letters a label beside an axis may have on a line."""
    return 16 if is_narrow(figure) else 30


def beside(axis: Any, text: str, at: float, row: float, words: Words) -> None:
    """Write a text beside the far end of a bar, on the side where a line goes on."""
    side, sign = ("right", -1) if words.direction == "rtl" else ("left", 1)
    label(axis, plain(text), (at, row), (5 * sign, 0), va="center", ha=side, fontsize=8.5)


def label(axes: Any, text: str, at: tuple[Any, Any], away: tuple[float, float], **style: Any) -> Any:
    """Write a text so many points away from a place in the data; whether that lies inside the axes is not asked."""
    return axes.annotate(text, at, away, textcoords="offset points", annotation_clip=False, **style)


def room(figure: Any, far: float, labels: list[str]) -> float:
    """Return how far an axis of bars must reach so that the longest label beside the longest bar fits on it."""
    axis = figure.get_size_inches()[0] * (0.62 if is_narrow(figure) else 0.72)  # the rest holds the names of the bars
    taken = max((len(label) for label in labels), default=0) * 0.072 + 0.15  # inches of a letter of 8.5 points
    return far / (1 - min(taken / axis, 0.7))


def from_its_side(axis: Any, words: Words) -> None:
    """Have bars begin where a line begins: in a right-to-left language on the right, with their names there."""
    if words.direction == "rtl":
        axis.invert_xaxis()
        axis.yaxis.tick_right()
        axis.spines["right"].set_visible(True)
        axis.spines["left"].set_visible(False)
    axis.tick_params(axis="y", length=0)
    axis.grid(axis="x")


def legend(figure: Any, words: Words, columns: int = 1) -> None:
    """List below a chart what its marks mean; a mark stands where a line begins, and so does the first column."""
    axes = figure.axes[0]
    handles, labels = axes.get_legend_handles_labels()
    order = [*range(len(handles))]
    if words.direction == "rtl":
        left, parts = order, list[list[int]]()
        for column in range(columns, 0, -1):  # matplotlib fills them from the left, the first ones longer
            size = len(left) // column
            parts, left = [left[:size], *parts], left[size:]
        order = [each for part in parts for each in part]
    shown = figure.legend(
        [handles[at] for at in order],
        [labels[at] for at in order],
        loc="outside lower center",
        ncols=columns,
        markerfirst=words.direction != "rtl",
        frameon=False,
        fontsize=8.5,
    )
    if words.direction == "rtl":
        for each in shown.get_texts():
            each.set_multialignment("right")


def people_axis(axis: Any, words: Words, unit: str) -> None:
    """Label a quantity axis with few round ticks in words and its unit, from zero on."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(3 if is_narrow(axis.get_figure()) else 5))
    far = max(abs(end) for end in axis.get_view_interval())
    size, label = (1e6, words.text("chart.millions", unit=words.unit(unit))) if far >= 2e6 else (1, words.unit(unit))
    axis.set_major_formatter(FuncFormatter(lambda value, _: words.number(value / size, unit, full=True)))
    axis.set_label_text(label)


def date_axis(axis: Any, words: Words) -> None:
    """Label a date axis with days and months in the language of the report, and the year where it begins."""
    from matplotlib.dates import AutoDateLocator, num2date
    from matplotlib.ticker import FuncFormatter

    axis.set_major_locator(AutoDateLocator(minticks=2, maxticks=4 if is_narrow(axis.get_figure()) else 7))
    axis.set_major_formatter(FuncFormatter(lambda value, at: words.tick(num2date(value).date(), with_year=not at)))


def wrapped(text: str, width: int = 30, *, whole: bool = False) -> str:
    """Break a long label into three lines, a little longer ones where it must be; longer ones are cut, or go on.

    Words that are held together part only where they fit on no line together.
    """
    import textwrap

    most = width * 5 // 4
    held = [chunk if len(chunk) <= most else chunk.replace("\N{NO-BREAK SPACE}", " ") for chunk in text.split(" ")]
    text = " ".join(held)
    longest = max(map(len, text.split(" ")))  # a month in Arabic is one word, and a long one
    lines = textwrap.wrap(text, min(max(width, longest), most)) or [""]
    lines = textwrap.wrap(text, most) if len(lines) > 3 else lines
    cut = len(lines) > 3 and not whole
    kept = [*lines[:2], lines[2][: width - 1] + "\N{HORIZONTAL ELLIPSIS}"] if cut else lines
    return "\n".join(_whole(kept))


def _whole(lines: list[str]) -> list[str]:
    """Close on each line the isolates that it opens, and open those again that go on: every line is drawn apart."""
    made, held = [], ""
    for line in lines:
        begun = held
        for letter in line:
            held = held + letter if letter in _OPENS else held[:-1] if letter == _CLOSES else held
        made.append(begun + line + _CLOSES * len(held))
    return made


def plain(text: str) -> str:
    """Return a text that matplotlib prints as it stands: a dollar sign in it is not mathematics."""
    return text.replace("$", r"\$")
