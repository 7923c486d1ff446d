"""PDF: pages that a screen reader can read, the same bytes twice, and no text of the data that is taken for markup."""

import io
import re
from dataclasses import replace

import pypdf
import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from needscast import report
from needscast.errors import NeedscastError
from needscast.report import blocks as b
from needscast.report import formats
from needscast.report.catalogues import catalogue
from needscast.report.formats import _paper, pdf
from needscast.report.formats._view import View
from needscast.report.sections import SCENARIO
from needscast.report.values import Range, Text
from needscast.report.words import Words

COVER = b.Cover(Text("title.under", {"scenario": "x"}), "c", "C", "2020-01-21", "2019-12-01", "public")


def pages_of(blocks, path):
    return pypdf.PdfReader(io.BytesIO(formats.write(blocks, "pdf", path / "r.pdf").read_bytes()))


def text_of(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture(scope="module")
def reader(results, tmp_path_factory):
    page = report.page(results)
    return pages_of(tuple(page.show(name) for name in ("cover", *SCENARIO)), tmp_path_factory.mktemp("pdf"))


def test_a_pdf_has_a_title_a_language_tags_and_the_day_of_the_report(reader):
    root = reader.trailer["/Root"]
    assert reader.metadata.title.startswith("Region of <b>Examples</b>: people displaced")
    assert root["/Lang"] == "en" and bool(root["/MarkInfo"]["/Marked"])
    assert str(reader.metadata.creation_date).startswith("2020-01-21")
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()


def test_every_picture_of_a_pdf_has_an_alternative_text(reader):
    figures = [each for each in elements(reader) if each.get("/S") == "/Figure"]
    assert figures and all(len(each["/Alt"]) > 20 for each in figures)


def elements(reader):
    """Walk through the structure of a tagged PDF."""
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"].get_object()]
    while waiting:
        each = waiting.pop()
        kids = each.get("/K", [])
        kids = kids if isinstance(kids, list) else [kids]
        waiting += [kid.get_object() for kid in kids if isinstance(kid.get_object(), dict)]
        yield each


def test_the_headers_of_tables_are_tagged_as_headers(reader):
    kinds = {each.get("/S") for each in elements(reader)}
    assert {"/Table", "/TH", "/TD", "/H1", "/Caption"} <= kinds


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_answer_takes_two_pages_and_the_annexes_begin_on_the_third(results, language):
    page = report.page(results, language=language)
    shown = tuple(page.show(name) for name in ("cover", "headline", "picture", "annexes"))
    assert len(pypdf.PdfReader(io.BytesIO(pdf.pages(shown, language))).pages) == 3


def test_an_answer_that_is_longer_than_its_page_is_set_smaller_to_fit():
    answer = b.Sentence("an answer of two lines or so " * 6, Text("question.where"))
    story = b.Group((b.Heading(Text("headline.heading")), b.Group((answer,) * 21, "answers")))
    pictures, annexes = b.Group((b.Heading(Text("picture.heading")),)), b.Group((b.Heading(Text("annexes.heading")),))
    shown = (COVER, story, pictures, replace(annexes, section="annexes"))
    reader = pypdf.PdfReader(io.BytesIO(pdf.pages(shown, "en")))
    assert len(reader.pages) == 3
    assert reader.pages[0].extract_text().count("Where?") == 21


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_four_ranges_beside_each_other_are_printed_to_be_read(language):
    wide = Range(1_200_000, 1_600_000, 2_000_000, 0.8)
    columns = (
        b.Column("area", Text("table.area")),
        *(b.Column(f"r{at}", Text("table.gap"), "ends") for at in range(4)),
    )
    table = b.Table("t", Text("costs.table"), columns, (("a name of some length, as of a zone", *[wide] * 4),) * 2)
    laid = _paper.prepared(View(Words(language), None).of(table))
    assert laid["size"] >= 7.5
    assert min(laid["widths"][1:]) >= len("1,200,000")


@pytest.mark.parametrize(
    ("language", "people", "cost"),
    [("en", "1,100,000–1,800,000", "150–260 million"), ("fr", "1100000–1800000", "150–260 millions")],
)
def test_wide_tables_keep_the_two_ends_of_a_range_on_one_line(language, people, cost):
    """As a scenario's headlines beside each other, and as each number before and now, with its unit in the cell."""
    many, dear = Range(1.1e6, 1.5e6, 1.8e6, 0.8), Range(150e6, 200e6, 260e6, 0.8, "USD")
    name = b.Column("name", Text("table.scenario"))
    beside = (name, *(b.Column(f"r{at}", Text("table.gap"), "range", "person") for at in range(3)))
    told = (
        name,
        *(b.Column(f"t{at}", Text("table.gap"), "range") for at in range(2)),
        b.Column("c", Text("table.gap")),
    )
    title = "a name of some length as of a scenario"
    tables = (
        b.Table("beside", Text("costs.table"), beside, ((title, many, many, many),) * 2),
        b.Table(
            "told", Text("costs.table"), told, ((title, many, many, "up by 100,000 people"), (title, dear, dear, "x"))
        ),
    )
    page = pypdf.PdfReader(io.BytesIO(pdf.pages((COVER, *tables), language))).pages[0].extract_text()
    lines = [line.replace("\u2060", "").replace("\u202f", "").replace("\u00a0", " ") for line in page.splitlines()]
    assert sum(line.count(people) for line in lines) == 8
    assert sum(line.count(cost) for line in lines) == 2


@pytest.mark.parametrize(("language", "said"), [
    ("en", "−280,000 to −100,000"),
    ("fr", "−280000 à −100000"),
])  # fmt: skip
def test_a_range_below_zero_stands_on_one_line_beside_long_names(language, said):
    columns = (
        b.Column("one", Text("table.scenario")),
        b.Column("other", Text("table.scenario")),
        b.Column("less", Text("table.gap"), "range"),
        b.Column("chance", Text("table.gap"), "probability"),
    )
    name, less = "an offensive, then a ceasefire with spontaneous return movements", Range(-280e3, -180e3, -100e3, 0.8)
    table = b.Table("pairs", Text("costs.table"), columns, ((name, name, less, 0.37),) * 2)
    page = pypdf.PdfReader(io.BytesIO(pdf.pages((COVER, table), language))).pages[0].extract_text()
    assert page.replace("\u202f", "").replace("\u00a0", " ").count(said) == 2


def test_room_that_is_left_goes_where_it_brings_a_text_onto_one_line():
    """To the names, and not to both columns alike: the other long text takes two lines all the same."""
    name, other = (
        "An offensive on the towns along the M5 and M4",
        "an offensive, then a ceasefire with spontaneous return",
    )
    columns = (
        b.Column("one", Text("table.scenario")),
        b.Column("other", Text("table.scenario")),
        b.Column("less", Text("table.gap"), "range"),
    )
    less = Range(-280e3, -180e3, -100e3, 0.8)
    rows = ((name, "The truce holds", less), ("The truce holds", f"{other} movements", less))
    page = pypdf.PdfReader(io.BytesIO(pdf.pages((COVER, b.Table("t", Text("costs.table"), columns, rows)), "en")))
    assert name in page.pages[0].extract_text()


def test_many_columns_are_set_a_little_smaller_before_their_days_take_two_lines():
    """As the figures that carry an estimate: with their text at its full size their days stood on two lines."""
    names = ("figure", "printed", "what", "area", "source")
    columns = (
        *(b.Column(name, Text("table.scenario")) for name in names),
        *(b.Column(day, Text("table.gap"), "date") for day in ("starts", "ends")),
        *(b.Column(share, Text("table.gap"), "change") for share in ("weight", "without")),
    )
    said = ("B266", "more than 150,000 people", "displacements", "northwest Syria and around", "Camp coordination")
    table = b.Table("figures", Text("costs.table"), columns, ((*said, "2019-12-26", "2020-01-14", 0.14, -0.03),) * 2)
    shown = View(Words("en"), None).of(table)
    laid = _paper.prepared(shown)
    days = laid["widths"][5:7]
    assert 0.88 * 7.6 <= laid["size"] < 7.6
    assert min(days) >= len("26Dec2019")


def test_a_range_in_words_before_and_now_stands_on_one_line_in_arabic():
    many, moved = Range(1.1e6, 1.5e6, 1.8e6, 0.8), Range(1.1e6, 1.5e6, 1.8e6, 0.8, "movement")
    keys = ("before", "now")
    columns = (
        b.Column("name", Text("table.scenario")),
        *(b.Column(key, Text("table.gap"), "range") for key in keys),
        *(b.Column(f"{key}_more", Text("table.yes")) for key in keys),
    )
    title = "النازحون الموجودون نهاية الأفق"
    rows = ((title, many, many, "زيادة 100,000", "نعم"), (title, moved, moved, "زيادة 100,000 حركة", "لا"))
    laid = _paper.prepared(View(Words("ar"), None).of(b.Table("t", Text("costs.table"), columns, rows)))
    said = [cell["text"] for row in laid["sections"][0]["rows"] for cell in row["cells"] if cell["kind"] == "range"]
    assert len(said) == 4 and [text.count(" ") for text in said] == [0, 0, 1, 1]
    assert laid["size"] >= 7.5


@pytest.mark.parametrize("before", range(34, 46, 4))
def test_a_short_table_stands_on_one_page_with_its_heading(before):
    rows = tuple((f"row {number}",) for number in range(8))
    table = b.Table("t", Text("costs.table"), (b.Column("a", Text("table.area")),), rows)
    watermark = b.Note("watermark", "marked")
    last = b.Group((b.Heading(Text("limits.heading")), watermark, b.Sentence("so many"), table))
    shown = (COVER, b.Group((b.Note("method", "a line of words"),) * before), last)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.pages(shown, "en"))).pages]
    assert len(pages) == 2
    assert all(words in pages[1] for words in ("Limits", "marked", "So many", *(f"Row {at}" for at in range(8))))


