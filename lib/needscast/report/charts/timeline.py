"""Reported figures by cut-off date, with the estimate beside them.

data: points = list of {date, value, counts: unit, hedge, bound: above, below or "", used}; now = {date, value: Range or
None}. A figure that its hedge makes a lower bound has a stroke upwards, an upper bound one downwards.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from needscast.report.blocks import Chart
from needscast.report.charts import house
from needscast.report.words import Words

MARKS = {
    "person": ("o", house.BLUE),
    "movement": ("s", house.ORANGE),
    "household": ("D", house.GREEN),
    "arrival": ("^", house.PURPLE),
}


STROKE = 9  # points, of a bound
WAYS = {"below": 1, "above": -1}  # which way the truth lies from a bound


def height(chart: Chart) -> float:
    """Return the height in inches."""
    return 3.1


def draw(figure: Any, chart: Chart, words: Words) -> None:
    """Draw people and movements in marks of their own, hollow where they carry no weight, and the estimate as a bar."""
    axes = figure.add_subplot()
    points = chart.data["points"]
    for unit, (mark, colour) in MARKS.items():
        for used in (True, False):
            chosen = [point for point in points if point["counts"] == unit and point["used"] is used]
            if chosen:
                axes.plot(
                    [date.fromisoformat(point["date"]) for point in chosen],
                    [point["value"] for point in chosen],
                    mark,
                    markersize=5.5,
                    color=colour,
                    markerfacecolor=colour if used else "white",
                    markeredgewidth=1.2,
                    alpha=0.85,
                    label=words.text(
                        "chart.figures_used" if used else "chart.figures_not_used",
                        counts=words.text(f"counts.{unit}"),
                    ),
                )
    for point in points:
        if point.get("bound") in WAYS:
            axes.annotate(
                "",
                (date.fromisoformat(point["date"]), point["value"]),
                (0, STROKE * WAYS[point["bound"]]),
                textcoords="offset points",
                arrowprops={"arrowstyle": "-", "color": MARKS[point["counts"]][1], "linewidth": 1.3, "alpha": 0.85},
            )
    now = chart.data["now"]
    if now["value"] is not None:
        day, value = date.fromisoformat(now["date"]), now["value"]
        axes.plot(
            [day, day],
            [value.lower, value.upper],
            color=house.INK,
            linewidth=6,
            solid_capstyle="butt",
            alpha=0.75,
            label=words.text("chart.estimate", mass=words.mass(value.mass)),
        )
        axes.plot([day], [value.median], "_", color="white", markersize=9, markeredgewidth=2)
    axes.set_ylim(
        0,
        max([point["value"] for point in points] + [now["value"].upper if now["value"] else 0.0] or [1.0]) * 1.12
        or 1.0,
    )
    axes.grid(axis="y")
    house.people_axis(axes.yaxis, words, chart.unit)
    axes.yaxis.set_label_text(words.text("chart.people_or_movements"))
    house.date_axis(axes.xaxis, words)
    axes.margins(x=0.04)
    if points:
        house.legend(figure, words, 1 if house.is_narrow(figure) else 2)
