"""A map of proportional circles from coordinates alone, numbered, with the names beside it.

data: places = list of {name, latitude, longitude, value: Range}.
"""

from __future__ import annotations

import math
from typing import Any

from needscast.report.blocks import Chart
from needscast.report.charts import house
from needscast.report.words import Words

LARGEST = 1700.0  # area of the largest circle, in square points
MOST = 40  # places that are named


def height(chart: Chart) -> float:
    """Return the height in inches."""
    return max(4.0, 0.36 * min(len(chart.data["places"]), MOST)) if chart.data["places"] else 1.0


def draw(figure: Any, chart: Chart, words: Words) -> None:
    """Draw each place: a pale disc for the upper end of its range, the lower end inside it, and its number."""
    if house.is_narrow(figure):
        figure.set_figheight(2 * figure.get_figheight())
        axes, names = figure.subplots(2, 1)
    else:
        axes, names = figure.subplots(1, 2, width_ratios=(3, 2))
    for each in (axes, names):
        each.set_xticks([])
        each.set_yticks([])
        each.spines[:].set_visible(False)
    places = sorted(chart.data["places"], key=lambda place: -place["value"].median)
    if not places:
        axes.text(0.5, 0.5, words.text("alt.empty"), ha="center")
        return
    scale = LARGEST / (max(place["value"].upper for place in places) or 1.0)
    at = [[place[side] for place in places] for side in ("longitude", "latitude")]
    for end, colour, alpha in (("upper", house.BAND, 0.8), ("lower", house.BLUE, 0.55)):
        sizes = [getattr(place["value"], end) * scale for place in places]
        axes.scatter(*at, s=sizes, color=colour, alpha=alpha, linewidth=0)
    for number, place in enumerate(places[:MOST], start=1):
        where = (place["longitude"], place["latitude"])
        axes.annotate(str(number), where, ha="center", va="center", fontsize=9, fontweight="bold", color=house.INK)
    middle = sum(place["latitude"] for place in places) / len(places)
    axes.set_aspect(1 / math.cos(math.radians(middle)), adjustable="datalim")
    axes.margins(0.14)
    _names(names, places[:MOST], words)


def _names(axes: Any, places: list[Any], words: Words) -> None:
    """List the places by their number, with their ranges."""
    axes.set_ylim(len(places) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    for row, place in enumerate(places):
        lines = f"{house.wrapped(place['name'], 34)}\n{words.ends(place['value'])}"
        axes.text(0.0, row, str(row + 1), va="center", fontsize=9, fontweight="bold")
        axes.text(0.09, row, house.plain(lines), va="center", fontsize=8, linespacing=1.2)
