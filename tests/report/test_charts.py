"""Charts are drawn from data alone: every kind, empty or full, with an alternative text and the same bytes."""

import io
import math
import re
from importlib import import_module

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure

from needscast.report.alt import alt
from needscast.report.blocks import CHART_KINDS, Chart
from needscast.report.charts import draw, house
from needscast.report.charts.canvas import Svg
from needscast.report.values import Amount, Range, Text
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
        "steps": [
            {"label": "time", "change": 1500.0, "said": "up"},
            {"label": "a figure", "change": -500.0, "said": "down"},
        ],
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
ENDS_OF_CHANGE = {"start": (330_000, 370_000, 430_000), "end": (400_000, 480_000, 590_000)}
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


@pytest.mark.parametrize("width", [10, 16])
@pytest.mark.parametrize("day", ["14 كانون الثاني/يناير 2020", "24 September 2020"])
def test_a_day_that_fits_on_no_line_breaks_between_its_words(day, width):
    held = day.replace(" ", "\N{NO-BREAK SPACE}")
    lines = house.wrapped(f"As known on {held}", width, whole=True).split("\n")
    words = " ".join(lines).replace("\N{NO-BREAK SPACE}", " ")
    assert words == f"As known on {day}"
    assert max(map(len, lines)) <= width * 5 // 4


def test_a_long_name_below_a_chart_on_a_phone_takes_more_lines():
    names = {"points": "all the scenarios by their stated weights, with the range of 80 % and the middle"}
    svg = house.draw(chart("fan", {**DATA["fan"], "names": names}), WORDS, width=house.NARROW)
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert "all the scenarios by their stated" in texts and max(map(len, texts)) <= 45


def drawn(kind, data, language, width=house.WIDTH):
    """Return the figure of a chart, laid out as it is for a page, and what measures its texts."""
    module = import_module(f"needscast.report.charts.{kind}")
    block = chart(kind, data)
    figure = Figure(figsize=(width, module.height(block)), layout="constrained", dpi=Svg.dpi)
    canvas = FigureCanvasAgg(figure)
    module.draw(figure, block, Words(language))
    canvas.draw()
    return figure, canvas.get_renderer()


TOWNS = [
    {"name": "Under", "latitude": 36.02, "longitude": 36.52},
    {"name": "Besideness", "latitude": 36.0, "longitude": 36.2},
    {"name": "Away", "latitude": 36.45, "longitude": 36.9},
]
PLACES = [
    {"name": "A", "latitude": 36.0, "longitude": 36.5, "value": Range(5e5, 6e5, 7e5, 0.8)},
    {"name": "B", "latitude": 36.9, "longitude": 37.2, "value": Range(5e5, 6e5, 7e5, 0.8)},
]


@pytest.mark.parametrize("width", [house.WIDTH, house.NARROW])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_disc_of_a_map_is_cut_off_and_no_name_of_a_town_lies_on_one(language, width):
    figure, renderer = drawn("circles", {"places": PLACES, "towns": TOWNS}, language, width)
    axes = figure.axes[language == "ar" and width == house.WIDTH]
    discs = axes.collections[0]
    middles, radii = discs.get_offset_transform().transform(discs.get_offsets()), discs.get_sizes() ** 0.5 / 2
    names = {text.get_text(): text.get_window_extent(renderer) for text in axes.texts}
    edge = axes.get_window_extent()
    assert {"Besideness", "Away"} <= set(names) and "Under" not in names
    for (x, y), radius in zip(middles, radii, strict=True):
        assert edge.x0 <= x - radius and x + radius <= edge.x1 and edge.y0 <= y - radius and y + radius <= edge.y1
        for name in ("Besideness", "Away"):
            box = names[name]
            nearest = min(max(x, box.x0), box.x1), min(max(y, box.y0), box.y1)
            assert math.dist((x, y), nearest) > radius
    beside = names["Away"].x0 > axes.transData.transform((36.9, 36.45))[0]
    assert beside == (language == "en")  # on the side to which a line runs


