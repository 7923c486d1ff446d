"""Do no harm: a public edition holds nothing of a row that is not public, and the check finds it when it does."""

import zipfile

import pandas as pd
import pypdf
import pytest
from made_up_report import MadeUp, made_up_results
from reading import said

from needscast import report
from needscast.report import blocks as b
from needscast.report import formats
from needscast.report.edition import (
    CONTACT,
    EditionError,
    Hidden,
    check_edition,
    check_tables,
    shown_figures,
    source_name,
)
from needscast.report.sections import SCENARIO
from needscast.report.values import Text

PLAIN = b.Column("area", Text("table.area"))


def table(columns, *rows):
    return b.Table("t", Text("costs.table"), columns, rows)


@pytest.mark.parametrize(
    "word",
    [
        "F7",
        "Secret Cell",
        "Kafr Example",
        "village",
        "White Hats",
        "the civil help",
        "White Hats (Civil Help)",
    ],
)
def test_a_word_of_a_row_that_is_not_public_stops_a_public_edition(results, word):
    hurtful = b.Group((b.Sentence(Text("missing.hidden", {"rows": 1, "date": f"seen by {word} there"})),))
    with pytest.raises(EditionError, match="public edition"):
        check_edition([hurtful], results.crisis, "public")
    check_edition([hurtful], results.crisis, "internal")


def test_a_hidden_word_is_found_in_tables_charts_and_sources_too(results):
    holders = [
        table((PLAIN,), ("Kafr Example",)),
        b.Chart("circles", "m", Text("needs.by_sector"), {"places": [{"name": "Kafr Example"}]}),
        b.Table("t", Text("costs.table"), (PLAIN,), (), sources=("F1", "F7")),
    ]
    for block in holders:
        with pytest.raises(EditionError):
            check_edition([block], results.crisis, "public")


def test_a_table_for_scripts_is_refused_in_public_for_what_its_text_holds(results):
    decided = pd.DataFrame({"item": ["tent", "tent"], "chosen_by": ["nobody yet", "the team in Kafr Example"]})
    with pytest.raises(EditionError, match=r"decisions\.csv column 'chosen_by' names 'Kafr Example' in a public"):
        check_tables({"decisions": decided}, results.crisis, "public")
    check_tables({"decisions": decided}, results.crisis, "internal")
    check_tables({"costs": pd.DataFrame({"sources": ["F7"]})}, results.crisis, "public")


def test_a_hidden_word_inside_a_longer_public_word_is_no_alarm(results):
    crisis = results.crisis
    crisis.areas.loc[crisis.areas["area"] == "north", "name"] = "Kafr Example and North"
    try:
        assert Hidden(crisis).found_in("people in Kafr Example and North, F77") == []
        assert Hidden(crisis).found_in("people in Kafr Example, North") == ["Kafr Example"]
    finally:
        crisis.areas.loc[crisis.areas["area"] == "north", "name"] = "North border"


@pytest.mark.parametrize("columns", [("reliability",), ("grade",), ("origin", "destination")])
def test_grades_and_routes_stop_a_public_edition(results, columns):
    block = table(tuple(b.Column(key, Text("table.area")) for key in columns))
    with pytest.raises(EditionError):
        check_edition([block], results.crisis, "public")


def test_a_local_responder_has_a_number_in_public_and_a_name_inside(results):
    assert source_name(results.crisis, "helpers", "public") == Text("source.local_responder", {"number": 1})
    assert source_name(results.crisis, "helpers", "internal") == "White Hats (Civil Help)"
    assert source_name(results.crisis, "agency", "public") == "The Agency"


def test_figures_that_are_not_public_are_left_out_and_counted(results, internal):
    assert set(internal.crisis.figures["figure_id"]) - set(shown_figures(results.crisis, "public")["figure_id"]) == {
        "F7"
    }
    assert report.page(results).show("withheld").blocks[0].text.values["hidden"].value == 1
    assert report.page(internal).show("withheld").blocks == ()


@pytest.mark.parametrize("section", SCENARIO)
def test_no_section_shows_in_public_what_must_stay_internal(results, section):
    check_edition([report.page(results).show(section)], results.crisis, "public")


def test_an_internal_edition_shows_grades_and_names(internal):
    used = str(report.page(internal).show("figures_used").to_json())
    assert "'B3'" in used
    assert "Secret Cell" in used


