"""Every total of a report equals the sum of its parts, as they are shown, in every format, after rounding too."""

import csv
import io
import json
import re
from decimal import Decimal
from html.parser import HTMLParser

import docx
import openpyxl
import pypdf
import pytest

from needscast import chain, comparison, report
from needscast.report import blocks as b
from needscast.report import formats
from needscast.report.sections import COMPARISON, SCENARIO
from needscast.report.values import BlockError, Range, Text
from needscast.report.words import Words

WORDS = Words("en")
SUMS_OF_A_SCENARIO = {
    *(("displaced_by_zone", "average"), ("cost_by_sector", "average"), ("crossing_load", "tonnes")),
    ("crossing_load", "weeks"),
    *(
        (f"share_{item}", column)
        for item in ("family_tent", "household_kit")
        for column in ("claim", "given", "left", "people")
    ),
}
ADDING = (b.Column("zone", Text("table.zone")), b.Column("average", Text("table.average"), "people", adds_up=True))


def tables(page, sections):
    """Every table of a report under its cover; charts take seconds to draw and hold no total."""
    shown = b.flat([page.show(name) for name in ("cover", *sections)])
    return tuple(block for block in shown if isinstance(block, b.Cover | b.Table))


@pytest.fixture(scope="module")
def made_up(results):
    return [tables(report.page(results), SCENARIO)]


@pytest.fixture(scope="module")
def shipped():
    found = chain.estimate_all("nw-syria-2020", ["as-now", "offensive-m5-m4"], draws=256, readership="internal")
    pages = [*((report.page(each), SCENARIO) for each in found), (report.page(comparison.compare(found)), COMPARISON)]
    return [tables(*page) for page in pages]


MANY = pytest.mark.prove  # two scenarios and their comparison in six formats take half a minute


@pytest.fixture(params=["made_up", pytest.param("shipped", marks=MANY)])
def reports(request):
    return request.getfixturevalue(request.param)


# --- readers: what the cells of a column are in a file, parts first, the total last ---


class Rows(HTMLParser):
    """The cells of every table of a page, by the anchor of the table."""

    def __init__(self, text):
        super().__init__()
        self.found, self.anchor, self.cell = {}, "", None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.anchor = dict(attrs).get("id") or self.anchor
        if tag == "tr":
            self.found.setdefault(self.anchor, []).append([])
        elif tag in ("td", "th"):
            self.cell = []

    def handle_data(self, data):
        if self.cell is not None:
            self.cell.append(data)

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.cell is not None:
            self.found[self.anchor][-1].append("".join(self.cell))
            self.cell = None


def place(table, at):
    """The number of cells before a column on a page, where a range takes two."""
    return sum(2 if column.kind == "range" else 1 for column in table.columns[:at])


def of_html(path, _):
    rows = Rows(path.read_text(encoding="utf-8")).found
    return lambda table, at: [row[place(table, at)] for row in rows[table.name.replace("_", "-")][-len(table.rows) :]]


def of_docx(path, blocks):
    filled = [block.name for block in blocks if isinstance(block, b.Table) and block.rows]
    laid = docx.Document(path).tables
    assert len(filled) == len(laid)
    found = dict(zip(filled, laid, strict=True))
    return lambda table, at: [row.cells[place(table, at)].text for row in found[table.name].rows[-len(table.rows) :]]


def of_pdf(path, _):
    text = plain(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages))

    def column(table, at):
        held, cells = text.partition(plain(WORDS.say(table.caption)))[2], []
        for row in table.rows:
            held = held.partition(f"{plain(capital(WORDS.say(row[0])))} ")[2]
            blank = sum(cell == "" for cell in row[:at])
            cells.append(held.split(" ")[place(table, at) - 1 - blank])
        return cells

    return column


def of_xlsx(path, _):
    live, kept = (openpyxl.load_workbook(path, data_only=data) for data in (False, True))

    def column(table, at):
        before = sum(5 if column.kind == "range" else 1 for column in table.columns[:at])
        cells = [
            [sheet[table.name[:31]].cell(4 + row, 1 + before) for row in range(len(table.rows))]
            for sheet in (live, kept)
        ]
        letter, last = cells[0][0].column_letter, 3 + len(table.rows)
        assert cells[0][-1].value == f"=SUM({letter}4:{letter}{last - 1})"
        assert {cell.number_format for cell in cells[1]} <= {"#,##0", "#,##0.###"}
        return [str(cell.value) for cell in cells[1]]

    return column


def of_csv(path, _):
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    return lambda table, at: [
        float(row["value"]) for row in rows if (row["table"], row["column"]) == (table.name, table.columns[at].key)
    ]


def of_json(path, _):
    held = [b.from_json(each) for each in json.loads(path.read_text(encoding="utf-8"))["blocks"]]
    found = {block.name: block for block in held if isinstance(block, b.Table)}
    return lambda table, at: [float(row[at]) for row in found[table.name].rows]


READERS = {"html": of_html, "docx": of_docx, "pdf": of_pdf, "xlsx": of_xlsx, "csv": of_csv, "json": of_json}


