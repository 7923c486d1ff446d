"""A quantity over time with its range. data: points = list of {date, value: Range}; the last one is labelled."""

from __future__ import annotations

from datetime import date
from typing import Any

from needscast.report.blocks import Chart
from needscast.report.charts import house
from needscast.report.words import Words


def height(chart: Chart) -> float:
    """Return the height in inches."""
    return 2.9


def draw(figure: Any, chart: Chart, words: Words) -> None:
    """Draw the range as a band and the middle as a line, from zero on."""
    axes = figure.add_subplot()
    points = chart.data["points"]
    days = [date.fromisoformat(point["date"]) for point in points]
    values = [point["value"] for point in points]
    axes.fill_between(days, [v.lower for v in values], [v.upper for v in values], color=house.BAND, linewidth=0)
    axes.plot(days, [v.median for v in values], color=house.BLUE, linewidth=1.8)
    if values:
        label = {"textcoords": "offset points", "fontsize": 8.5, "fontweight": "bold"}
        first, last = (house.plain(words.ends(values[at])) for at in (0, -1))
        axes.annotate(first, (days[0], values[0].lower), (4, -6), ha="left", va="top", **label)
        axes.annotate(last, (days[-1], values[-1].upper), (-4, 5), ha="right", va="bottom", **label)
    axes.set_ylim(0, max([v.upper for v in values] or [1.0]) * 1.18 or 1.0)
    axes.grid(axis="y")
    house.people_axis(axes.yaxis, words, chart.unit)
    house.date_axis(axes.xaxis, words)
