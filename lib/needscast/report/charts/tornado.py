"""What moves a number, in the number's own unit. data: middle, bars = list of {label, low, high, share}, largest first.

``low`` and ``high`` are what the number is on average where the input is lowest and highest; ``middle`` is its mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from needscast.report.blocks import Chart
from needscast.report.charts import house
from needscast.report.values import Amount
from needscast.report.words import Words

ROW, LINE = 0.46, 0.185  # inches of a row, at least, and of a line of its name
THICK, EDGE = 0.56, 0.1  # of a bar and of what is above the first and below the last row, as shares of the least row
BAR, GAP = 0.26, 0.16  # inches of a bar on a phone, where the name stands above it, and from there to the next name
GROUND = {
    "boxstyle": "square,pad=0.05",
    "facecolor": "white",
    "alpha": 0.85,
    "linewidth": 0,
}  # of a name, over the lines
LETTER = 0.06  # inches of a letter beside a bar
DIGITS = 2  # of the ends of a swing: means over a tenth of the worlds


def height(chart: Chart) -> float:
    """Return the height in inches."""
    return 0.75 + ROW * len(chart.data["bars"])


def draw(figure: Any, chart: Chart, words: Words) -> None:
    """Draw two bars an input from the middle: to where the number is if the input is low, and if it is high.

    The length of a bar is a difference, so the axis shows where the number moves and need not begin at zero.
    """
    axes, narrow = figure.add_subplot(), house.is_narrow(figure)
    bars, middle, said = chart.data["bars"], chart.data.get("middle") or 0.0, list[str]()
    names = [house.plain(house.wrapped(_label(bar, words), 42)) for bar in bars]
    rows, thick = (_above if narrow else _beside)(figure, axes, names, words)
    for end, colour in (("low", house.BLUE), ("high", house.ORANGE)):
        axes.barh(rows, [bar[end] - middle for bar in bars], left=middle, height=thick, color=colour)
    for row, bar in zip(rows, bars, strict=True):
        for end in ("low", "high"):
            left = bar[end] < bar["high" if end == "low" else "low"]
            value = Amount(bar[end], "", DIGITS)  # on a phone alone: the caption says which colour is which end
            told = house.plain(words.say(value) if narrow else words.text(f"chart.if_{end}", value=value))
            said.append(told)
            at = (min if left else max)(bar[end], middle)
            side, offset = ("right", (-5, 0)) if left != (words.direction == "rtl") else ("left", (5, 0))
            house.label(axes, told, (at, row), offset, va="center", ha=side, fontsize=8)
    ends = [middle, *(bar[end] for bar in bars for end in ("low", "high"))]
    longest = max((len(text) for text in said), default=0) * LETTER + 0.12
    axis = figure.get_size_inches()[0] * (0.95 if narrow else 0.55)  # the rest holds the names of the inputs
    room = (max(ends) - min(ends) or 1.0) * min(longest / max(axis - 2 * longest, axis / 8), 3.0)
    axes.set_xlim(min(ends) - room, max(ends) + room)
    axes.axvline(middle, color=house.INK, linewidth=0.8)
    house.from_its_side(axes, words)
    house.people_axis(axes.xaxis, words, chart.unit)


def _beside(figure: Any, axes: Any, names: list[str], words: Words) -> tuple[Sequence[float], float]:
    """Name the rows beside the axis, each as high as its name; return where the bars stand and how thick they are."""
    high = [max(ROW, LINE * _lines([name])) for name in names]
    middles = [end - row / 2 for end, row in zip(accumulate(high), high, strict=True)]
    figure.set_figheight(0.75 + sum(high))
    axes.set_yticks(middles, names)
    axes.set_ylim(sum(high) + EDGE * ROW, -EDGE * ROW)
    return middles, THICK * ROW


def _above(figure: Any, axes: Any, names: list[str], words: Words) -> tuple[Sequence[float], float]:
    """Name each row above its bar, where a phone has room for the whole name; return as :func:`_beside` does."""
    row = BAR + GAP + LINE * _lines(names)
    thick, edge, side = BAR / row, *((1.0, "right") if words.direction == "rtl" else (0.0, "left"))
    figure.set_figheight(0.75 + row * len(names))
    axes.set_yticks([])
    axes.set_ylim(len(names) - 1 + thick, thick / 2 - 1)
    for at, name in enumerate(names):
        spot, style = (edge, at - thick / 2), {"va": "bottom", "ha": side, "fontsize": 8.5, "bbox": GROUND}
        house.label(axes, name, spot, (0, 3), xycoords=axes.get_yaxis_transform(), **style)
    return range(len(names)), thick


def _lines(names: list[str]) -> int:
    return max((name.count("\n") + 1 for name in names), default=1)


def _label(bar: Any, words: Words) -> str:
    return words.text("chart.driver", input=bar["label"], share=Amount(bar["share"], "share", DIGITS))
