"""Charts are drawn from data alone: every kind, empty or full, with an alternative text and the same bytes."""

import io
import re

import pytest
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure

from needscast.report.alt import alt
from needscast.report.blocks import CHART_KINDS, Chart
from needscast.report.charts import draw, house
from needscast.report.charts.canvas import Svg
from needscast.report.values import Range, Text
from needscast.report.words import Words

WORDS = Words("en")
PEOPLE = Range(1000, 2000, 3000, 0.8, "person")
BARS = [
    {
        "label": "A long <b>name</b> of a zone with $x$ that goes on and on and on until it must be broken into lines",
        "value": PEOPLE,
    }
]
DATA = {
    "fan": {"points": [{"date": "2020-01-21", "value": PEOPLE}, {"date": "2020-01-28", "value": PEOPLE}]},
    "bars": {"bars": BARS},
    "circles": {"places": [{"name": "A", "latitude": 36.0, "longitude": 36.5, "value": PEOPLE}]},
    "tornado": {
        "bars": [
            {"label": "price", "low": 1000.0, "high": 3000.0, "share": 0.4},
            {"label": "now", "low": 2400.0, "high": 1800.0, "share": 0.1},
        ],
        "middle": 2000.0,
    },
    "timeline": {
        "points": [
            {"date": "2020-01-05", "value": 3e5, "counts": "person", "hedge": "over", "used": True},
            {"date": "2020-01-07", "value": 4e5, "counts": "movement", "hedge": "", "used": False},
        ],
        "now": {"date": "2020-01-21", "value": PEOPLE},
    },
    "steps": {
        "start": {"label": "on 14 January", "value": PEOPLE},
        "end": {"label": "on 21 January", "value": Range(2000, 3000, 4000, 0.8, "person")},
        "steps": [{"label": "time", "change": 1500.0}, {"label": "a figure", "change": -500.0}],
    },
    "weeks": {
        "points": [{"date": "2020-01-21", "share": 0.3}, {"date": "2020-01-28", "share": 0.6}],
        "after": 0.1,
        "arrival": "2020-01-27",
    },
    "tree": {
        "lines": [
            {"label": "1. tents = times of", "note": "", "kind": "step", "depth": 0},
            {"label": "2. families", "note": "F1; F2", "kind": "found", "depth": 1},
            {"label": "3. share $x$ <b>", "note": "assumption (2020-01-02)", "kind": "assumed", "depth": 1},
        ]
    },
    "calibration": {
        "points": [
            {"label": "2 weeks", "nominal": 0.8, "observed": 0.75},
            {"label": "2 weeks", "nominal": 0.5, "observed": 0.52},
        ]
    },
}
ALWAYS_FULL = ("steps",)  # a change has a start and an end
EMPTY = {
    "weeks": {"points": [], "after": 0.0, "arrival": None},
    "timeline": {"points": [], "now": {"date": "2020-01-21", "value": None}},
}


def chart(kind, data):
    return Chart(kind, "c", Text("needs.by_sector"), data, "person")


@pytest.mark.parametrize("kind", CHART_KINDS)
def test_a_chart_gives_the_same_bytes_twice(kind):
    assert draw(chart(kind, DATA[kind]), WORDS) == draw(chart(kind, DATA[kind]), WORDS)


@pytest.mark.parametrize("kind", [kind for kind in CHART_KINDS if kind not in ALWAYS_FULL])
def test_a_chart_without_data_is_drawn_and_says_so(kind):
    empty = chart(kind, EMPTY.get(kind, {key: [] for key in DATA[kind]}))
    assert "<svg" in draw(empty, WORDS)
    assert "No data" in alt(empty, WORDS)


@pytest.mark.parametrize("kind", CHART_KINDS)
def test_text_in_a_chart_is_text_and_not_outlines(kind):
    svg = draw(chart(kind, DATA[kind]), WORDS)
    assert "<text" in svg and len(svg) < 60_000


def test_markup_and_mathematics_in_a_label_stay_letters():
    svg = draw(chart("bars", DATA["bars"]), WORDS)
    assert "&lt;b&gt;name" in svg and "<b>" not in svg and "$x$" in svg


def test_the_alternative_text_reads_the_data_out():
    assert alt(chart("fan", DATA["fan"]), WORDS).replace("\u00a0", " ") == (
        "People requiring assistance by sector. On 21 January 2020: 1,000–3,000 people (80 % range), middle 2,000. "
        "On 28 January 2020: 1,000–3,000 people (80 % range), middle 2,000."
    )
    assert "price: 1,000 people if low, 3,000 people if high" in alt(chart("tornado", DATA["tornado"]), WORDS)
    assert "1 of them count movements" in alt(chart("timeline", DATA["timeline"]), WORDS)


@pytest.mark.parametrize("kind", CHART_KINDS)
def test_a_chart_for_a_phone_is_narrower_and_holds_the_same_words(kind):
    wide, narrow = (draw(chart(kind, DATA[kind]), WORDS, width=width) for width in (house.WIDTH, house.NARROW))
    sizes = [float(svg.partition('width="')[2].partition("pt")[0]) for svg in (wide, narrow)]
    assert sizes == [house.WIDTH * 72, pytest.approx(house.NARROW * 72)]
    assert "<text" in narrow


def test_a_chart_can_be_a_picture_of_points():
    assert house.draw_png(chart("fan", DATA["fan"]), WORDS).startswith(b"\x89PNG")


@pytest.mark.parametrize("text", ["one line", "two\nlines of Text", r"a price of 5 \$", "مليون"])
def test_a_text_takes_the_room_that_matplotlib_gives_it(text):
    figure = Figure(figsize=(4, 2), dpi=Svg.dpi)
    said = figure.text(0.5, 0.5, text, fontsize=8.5, fontweight="bold")
    theirs = RendererSVG(4 * Svg.dpi, 2 * Svg.dpi, io.StringIO())
    ours = Svg(figure).get_renderer()
    assert said.get_window_extent(ours).bounds == said.get_window_extent(theirs).bounds


def test_a_label_takes_three_lines_and_keeps_a_long_word_whole_where_it_fits():
    assert house.wrapped("Relèvement précoce et moyens d'existence", 16).count("\n") == 2
    day = "21 كانون\N{NO-BREAK SPACE}الثاني/يناير 2020"
    assert "كانون\N{NO-BREAK SPACE}الثاني/يناير" in house.wrapped(f"كما عُرف في {day}", 16)
    assert house.wrapped("x" * 90, 16).endswith("\N{HORIZONTAL ELLIPSIS}")


def test_a_long_name_below_a_chart_on_a_phone_takes_more_lines():
    names = {"points": "all the scenarios by their stated weights, with the range of 80 % and the middle"}
    svg = house.draw(chart("fan", {**DATA["fan"], "names": names}), WORDS, width=house.NARROW)
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert "all the scenarios by their stated" in texts and max(map(len, texts)) <= 45
