"""The towns of a map: marked and named where neither a disc nor another name lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from needscast.report.charts import house
from needscast.report.words import Words

SIZE, LINE = 7.0, 9.0  # points of the letters and of a line of a name
MARK = 1.1  # points from the middle of a town's mark to its edge
BESIDE = 5.0  # points around the middle of a mark that no name of another town takes, or it would seem to be its own
EDGE = 6.0  # points that a mark keeps from the edge of the map, so that none is taken for the one of the key below
GROUND = {"boxstyle": "square,pad=0.05", "facecolor": "white", "alpha": 0.75, "linewidth": 0}  # of a name, over borders
CLEAR = 1.5  # points between a disc and what stands beside it

Spot = tuple[float, float]  # on the drawing, across and up. [point]

_SIDES: dict[str, tuple[tuple[float, float], str, str]] = {
    "right": ((3, 0), "left", "center"),
    "left": ((-3, 0), "right", "center"),
    "above": ((0, 3), "center", "bottom"),
    "below": ((0, -3), "center", "top"),
}


@dataclass(frozen=True)
class Box:
    """What something covers on the drawing. [point]"""

    left: float
    low: float
    right: float
    high: float

    @classmethod
    def at(cls, spot: Spot, half: float = 0.0) -> Box:
        """Return a square around a spot."""
        return cls(spot[0] - half, spot[1] - half, spot[0] + half, spot[1] + half)

    @classmethod
    def beside(cls, spot: Spot, side: str, wide: float) -> Box:
        """Return where a name of a width stands on a side of a spot."""
        (x, y), across, up = _SIDES[side]
        left = spot[0] + x - {"left": 0.0, "center": wide / 2, "right": wide}[across]
        low = spot[1] + y - {"bottom": 0.0, "center": LINE / 2, "top": LINE}[up]
        return cls(left, low, left + wide, low + LINE)

    def holds(self, other: Box) -> bool:
        """Whether another one lies wholly in this one."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.low <= other.low and other.high <= self.high

    def meets(self, others: list[Box]) -> bool:
        """Whether it shares room with any of some others."""
        return any(
            self.left < each.right and each.left < self.right and self.low < each.high and each.low < self.high
            for each in others
        )

    def touches(self, discs: list[tuple[Spot, float]]) -> bool:
        """Whether it lies on any of some discs, given by their middles and radii."""
        return any(
            math.hypot(
                max(self.left - x, x - self.right, 0.0),
                max(self.low - y, y - self.high, 0.0),
            )
            < radius + CLEAR
            for (x, y), radius in discs
        )


def name_towns(axes: Any, towns: Any, words: Words) -> None:
    """Say below the map what the mark of a town is, before the map is laid out."""
    if towns:
        axes.set_xlabel(f"\N{BLACK SQUARE} {words.text('chart.towns')}", fontsize=7, color=house.GREY)


def mark_towns(axes: Any, towns: Any, map_: Box, spot: Any, discs: list[tuple[Spot, float]], words: Words) -> None:
    """Mark the towns that lie on no disc, and name those whose names lie on no disc, town or other name.

    Parameters
    ----------
    towns : those that matter most first.
    map_, spot : edge of the map, and what tells a spot on it, as :func:`laid_out` gives them.
    discs : what no town may lie on: middles and radii. [point]
    """
    from matplotlib.font_manager import FontProperties

    from needscast.report.charts.canvas import measured

    font = FontProperties(size=SIZE)
    spots = [(town, spot(town)) for town in towns]
    shown = [(town, at) for town, at in spots if map_.holds(Box.at(at, EDGE)) and not Box.at(at, MARK).touches(discs)]
    taken: list[Box] = []
    sides = ("left", "right", "above", "below") if words.direction == "rtl" else ("right", "left", "above", "below")
    for town, at in shown:
        where = (town["longitude"], town["latitude"])
        axes.plot(*where, "s", color=house.GREY, markersize=2.2)
        name = words.say(town["name"])
        wide = measured(name, font, False)[0]
        others = [Box.at(other, BESIDE) for _, other in shown if other != at]
        for side in sides:
            box = Box.beside(at, side, wide)
            if map_.holds(box) and not box.meets([*taken, *others]) and not box.touches(discs):
                taken.append(box)
                away, across, up = _SIDES[side]
                style = {"ha": across, "va": up, "fontsize": SIZE, "color": house.GREY, "bbox": GROUND}
                house.label(axes, house.plain(name), where, away, **style)
                break


def laid_out(axes: Any, places: Sequence[tuple[Any, float]]) -> tuple[Box, Any]:
    """Lay the map out so wide that it holds every disc, and return its edge and what tells a spot on it. [point]

    Parameters
    ----------
    places : each with the radius of its disc. [point]
    """
    figure = axes.get_figure()
    figure.get_layout_engine().execute(figure)
    axes.apply_aspect()
    point = 72 / figure.dpi

    def spot(place: Any) -> tuple[float, float]:
        x, y = axes.transData.transform((place["longitude"], place["latitude"]))
        return x * point, y * point

    def edge() -> Box:
        box = axes.get_window_extent()
        return Box(box.x0 * point, box.y0 * point, box.x1 * point, box.y1 * point)

    map_ = edge()
    wide, high = map_.right - map_.left, map_.high - map_.low
    grown = 1.0
    for place, radius in places:
        x, y = spot(place)
        off = abs(2 * (x - map_.left) - wide), abs(2 * (y - map_.low) - high)  # twice as far as from the middle
        grown = max(
            grown,
            *(far / max(room - 2 * (radius + CLEAR), room / 4) for far, room in zip(off, (wide, high), strict=True)),
        )
    axes.autoscale(enable=False)  # what is drawn from here on moves nothing
    if grown > 1:
        for limits, put in ((axes.get_xlim(), axes.set_xlim), (axes.get_ylim(), axes.set_ylim)):
            middle, half = sum(limits) / 2, (limits[1] - limits[0]) / 2
            put(middle - grown * half, middle + grown * half)
        axes.apply_aspect()
    return edge(), spot