@pytest.mark.parametrize("section", SCENARIO)
def test_a_public_edition_sends_nobody_to_a_file_of_the_crisis(section):
    """Who keeps the inputs is told which file to fill in; a donor is not."""
    public, inside = made_up_results(), made_up_results(readership="internal")
    for results in (public, inside):
        results.tables["response"] = results.tables["response"].iloc[:0]
    assert ".csv" not in said(report.page(public).show(section))
    if section == "gap":
        assert "Add rows to stocks.csv" in said(report.page(inside).show(section))


def test_two_sources_that_are_not_public_have_two_numbers(results):
    sources = results.crisis.sources
    hidden = sources.assign(sensitivity=["public", "internal", "public", "internal", "restricted"])
    crisis = MadeUp(**{**vars(results.crisis), "sources": hidden})
    named = [source_name(crisis, each, "public") for each in ("monitor", "paper", "secret-cell")]
    assert [(each.key, each.values["number"]) for each in named] == [("source.unnamed", n) for n in (1, 2, 3)]


def test_the_weight_of_a_scenario_is_a_number_only_inside(results, internal):
    public, inside = (str(report.page(each).show("headline").to_json()) for each in (results, internal))
    assert "weight.likely" in public and "weight.likely" not in inside
    assert "weight.judged" in public and "weight.judged" in inside


HURTFUL = (
    "Kafr Example",
    "White Hats",
    "Civil Help",
    "Secret Cell",
    "secret-cell",
    ">F7<",
)  # F7 alone is a cell of a workbook too
FORMATS = ("html", "json", "csv", "xlsx", "docx", "pdf")


def words_in(path):
    """Return all text of a file: of an archive, every part of it; of a PDF, pages, metadata and alternative texts."""
    if path.suffix == ".pdf":
        reader = pypdf.PdfReader(path)
        objects = (reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1))
        said = [str(each.get("/Alt", "")) + str(each.get("/Title", "")) for each in objects if isinstance(each, dict)]
        pages = [page.extract_text() for page in reader.pages]
        return " ".join(" ".join([*pages, *said, str(reader.metadata)]).split())
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return " ".join(each.read_text(encoding="utf-8") for each in files if each.is_file())


@pytest.fixture(scope="module")
def editions():
    """The whole scenario report in both editions."""
    pages = {name: report.page(made_up_results(readership=name)) for name in ("public", "internal")}
    return {name: [page.show("cover"), *(page.show(each) for each in SCENARIO)] for name, page in pages.items()}


@pytest.mark.parametrize("kind", FORMATS)
def test_no_format_of_a_public_edition_holds_a_site_a_local_responder_or_a_restricted_row(editions, kind, tmp_path):
    held = {}
    for name, blocks in editions.items():
        if kind == "pdf" and name == "internal":  # one section shows that the words can be found in a PDF
            blocks = [each for each in blocks if getattr(each, "section", "") in ("", "evidence")]
        made = formats.write(blocks, kind, tmp_path / f"{name}.{kind}")
        held[name] = words_in(made if made is not None else tmp_path / f"{name}.{kind}")
    assert [word for word in HURTFUL if word in held["public"]] == []
    assert CONTACT.search(held["public"]) is None or kind in ("xlsx", "docx")  # their parts hold technical names
    assert "Secret Cell" in held["internal"], "the words are there to be found"


@pytest.mark.parametrize("contact", ["write to desk.idleb@aid.example.org", "call +963 (21) 555-0100 now"])
def test_a_contact_stops_a_public_edition(results, contact):
    with pytest.raises(EditionError, match="holds a contact"):
        check_edition([b.Note("method", contact)], results.crisis, "public")
    check_edition([b.Note("method", contact)], results.crisis, "internal")


@pytest.mark.parametrize("text", ["+12 % and +1,200,000 people", "up by +350000", "@REACH", "B017; 2020-01-21+14"])
def test_a_number_with_a_sign_is_no_contact(results, text):
    check_edition([b.Note("method", text)], results.crisis, "public")


@pytest.mark.parametrize("kind", FORMATS)
def test_flows_between_zones_are_in_no_format_of_a_public_edition(kind, tmp_path):
    page = report.page(made_up_results())
    made = formats.write((page.show("cover"), page.show("routes")), kind, tmp_path / f"routes.{kind}")
    held = words_in(made)
    assert "flows_between_zones" not in held and "from_area" not in held


@pytest.mark.parametrize("word", ["reliability", "credibility", "B3"])
def test_a_public_edition_holds_no_grade(editions, word):
    assert word not in str([block.to_json() for block in editions["public"]])
