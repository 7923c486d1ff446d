"""A map of proportional circles, numbered, with the names beside it; towns and boundaries say where they are.

data: places = list of {name, latitude, longitude, value: Range}, numbered in their order; towns = list of {name,
latitude, longitude}, those that matter most first; boundaries = list of rings of [longitude, latitude]; around = list
of {name, rings} of what lies outside, as a neighbouring country.
"""

from __future__ import annotations

import math
from typing import Any

from needscast.report.blocks import Chart
from needscast.report.charts import house
from needscast.report.charts.towns import Spot, laid_out, mark_towns, name_towns
from needscast.report.words import Words

LARGEST = 1700.0  # area of the largest circle, in square points, where there are few
COVERED = 0.25  # of the map, at most, by all circles together
MOST = 20  # places that are named; further ones, with fewer people, are drawn alone
NAMED_ON = 12  # rows and columns of the spots where a name may stand
ROW = 0.34  # inches of a place in the list
BETWEEN = 0.6  # lines between two names of the list
LINE = 0.14  # inches of a line of the list
HALO = 2.0  # points of white around a number, which may lie over a border
NUMBER = 6.0  # points that a number takes on each side of its middle
SMALL = 1.25 * NUMBER  # points of the radius of a dark disc up to which its number would hide it
RING = 6.0  # points across, of the ring around a disc that is too small to see

_Disc = tuple[Spot, float]  # middle and radius. [point]


def height(chart: Chart) -> float:
    """Return the height in inches."""
    return max(3.25, ROW * min(len(chart.data["places"]), MOST + 1)) if chart.data["places"] else 1.0


def draw(figure: Any, chart: Chart, words: Words) -> None:
    """Draw each place: a pale disc for the upper end of its range, the lower end inside it, and its number."""
    places = chart.data["places"]
    named = _named(places)
    listed = _listed(named, len(places), words)
    figure.set_figheight(max(figure.get_figheight(), LINE * sum(len(lines) + BETWEEN for _, lines in listed)))
    axes, names = _axes(figure, words)
    if not places:
        axes.text(0.5, 0.5, words.text("alt.empty"), ha="center")
        return
    for ring in chart.data.get("boundaries") or ():
        axes.fill(*zip(*ring, strict=True), facecolor="#f3f6f8", edgecolor=house.GREY, linewidth=0.5, zorder=0)
    scale = _largest(figure, places) / (max(place["value"].upper for place in places) or 1.0)
    at = [[place[side] for place in places] for side in ("longitude", "latitude")]
    for end, colour, alpha in (("upper", house.BAND, 0.8), ("lower", house.BLUE, 0.55)):
        sizes = [getattr(place["value"], end) * scale for place in places]
        axes.scatter(*at, s=sizes, color=colour, alpha=alpha, linewidth=0)
    small = [place for _, place in named if 0 < place["value"].upper * scale < RING**2]
    around = [[place[side] for place in small] for side in ("longitude", "latitude")]
    axes.scatter(*around, s=RING**2, facecolor="none", edgecolor=house.BLUE, linewidth=0.8)
    middle = sum(place["latitude"] for place in places) / len(places)
    axes.set_aspect(1 / math.cos(math.radians(middle)), adjustable="datalim")
    axes.margins(0.18)
    _around(axes, chart.data.get("around") or (), [*places, *(chart.data.get("towns") or ())], words)
    _names(names, listed, words)
    towns = chart.data.get("towns") or ()
    name_towns(axes, towns, words)
    radii = [max(math.sqrt(place["value"].upper * scale), RING) / 2 for place in places]
    map_, spot = laid_out(axes, list(zip(places, radii, strict=True)))
    discs = [(spot(place), radius) for place, radius in zip(places, radii, strict=True)]
    for number, place in named:
        beside = math.sqrt(place["value"].lower * scale) / 2 < SMALL
        discs.append(_number(axes, number, place, discs, beside=beside))
    mark_towns(axes, towns, map_, spot, discs, words)


def _number(axes: Any, number: int, place: Any, taken: list[_Disc], *, beside: bool) -> _Disc:
    """Write the number of a place in the middle of its disc, or beside one that it would hide, and say where it stands.

    Beside it, it stands on the side where it is farthest from all others that are taken.
    """
    from matplotlib.patheffects import withStroke

    away = (0.0, 0.0)
    (x, y), radius = taken[number - 1]
    if beside:
        reach = radius + NUMBER
        sides = [(reach, 0.0), (-reach, 0.0), (0.0, reach), (0.0, -reach)]
        others = [*taken[: number - 1], *taken[number:]]
        away = max(sides, key=lambda side: _clear((x + side[0], y + side[1]), others))
    style = {"ha": "center", "va": "center", "fontsize": 9, "fontweight": "bold"}
    told = house.label(axes, str(number), (place["longitude"], place["latitude"]), away, **style)
    told.set_path_effects([withStroke(linewidth=HALO, foreground="white")])
    return (x + away[0], y + away[1]), NUMBER


