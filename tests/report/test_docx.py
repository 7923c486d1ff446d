"""DOCX: a document with real headings, header rows and texts for pictures, in which edits are tracked."""

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from needscast import report
from needscast.report import blocks as b
from needscast.report import formats
from needscast.report.sections import SCENARIO
from needscast.report.values import Range, Text


@pytest.fixture(scope="module")
def made(results, tmp_path_factory):
    page = report.page(results)
    blocks = tuple(page.show(name) for name in ("cover", *SCENARIO))
    return formats.write(blocks, "docx", tmp_path_factory.mktemp("docx") / "r.docx").read_bytes()


@pytest.fixture(scope="module")
def arabic(results, tmp_path_factory):
    """The parts of the document in Arabic, without charts, which are pictures."""
    blocks = [report.page(results).show(name) for name in ("cover", "headline", "where", "demand")]
    path = formats.write(blocks, "docx", tmp_path_factory.mktemp("docx") / "ar.docx", language="ar")
    return docx.Document(path)


@pytest.fixture(scope="module")
def document(made):
    return docx.Document(io.BytesIO(made))


def test_headings_are_headings_and_go_down_one_step_at_a_time(document):
    styles = [each.style.name for each in document.paragraphs]
    levels = [int(style[-1]) for style in styles if style.startswith("Heading ")]
    assert styles.count("Title") == 1 and set(levels) >= {1, 2}
    assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False))
    assert "Region of <b>Examples</b>: people displaced and aid required" in [each.text for each in document.paragraphs]


def test_every_picture_has_a_text_and_every_table_a_header_row_and_a_description(document):
    pictures = document.element.body.findall(f".//{qn('wp:docPr')}")
    assert pictures and all(len(each.get("descr")) > 20 for each in pictures)
    tables = document.element.body.findall(f".//{qn('w:tbl')}")
    assert tables and all(each.find(f".//{qn('w:tblHeader')}") is not None for each in tables)
    assert all(each.find(f".//{qn('w:tblDescription')}").get(qn("w:val")) for each in tables)


def test_each_row_of_a_table_fills_its_grid(document):
    for table in document.element.body.findall(f".//{qn('w:tbl')}"):
        columns = len(table.findall(f"{qn('w:tblGrid')}/{qn('w:gridCol')}"))
        for row in table.findall(qn("w:tr")):
            spans = [cell.find(f".//{qn('w:gridSpan')}") for cell in row.findall(qn("w:tc"))]
            assert sum(1 if span is None else int(span.get(qn("w:val"))) for span in spans) == columns


def test_edits_are_tracked_and_the_language_and_date_are_those_of_the_report(document):
    assert document.settings.element.find(qn("w:trackRevisions")) is not None
    assert document.core_properties.language == "en"
    assert str(document.core_properties.modified).startswith("2020-01-21")


def test_the_archive_holds_no_time_of_its_making(made):
    assert {each.date_time for each in zipfile.ZipFile(io.BytesIO(made)).infolist()} == {(2020, 1, 1, 0, 0, 0)}


def test_arabic_letters_have_their_own_size_and_weight(arabic):
    """Word keeps both beside those of Latin letters; without them a table of 7 points is set in 10."""
    for look in arabic.element.body.iter(qn("w:rPr")):
        sizes = [look.find(qn(f"w:{name}")) for name in ("sz", "szCs")]
        assert (sizes[0] is None) == (sizes[1] is None)
        assert (look.find(qn("w:b")) is None) == (look.find(qn("w:bCs")) is None)
    assert all(
        look.find(qn("w:szCs")) is not None for look in arabic.element.body.findall(f".//{qn('w:tc')}//{qn('w:rPr')}")
    )
    for name in ("Title", "Subtitle", "Small", "Caption"):
        look = arabic.styles[name].element.rPr
        assert look.find(qn("w:szCs")).get(qn("w:val")) == look.find(qn("w:sz")).get(qn("w:val"))
        assert look.find(qn("w:spacing")) is None  # letters that are set apart do not join


def test_arabic_paragraphs_run_from_right_to_left_in_the_footer_too(arabic):
    paragraphs = [*arabic.element.body.iter(qn("w:p")), arabic.sections[0].footer.paragraphs[0]._p]
    told = [each for each in paragraphs if each.findall(qn("w:r"))]
    assert told and all(each.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None for each in told)
    runs = [run for each in told for run in each.findall(qn("w:r"))]
    assert all(run.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None for run in runs)


def test_office_files_hold_marks_and_no_isolates(arabic):
    said = "".join(arabic.element.body.itertext())
    assert not set("\u2066\u2067\u2068\u2069") & set(said)
    assert "\u200f" in said and "\u200e" in said


def test_a_range_may_break_before_its_unit_and_each_remark_has_a_line_of_its_own(tmp_path):
    cover = b.Cover(Text("title.under", {"scenario": "x"}), "c", "C", "2020-01-21", "2019-12-01", "public")
    columns = (
        b.Column("item", Text("table.item")),
        b.Column("range", Text("table.cost"), "range"),
        *(b.Column(key, Text(f"table.{key}"), "remark") for key in ("source", "reason")),
    )
    rows = (("tent", Range(7e7, 1.1e8, 1.5e8, 0.8, "USD"), "a list", "a guess"),)
    blocks = (cover, b.Table("t", Text("costs.table"), columns, rows))
    written = formats.write(blocks, "docx", tmp_path / "r.docx", language="fr")
    cells = [[cell.text for cell in row.cells] for row in docx.Document(written).tables[0].rows]
    assert cells[2][1] == "70\u2060–\u2060150 millions USD" and cells[2][2] == "110\u00a0millions\u00a0USD"
    assert [row[0] for row in cells[3:]] == ["Source\u00a0: a list", "Raison\u00a0: a guess"]
