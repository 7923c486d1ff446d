"""How often ranges held the truth. data: points = list of {label, nominal, observed, horizon}."""

from __future__ import annotations

from typing import Any

from needscast.report.blocks import Chart
from needscast.report.charts import house
from needscast.report.words import Words


def height(chart: Chart) -> float:
    """Return the height in inches."""
    return 3.6


def draw(figure: Any, chart: Chart, words: Words) -> None:
    """Draw observed against nominal coverage, a line a horizon, with the diagonal that honest ranges follow."""
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color=house.GREY, linewidth=1, linestyle=(0, (4, 3)))
    axes.annotate(
        words.text("chart.honest"),
        (0.12, 0.12),
        (8, -8),
        textcoords="offset points",
        color=house.GREY,
        fontsize=8.5,
    )
    by_label: dict[str, list[Any]] = {}
    for point in chart.data["points"]:
        by_label.setdefault(words.say(point["label"]), []).append(point)
    for (label, points), colour, mark in zip(
        by_label.items(), _cycle(len(by_label)), "osD^vP" * len(by_label), strict=False
    ):
        ordered = sorted(points, key=lambda point: point["nominal"])
        axes.plot(
            [p["nominal"] for p in ordered],
            [p["observed"] for p in ordered],
            marker=mark,
            color=colour,
            linewidth=1.6,
            label=label,
        )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    axes.grid()
    for axis, key in ((axes.xaxis, "chart.nominal"), (axes.yaxis, "chart.observed")):
        house.people_axis(axis, words, "share")
        axis.set_label_text(words.text(key))
    if by_label:
        house.legend(figure, words, 2 if house.is_narrow(figure) else 4)


def _cycle(count: int) -> list[str]:
    colours = [house.BLUE, house.ORANGE, house.GREEN, house.PURPLE]
    return [colours[at % len(colours)] for at in range(count)]
