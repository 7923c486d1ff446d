"""A crisis as one workbook is the same crisis; nothing in it runs, and what is wrong names sheet and row."""

import os
import shutil
import subprocess
import sys
from dataclasses import fields
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from needscast import inputs
from needscast.errors import InputError, NeedscastError
from needscast.inputs import read_crisis
from needscast.inputs.shipped import data_path
from needscast.inputs.workbook import write_workbook

TOY = Path(__file__).parents[1] / "crises" / "toy"


def assert_same(one, other):
    for field in fields(one):
        first, second = getattr(one, field.name), getattr(other, field.name)
        if field.name == "hidden":
            pd.testing.assert_frame_equal(first[["name", "published"]], second[["name", "published"]])
        elif isinstance(first, pd.DataFrame):
            pd.testing.assert_frame_equal(first, second)
        elif field.name == "inputs":
            assert dict(first.by_name) == dict(second.by_name)
        elif field.name not in ("digests", "boundaries"):  # a workbook holds no outlines
            assert first == second, field.name


def edit(path, sheet, cell, value):
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_workbook(TOY, tmp_path_factory.mktemp("written") / "toy.xlsx")


@pytest.fixture
def book(written, tmp_path):
    """A copy of the workbook of the toy crisis, which a test may spoil."""
    return Path(shutil.copy(written, tmp_path))


def test_the_workbook_of_the_toy_reads_back_without_loss(toy, book):
    assert_same(toy.read(), read_crisis(book))


@pytest.mark.parametrize("name", ["crises/nw-syria-2020", "template"])
def test_the_shipped_crisis_and_the_template_read_back_without_loss(tmp_path, name):
    where = data_path(*name.split("/"))
    assert_same(read_crisis(where), read_crisis(write_workbook(where, tmp_path / f"{where.name}.xlsx")))


def test_what_no_run_reads_comes_back_too(toy):
    """Words in other languages, corrections, hard text, numbers with 17 digits."""
    toy.text(
        "scenarios/as-now.toml",
        "order = 1",
        'title_fr = "Comme maintenant"\ntitle_ar = "كما الآن"\norder = 1\nanalogues = ["T1", "T2"]',
    )
    toy.cell("figures.csv", 2, "notes", ' "quoted"; with, signs\nand a second line').cell(
        "figures.csv", 5, "value", "9999.123456789012"
    )
    toy.cell("rates.csv", 3, "best", "0.50000000000000011").cell("rates.csv", 3, "high", "0.6")
    toy.cell("figures.csv", 3, "area_printed", "2020-01-21").cell("figures.csv", 4, "area_printed", "1-2")
    toy.write(
        "corrections.csv",
        [
            ["figure_id", "column", "action", "expected", "value", "reason", "author", "date"],
            ["T7", "value", "scale", "8000", "0.5", "half", "the test", "2020-01-28"],
        ],
    )
    made = read_crisis(write_workbook(toy.path, toy.path.parent / "toy.xlsx"))
    assert_same(toy.read(), made)
    assert made.scenarios[0].title == {"en": "It goes on as now", "fr": "Comme maintenant", "ar": "كما الآن"}


def test_a_formula_or_script_in_a_cell_is_written_as_text(toy):
    toy.cell("figures.csv", 2, "notes", "=cmd|' /C calc'!A0").cell(
        "figures.csv", 3, "notes", "<script>alert(1)</script>"
    )
    toy.cell("figures.csv", 4, "notes", "https://example.org/x").cell("figures.csv", 5, "notes", "@SUM(1)")
    path = write_workbook(toy.path, toy.path.parent / "toy.xlsx")
    sheet = openpyxl.load_workbook(path)["figures"]
    cells = [row[22] for row in sheet.iter_rows(min_row=2, max_row=5)]
    assert [cell.data_type for cell in cells] == ["s"] * 4
    assert all(cell.hyperlink is None for cell in cells)
    assert read_crisis(path).figures["notes"].tolist()[:2] == ["=cmd|' /C calc'!A0", "<script>alert(1)</script>"]


