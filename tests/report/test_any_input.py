"""Names that attack, words without end, crises without people or with very many areas: nothing breaks, nothing runs."""

import csv
import io
import re
import zipfile
from html.parser import HTMLParser

import openpyxl
import pandas as pd
import pypdf
import pytest
from made_up_report import made_up_results

from needscast import report
from needscast.report import blocks as b
from needscast.report import formats
from needscast.report.blocks import Chart, flat
from needscast.report.charts import circles, house
from needscast.report.formats import _cells
from needscast.report.values import Many, Named, Range, Text
from needscast.report.words import Words

NASTY = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "formula": '=HYPERLINK("http://evil.example","click")',
    "dde": "=cmd|' /C calc'!A0",
    "quotes": 'O\'Brien "the" `back` «guillemets» & Söhne \\ ]]> -->',
    "long": "Llanfair" + "pwllgwyngyll" * 40,
    "marks": "\u202eabc\u202c \u200fمخيم أطمة\u200f",
    "isolate": "South \u2067 everything after this too",
    "override": "North \u202e everything after this reads backwards",
    "typst": '#import "@preview/x:1.0.0": *; #read("/etc/passwd") $x$',
    "control": "a\x00b\x07c\x1bd",
    "template": "{title} {{ 7*7 }} {% raw %} %s",
    "newlines": "one\ntwo\r\nthree\ttab",
}
BY_AREA = ("headline", "picture", "annexes", "where", "needs", "demand", "orders", "gap", "costs", "missing")
NORTH = 0.5  # of everybody lives there
PEOPLE = Range(1000, 2000, 3000, 0.8, "person")


