"""A price, lead time, weight or volume of another unit and an old price are noted by a check, and stop nothing."""

from datetime import date

import pytest

from needscast.inputs.notes import notes

TODAY = date(2020, 6, 1)
CARD = "sectors/TOY.toml"
PRICE = 'high = 5\nmass = 0.8\nunit = "USD"\nsource = "Toy catalogue"\npublished = {}-12-31'
CASES = {  # what is given in place of the card's 5 USD a blanket and 14 days -> what the note says
    "the price of a bale of ten": ("price", "USD", 50, "10 times the 5 of its card; is it the price of one blanket?"),
    "a price in other thousands": ("price", "USD", 0.005, "0.001 times the 5 of its card"),
    "weeks in place of days": ("lead_time_days", "day", 2, "0.143 times the 14 of its card; is it in days?"),
}


def given(toy, key, unit, value):
    rows = toy.rows("rates.csv")
    row = dict.fromkeys(rows[0], "") | {"input": f"TOY/blanket/{key}", "unit": unit, "mass": "0.8", "source": "offer"}
    row |= {"published": "2020-01-02", "confidence": "high", "reason": "a supplier said so"}
    row |= dict.fromkeys(("low", "best", "high"), str(value))
    toy.write("rates.csv", [*rows, [row[column] for column in rows[0]]])
    return len(rows) + 1


def told(toy):
    return [note for note in notes(toy.path, date(2020, 1, 21), TODAY) if "its card" in note or "are usual" in note]


@pytest.mark.parametrize("case", CASES)
def test_a_value_far_from_its_card_is_noted_with_its_row(case, toy):
    key, unit, value, said = CASES[case]
    row = given(toy, key, unit, value)
    toy.read()
    (note,) = told(toy)
    assert note.startswith(f"rates.csv:{row}:best: TOY/blanket/{key} is {value:g} {unit}, ") and said in note


@pytest.mark.parametrize(("key", "unit", "value"), [("price", "USD", 24), ("lead_time_days", "day", 60)])
def test_a_dear_offer_and_a_long_wait_are_no_slips(key, unit, value, toy):
    given(toy, key, unit, value)
    assert told(toy) == []


def test_a_weight_and_a_volume_that_no_goods_have_are_noted(toy):
    toy.text(CARD, "mass_kg = 2\nvolume_m3 = 0.01", "mass_kg = 2\nvolume_m3 = 10")
    (note,) = told(toy)
    assert note.startswith(f"{CARD}:45: TOY/blanket has 2 kg in 10 m3, 0.2 kg a cubic metre")


def test_a_price_a_kilogram_that_no_goods_have_is_noted(toy):
    toy.text(CARD, "low = 5\nbest = 5\nhigh = 5\nmass", "low = 5000\nbest = 5000\nhigh = 5000\nmass")
    (note,) = told(toy)
    assert "costs 5000 USD for 2 kg, 2,500 USD a kilogram" in note


def test_the_shipped_cards_are_all_likely():
    assert not [note for note in notes("nw-syria-2020", date(2020, 1, 21), TODAY) if "are usual" in note]


def test_prices_more_than_three_years_old_are_noted(toy):
    assert not [note for note in notes(toy.path, date(2020, 1, 21), TODAY) if "three years" in note]
    toy.text(CARD, PRICE.format(2019), PRICE.format(2016))
    (note,) = [note for note in notes(toy.path, date(2020, 1, 21), TODAY) if "three years" in note]
    assert note.startswith("1 price is more than three years older than 2020-01-21: TOY/blanket/price (2016-12-31); ")
