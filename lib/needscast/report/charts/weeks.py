"""When something happens: the share of the possible worlds by week.

data: points = list of {date, share}, the first day of each week; after = share of the worlds in which it comes later;
arrival = the day on which an order placed now is there, or None.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from needscast.report.blocks import Chart
from needscast.report.charts import house
from needscast.report.values import Amount
from needscast.report.words import Words

WIDE = 6.2  # days of a bar; the rest parts the weeks


def height(chart: Chart) -> float:
    """Return the height in inches."""
    return 2.6


def draw(figure: Any, chart: Chart, words: Words) -> None:
    """Draw a bar a week, what comes before an order could be there in orange, and later than the horizon in grey."""
    axes = figure.add_subplot()
    points, after, arrival = (chart.data.get(key) for key in ("points", "after", "arrival"))
    days = [date.fromisoformat(point["date"]) + timedelta(days=3) for point in points or ()]
    shares = [point["share"] for point in points or ()]
    there = date.fromisoformat(arrival) if arrival else None
    colours = [house.ORANGE if there and day < there else house.BLUE for day in days]
    axes.bar(days, shares, width=WIDE, color=colours)
    top = max([*shares, after or 0.0, 0.01])
    if after and days:
        later = days[-1] + timedelta(days=10)
        axes.bar([later], [after], width=WIDE, color=house.GREY)
        said = f"{words.text('chart.later')}\n{words.say(Amount(after, 'share', 2))}"
        house.label(axes, house.plain(said), (later, after), (0, 3), ha="center", va="bottom", fontsize=8.5)
    if there and days and there <= days[-1] + timedelta(days=4):
        axes.axvline(there, color=house.INK, linewidth=1.2, linestyle=(0, (4, 3)))
        right = there > days[len(days) // 2]
        house.label(
            axes,
            house.wrapped(words.text("chart.order_there"), 22),
            (there, top * 1.28),
            (-5 if right else 5, 0),
            ha="right" if right else "left",
            va="top",
            fontsize=8.5,
        )
    axes.set_ylim(0, top * 1.3)
    axes.grid(axis="y")
    house.people_axis(axes.yaxis, words, "share")
    house.date_axis(axes.xaxis, words)
