"""A report of one country with numbers of another says so, and what to replace first; at home it says nothing."""

from dataclasses import replace

import pytest
from made_up_report import made_up_results

from needscast import report
from needscast.inputs.uncertain import Inputs
from needscast.report.blocks import Table, flat
from needscast.report.words import Words


@pytest.fixture
def far():
    made = made_up_results()
    made.crisis.settings.country = "SDN"
    made.used_inputs = [replace(row, made_for="SYR") for row in made.used_inputs]
    made.inputs = Inputs.of(made.used_inputs)
    return made


def answers(results, language="en"):
    blocks = flat([report.page(results).show("headline")])
    return " ".join(Words(language).say(block.text) for block in blocks if hasattr(block, "text"))


def tables(results):
    return [each for each in flat([report.page(results).show("assumptions")]) if isinstance(each, Table)]


@pytest.mark.parametrize(("language", "country"), [("en", "Syria"), ("fr", "Syrie"), ("ar", "سوريا")])
def test_how_sure_we_are_names_the_other_country_and_what_to_replace_first(far, language, country):
    said = answers(far, language)
    assert country in said
    assert said != answers(made_up_results(), language)


def test_the_count_is_of_all_inputs_in_use(far):
    count = len(far.used_inputs)
    assert f"Made for another country (Syria) and not replaced yet: {count} of these {count}." in answers(far)


def test_the_annex_gives_each_the_name_that_a_rate_has_to_carry(far):
    (table,) = [each for each in tables(far) if each.name == "borrowed"]
    assert {row[-1] for row in table.rows} == {row.name for row in far.used_inputs}


def test_at_home_nothing_is_said_of_it():
    assert "another country" not in answers(made_up_results())
    assert "borrowed" not in {each.name for each in tables(made_up_results())}