@pytest.mark.parametrize("width", [house.WIDTH, house.NARROW])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_number_of_a_zone_hides_no_disc_and_lies_on_no_other(language, width):
    """A small dark disc was wholly below its number; a large one holds it."""
    small = {"name": "C", "latitude": 36.3, "longitude": 36.6, "value": Range(1e4, 3e4, 9e4, 0.8)}
    crowd = {"name": "D", "latitude": 36.3, "longitude": 36.95, "value": Range(5e5, 6e5, 7e5, 0.8)}
    figure, renderer = drawn("circles", {"places": [*PLACES, small, crowd], "towns": TOWNS}, language, width)
    axes = next(axes for axes in figure.axes if axes.collections)
    pale = axes.collections[0]
    middles, radii = pale.get_offset_transform().transform(pale.get_offsets()), pale.get_sizes() ** 0.5 / 2
    numbers = {text.get_text(): text.get_window_extent(renderer) for text in axes.texts if text.get_text().isdigit()}
    for (x, y), radius in zip(middles, radii, strict=True):
        box = numbers["3"]
        assert math.dist((x, y), (min(max(x, box.x0), box.x1), min(max(y, box.y0), box.y1))) > radius
    assert all(numbers[which].contains(*middles[int(which) - 1]) for which in ("1", "2", "4"))


def test_the_name_of_a_town_stands_on_a_ground_of_its_own_over_the_borders():
    border = [[36.7, 36.45], [37.1, 36.45], [37.1, 36.5], [36.7, 36.45]]
    figure, _ = drawn("circles", {"places": PLACES, "towns": TOWNS, "boundaries": [border]}, "en")
    axes = figure.axes[0]
    name = next(text for text in axes.texts if text.get_text() == "Away")
    assert name.get_bbox_patch().get_facecolor()[:3] == (1, 1, 1)
    assert name.get_zorder() > max(patch.get_zorder() for patch in axes.patches)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_mark_of_a_legend_stands_where_its_line_begins(language):
    figure, renderer = drawn("timeline", DATA["timeline"], language)
    legend = figure.legends[0]
    marks = [handle.get_window_extent(renderer).x0 for handle in legend.legend_handles]
    texts = [text.get_window_extent(renderer).x0 for text in legend.get_texts()]
    assert all((mark > text) == (language == "ar") for mark, text in zip(marks, texts, strict=True))
    counts = Words(language).text("counts.person")
    first = next(at for at, text in enumerate(legend.get_texts()) if text.get_text().startswith(counts))
    assert (texts[first] == max(texts)) == (language == "ar")


@pytest.mark.parametrize("width", [house.WIDTH, house.NARROW])
def test_the_first_range_of_a_fan_beside_a_count_stays_inside_the_axes(width):
    day = {"date": "2020-01-14", "value": 350_000.0}
    values = [Range(410_000, 480_000, 590_000, 0.8), Range(6e5, 1.1e6, 1.6e6, 0.8)]
    points = [{"date": when, "value": value} for when, value in zip(("2020-01-21", "2020-04-21"), values, strict=True)]
    figure, renderer = drawn("fan", {"points": points, "expected": points, "reported": [day]}, "ar", width)
    edge = figure.axes[0].get_window_extent()
    for text in figure.axes[0].texts:
        box = text.get_window_extent(renderer)
        assert edge.x0 <= box.x0 and box.x1 <= edge.x1 and edge.y0 <= box.y0


def test_a_line_of_a_label_leaves_no_direction_open_and_closes_none_that_is_not_its_own():
    words = Words("ar")
    label = words.text("chart.driver", input="النسبة الأسبوعية النازحة من البلدات على الطريقين M5 وM4", share="8.1 %")
    for line in house.wrapped(label, 20).split("\n"):
        depth = 0
        for letter in line:
            depth += (letter in "\u2066\u2067\u2068") - (letter == "\u2069")
            assert depth >= 0
        assert depth == 0


@pytest.mark.parametrize("kind", ["bars", "tornado"])
def test_names_of_three_lines_keep_apart_on_a_phone(kind):
    name = "نسبة المحتاجين إلى المساعدة من النازحين الجدد ونازحين مجدداً"
    ends = {"value": PEOPLE} if kind == "bars" else {"low": 1000.0, "high": 3000.0, "share": 0.4}
    figure, renderer = drawn(kind, {"bars": [{"label": name, **ends}] * 4, "middle": 2000.0}, "ar", house.NARROW)
    axes = figure.axes[0]  # above the bars of a tornado, beside those of the others
    names = axes.get_yticklabels() or [text for text in axes.texts if "المساعدة" in text.get_text()]
    boxes = [text.get_window_extent(renderer) for text in names]
    assert len(boxes) == 4
    assert all(upper.y0 >= lower.y1 for upper, lower in zip(boxes, boxes[1:], strict=False))


