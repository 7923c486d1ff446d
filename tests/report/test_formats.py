"""Every format reads the same blocks: harmless whatever the data hold, and the same bytes each time."""

import csv
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from needscast import report
from needscast.errors import NeedscastError
from needscast.report import blocks as b
from needscast.report import formats
from needscast.report.formats import _oxml
from needscast.report.formats._cells import printed
from needscast.report.formats._view import View
from needscast.report.formats.csv import harmless
from needscast.report.formats.html import fragment
from needscast.report.formats.xlsx import rounded
from needscast.report.sections import SCENARIO
from needscast.report.values import Many, Range, Text
from needscast.report.words import Words

PEOPLE = Range(1000, 2000, 3000, 0.8, "person")


@pytest.fixture(scope="module")
def blocks(results):
    page = report.page(results)
    return tuple(page.show(name) for name in ("cover", *SCENARIO))


@pytest.fixture(scope="module")
def html(blocks, tmp_path_factory):
    return formats.write(blocks, "html", tmp_path_factory.mktemp("html") / "r.html").read_text()


@pytest.fixture(scope="module")
def book(blocks, tmp_path_factory):
    return openpyxl.load_workbook(formats.write(blocks, "xlsx", tmp_path_factory.mktemp("xlsx") / "r.xlsx"))