@pytest.mark.parametrize("before", range(28, 46, 3))
@pytest.mark.parametrize("remark", ["", "because of much"])
def test_a_table_that_goes_on_over_the_page_has_some_rows_on_either_side(before, remark):
    rows = tuple((f"row {number}", remark) for number in range(16))
    columns = (b.Column("a", Text("table.area")), b.Column("b", Text("table.reason"), "remark"))
    lines = b.Group((b.Note("method", "a line of words"),) * before)
    shown = (COVER, lines, b.Table("t", Text("costs.table"), columns, rows))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.pages(shown, "en"))).pages]
    found = [len(re.findall(r"Row \d+", page)) for page in pages]
    assert sum(found) == 16 and all(rows == 0 or rows >= 3 for rows in found)


@pytest.mark.parametrize("before", range(28, 46))
def test_the_note_below_a_table_stands_on_the_page_of_its_last_rows(before):
    rows = tuple((f"row {number}",) for number in range(16))
    table = b.Table("t", Text("costs.table"), (b.Column("a", Text("table.area")),), rows, note="noted below")
    shown = (COVER, b.Group((b.Note("method", "a line of words"),) * before), table)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.pages(shown, "en"))).pages]
    assert [page for page in pages if "noted below" in page] == [page for page in pages if "Row 15" in page]