@pytest.mark.parametrize("width", [house.WIDTH, house.NARROW])
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_ends_of_a_swing_stay_off_the_names_of_the_inputs(language, width):
    bars = [{"label": "price", "low": 2.9e8, "high": 3.9e8, "share": 0.4}]
    figure, renderer = drawn("tornado", {"bars": bars, "middle": 3.4e8}, language, width)
    edge = figure.axes[0].get_window_extent()
    for text in figure.axes[0].texts:
        box = text.get_window_extent(renderer)
        assert edge.x0 <= box.x0 and box.x1 <= edge.x1


@pytest.mark.parametrize("width", [house.WIDTH, house.NARROW])
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_what_is_said_of_a_step_stays_inside_the_chart(language, width):
    said = Text("update.up", {"change": Amount(80_000, "person")})
    ends = {name: {"label": "on a day", "value": Range(*at, 0.8, "person")} for name, at in ENDS_OF_CHANGE.items()}
    figure, renderer = drawn(
        "steps", {**ends, "steps": [{"label": "all", "change": 110_000.0, "said": said}]}, language, width
    )
    edge = figure.axes[0].get_window_extent()
    for text in figure.axes[0].texts:
        box = text.get_window_extent(renderer)
        assert edge.x0 <= box.x0 and box.x1 <= edge.x1


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_phone_names_each_input_whole_with_its_share(language):
    """Above its bar; beside it there was no room, and inputs that begin alike could not be told apart."""
    name = "pace of flight against the present pace, Western and southern Aleppo countryside"
    bars = [{"label": name, "low": 1000.0, "high": 3000.0, "share": 0.4}]
    figure, _ = drawn("tornado", {"bars": bars, "middle": 2000.0}, language, house.NARROW)
    said = " ".join(text.get_text().replace("\n", " ") for text in figure.axes[0].texts)
    said = re.sub("[\u2066-\u2069]", "", said)
    assert name in said and "40" in said and "\N{HORIZONTAL ELLIPSIS}" not in said


def test_no_name_of_a_town_begins_beside_the_mark_of_another():
    """Of two towns side by side the name of the first goes to its other side or is left out."""
    towns = [
        {"name": "Westham", "latitude": 36.0, "longitude": 36.2},
        {"name": "Easton", "latitude": 36.0, "longitude": 36.24},
    ]
    figure, renderer = drawn("circles", {"places": PLACES, "towns": towns}, "en")
    axes = next(axes for axes in figure.axes if axes.collections)
    for town in towns:
        for text in axes.texts:
            if text.get_text() in ("Westham", "Easton") and text.get_text() != town["name"]:
                x, y = axes.transData.transform((town["longitude"], town["latitude"]))
                assert not text.get_window_extent(renderer).padded(3).contains(x, y)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_list_beside_a_map_numbers_places_in_their_order_and_no_line_lies_on_another(language):
    """One number means one place on every map of a crisis, however many people are there."""
    places = [
        {
            "name": f"{number}: {'a long name ' * number}",
            "latitude": 36.0 + number / 10,
            "longitude": 36.5,
            "value": each,
        }
        for number, each in enumerate([Range(0, 1, 2, 0.8), PEOPLE, Range(5e5, 6e5, 7e5, 0.8)] * 3, start=1)
    ]
    figure, renderer = drawn("circles", {"places": places}, language)
    names = next(axes for axes in figure.axes if not axes.collections)
    texts = [text.get_text() for text in names.texts]
    assert [text for text in texts if text.isdigit()] == [str(number) for number in range(1, 10)]
    assert all(texts[texts.index(str(number)) + 1].startswith(f"{number}: ") for number in range(1, 10))
    lines = [text.get_window_extent(renderer) for text in names.texts if not text.get_text().isdigit()]
    assert all(upper.y0 >= lower.y1 - 1 for upper, lower in zip(lines, lines[1:], strict=False))


def test_the_name_of_a_bar_is_never_cut():
    name = "An offensive, then a ceasefire with spontaneous return movements of many of those who fled"
    drawn = draw(chart("bars", {"bars": [{"label": name, "value": PEOPLE}]}), WORDS, width=house.NARROW)
    lines = re.findall("<text[^>]*>([^<]*)</text>", drawn)
    assert name in " ".join(line.strip() for line in lines)