def plain(text):
    return re.sub(r"\s+", " ", text.replace("\N{WORD JOINER}", "").replace("\N{NO-BREAK SPACE}", " "))


def capital(text):
    return text[:1].upper() + text[1:]


def number(printed):
    """A printed cell as the exact decimal that a reader would add; what is below the step counts as nothing."""
    if isinstance(printed, float):
        return printed
    return Decimal(0) if printed.startswith("<") else Decimal(printed.replace(",", "").replace("\N{MINUS SIGN}", "-"))


def sums(blocks):
    """Every column of the report that adds up: table, place, column."""
    return [
        (block, at, column)
        for block in blocks
        if isinstance(block, b.Table) and block.total
        for at, column in enumerate(block.columns)
        if column.adds_up
    ]


# --- the law ----------------------------------------------------------------------------------------------------------


def test_every_format_is_read_back_here():
    assert set(READERS) == set(formats.known())


@pytest.mark.parametrize("format", READERS)
def test_every_total_is_the_sum_of_its_parts_as_shown(reports, format, tmp_path):
    for blocks in reports:
        column_of = READERS[format](formats.write(blocks, format, tmp_path / f"r.{format}"), blocks)
        for table, at, column in sums(blocks):
            *parts, total = [number(cell) for cell in column_of(table, at)]
            where = f"{table.name}, {column.key}"
            if isinstance(total, float):
                assert sum(parts) == pytest.approx(total, rel=1e-9), where
            else:
                assert sum(parts) == total, where
                computed = table.rows[-1][at] / (1e6 if total < table.rows[-1][at] / 1e3 else 1)
                assert float(total) == pytest.approx(computed, rel=0.02, abs=1), where


def test_every_table_with_a_total_has_a_column_that_adds_up_and_no_total_hides_in_another(reports):
    for blocks in reports:
        for table in (block for block in blocks if isinstance(block, b.Table)):
            named = [row for row in table.rows if isinstance(row[0], Text) and row[0].key == "table.total"]
            assert len(named) == (1 if table.total else 0), table.name
            assert table.total == any(column.adds_up for column in table.columns), table.name


@MANY
def test_the_shipped_scenarios_have_the_totals_that_are_listed_here(shipped):
    *scenarios, compared = shipped
    assert len(scenarios) == 2 and sums(compared) == []
    for blocks in scenarios:
        assert {(table.name, column.key) for table, _, column in sums(blocks)} >= SUMS_OF_A_SCENARIO


@MANY
def test_what_is_given_and_what_stays_unserved_are_what_is_due_to_the_unit(shipped):
    for blocks in shipped[:-1]:
        for table in (each for each in blocks if isinstance(each, b.Table) and each.name.startswith("share_")):
            at = {column.key: place for place, column in enumerate(table.columns)}
            assert {column.kind for column in table.columns if column.key in ("claim", "given", "left")} == {"count"}
            assert [row[at["claim"]] for row in table.rows] == [
                row[at["given"]] + row[at["left"]] for row in table.rows
            ]


# --- a table that would break it is not made --------------------------------------------------------------------------


def test_a_total_that_its_parts_do_not_make_is_refused():
    with pytest.raises(BlockError, match="parts make 3, the total says 4"):
        b.Table("zones", Text("costs.table"), ADDING, (("a", 1.0), ("b", 2.0), ("all", 4.0)), total=True)


def test_a_count_that_is_not_whole_is_refused():
    columns = (b.Column("zone", Text("table.zone")), b.Column("packs", Text("table.order"), "count"))
    with pytest.raises(BlockError, match="not every cell is a whole number"):
        b.Table("zones", Text("costs.table"), columns, (("a", 1.5),))


def test_a_total_of_ranges_says_that_ranges_do_not_add_up_and_has_averages_beside():
    columns = (*ADDING, b.Column("people", Text("table.range"), "range", "person"))
    rows = (("a", 2.0, Range(1, 2, 3, 0.8)), ("all", 2.0, Range(1, 2, 3, 0.8)))
    b.Table("zones", Text("costs.table"), columns, rows, total=True, note=Text("table.adding"))
    with pytest.raises(BlockError, match="total of ranges"):
        b.Table("zones", Text("costs.table"), columns, rows, total=True)
    with pytest.raises(BlockError, match="total of ranges"):
        without = tuple((row[0], row[2]) for row in rows)
        b.Table("z", Text("costs.table"), (columns[0], columns[2]), without, total=True, note=Text("table.adding"))


def test_a_count_is_printed_to_the_unit_beside_a_large_one():
    columns = (b.Column("zone", Text("table.zone")), b.Column("given", Text("table.given"), "count", adds_up=True))
    table = b.Table("zones", Text("costs.table"), columns, (("a", 24_455), ("b", 7), ("all", 24_462)), total=True)
    from needscast.report.formats.html import fragment

    assert re.findall(r'<td class="count">([^<]+)</td>', fragment([table])) == ["24,455", "7", "24,462"]
