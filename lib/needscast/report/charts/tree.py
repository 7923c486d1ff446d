"""How a number came about. data: lines = list of {label, note, kind: step, found or assumed, depth}, top down."""

from __future__ import annotations

from typing import Any

from needscast.report.blocks import Chart
from needscast.report.charts import house
from needscast.report.tree import ASSUMED, FOUND, STEP
from needscast.report.words import Words

INDENT, ROW = 0.2, 0.36  # inches
BAR = 0.045  # inches; the coloured edge of a line
LETTERS = 15.5  # of a line in an inch, at its size
COLOURS = {STEP: house.BLUE, FOUND: house.GREEN, ASSUMED: house.ORANGE}


def height(chart: Chart) -> float:
    """Return the height in inches."""
    return 0.1 + ROW * max(len(chart.data["lines"]), 1)


def draw(figure: Any, chart: Chart, words: Words) -> None:
    """Draw one line a step, indented under what it is part of, with a coloured edge that says what it rests on."""
    from matplotlib.patches import Rectangle

    axes, lines = figure.add_subplot(), chart.data["lines"]
    width = figure.get_size_inches()[0]
    above: dict[int, int] = {}
    for row, line in enumerate(lines):
        depth, left, middle = line["depth"], line["depth"] * INDENT, (row + 0.5) * ROW
        if depth:
            trunk = left - INDENT / 2
            axes.plot(
                [trunk, trunk, left],
                [(above[depth - 1] + 1) * ROW - 0.05, middle, middle],
                color=house.GREY,
                linewidth=0.8,
            )
        above[depth] = row
        axes.add_patch(
            Rectangle((left, row * ROW + 0.03), width - left, ROW - 0.06, color=house.PALE, alpha=0.45, linewidth=0)
        )
        axes.add_patch(Rectangle((left, row * ROW + 0.03), BAR, ROW - 0.06, color=COLOURS[line["kind"]], linewidth=0))
        letters = int((width - left - 0.15) * LETTERS)
        told = [(line["label"], house.INK, 8.0), (words.say(line["note"]), house.GREY, 7.0)]
        said = [(text, ink, size) for text, ink, size in told if text]
        for place, (text, ink, size) in enumerate(said):
            up = middle + (place - (len(said) - 1) / 2) * 0.14
            axes.text(left + 0.1, up, house.plain(_cut(text, letters)), color=ink, fontsize=size, va="center")
    axes.set_xlim(0, width)
    axes.set_ylim(max(len(lines), 1) * ROW, 0)
    axes.set_axis_off()


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1] + "\N{HORIZONTAL ELLIPSIS}"