def test_the_name_of_a_part_stands_again_where_it_goes_on_over_the_page():
    rows = tuple((f"part {part}", f"row {number}") for part in "ABC" for number in range(40))
    columns = (b.Column("a", Text("table.sector")), b.Column("b", Text("table.area")))
    table = b.Table("t", Text("costs.table"), columns, rows, grouped=True)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.pages((COVER, table), "en"))).pages]
    assert len(pages) > 1 and all(re.search(r"Part [ABC]\s+Row", page) for page in pages)


@pytest.mark.parametrize("before", range(30, 42, 4))
def test_a_heading_with_a_line_or_two_stays_with_the_figure_that_they_lead_to(before):
    drawn = b.Chart("bars", "c", Text("costs.table"), {"bars": [{"label": "x", "value": Range(1, 2, 3, 0.8)}] * 12})
    led = b.Group((b.Heading(Text("limits.heading")), b.Sentence("so many"), b.Note("caveat", "with care"), drawn))
    shown = (COVER, b.Group((b.Note("method", "a line of words"),) * before), led)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.pages(shown, "en"))).pages]
    headed = [page for page in pages if "Limits" in page][-1]  # beside the contents
    assert "So many" in headed and Words("en").text("costs.table") in headed


@pytest.mark.parametrize("rows", (2, 14, 26, 38))
def test_a_chart_of_the_annexes_stands_behind_the_rows_before_it_and_before_those_behind_it(rows):
    drawn = b.Chart("bars", "c", Text("costs.table"), {"bars": [{"label": "x", "value": Range(1, 2, 3, 0.8)}] * 12})
    column = b.Column("a", Text("table.area"))
    first, second = (
        b.Table(name, Text("gap.table"), (column,), tuple((f"{name} {n}",) for n in range(rows)))
        for name in ("before", "behind")
    )
    annexes = b.Group((b.Heading(Text("annexes.heading")),), section="annexes")
    answer = b.Group((b.Sentence("the answer"),), section="headline")
    shown = (COVER, answer, annexes, b.Group((b.Heading(Text("limits.heading")), first, drawn, second)))
    told = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.pages(shown, "en"))).pages)
    chart = told.index(Words("en").text("costs.table"))
    assert told.count("Before") == told.count("Behind") == rows
    assert told.rindex("Before") < chart < told.index("Behind")


