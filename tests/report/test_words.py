"""Words come from a catalogue by key; what is missing there fails loudly."""

import ast
from pathlib import Path

import pytest

import needscast.report
from needscast.report.values import Range, Text
from needscast.report.words import Words, WordsError, catalogue, check_catalogue, placeholders

ROOM = Path(needscast.report.__file__).parent
ENGLISH = catalogue("en")


def keys_in_code() -> set[str]:
    """Return every literal first argument of Text(...) and words.text(...) in the report room."""
    calls = [
        node
        for path in ROOM.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and node.args
    ]
    named = [call for call in calls if getattr(call.func, "id", getattr(call.func, "attr", "")) in ("Text", "text")]
    return {
        call.args[0].value
        for call in named
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }


def test_every_key_that_the_code_names_is_in_the_catalogue():
    assert len(keys_in_code()) > 100
    assert keys_in_code() - set(ENGLISH) == set()


def test_a_missing_key_is_named_with_the_nearest_one():
    with pytest.raises(WordsError, match="did you mean 'where.heading'"):
        Words("en").text("where.headin")


def test_a_missing_value_is_named_with_the_phrase_that_needs_it():
    with pytest.raises(WordsError, match="'missing.hidden' .* needs a value 'date'"):
        Words("en").text("missing.hidden", rows=3)


def test_a_part_that_a_range_does_not_have_is_refused():
    with pytest.raises(WordsError, match="no part 'top'"):
        Words("en")._part(Range(1, 2, 3, 0.8), "top")


def test_an_unknown_language_is_an_error_that_lists_the_known_ones():
    with pytest.raises(WordsError, match="known: .*en"):
        Words("xx")


def test_a_translation_with_a_missing_key_or_placeholder_is_refused():
    french = {**ENGLISH, "costs.tonnes": "Poids connu.", "extra.key": "x"}
    del french["where.heading"]
    with pytest.raises(WordsError) as caught:
        check_catalogue(french, ENGLISH, "fr")
    assert all(
        line in str(caught.value)
        for line in (
            "where.heading: missing",
            "extra.key: not in the reference",
            "costs.tonnes: placeholders []",
        )
    )


def test_a_placeholder_with_a_part_counts_as_its_value():
    assert placeholders("{area} ({people.ends})") == {"area", "people"}


def test_markup_in_a_value_stays_text():
    assert Words("en").say(Text("table.titled", {"title": "<b>{x}</b>"})) == "<b>{x}</b>"
