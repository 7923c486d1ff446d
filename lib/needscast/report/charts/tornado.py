"""What moves a number, in the number's own unit. data: middle, bars = list of {label, low, high, share}, largest first.

``low`` and ``high`` are what the number is on average where the input is lowest and highest; ``middle`` is its mean.
"""

from __future__ import annotations

from typing import Any

from needscast.report.blocks import Chart
from needscast.report.charts import house
from needscast.report.values import Amount
from needscast.report.words import Words

DIGITS = 2  # of the ends of a swing: means over a tenth of the worlds


def height(chart: Chart) -> float:
    """Return the height in inches."""
    return 0.75 + 0.46 * len(chart.data["bars"])


def draw(figure: Any, chart: Chart, words: Words) -> None:
    """Draw two bars an input from the middle: to where the number is if the input is low, and if it is high."""
    axes, narrow = figure.add_subplot(), house.is_narrow(figure)
    bars, middle = chart.data["bars"], chart.data.get("middle") or 0.0
    for row, bar in enumerate(bars):
        for end, colour in (("low", house.BLUE), ("high", house.ORANGE)):
            axes.barh(row, bar[end] - middle, left=middle, height=0.56, color=colour)
        at = (max(bar["low"], bar["high"], middle), row)
        axes.annotate(house.plain(said(bar, words)), at, (5, 0), textcoords="offset points", va="center", fontsize=8.5)
    ends = [bar[end] for bar in bars for end in ("low", "high")] or [1.0]
    axes.set_yticks(range(len(bars)), [_label(bar, words, 18 if narrow else 42) for bar in bars])
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_xlim(min(0.0, *ends), max(ends) * (3.2 if narrow else 2.1))
    axes.axvline(middle, color=house.INK, linewidth=0.8)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    house.people_axis(axes.xaxis, words, chart.unit)


def said(bar: Any, words: Words) -> str:
    """Return both ends of a swing in words."""
    return words.text("chart.swing", **{end: Amount(bar[end], "", DIGITS) for end in ("low", "high")})


def _label(bar: Any, words: Words, width: int) -> str:
    named = words.text("chart.driver", input=bar["label"], share=Amount(bar["share"], "share", DIGITS))
    return house.plain(house.wrapped(named, width))
