"""A quantity over time with its range, alone or beside what was reported and what is expected of the reports.

data: points = list of {date, value: Range}, the first and the last are labelled; where something stands beside them:
reported = list of {date, value}, expected = list of {date, value: Range}, names = {points, reported, expected}.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from needscast.report.blocks import Chart
from needscast.report.charts import house
from needscast.report.words import Words

FREE = 0.75  # of the lowest thing that is drawn: where a text below it begins
LINE, NARROW_LINE = 85, 38  # letters of a name below the axes, over the page and on a phone


def height(chart: Chart) -> float:
    """Return the height in inches."""
    return 3.6 if chart.data.get("expected") or chart.data.get("reported") else 2.9


def draw(figure: Any, chart: Chart, words: Words) -> None:
    """Draw the range as a band and the middle as a line, from zero on."""
    axes = figure.add_subplot()
    points, expected, reported = (chart.data.get(key) or () for key in ("points", "expected", "reported"))
    line = NARROW_LINE if house.is_narrow(figure) else LINE
    names = {key: house.wrapped(words.say(name), line) for key, name in (chart.data.get("names") or {}).items()}
    _band(axes, points, house.BAND, house.BLUE, names.get("points"), "-")
    if expected:
        _band(axes, expected, "none", house.ORANGE, names.get("expected"), "--")
    if reported:
        days = [date.fromisoformat(point["date"]) for point in reported]
        axes.plot(days, [point["value"] for point in reported], "o", color=house.INK, label=names.get("reported"))
    if points:
        lows = [point["value"].lower for point in expected] + [point["value"] for point in reported]
        _label_ends(axes, points, words, lows if reported else [])
    tops = [point["value"].upper for point in (*points, *expected)] + [point["value"] for point in reported]
    axes.set_ylim(0, max(tops or [1.0]) * 1.18 or 1.0)
    axes.grid(axis="y")
    house.people_axis(axes.yaxis, words, chart.unit)
    house.date_axis(axes.xaxis, words)
    if names:
        house.legend(figure, words)


def _band(axes: Any, points: Any, fill: str, line: str, name: str | None, style: str) -> None:
    """Draw a range and its middle; a range that is not filled has thin lines at its ends, to be seen over another."""
    days = [date.fromisoformat(point["date"]) for point in points]
    lower, middle, upper = ([getattr(point["value"], end) for point in points] for end in ("lower", "median", "upper"))
    if fill == "none":
        for end in (lower, upper):
            axes.plot(days, end, ":", color=line, linewidth=1.2)
    else:
        axes.fill_between(days, lower, upper, color=fill, linewidth=0)
    axes.plot(days, middle, style, color=line, linewidth=1.8, label=name)


def _label_ends(axes: Any, points: Any, words: Words, beside: list[float]) -> None:
    """Write the first range below its place and the last one above; the first lower still where lines are near it.

    Parameters
    ----------
    beside : what else is drawn there; a line leads from the first range to the free room below all of it.
    """
    edged = {"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 1.0}  # over a line that happens to pass
    style = {"fontsize": 8.5, "fontweight": "bold", "bbox": edged}
    first, last = points[0], points[-1]
    start, end = (house.plain(words.ends(point["value"])) for point in (first, last))
    day, value = date.fromisoformat(first["date"]), first["value"]
    if beside:
        low = FREE * min(*beside, value.lower)
        axes.plot([day, day], [value.lower, low], color=house.GREY, linewidth=0.7)
        house.label(axes, start, (day, low), (-4, 0), ha="left", va="top", **style)
    else:
        house.label(axes, start, (day, value.lower), (4, -6), ha="left", va="top", **style)
    place = (date.fromisoformat(last["date"]), last["value"].upper)
    house.label(axes, end, place, (-4, 5), ha="right", va="bottom", **style)
