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
