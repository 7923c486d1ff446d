"""Whose the numbers of a sector card are: its country's, unless a table says otherwise or a rate takes its place."""

import pytest

from needscast.inputs import read_crisis

CARD = "sectors/TOY.toml"
RATES = "input,area,group,low,best,high,mass,unit,source,published,url,confidence,reason"


@pytest.fixture
def far(toy):
    return toy.text(CARD, 'name = "Toy sector"', 'name = "Toy sector"\nmade_for = "XXB"')


def borrowed(crisis):
    return [row.name for row in crisis.inputs if row.is_borrowed_in(crisis.settings.country)]


def test_a_card_of_another_country_lends_all_its_shares_prices_and_lead_times(far):
    crisis = far.read()
    assert {row.made_for for row in crisis.inputs if row.name.startswith("TOY/")} == {"XXB"}
    assert {row.made_for for row in crisis.inputs if not row.name.startswith("TOY/")} == {""}
    assert borrowed(crisis) == [row.name for row in crisis.inputs if row.name.startswith("TOY/")]


def test_a_card_of_this_country_or_of_none_lends_nothing(toy):
    assert borrowed(toy.read()) == []
    toy.text(CARD, 'name = "Toy sector"', 'name = "Toy sector"\nmade_for = "XXA"')
    assert borrowed(toy.read()) == []


def test_a_table_may_hold_anywhere_or_for_a_country_of_its_own(far):
    far.text(CARD, 'reason = "half of them"', 'reason = "half of them"\nmade_for = "any"')
    far.text(CARD, 'reason = "one in ten"', 'reason = "one in ten"\nmade_for = "XXC"')
    by_name = far.read().inputs.by_name
    assert by_name["TOY/requires_displaced"].made_for == ""
    assert by_name["TOY/requires_host"].made_for == "XXC"


def test_a_rate_of_the_crisis_stands_in_the_place_of_a_number_of_the_card(far):
    before = borrowed(far.read())
    row = [
        "TOY/blanket/price",
        "",
        "",
        "6",
        "6",
        "6",
        "0.8",
        "USD",
        "market survey",
        "2020-01-20",
        "",
        "high",
        "made up",
    ]
    rows = far.rows("rates.csv")
    columns = dict(zip(RATES.split(","), row, strict=True))
    far.write("rates.csv", [*rows, [columns.get(name, "") for name in rows[0]]])
    assert sorted(set(before) - set(borrowed(far.read()))) == ["TOY/blanket/price"]


def test_a_level_holds_anywhere_unless_it_says_whose_usage_it_follows(far):
    items = {item.id: item for item in far.read().sectors[0].items}
    assert {norm.made_for for norm in items["blanket"].norms} == {""}
    text = (far.path / CARD).read_text(encoding="utf-8")
    (far.path / CARD).write_text(
        text.replace("quantity = 2\n", 'quantity = 2\nmade_for = "XXB"\n', 1), encoding="utf-8"
    )
    items = {item.id: item for item in far.read().sectors[0].items}
    assert {norm.made_for for norm in items["blanket"].norms} == {"XXB"}


def test_what_is_no_country_is_named_once_with_its_place_and_what_to_write(toy):
    toy.text(CARD, 'name = "Toy sector"', 'name = "Toy sector"\nmade_for = "Syria"')
    (problem,) = toy.problems()
    assert str(problem).startswith("sectors/TOY.toml:3:made_for: 'Syria' is no country code")
    assert "'any'" in str(problem)


def test_the_shipped_cards_say_whose_they_are_and_the_shipped_crisis_borrows_nothing():
    crisis = read_crisis("nw-syria-2020")
    cards = {f"{sector.code}/" for sector in crisis.sectors}
    made = {row.made_for for row in crisis.inputs if row.name.startswith(tuple(cards))}
    assert made == {"SYR", ""}
    assert borrowed(crisis) == []
