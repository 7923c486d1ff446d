"""A change in steps. data: start and end = {label, value: Range}, steps = list of {label, change, said}.

The changes add up as they are drawn; ``said`` is each of them as it is printed.
"""

from __future__ import annotations

from typing import Any

from needscast.report.blocks import Chart
from needscast.report.charts import house
from needscast.report.values import Range
from needscast.report.words import Words


def height(chart: Chart) -> float:
    """Return the height in inches."""
    return 0.75 + 0.46 * (len(chart.data["steps"]) + 2)


def draw(figure: Any, chart: Chart, words: Words) -> None:
    """Draw both ranges with their middles, and between them the steps that lead from one middle to the other."""
    axes = figure.add_subplot()
    start, end, steps = chart.data["start"], chart.data["end"], chart.data["steps"]
    last = len(steps) + 1
    beside = [_range(axes, 0, start["value"], words)]
    at = start["value"].median
    for row, step in enumerate(steps, start=1):
        colour = house.ORANGE if step["change"] > 0 else house.BLUE
        axes.plot([at, at], [row - 1, row + 0.28], color=house.GREY, linewidth=0.7, linestyle=":")
        axes.barh(row, step["change"], left=at, height=0.42, color=colour)
        at += step["change"]
        beside.append((max(at, at - step["change"]), words.say(step["said"])))
        house.beside(axes, beside[-1][1], beside[-1][0], row, words)
    axes.plot([at, at], [last - 1, last + 0.28], color=house.GREY, linewidth=0.7, linestyle=":")
    beside.append(_range(axes, last, end["value"], words))
    width = 16 if house.is_narrow(figure) else 34
    names = [start["label"], *(step["label"] for step in steps), end["label"]]
    axes.set_yticks(range(last + 1), [house.plain(house.wrapped(words.say(name), width)) for name in names])
    axes.set_ylim(last + 0.6, -0.6)
    reach = max(house.room(figure, far, [label]) for far, label in beside)
    axes.set_xlim(min(0.0, start["value"].lower, end["value"].lower), reach)
    house.from_its_side(axes, words)
    house.people_axis(axes.xaxis, words, chart.unit)


def _range(axes: Any, row: int, value: Range, words: Words) -> tuple[float, str]:
    """Draw a range with its middle, and return its far end and what is printed beside it."""
    axes.barh(row, value.upper - value.lower, left=value.lower, height=0.42, color=house.BAND, edgecolor="none")
    axes.plot([value.median] * 2, [row - 0.3, row + 0.3], color=house.INK, linewidth=2.4, solid_capstyle="butt")
    printed = words.ends(value)
    said = words.with_unit(printed, value.unit, value.upper) if value.unit == "USD" else printed
    house.beside(axes, said, value.upper, row, words)
    return value.upper, said
