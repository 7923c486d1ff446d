"""Bars with ranges, one row each. data: bars = list of {label, value: Range}."""

from __future__ import annotations

from typing import Any

from needscast.report.blocks import Chart
from needscast.report.charts import house
from needscast.report.words import Words

ROW, LINE = 0.38, 0.185  # inches of a bar, at least, and of a line of its name


def height(chart: Chart) -> float:
    """Return the height in inches."""
    return 0.75 + ROW * len(chart.data["bars"])


def draw(figure: Any, chart: Chart, words: Words) -> None:
    """Draw each range as a band with its middle as a mark, and the range in words beside it."""
    axes, bars, width = figure.add_subplot(), chart.data["bars"], house.label_width(figure)
    names = [house.plain(house.wrapped(words.say(bar["label"]), width, whole=True)) for bar in bars]
    lines = max((name.count("\n") + 1 for name in names), default=1)
    figure.set_figheight(0.75 + max(ROW, LINE * lines) * len(bars))
    top = max((bar["value"].upper for bar in bars), default=1.0) or 1.0
    labels: list[str] = []
    values, rows = [bar["value"] for bar in bars], range(len(bars))
    lower, widths = [value.lower for value in values], [value.upper - value.lower for value in values]
    axes.barh(rows, widths, left=lower, height=0.42, color=house.BAND, edgecolor="none")
    for row, value in enumerate(values):
        axes.plot([value.median] * 2, [row - 0.3, row + 0.3], color=house.BLUE, linewidth=2.4, solid_capstyle="butt")
        label = (
            words.with_unit(words.ends(value), value.unit, value.upper)
            if value.unit in ("USD", "share")
            else words.ends(value)
        )
        house.beside(axes, label, value.upper, row, words)
        labels.append(label)
    axes.set_yticks(rows, names)
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_xlim(min(0.0, *lower) if bars else 0, house.room(figure, top, labels))
    house.from_its_side(axes, words)
    house.people_axis(axes.xaxis, words, chart.unit)