class Tags(HTMLParser):
    """Every tag and the names of its attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, {name for name, _ in attrs}))


@pytest.fixture(scope="module")
def named():
    """One of every kind of block, with each of the names wherever a name can stand."""
    names = tuple(NASTY.values())
    everything = Text("title.under", {"scenario": Many(names)})
    columns = (
        b.Column("sector", everything),
        b.Column("area", Text("table.area")),
        b.Column("people", Text("table.range"), "range", "person"),
        b.Column("reason", Text("table.reason"), "remark"),
    )
    rows = tuple((name, Named({"en": name}), PEOPLE, name) for name in names)
    bars = [{"label": name, "value": PEOPLE} for name in names]
    places = [{"name": name, "latitude": 36.0, "longitude": 36.5, "value": PEOPLE} for name in names]
    drivers = [{"label": name, "low": 1e3, "high": 3e3, "share": 0.5} for name in names]
    return (
        b.Cover(everything, "c", "C", "2020-01-21", "2019-12-01", "public", subtitle=everything, illustration=True),
        b.Group((b.KeyFigure(everything, PEOPLE, everything),), "figures"),
        b.Heading(everything),
        b.Group((b.Sentence(everything, everything),), "answers"),
        b.Group((b.Chart("bars", "bars", everything, {"bars": bars}, "person", everything),), "pair"),
        b.Chart("circles", "map", everything, {"places": places}, "person", everything),
        b.Chart("tornado", "drivers", everything, {"middle": 2e3, "bars": drivers}, "person", everything),
        *(b.Note("caveat", name) for name in names),
        b.Table("t" * 40 + names[0], everything, columns, rows, note=everything, sources=names, grouped=True),
    )


def test_a_page_holds_no_tag_and_no_handler_that_came_with_a_name(named, tmp_path):
    text = formats.write(named, "html", tmp_path / "r").read_text(encoding="utf-8")
    assert [tag for tag, _ in Tags(text).found if tag in ("script", "iframe", "object", "embed", "link", "base")] == []
    assert [names for _, names in Tags(text).found if any(name.startswith("on") for name in names)] == []
    assert [names for tag, names in Tags(text).found if tag == "img" and "alt" not in names] == []


def test_a_workbook_and_a_file_for_machines_run_nothing(named, tmp_path):
    book = openpyxl.load_workbook(formats.write(named, "xlsx", tmp_path / "r.xlsx"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert {cell.hyperlink.target for cell in cells if cell.hyperlink} <= {None}, "its own sheets are all it leads to"
    rows = csv.reader(io.StringIO(formats.write(named, "csv", tmp_path / "r.csv").read_text(encoding="utf-8-sig")))
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_a_pdf_and_a_document_hold_no_action(named, tmp_path):
    reader = pypdf.PdfReader(formats.write(named, "pdf", tmp_path / "r.pdf"))
    objects = " ".join(str(reader.get_object(number)) for number in range(1, len(reader.xref[0]) + 1) if reader.xref)
    assert "/JavaScript" not in objects and "/Launch" not in objects and "/URI" not in objects
    archive = zipfile.ZipFile(formats.write(named, "docx", tmp_path / "r.docx"))
    body = archive.read("word/document.xml").decode("utf-8")
    assert "w:instrText" not in body and "w:hyperlink" not in body and "w:fldSimple" not in body
    relations = archive.read("word/_rels/document.xml.rels").decode("utf-8")
    assert 'TargetMode="External"' not in relations


@pytest.mark.parametrize("format", ["html", "csv", "docx", "xlsx", "pdf"])
def test_no_name_turns_the_direction_of_what_follows_it(named, format, tmp_path):
    path = formats.write(named, format, tmp_path / f"r.{format}")
    if format == "pdf":
        said = " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    elif format in ("docx", "xlsx"):
        with zipfile.ZipFile(path) as archive:
            said = " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    else:
        said = path.read_text(encoding="utf-8")
    assert re.search("[\u202a-\u202e\u2066\u2067]|%E2%80%AE|%E2%81%A7", said) is None


def test_a_range_after_an_arabic_name_stays_as_it_is():
    told = Words("en").say(Text("headline.place", {"area": "مخيم أطمة", "people": PEOPLE}))
    assert told == "\u2068مخيم أطمة\u2069 (1,000–3,000 people)"


def areas_of(count):
    """Results of a crisis with so many zones, each with an equal part of the people."""
    results = made_up_results()
    names = [f"zone-{number}" for number in range(count)]
    zones = results.crisis.areas[results.crisis.areas["level"] == "zone"].iloc[[0]]
    others = results.crisis.areas[results.crisis.areas["level"] != "zone"]
    made = [
        zones.assign(area=name, name=f"Zone {number} and its villages", latitude=35 + number % 20 * 0.1)
        for number, name in enumerate(names)
    ]
    results.crisis.areas = pd.concat([*made, others])
    results.crisis.zones = names
    for key in ("displacement", "people", "demand"):
        table = results.tables[key]
        kept, one = table[table["area"] == "all"], table[table["area"] == "north"]
        parts = [
            one.assign(area=name, **{end: one[end] / (NORTH * count) for end in ("lower", "median", "upper", "mean")})
            for name in names
        ]
        results.tables[key] = pd.concat([kept, *parts], ignore_index=True)
    return results


def nobody():
    """Results of a scenario that displaces nobody and in which no sector was estimated."""
    results = made_up_results()
    for key in ("people", "demand", "orders", "costs", "gap", "stock_out", "response", "reach", "drivers", "across"):
        results.tables[key] = results.tables[key].iloc[:0]
    kept = ("displaced_since_onset", "displaced_next", "idp_stock")
    results.headlines = {key: value for key, value in results.headlines.items() if key in kept}
    table = results.tables["displacement"]
    results.tables["displacement"] = table.assign(lower=0.0, median=0.0, upper=0.0, mean=0.0)
    results.crisis.sectors = ()
    return results


SHAPES = {"nobody": nobody, "one area": lambda: areas_of(1), "200 areas": lambda: areas_of(200)}
MANY = pytest.param("200 areas", marks=pytest.mark.prove)  # charts and pages of 200 areas take a while


@pytest.fixture(scope="module", params=["nobody", "one area", MANY])
def shaped(request):
    page = report.page(SHAPES[request.param]())
    return tuple(page.show(name) for name in ("cover", *BY_AREA))


@pytest.mark.parametrize("format", formats.known())
def test_a_crisis_of_any_shape_is_written_in_every_format(shaped, format, tmp_path):
    path = formats.write(shaped, format, tmp_path / f"r.{format}")
    assert 1000 < path.stat().st_size < 2_000_000
    if format == "pdf":
        pages = [re.sub(r"\s+", "", page.extract_text()) for page in pypdf.PdfReader(path).pages]
        assert min(map(len, pages)) > 200  # a page holds more than its footer


def kinds(results, section="picture"):
    return [block.kind for block in flat([report.page(results).show(section)]) if isinstance(block, Chart)]


def test_a_map_needs_two_zones_with_people():
    assert "circles" in kinds(areas_of(2))
    assert "circles" not in kinds(areas_of(1)) and "circles" not in kinds(nobody())


def test_where_nobody_is_displaced_no_zone_is_named_and_nothing_is_short():
    said = [
        block.label.key for block in flat([report.page(nobody()).show("headline")]) if getattr(block, "label", None)
    ]
    assert "question.how_many" in said and not {"question.where", "question.short"} & set(said)


def test_a_map_of_many_zones_names_the_largest_and_counts_the_others():
    places = [{"name": f"zone {n}", "latitude": 36 + n / 40, "longitude": 36.5, "value": PEOPLE} for n in range(40)]
    chart = Chart("circles", "map", Text("where.map", {"end": "the end"}), {"places": places}, "person")
    svg = house.draw(chart, Words("en"))
    assert "zone 19<" in svg and "zone 20<" not in svg and "20 further zones" in svg
    assert circles.height(chart) < 7.5  # inches: it stands on a page of A4 with its caption


def test_a_zone_without_coordinates_stands_in_the_middle_of_its_largest_ring():
    results = made_up_results()
    results.crisis.areas.loc[results.crisis.areas["area"] == "north", ["latitude", "longitude"]] = float("nan")
    small = ((30.0, 30.0), (30.1, 30.0), (30.1, 30.1), (30.0, 30.0))
    large = ((36.0, 35.0), (37.0, 35.0), (37.0, 37.0), (36.0, 37.0), (36.0, 35.0))
    results.crisis.boundaries = {"north": (small, large)}
    chart = report.page(results).show("map").blocks[0]
    place = next(each for each in chart.data["places"] if each["name"] == "North border")
    assert (place["longitude"], place["latitude"]) == pytest.approx((36.5, 36.0))
    assert len(chart.data["boundaries"]) == 2


def test_many_parts_of_a_total_keep_two_digits():
    table = report.page(areas_of(200)).show("where").blocks[1]
    printed = _cells.added_up(table, 3, Words("en"))
    assert set(printed[:-1]) == {"5,800", "5,900"} and printed[-1] == "1,175,000"


def test_parts_that_go_up_and_down_are_no_finer_than_the_largest_of_them_bears():
    columns = (b.Column("cause", Text("table.cause")), b.Column("tonnes", Text("table.tonnes"), "number", adds_up=True))
    parts = (-8295.8, 10197.7, -4436.6, 460.6, -2074.1)  # the total is small: they nearly cancel out
    table = b.Table("parts", Text("costs.table"), columns, tuple((str(part), part) for part in parts), total=True)
    printed = [text.replace("\N{MINUS SIGN}", "-") for text in _cells.added_up(table, 1, Words("en"))]
    assert printed == ["-8,300", "10,200", "-4,400", "400", "-2,100"]


def test_a_neighbour_is_drawn_and_named_and_does_not_widen_the_map():
    places = [{"name": f"zone {n}", "latitude": 36 + n, "longitude": 36.5 + n, "value": PEOPLE} for n in range(2)]
    rings = [[[30.0, 36.2], [37.2, 36.2], [37.2, 50.0], [30.0, 50.0], [30.0, 36.2]]]
    data = {"places": places, "around": [{"name": "The <b>neighbour", "rings": rings}]}
    alone, bordered = (
        house.draw(Chart("circles", "map", Text("where.map", {"end": "x"}), each, "person"), Words("en"))
        for each in ({"places": places}, data)
    )
    assert "The &lt;b&gt;neighbour" in bordered
    number = re.compile(r'<text [^>]*transform="([^"]*)"[^>]*>1</text>|<text [^>]*x="([^"]*)"[^>]*>1</text>')
    assert number.findall(alone) == number.findall(bordered)


def test_an_area_outside_with_a_boundary_is_a_neighbour_on_the_map():
    results = made_up_results()
    results.crisis.areas.loc[results.crisis.areas["area"] == "village", ["level", "name"]] = ["outside", "Next Land"]
    results.crisis.boundaries = {"village": (((36.0, 35.0), (37.0, 35.0), (37.0, 37.0), (36.0, 35.0)),)}
    chart = report.page(results).show("map").blocks[0]
    assert [each["name"] for each in chart.data["around"]] == ["Next Land"]
    assert chart.caption.key == "where.map_bordered"