def test_marks_that_only_steer_a_line_take_no_room_on_paper():
    bare, marked = ({"text": text, "kind": "range"} for text in ("10 to 20", "\u206810\u2069 to \u206820\u2069"))
    tables = [
        {"tag": "table", "width": 1, "labels": ["x"], "sections": [{"rows": [{"cells": [cell], "total": False}]}]}
        for cell in (bare, marked)
    ]
    assert _paper.prepared(tables[0])["widths"] == _paper.prepared(tables[1])["widths"]


def test_the_fonts_of_a_pdf_are_inside_it(reader):
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    inside = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]
    assert inside and all("/FontFile2" in each or "/FontFile3" in each for each in inside)


@pytest.mark.parametrize("text", ["#panic()", '#read("/etc/passwd")', "$x$ *b* _i_ @ref <label> `raw`", "\\ // /*"])
def test_markup_in_the_data_is_text_in_a_pdf(text, tmp_path):
    shown = text_of(pages_of((COVER, b.Note("method", text), b.Note("caveat", text)), tmp_path))
    assert shown.replace(" ", "").count(text.replace(" ", "")) == 2


def test_a_word_that_is_longer_than_a_page_is_broken_and_not_cut_off(tmp_path):
    word = "x" * 400
    table = b.Table("t", Text("costs.table"), (b.Column("a", Text("table.area")),), ((word,),))
    shown = text_of(pages_of((COVER, b.Note("caveat", word), table), tmp_path))
    assert sum(letter == "x" for letter in shown) >= 800


def test_a_run_with_an_illustration_says_so_on_every_page(tmp_path):
    cover = b.Cover(COVER.title, "c", "C", "2020-01-21", "2019-12-01", "public", illustration=True)
    rows = tuple((f"row {number}",) for number in range(120))
    table = b.Table("t", Text("costs.table"), (b.Column("a", Text("table.area")),), rows)
    reader = pages_of((cover, table), tmp_path)
    assert len(reader.pages) > 1
    assert all("ILLUSTRATION" in page.extract_text() for page in reader.pages)


def test_without_its_extra_pdf_says_what_to_install(monkeypatch):
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    with pytest.raises(NeedscastError, match=r"pip install 'needscast\[pdf\]'"):
        formats.check(["html", "pdf"])


def test_arabic_letters_take_about_the_room_on_paper_that_they_are_given():
    fonts = FontProperties(family="DejaVu Sans", size=10)

    def drawn(text):
        return text_to_path.get_text_width_height_descent(text, fonts, False)[0]

    digit = drawn("0" * 10) / 10
    texts = [text for key, text in catalogue("ar").items() if key.startswith("table.") and "{" not in text]
    room = {text: drawn(text) / digit / _paper._wide(text) for text in texts}
    assert len(room) > 100 and min(room.values()) > 0.7 and max(room.values()) < 1.15
    assert 0.8 < sum(room.values()) / len(room) < 1.0
