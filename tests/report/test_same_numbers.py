"""The same headline numbers in every format, each read back by somebody else's reader."""

import csv
import io
import json
import re
from html.parser import HTMLParser

import docx
import openpyxl
import pypdf
import pytest

from needscast import report
from needscast.report import blocks as b
from needscast.report import formats
from needscast.report.sections import SCENARIO
from needscast.report.values import Range

# Printed by hand from the made-up results: label, ends, middle as people read them.
PRINTED = ("320,000–430,000", "90,000–120,000", "360,000–480,000", "USD 36–48 million")


class Words(HTMLParser):
    """The text of a page without its style."""

    def __init__(self, text):
        super().__init__()
        self.said, self.inside = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.inside = tag

    def handle_data(self, data):
        if self.inside != "style":
            self.said.append(data)


def of_html(path):
    return " ".join(Words(path.read_text(encoding="utf-8")).said)


def of_pdf(path):
    return " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def of_docx(path):
    return " ".join(paragraph.text for paragraph in docx.Document(path).paragraphs)


def numbers_of_xlsx(path):
    rows = openpyxl.load_workbook(path)["Summary"].iter_rows(values_only=True)
    return {row[2:5] for row in rows if row[5] == 0.8}


def numbers_of_csv(path):
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    return {tuple(float(row[end]) for end in ("lower", "median", "upper")) for row in rows if row["lower"]}


def numbers_of_json(path):
    held, found = [json.loads(path.read_text(encoding="utf-8"))], set()
    while held:
        each = held.pop()
        if isinstance(each, dict) and each.get("is") == "range":
            found.add((each["lower"], each["median"], each["upper"]))
        held += each.values() if isinstance(each, dict) else each if isinstance(each, list) else []
    return found


PEOPLE_READ = {"html": of_html, "pdf": of_pdf, "docx": of_docx}
MACHINES_READ = {"xlsx": numbers_of_xlsx, "csv": numbers_of_csv, "json": numbers_of_json}


@pytest.fixture(scope="module")
def blocks(results):
    page = report.page(results)
    return tuple(page.show(name) for name in ("cover", *SCENARIO))


def test_every_format_is_read_back_here():
    assert {*PEOPLE_READ, *MACHINES_READ} == set(formats.known())


@pytest.mark.parametrize("format", PEOPLE_READ)
def test_people_read_the_same_headline_numbers(blocks, format, tmp_path):
    said = PEOPLE_READ[format](formats.write(blocks, format, tmp_path / f"r.{format}"))
    plain = re.sub(r"\s+", " ", said.replace("\N{WORD JOINER}", "").replace("\N{NO-BREAK SPACE}", " "))
    assert [each for each in PRINTED if each not in plain] == []


@pytest.mark.parametrize("format", MACHINES_READ)
def test_machines_read_the_same_headline_numbers_unrounded(blocks, format, tmp_path):
    found = MACHINES_READ[format](formats.write(blocks, format, tmp_path / f"r.{format}"))
    ranges = [each.value for each in b.flat(blocks) if isinstance(each, b.KeyFigure) and isinstance(each.value, Range)]
    assert len(ranges) == len(PRINTED)
    wanted = [(each.lower, each.median, each.upper) for each in ranges]
    assert [each for each in wanted if not any(each == pytest.approx(one, rel=1e-12) for one in found)] == []
