"""What drives the doubt. data: bars = list of {label, share, direction: up, down or blank}, largest first."""

from __future__ import annotations

from typing import Any

from needscast.report.blocks import Chart
from needscast.report.charts import house
from needscast.report.values import Amount
from needscast.report.words import Words


def height(chart: Chart) -> float:
    """Return the height in inches."""
    return 0.75 + 0.46 * len(chart.data["bars"])


def draw(figure: Any, chart: Chart, words: Words) -> None:
    """Draw one bar an input; the colour tells whether more of it means more or less, and the label says it in words."""
    axes = figure.add_subplot()
    bars = chart.data["bars"]
    colours = {"up": house.ORANGE, "down": house.BLUE}
    for row, bar in enumerate(bars):
        axes.barh(row, bar["share"], height=0.56, color=colours.get(bar["direction"], house.GREY))
        way = words.text(f"direction.{bar['direction'] or 'group'}")
        said = words.text("chart.driver", share=Amount(bar["share"], "share", 2), way=way)
        axes.annotate(
            house.plain(said),
            (bar["share"], row),
            (5, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
        )
    width = 18 if house.is_narrow(figure) else 42
    axes.set_yticks(range(len(bars)), [house.plain(house.wrapped(words.say(bar["label"]), width)) for bar in bars])
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_xlim(0, max([bar["share"] for bar in bars] or [1.0]) * (2.6 if house.is_narrow(figure) else 1.6))
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    house.people_axis(axes.xaxis, words, "share")
    axes.xaxis.set_label_text(words.text("chart.share_of_doubt"))