class Page(HTMLParser):
    """The tags of a page with their attributes, in order."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def of(self, *names):
        return [attrs for tag, attrs in self.tags if tag in names]


@pytest.mark.parametrize("format", formats.known())
def test_the_same_blocks_give_the_same_bytes_twice(blocks, format, tmp_path):
    first, second = (formats.write(blocks, format, tmp_path / name).read_bytes() for name in ("one", "two"))
    assert first == second


def test_an_unknown_format_is_named_with_the_known_ones(blocks, tmp_path):
    with pytest.raises(NeedscastError, match="known: csv, docx, html, json, pdf, xlsx"):
        formats.write(blocks, "pdff", tmp_path / "x")


def test_a_page_asks_for_nothing_outside_itself(html):
    page = Page(html)
    assert page.of("script", "link", "iframe", "object", "base") == []
    addresses = [attrs[key] for _, attrs in page.tags for key in ("src", "href") if key in attrs]
    assert addresses and all(address.startswith(("#", "data:image/svg+xml,")) for address in addresses)
    assert "url(" not in html.partition("</style>")[0]


def test_markup_in_the_data_is_text_on_the_page(html):
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_page_says_its_language_and_its_headings_go_down_one_step_at_a_time(html):
    page = Page(html)
    assert page.of("html")[0]["lang"] == "en" and page.of("html")[0]["dir"] == "ltr"
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_every_image_has_a_text_and_every_header_cell_a_scope(html):
    page = Page(html)
    assert page.of("img") and all(len(attrs["alt"]) > 20 for attrs in page.of("img"))
    scopes = {attrs.get("scope") for attrs in page.of("th")}
    assert scopes and scopes <= {"col", "colgroup", "row", "rowgroup"}
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_a_page_stays_small(html):
    assert len(html) < 2_000_000


def test_every_page_of_a_run_with_an_illustration_says_so(results):
    blocks = (
        b.Cover(
            Text("title.under", {"scenario": "x"}),
            "c",
            "C",
            "2020-01-21",
            "2019-12-01",
            "public",
            illustration=True,
        ),
        b.Note("watermark", Text("note.illustration")),
    )
    from needscast.report.formats.html import page

    assert "ILLUSTRATION" in page(blocks, "en") and '<body class="illustration">' in page(blocks, "en")


def made_up_table(**choices):
    columns = (
        b.Column("sector", Text("table.sector")),
        b.Column("item", Text("table.item")),
        b.Column("reason", Text("table.reason"), "remark"),
    )
    rows = (("Food", "ration", "as a handbook says"), ("Food", "flour", None), ("Shelter", "tent", "judged"))
    return b.Table("made_up", Text("costs.table"), columns, rows, **choices)


def test_a_remark_stands_under_its_row_over_the_whole_width(tmp_path):
    shown = fragment([made_up_table()])
    assert shown.count('<tr class="remark"><td colspan="2"><span>Reason: ') == 2
    assert "Reason</th>" not in shown
    cover = b.Cover(Text("title.under", {"scenario": "x"}), "c", "C", "2020-01-21", "2019-12-01", "public")
    sheet = openpyxl.load_workbook(formats.write((cover, made_up_table()), "xlsx", tmp_path / "x.xlsx"))["made_up"]
    assert [cell.value for cell in sheet[4]] == ["Food", "ration", "as a handbook says"]


def test_rows_of_one_kind_stand_under_it_and_do_not_repeat_it():
    shown = fragment([made_up_table(grouped=True)])
    assert re.findall(r'scope="rowgroup" colspan="(\d)"><span>(\w+)<', shown) == [("1", "Food"), ("1", "Shelter")]


def test_the_contents_stand_where_the_annexes_begin_and_list_them_alone(html):
    answer, _, rest = html.partition('id="annexes-heading"')
    assert "<nav" not in answer and "<nav" in rest
    listed = re.findall(r'<li><a href="#([^"]+)"', rest)
    assert listed and all(f'<h2 id="{anchor}"' in rest for anchor in listed)


def test_a_long_table_is_folded_on_a_page_and_open_in_a_notebook():
    rows = tuple((f"row {number}",) for number in range(13))
    table = b.Table("long", Text("costs.table"), (b.Column("a", Text("table.area")),), rows)
    cover = b.Cover(Text("title.under", {"scenario": "x"}), "c", "C", "2020-01-21", "2019-12-01", "public")
    from needscast.report.formats.html import page

    assert "<details>" in page((cover, table), "en") and "13 rows" in page((cover, table), "en")
    assert "<details>" not in fragment([table])


def test_a_page_prints_the_first_rows_of_each_part_and_says_where_the_others_are():
    columns = (b.Column("part", Text("table.sector")), b.Column("item", Text("table.item")))
    rows = (("food", "flour"), ("food", "oil"), ("food", "salt"), ("water", "soap"))
    table = b.Table("list", Text("costs.table"), columns, rows, grouped=True, shown=2)
    page = fragment([table])
    assert [each in page for each in ("Flour", "Oil", "Salt", "Soap")] == [True, True, False, True]
    assert "Printed: 3 of 4 rows. All of them stand in the workbook and in the CSV file, table “list”." in page
    assert [row[1] for row in b.from_json(table.to_json()).rows] == ["flour", "oil", "salt", "soap"]


def test_a_text_in_latin_letters_keeps_its_direction_in_an_arabic_cell():
    table = b.Table("t", Text("costs.table"), (b.Column("a", Text("table.reason")),), (("x",), ("10 to 20 dollars",)))
    assert "\N{FIRST STRONG ISOLATE}10 to 20 dollars\N{POP DIRECTIONAL ISOLATE}" in fragment([table], "ar")
    assert "\N{FIRST STRONG ISOLATE}" not in fragment([table])


def test_a_table_with_a_total_is_printed_whole():
    columns = (b.Column("item", Text("table.item")), b.Column("n", Text("table.figures"), "count", adds_up=True))
    with pytest.raises(b.BlockError, match="print all of them"):
        b.Table("t", Text("costs.table"), columns, (("a", 1), ("total", 1)), total=True, shown=1)


def test_parts_on_the_page_add_up_to_the_total_on_the_page(html):
    rows = re.search(r'id="displaced-by-zone".*?</table>', html, re.S).group()
    numbers = [int(cell.replace(",", "")) for cell in re.findall(r'<td class="people"[^>]*>([\d,]+)</td>', rows)]
    assert sum(numbers[:-1]) == numbers[-1] > 0


def test_a_workbook_holds_the_numbers_of_the_blocks(blocks, book):
    table = next(each for each in b.flat(blocks) if isinstance(each, b.Table) and each.name == "displaced_by_zone")
    sheet = book["displaced_by_zone"]
    first = [cell.value for cell in sheet[4]]
    now = table.rows[0][1]
    assert first[1:5] == [now.lower, now.median, now.upper, 0.8]
    assert first[-1] == pytest.approx(table.rows[0][3], abs=1)
    assert sheet.max_row >= 3 + len(table.rows)


def test_a_workbook_holds_every_table_and_sheets_on_method_and_sources(blocks, book):
    names = {each.name[:31] for each in b.flat(blocks) if isinstance(each, b.Table)}
    assert names <= set(book.sheetnames)
    assert {"Summary", "Contents", "Method and notes", "reporters", "inputs"} <= set(book.sheetnames)


def test_the_contents_of_a_workbook_lead_to_every_table_by_its_title(blocks, book):
    tables = [each for each in b.flat(blocks) if isinstance(each, b.Table)]
    rows = list(book["Contents"].iter_rows(min_row=2))
    assert [row[1].value for row in rows] == [Words("en").say(each.caption) for each in tables]
    assert {row[0].hyperlink.location.split("!")[0].strip("'") for row in rows} <= set(book.sheetnames)


def test_an_apostrophe_in_the_name_of_a_table_is_doubled_where_the_contents_lead_to_it(tmp_path):
    table = b.Table("chief's", Text("costs.table"), (b.Column("a", Text("table.area")),), (("x",),))
    cover = b.Cover(Text("title.under", {"scenario": "x"}), "c", "C", "2020-01-21", "2019-12-01", "public")
    book = openpyxl.load_workbook(formats.write((cover, table), "xlsx", tmp_path / "r.xlsx"))
    assert book["Contents"]["A2"].hyperlink.location == "'chief''s'!A1"


def test_a_row_of_a_workbook_is_as_high_as_its_text_needs(tmp_path):
    columns = (b.Column("area", Text("table.area"), "text"),)
    phrase = Many((Text("table.area"),) * 20)  # longer than two lines, whatever its words
    table = b.Table("long", Text("costs.table"), columns, (("short",), ("a word " * 20,), (phrase,)))
    cover = b.Cover(Text("title.under", {"scenario": "x"}), "c", "C", "2020-01-21", "2019-12-01", "public")
    sheet = openpyxl.load_workbook(formats.write((cover, table), "xlsx", tmp_path / "r.xlsx"))["long"]
    assert sheet.row_dimensions[4].height is None and sheet.row_dimensions[5].height == 4 * 15  # 140 letters by 44
    assert sheet.row_dimensions[6].height > 2 * 15


def test_a_text_that_looks_like_a_formula_stays_a_text_in_a_workbook(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert all(re.fullmatch(r"=SUM\([A-Z]+\d+:[A-Z]+\d+\)", formula) for formula in formulas)


def test_a_total_is_a_live_sum_whose_kept_value_is_the_sum(tmp_path):
    columns = (b.Column("zone", Text("table.zone")), b.Column("average", Text("table.average"), "people", adds_up=True))
    table = b.Table("zones", Text("costs.table"), columns, (("a", 1.5), ("b", 2.25), ("all", 3.75)), total=True)
    cover = b.Cover(Text("title.under", {"scenario": "x"}), "c", "C", "2020-01-21", "2019-12-01", "public")
    path = formats.write((cover, table), "xlsx", tmp_path / "r.xlsx")
    live, kept = (openpyxl.load_workbook(path, data_only=data)["zones"] for data in (False, True))
    assert (live["B6"].value, kept["B6"].value) == ("=SUM(B4:B5)", 3.75)


def test_the_parts_of_a_sum_in_a_workbook_are_as_whole_as_their_cells_show_them():
    assert rounded([0.4, 0.4, 0.4, 1.2], 1) == [1, 0, 0, 1]
    assert rounded([1.5, 2.25, 3.75], 0.001) == [1.5, 2.25, 3.75]
    assert rounded([1.0], 1) == [] and rounded([1.0, None, 1.0], 1) == []


def test_the_summary_of_a_workbook_holds_the_key_figures_as_numbers(blocks, book):
    figure = next(each for each in b.flat(blocks) if isinstance(each, b.KeyFigure))
    found = [
        row
        for row in book["Summary"].iter_rows(values_only=True)
        if row[2:5] == (figure.value.lower, figure.value.median, figure.value.upper)
    ]
    assert found[0][5] == 0.8


def test_a_sheet_prints_on_the_width_of_a_page_and_runs_as_its_language_does(results, tmp_path):
    blocks = [report.page(results).show(name) for name in ("cover", "demand")]
    for language, towards in (("en", None), ("ar", True)):
        path = formats.write(blocks, "xlsx", tmp_path / f"{language}.xlsx", language=language)
        sheets = openpyxl.load_workbook(path).worksheets
        assert {sheet.sheet_view.rightToLeft for sheet in sheets} == {towards}
        assert {(sheet.page_setup.orientation, sheet.page_setup.fitToHeight) for sheet in sheets} == {("landscape", 0)}
        with zipfile.ZipFile(path) as archive:
            assert not set("\u2068\u2069") & set(archive.read("xl/sharedStrings.xml").decode("utf-8"))


def test_two_tables_whose_names_differ_late_get_two_sheets(tmp_path):
    long = "a_very_long_name_of_a_table_that_is_cut"
    tables = [b.Table(long + end, Text("costs.table"), (b.Column("a", Text("table.area")),), (("x",),)) for end in "12"]
    cover = b.Cover(Text("title.under", {"scenario": "x"}), "c", "C", "2020-01-21", "2019-12-01", "public")
    names = openpyxl.load_workbook(formats.write((cover, *tables), "xlsx", tmp_path / "x.xlsx")).sheetnames
    assert sum(name.startswith("a_very_long") for name in names) == 2 and all(len(name) <= 31 for name in names)


def test_csv_holds_every_cell_of_every_table_unrounded(blocks, tmp_path):
    path = formats.write(blocks, "csv", tmp_path / "r.csv")
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig")))
    table = next(each for each in b.flat(blocks) if isinstance(each, b.Table) and each.name == "cost_by_sector")
    cells = [row for row in rows if row["table"] == "cost_by_sector" and row["row"]]
    assert len(cells) == len(table.rows) * len(table.columns)
    total = next(row for row in cells if row["column"] == "cost" and row["label"] == "Total")
    assert float(total["median"]) == table.rows[-1][1].median and total["unit"] == "USD" and total["mass"] == "0.8"


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(text):
    assert harmless(text) == f"'{text}"


def test_no_text_cell_of_a_csv_starts_like_a_formula(blocks, tmp_path):
    rows = csv.reader(formats.write(blocks, "csv", tmp_path / "r.csv").open(encoding="utf-8-sig"))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_json_reads_back_to_the_same_blocks(blocks, tmp_path):
    held = json.loads(formats.write(blocks, "json", tmp_path / "r.json").read_text())
    assert [b.from_json(each).to_json() for each in held["blocks"]] == [block.to_json() for block in blocks]


def test_an_empty_table_says_so(results):
    assert "Nothing to list" in fragment([b.Table("t", Text("costs.table"), (b.Column("a", Text("table.area")),), ())])


def test_a_missing_cell_is_printed_as_not_known():
    columns = (
        b.Column("a", Text("table.area")),
        b.Column("r", Text("table.cost"), "range", "USD"),
        b.Column("n", Text("table.figures"), "number"),
    )
    assert fragment([b.Table("t", Text("costs.table"), columns, (("x", None, None),))]).count("not known") == 2


def test_ranges_in_a_table_carry_their_mass_in_the_header():
    columns = (b.Column("a", Text("table.area")), b.Column("r", Text("table.cost"), "range", "person"))
    shown = fragment([b.Table("t", Text("costs.table"), columns, (("x", PEOPLE),))])
    assert "80\u00a0% range" in shown and "1,000–3,000" in shown


def test_a_change_carries_its_sign_upwards_too():
    column = b.Column("without", Text("table.without"), "change")
    assert [printed(each, column, Words("en")) for each in (0.14, -0.014, 0.0, 0.0001)] == [
        "+14\u00a0%",
        "−1.4\u00a0%",
        "0\u00a0%",
        "0\u00a0%",
    ]


@pytest.mark.parametrize(("language", "told"), [
    ("en", "Area (80\u00a0%\u00a0range)"),
    ("fr", "Lieu (fourchette\u00a0à\u00a080\u00a0%)"),
])  # fmt: skip
def test_a_phone_reads_what_a_range_is_in_brackets_without_a_capital_and_on_one_line(language, told):
    table = b.Table("t", Text("costs.table"), (b.Column("r", Text("table.area"), "range"),), ((PEOPLE,),))
    assert View(Words(language), None).of(table)["told"][0] == told


@pytest.mark.parametrize("kind", sorted({*b.COLUMN_KINDS} - {"text", "date", "remark"}))
def test_every_kind_of_number_ends_where_numbers_end_on_pages_on_paper_and_in_word(kind):
    templates = Path(b.__file__).parent / "templates"
    (aligned,) = re.findall(r"^(.*) \{ text-align: right; \}$", (templates / "report.css").read_text("utf-8"), re.M)
    (numeric,) = re.findall(r"^#let numeric = \((.*)\)$", (templates / "report.typ").read_text("utf-8"), re.M)
    assert f".{kind}" in aligned.split(", ") and f'"{kind}"' in numeric.split(", ") and kind in _oxml.NUMERIC
