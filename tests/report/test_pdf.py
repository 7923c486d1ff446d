"""PDF: pages that a screen reader can read, the same bytes twice, and no text of the data that is taken for markup."""

import io

import pypdf
import pytest

from needscast import report
from needscast.errors import NeedscastError
from needscast.report import blocks as b
from needscast.report import formats
from needscast.report.sections import SCENARIO
from needscast.report.values import Text

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


def test_the_answer_takes_two_pages_and_the_annexes_begin_on_the_third(reader):
    starts = [number for number, page in enumerate(reader.pages, start=1) if "Annexes" in page.extract_text()]
    assert starts[0] == 3


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
