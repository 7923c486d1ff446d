"""A new crisis is there at once, reads without a problem, and says what to fill in."""

import pytest

from needscast import vocabulary
from needscast.errors import NeedscastError
from needscast.inputs import read_crisis
from needscast.inputs.new import new_crisis
from needscast.inputs.shipped import data_path


@pytest.mark.parametrize("workbook", [False, True])
def test_a_new_crisis_reads_without_a_problem_and_is_marked_as_an_illustration(tmp_path, workbook):
    made = new_crisis(tmp_path / "somewhere" / "my-crisis", workbook=workbook)
    crisis = read_crisis(made)
    assert made.name == ("my-crisis.xlsx" if workbook else "my-crisis")
    assert crisis.id == "my-crisis"
    assert crisis.illustration
    assert crisis.settings.name.startswith("TO FILL IN")
    assert len(crisis.sectors) >= 3
    assert crisis.hidden.empty


@pytest.mark.parametrize("workbook", [False, True])
def test_a_new_crisis_has_an_example_row_in_every_table_of_what_is_held_given_and_decided(tmp_path, workbook):
    crisis = read_crisis(new_crisis(tmp_path / "new", workbook=workbook))
    tables = ("stocks", "pipeline", "response", "crossings", "decisions", "priorities", "checks")
    assert [name for name in tables if getattr(crisis, name).empty] == []
    assert set(crisis.response["kind"]) == {"targeted", "reached", "funded"}


@pytest.mark.parametrize("workbook", [False, True])
def test_sector_cards_come_along_to_be_edited_and_change_nothing(tmp_path, workbook):
    with_cards = read_crisis(new_crisis(tmp_path / "one", workbook=workbook, cards=["SNFI", "ERL"]))
    without = read_crisis(new_crisis(tmp_path / "two"))
    assert with_cards.sectors == without.sectors
    assert dict(with_cards.inputs.by_name) == dict(without.inputs.by_name)
    if not workbook:
        assert {path.stem for path in (tmp_path / "one" / "sectors").iterdir()} == {"SNFI", "ERL"}


def test_a_card_that_is_not_shipped_names_those_that_are(tmp_path):
    with pytest.raises(NeedscastError, match=r"unknown sector card 'SNF'; did you mean 'SNFI'"):
        new_crisis(tmp_path / "one", cards=["SNF"])
    assert not list(tmp_path.iterdir())


def test_a_new_crisis_leaves_nothing_else_behind(tmp_path):
    new_crisis(tmp_path / "one")
    new_crisis(tmp_path / "two", workbook=True)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["one", "two.xlsx"]


def test_what_is_there_already_is_never_overwritten(tmp_path):
    (tmp_path / "one").mkdir()
    with pytest.raises(NeedscastError, match="is there already"):
        new_crisis(tmp_path / "one")
    (tmp_path / "two.xlsx").write_text("mine")
    with pytest.raises(NeedscastError, match="is there already"):
        new_crisis(tmp_path / "two", workbook=True)
    assert (tmp_path / "two.xlsx").read_text() == "mine"


@pytest.mark.parametrize("name", ["a b", "..", "=cmd()", "naïve", "x\ny"])
def test_a_name_of_other_signs_is_refused(tmp_path, name):
    with pytest.raises(NeedscastError, match="cannot name a crisis|is there already"):
        new_crisis(tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "words",
    ["CUMULATIVE", "STOCKS", "FIGURE_UNITS", "FIGURE_GROUPS", "COVERAGES", "SOURCE_TYPES", "AREA_LEVELS", "REGIMES"],
)
def test_the_page_of_the_template_lists_the_words_that_are_known(words):
    page = data_path("template", "README.md").read_text(encoding="utf-8")
    assert f"| {', '.join(getattr(vocabulary, words))}" in page


def test_sectors_are_left_out_by_one_line_and_their_rates_and_admissions_may_stay(tmp_path):
    made = new_crisis(tmp_path / "mine")
    settings, rates = made / "crisis.toml", made / "rates.csv"
    settings.write_text('sectors = ["FSC", "SNFI", "WASH"]\n' + settings.read_text())
    row = "{},,,1,2,3,0.8,{},a price list,2026-01-02,,low,\n"
    rates.write_text(rates.read_text() + row.format("NUT/therapeutic_food/price", "USD"))
    crisis = read_crisis(made)
    assert [sector.code for sector in crisis.sectors] == ["FSC", "SNFI", "WASH"]
    assert not [row.name for row in crisis.inputs if row.name.startswith("NUT/")]
    rates.write_text(rates.read_text().replace("NUT/therapeutic_food/price", "NUT/therapeutic_fod/price"))
    with pytest.raises(NeedscastError, match=r"unknown input of a sector card 'NUT/therapeutic_fod/price'"):
        read_crisis(made)
    settings.write_text(settings.read_text().replace('"FSC", "SNFI", "WASH"', '"FSC", "SNFI", "WASHH"', 1))
    with pytest.raises(NeedscastError, match=r"crisis.toml:1:sectors: unknown sector 'WASHH'; did you mean 'WASH'"):
        read_crisis(made)