def _clear(spot: Spot, taken: list[_Disc]) -> float:
    """Return how far a number at a spot stands from the nearest disc, at most as far as it takes itself. [point]"""
    far = (math.dist(spot, middle) - radius - NUMBER for middle, radius in taken)
    return min([NUMBER, *far])


def _largest(figure: Any, places: list[Any]) -> float:
    """Return the area of the largest circle in square points: less where many would cover the map."""
    width, height = figure.get_size_inches()
    room = (
        72 * width * (1.0 if house.is_narrow(figure) else 0.6) * 72 * height * (0.5 if house.is_narrow(figure) else 1.0)
    )
    uppers = [place["value"].upper for place in places]
    return min(LARGEST, COVERED * room * max(uppers) / (sum(uppers) or 1.0))


def _around(axes: Any, outside: Any, places: list[Any], words: Words) -> None:
    """Fill what lies outside as far as the map reaches; name it, between the places, farthest from all of them."""
    from matplotlib.patches import Polygon

    taken = [(place["longitude"], place["latitude"]) for place in places]
    (west, east), (south, north) = ((min(side), max(side)) for side in zip(*taken, strict=True))
    steps = [step / NAMED_ON for step in range(NAMED_ON + 1)]
    spots = [(west + x * (east - west), south + y * (north - south)) for x in steps for y in steps]
    for each in outside:
        best = (0.0, (west, south))  # nowhere
        for ring in each["rings"]:
            shape = Polygon(ring, facecolor=house.PALE, edgecolor=house.GREY, linewidth=0.7, alpha=0.6, zorder=0)
            axes.add_artist(shape)  # unlike a patch, it does not widen the map
            inside = shape.get_path().contains_points(spots)
            clear = [
                (min(math.dist(spot, other) for other in (*ring, *taken)), spot)
                for spot, held in zip(spots, inside, strict=True)
                if held
            ]
            best = max([best, *clear])
        if best[0] > 0:
            said = house.plain(words.say(each["name"]))
            house.label(axes, said, best[1], (0, 0), ha="center", va="center", fontsize=9, color=house.GREY)


def _axes(figure: Any, words: Words) -> tuple[Any, Any]:
    """Return the map and the list of names: below each other on a phone, the list where a line of text ends."""
    if house.is_narrow(figure):
        figure.set_figheight(2 * figure.get_figheight())
        axes, names = figure.subplots(2, 1)
    elif words.direction == "rtl":
        names, axes = figure.subplots(1, 2, width_ratios=(2, 3))
    else:
        axes, names = figure.subplots(1, 2, width_ratios=(3, 2))
    for each in (axes, names):
        each.set_xticks([])
        each.set_yticks([])
        each.spines[:].set_visible(False)
    return axes, names


def _named(places: list[Any]) -> list[tuple[int, Any]]:
    """Return the places that are named, those with most people, each with its number among all."""
    most = sorted(places, key=lambda place: -place["value"].median)[:MOST]
    return [(number, place) for number, place in enumerate(places, start=1) if place in most]


def _listed(named: list[tuple[int, Any]], places: int, words: Words) -> list[tuple[str, list[str]]]:
    """Return the numbers of the list with the lines beside them: name and range; last how many further places."""
    listed = [
        (str(number), [*house.wrapped(words.say(place["name"]), 34).split("\n"), words.ends(place["value"])])
        for number, place in named
    ]
    further = places - len(named)
    return [*listed, ("", [words.text("chart.further", places=further)])] if further else listed


def _names(axes: Any, listed: list[tuple[str, list[str]]], words: Words) -> None:
    """Write the list beside the map, each line of it at a place of its own."""
    axes.set_ylim(sum(len(lines) + BETWEEN for _, lines in listed), 0)
    axes.set_xlim(0, 1)
    edge, indent, side = (1.0, 0.91, "right") if words.direction == "rtl" else (0.0, 0.09, "left")
    row = 0.5 + BETWEEN / 2
    for number, lines in listed:
        middle = row + (len(lines) - 1) / 2
        axes.text(edge, middle, number, va="center", ha=side, fontsize=9, fontweight="bold")
        for at, line in enumerate(lines):
            axes.text(indent, row + at, house.plain(line), va="center", ha=side, fontsize=8)
        row += len(lines) + BETWEEN