def test_vocabulary_and_id_columns_have_lists_to_choose_from(book):
    sheet = openpyxl.load_workbook(book)["figures"]
    lists = {rule.sqref.ranges.pop().coord[:1]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert "displaced_cumulative" in lists["B"]
    assert '"all,idp,host' in lists["C"]
    assert lists["D"] == "areas!$A$2:$A$505"
    assert lists["P"] == "sources!$A$2:$A$503"
    assert sheet.freeze_panes == "B2"
    assert "what is counted" in sheet["B1"].comment.text


def test_the_same_crisis_gives_the_same_bytes(toy, book):
    again = write_workbook(toy.path, toy.path.parent / "again.xlsx")
    assert again.read_bytes() == book.read_bytes()


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "place"),
    [
        ("figures", "K2", "many", "toy.xlsx[figures]:2:value"),
        ("figures", "K2", -5, "toy.xlsx[figures]:2:value"),
        ("figures", "G2", "21/01/2020", "toy.xlsx[figures]:2:as_of"),
        ("figures", "B1", "measures", "toy.xlsx[figures]:1:measures"),
        ("crisis", "B17", "many", "toy.xlsx[crisis]:17:seed"),
        ("crisis", "A17", "seeds", "toy.xlsx[crisis]:17:seeds"),
        ("scenarios", "C2", "first", "toy.xlsx[scenarios]:2:order"),
        ("overrides", "B3", "pace", "toy.xlsx[overrides]:3:override.2.input"),
        ("overrides", "A3", "ofensive", "toy.xlsx[overrides]:3:scenario"),
        ("sectors", "C4", "first", "toy.xlsx[sectors]:4:order"),
    ],
)
def test_a_bad_cell_names_its_sheet_and_row(book, sheet, cell, value, place):
    edit(book, sheet, cell, value)
    with pytest.raises(InputError) as raised:
        read_crisis(book)
    found = [f"{problem.file}:{problem.row}:{problem.column}" for problem in raised.value.problems]
    assert place in found, found


def test_a_sheet_that_nobody_reads_is_refused(book):
    made = openpyxl.load_workbook(book)
    made.create_sheet("stock")
    made.save(book)
    with pytest.raises(InputError, match="did you mean 'stocks'"):
        read_crisis(book)


def test_a_formula_without_a_stored_result_is_told_not_read_as_blank(book):
    edit(book, "figures", "K2", "=4000*2")
    with pytest.raises(InputError, match=r"toy.xlsx\[figures\]:2:K2: is a formula without a stored result"):
        read_crisis(book)


def test_a_formula_counts_with_its_stored_result(tmp_path, toy):
    import xlsxwriter

    from needscast.inputs.problems import Problems
    from needscast.inputs.sheets import read_sheets

    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as made:
        made.add_worksheet("figures").write_formula("A1", "=4000*2", None, 8000)
    problems = Problems()
    assert read_sheets((tmp_path / "x.xlsx").read_bytes(), "x.xlsx", problems) == {"figures": [(1, (8000,))]}
    assert not problems.found


def test_what_is_no_workbook_is_told_in_one_line(tmp_path):
    (tmp_path / "toy.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(InputError, match="not a readable XLSX workbook") as raised:
        read_crisis(tmp_path / "toy.xlsx")
    assert len(raised.value.problems) == 1
    (tmp_path / "toy.xls").write_bytes(b"old")
    with pytest.raises(NeedscastError, match="unknown crisis"):
        read_crisis(tmp_path / "toy.xls")


def test_a_cell_longer_than_a_spreadsheet_holds_is_refused_and_the_old_workbook_stays(toy, book):
    before = book.read_bytes()
    toy.cell("figures.csv", 2, "notes", "x" * 40_000)
    with pytest.raises(NeedscastError, match="sheet figures, row 2"):
        write_workbook(toy.path, book)
    assert book.read_bytes() == before
    assert {file.name for file in book.parent.iterdir()} == {"toy", "toy.xlsx"}


def test_dates_are_date_cells_and_numbers_are_numbers(book):
    sheet = openpyxl.load_workbook(book)["figures"]
    assert sheet["G2"].value.date() == date(2020, 1, 14)
    assert sheet["K2"].value == 8000


def test_reading_a_folder_loads_no_spreadsheet_library():
    words = (
        "import sys, needscast.inputs; print([m for m in ('openpyxl', 'xlsxwriter', 'papermill') if m in sys.modules])"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(inputs.__file__).parents[2])}
    made = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True, env=environment)
    assert made.stdout.strip() == "[]"
