"""The parameters contract: typed literals, checked by name, type and rule before anything runs."""

from __future__ import annotations

from datetime import date

import pytest

from needscast.press.parameters import ParameterError, check_injected, check_values, read_parameters

CELL = """
scenario: str = "as-now"  # a card of the crisis
draws: int = 0  # number of worlds, 0 .. 1_000_000
share: float = 0.5  # planning level, 0 .. 1
quick: bool = False  # fewer pictures
limit: int | None = None  # most rows, or all
as_of: str = ""  # last day that is known, YYYY-MM-DD; blank means the crisis's own
readership: str = ""  # public | internal
"""


def test_every_parameter_has_name_type_default_and_help():
    known = read_parameters(CELL)
    assert list(known) == ["scenario", "draws", "share", "quick", "limit", "as_of", "readership"]
    assert (known["draws"].type, known["draws"].default, known["draws"].limits) == ("int", 0, (0, 1_000_000))
    assert known["readership"].choices == ("public", "internal")
    assert known["scenario"].help == "a card of the crisis"


def test_what_is_not_given_keeps_its_default():
    assert check_values(read_parameters(CELL), {"draws": 64}) == {
        "scenario": "as-now",
        "draws": 64,
        "share": 0.5,
        "quick": False,
        "limit": None,
        "as_of": "",
        "readership": "",
    }


def test_an_unknown_parameter_is_an_error_that_names_the_nearest():
    with pytest.raises(ParameterError, match="unknown parameter 'n_draw'; did you mean 'draws'"):
        check_values(read_parameters(CELL), {"n_draw": 64})


def test_an_optional_type_is_seen_and_takes_none_or_its_type():
    known = read_parameters(CELL)
    assert known["limit"].optional
    assert [check_values(known, {"limit": each})["limit"] for each in (None, 7)] == [None, 7]


@pytest.mark.parametrize(
    "given",
    [
        {"draws": "64"},
        {"draws": 64.0},
        {"draws": True},
        {"draws": None},
        {"quick": 1},
        {"scenario": 3},
        {"share": "0.5"},
        {"share": float("nan")},
        {"limit": "7"},
    ],
)
def test_a_value_of_another_type_is_an_error(given):
    with pytest.raises(ParameterError, match=f"parameter '{next(iter(given))}' is"):
        check_values(read_parameters(CELL), given)


def test_a_date_becomes_iso_text():
    assert check_values(read_parameters(CELL), {"as_of": date(2020, 1, 14)})["as_of"] == "2020-01-14"


@pytest.mark.parametrize("text", ["14/01/2020", "2020-02-30", "20200114", "2020-W03-2"])
def test_what_is_no_iso_date_is_an_error(text):
    with pytest.raises(ParameterError, match="not a date; use YYYY-MM-DD"):
        check_values(read_parameters(CELL), {"as_of": text})


def test_a_whole_number_is_taken_where_a_float_is_asked_for():
    value = check_values(read_parameters(CELL), {"share": 1})["share"]
    assert (value, type(value)) == (1.0, float)


@pytest.mark.parametrize("given", [{"draws": -1}, {"draws": 1_000_001}, {"share": 1.01}])
def test_a_number_outside_its_limits_is_an_error(given):
    with pytest.raises(ParameterError, match="give a number from 0 to"):
        check_values(read_parameters(CELL), given)


def test_a_word_outside_its_choices_is_an_error_with_the_choices():
    with pytest.raises(ParameterError, match=r"'publc'; did you mean 'public'\? \(known: internal, public\)"):
        check_values(read_parameters(CELL), {"readership": "publc"})


@pytest.mark.parametrize(
    "line, message",
    [
        ("y: int = 1 + 1  # two", "not a literal"),
        ("x: int = 1  # one\ny: int = x  # the same", "not a literal"),
        ("y = 2  # two", "is not 'name: type = value  # help'"),
        ("import os", "is not 'name: type = value  # help'"),
        ("y: int  # no value", "is not 'name: type = value  # help'"),
        ("y: list = []  # many", "unknown type 'list'"),
        ("y: int = 'two'  # two", "default of parameter 'y' is 'two', a str; give a int"),
        ("y: int = 2", "'y' has no help"),
        ("y: int = 2  # two\ny: int = 3  # three", "'y' stands there twice"),
    ],
)
def test_anything_but_a_documented_typed_literal_is_an_error(line, message):
    with pytest.raises(ParameterError, match=message):
        read_parameters(line)


def test_negative_defaults_and_quoted_hashes_are_literals():
    known = read_parameters('seed: int = -1  # from 0 on\ntag: str = "#x"  # a mark')
    assert (known["seed"].default, known["tag"].default, known["tag"].help) == (-1, "#x", "a mark")


def test_an_injected_cell_that_says_something_else_is_an_error():
    check_injected('# Parameters\ndraws = 64\nscenario = "a"\n', {"draws": 64, "scenario": "a"})
    for source in ("", "draws = 65\nscenario = 'a'", "draws = 64", "draws = 64.0\nscenario = 'a'"):
        with pytest.raises(ParameterError, match="the notebook ran with the parameters"):
            check_injected(source, {"draws": 64, "scenario": "a"})
