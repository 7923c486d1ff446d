"""Tables are read as offices send them, and every damaged file names its row."""

import csv

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from needscast.inputs.files import read_csv
from needscast.inputs.problems import Problems
from needscast.inputs.rows import read_rows
from needscast.inputs.tables import FIGURES, SOURCES


def figures_of(toy):
    return toy.read().figures


def test_a_byte_order_mark_is_no_part_of_the_first_column(toy):
    before = figures_of(toy)
    toy.write("figures.csv", toy.rows("figures.csv"), encoding="utf-8-sig")
    assert figures_of(toy).equals(before)


def test_a_file_with_semicolons_is_read_like_one_with_commas(toy):
    before = figures_of(toy)
    toy.write("figures.csv", toy.rows("figures.csv"), delimiter=";")
    toy.write("areas.csv", toy.rows("areas.csv"), delimiter=";")
    assert figures_of(toy).equals(before)


def test_one_comma_in_a_number_of_a_semicolon_file_is_not_guessed(toy):
    rows = toy.rows("figures.csv")
    rows[1][rows[0].index("value")] = "8,000"
    toy.write("figures.csv", rows)
    assert toy.read().figures["value"][0] == 8000
    toy.write("figures.csv", rows, delimiter=";")
    assert toy.places() == ["figures.csv:2:value"]


def test_a_row_of_hxl_tags_is_skipped_and_counts_as_a_row(toy):
    before = figures_of(toy)
    rows = toy.rows("figures.csv")
    tags = ["#meta+id", *[""] * (len(rows[0]) - 2), "#description"]
    toy.write("figures.csv", [rows[0], tags, *rows[1:]])
    assert figures_of(toy).equals(before)
    toy.cell("figures.csv", 3, "value", "x")
    assert toy.places() == ["figures.csv:3:value"]


def test_blank_lines_are_skipped_and_count_as_rows(toy):
    rows = toy.rows("figures.csv")
    rows[3][rows[0].index("value")] = "x"
    toy.write("figures.csv", [rows[0], [], rows[1], [""] * len(rows[0]), *rows[2:], []])
    assert toy.places() == ["figures.csv:6:value"]


def test_arabic_digits_and_thousands_give_the_same_figures(toy):
    before = figures_of(toy)
    toy.cell("figures.csv", 2, "value", "٨٠٠٠").cell("figures.csv", 2, "as_of", "٢٠٢٠-٠١-١٤")
    toy.cell("figures.csv", 3, "value", "10,000").cell("figures.csv", 6, "value", "30 000")
    toy.cell("figures.csv", 7, "value", "150'000")
    assert figures_of(toy).equals(before)


def test_blank_cells_and_columns_beyond_the_header_do_no_harm(toy):
    before = figures_of(toy)
    rows = toy.rows("figures.csv")
    toy.write("figures.csv", [[*rows[0], ""], *([*row, "", ""] for row in rows[1:])])
    assert figures_of(toy).equals(before)


def test_columns_may_stand_in_any_order_and_optional_ones_may_be_left_out(toy):
    before = figures_of(toy)
    rows = toy.rows("figures.csv")
    keep = [number for number, name in enumerate(rows[0]) if name not in ("relayed_by", "hedge", "notes")]
    toy.write("figures.csv", [[row[number] for number in reversed(keep)] for row in rows])
    after = figures_of(toy)
    assert after.columns.tolist() == before.columns.tolist()
    assert after["value"].tolist() == before["value"].tolist()
    assert set(after["notes"]) == {""}


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        (",reliability,", ",grade,", "sources.csv:1:grade", "unknown column 'grade'"),
        (",reliability,", ",", "sources.csv:1:reliability", "the column is missing"),
        (",counts,", ",name,", "sources.csv:1:name", "stands twice in the header"),
        (",counts,", ",,", "sources.csv:1:column 5", "has no name"),
    ],
)
def test_a_wrong_header_is_named_by_its_column(toy, old, new, place, message):
    toy.text("sources.csv", old, new)
    found = {f"{p.file}:{p.row}:{p.column}": p.message for p in toy.problems() if p.file == "sources.csv"}
    assert message in found[place]


@pytest.mark.parametrize(
    ("content", "row", "message"),
    [
        (b"source,name,type,reliability\na,A,un,B,more\n", 2, "has 5 cells, the header has 4"),
        (b"source,name,type,reliability\na,A,un\n", 2, "has 3 cells, the header has 4"),
        (b"source,name,type,reliability\na,A,un,B\nb,caf\xe9,un,B\n", 3, "is not UTF-8"),
        (b'source,name,type,reliability\na,"A,un,B\n', 2, "cannot be split into cells"),
        (b"", 1, "has no header"),
        (b"\n\n", 1, "has no header"),
    ],
)
def test_a_damaged_table_names_the_row(content, row, message):
    problems = Problems()
    read_csv(content, SOURCES, "sources.csv", problems)
    assert [(problem.row, message in problem.message) for problem in problems.found] == [(row, True)]


def test_a_line_break_inside_a_cell_is_kept_and_is_no_row(toy):
    toy.cell("figures.csv", 2, "notes", "first line\r\nsecond line").cell("figures.csv", 3, "value", "x")
    assert toy.places() == ["figures.csv:3:value"]
    toy.cell("figures.csv", 3, "value", "10000")
    assert figures_of(toy)["notes"][0] == "first line\nsecond line"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_order_of_rows_does_not_matter_to_the_figures_read(toy, data):
    rows = toy.rows("figures.csv")
    body = data.draw(st.permutations(rows[1:]))
    text = "\n".join(",".join(row) for row in [rows[0], *body])
    problems = Problems()
    raw = read_csv(text.encode(), FIGURES, "figures.csv", problems)
    made = read_rows(raw, FIGURES, problems)
    known = read_rows(read_csv("\n".join(map(",".join, rows)).encode(), FIGURES, "f", problems), FIGURES, problems)
    assert not problems.found
    key = FIGURES.key[0]
    assert {row[key]: row.cells for row in made} == {row[key]: row.cells for row in known}


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_whatever_stands_in_a_table_is_read_or_told_never_a_crash(text):
    problems = Problems()
    raw = read_csv(text.encode("utf-8", "surrogatepass"), SOURCES, "sources.csv", problems)
    assert raw is not None or problems.found


@settings(max_examples=200)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), min_size=8, max_size=8))
def test_whatever_stands_in_a_row_is_read_or_told_with_its_row(cells):
    import io

    out = io.StringIO(newline="")
    csv.writer(out).writerows([SOURCES.names, cells])
    problems = Problems()
    raw = read_csv(out.getvalue().encode(), SOURCES, "sources.csv", problems)
    if raw:
        read_rows(raw, SOURCES, problems)
    assert all(problem.row >= 1 and problem.remedy for problem in problems.found)
