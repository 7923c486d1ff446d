"""Nothing from the future: what was not public on the reference date is hidden, listed, and admitted only by name."""

from datetime import date

import pytest

from needscast.errors import NeedscastError


def hidden_names(crisis):
    return set(crisis.hidden["name"])


def test_on_its_own_reference_date_the_toy_hides_nothing(toy):
    assert toy.read().hidden.empty


@pytest.mark.parametrize(
    ("file", "row", "column", "name"),
    [
        ("figures.csv", 3, "published", "T2"),
        ("stocks.csv", 2, "published", "blanket"),
        ("areas.csv", 4, "date", "population/safe"),
    ],
)
def test_a_row_from_the_future_is_hidden_and_listed(toy, file, row, column, name):
    crisis = toy.cell(file, row, column, "2020-01-29").read()
    table = crisis.hidden.iloc[0]
    assert (table["table"], table["row"], table["name"]) == (file, row, name)
    assert table["published"].date() == date(2020, 1, 29)


def test_a_hidden_figure_is_not_among_the_figures(toy):
    crisis = toy.cell("figures.csv", 3, "published", "2020-01-29").read()
    assert "T2" not in set(crisis.figures["figure_id"])


def test_a_hidden_population_is_missing_and_no_input(toy):
    crisis = toy.cell("areas.csv", 4, "date", "2020-01-29").read()
    assert crisis.areas.set_index("area")["population"].isna().to_dict() == {
        "toyland": False,
        "front": False,
        "safe": True,
        "safe-north": True,
    }
    assert "population/safe" not in crisis.inputs
    assert crisis.zones == ["front", "safe"]


def test_a_rate_from_the_future_is_hidden_and_no_error(toy):
    crisis = toy.cell("rates.csv", 18, "published", "2020-01-29").read()
    assert hidden_names(crisis) == {"share_child_6_59_months"}
    assert "share_child_6_59_months" not in crisis.inputs


def test_an_undated_rate_is_hidden_until_it_is_admitted_by_name_and_reason(toy):
    toy.cell("rates.csv", 18, "published", "undated")
    assert hidden_names(toy.read()) == {"share_child_6_59_months"}
    toy.text(
        "crisis.toml",
        "[[admit]]",
        '[[admit]]\ninput = "share_child_6_59_months"\nreason = "a share of the ages"\n\n[[admit]]',
    )
    crisis = toy.read()
    assert "share_child_6_59_months" in crisis.inputs
    assert ("share_child_6_59_months", "a share of the ages") in crisis.admitted


def test_an_admission_that_is_not_needed_is_not_listed(toy):
    toy.text("sectors/TOY.toml", 'published = "undated"', "published = 2019-01-01")
    assert toy.read().admitted == ()


def test_a_figure_cannot_be_admitted(toy):
    toy.cell("figures.csv", 3, "published", "2020-01-29")
    toy.text("crisis.toml", '"TOY/blanket/specification"', '"T2"')
    assert "crisis.toml:43:admit.1.input" in toy.places()


def test_an_override_of_a_hidden_rate_is_an_error(toy):
    row = [cells[0] for cells in toy.rows("rates.csv")].index("offensive_hazard") + 1
    toy.cell("rates.csv", row, "published", "2020-01-29")
    assert toy.places() == ["scenarios/offensive.toml:10:override.1.input"]


def test_an_override_younger_than_the_reference_date_is_an_error(toy):
    toy.text(
        "scenarios/offensive.toml",
        'reason = "one in five flees"\npublished = 2020-01-28',
        'reason = "one in five flees"\npublished = 2020-01-29',
    )
    assert toy.places() == ["scenarios/offensive.toml:20:override.1.published"]


def test_of_two_rows_with_one_name_the_younger_visible_one_counts(toy):
    toy.add(
        "rates.csv",
        (18, {"low": "0.2", "best": "0.2", "high": "0.2", "published": "2020-01-20"}),
        (18, {"low": "0.3", "best": "0.3", "high": "0.3", "published": "2020-02-20"}),
    )
    assert toy.read().inputs.find("share_child_6_59_months").range.best == 0.2
    assert toy.read(as_of=date(2020, 1, 15)).inputs.find("share_child_6_59_months").range.best == 0.1


def test_an_earlier_date_hides_figures_rates_norms_prices_stocks_and_overrides_alike(toy):
    crisis = toy.read(as_of=date(2020, 1, 15))
    assert crisis.reference_date == date(2020, 1, 15)
    assert crisis.figures["figure_id"].tolist() == ["T1"]
    assert crisis.stocks.empty
    assert {
        "T2",
        "T7",
        "blanket",
        "pace_multiplier",
        "TOY/requires_displaced",
        "TOY/blanket/lead_time_days",
        "offensive/offensive_hazard/front",
    } <= hidden_names(crisis)
    assert [scenario.overrides for scenario in crisis.scenarios] == [(), ()]
    assert crisis.sectors == ()


def test_a_later_date_does_not_move_the_reference_date(toy):
    toy.cell("figures.csv", 3, "published", "2020-02-05")
    crisis = toy.read(as_of=date(2020, 3, 1))
    assert crisis.reference_date == date(2020, 1, 28)
    assert hidden_names(crisis) == {"T2"}


def test_a_date_before_the_onset_is_refused(toy):
    with pytest.raises(NeedscastError, match="began on 2020-01-01"):
        toy.read(as_of=date(2019, 12, 31))


def test_an_item_without_a_public_norm_is_left_out_and_listed(toy):
    text = 'phase = "acute"\nquantity = 10\nsource = "Toy handbook"\npublished = '
    crisis = toy.text("sectors/TOY.toml", text + "2018-11-06", text + "2020-02-01").read()
    assert [item.id for item in crisis.sectors[0].items] == ["blanket", "latrine", "paste"]
    assert hidden_names(crisis) == {"TOY/water/norm/acute"}


def test_a_sector_of_which_nobody_knows_yet_who_requires_its_help_is_left_out_and_keeps_its_name(toy):
    text = 'unit = "share"\nsource = "assumption"\npublished = {}\nreason = "half of them"'
    crisis = toy.text("sectors/TOY.toml", text.format("2020-01-28"), text.format("2020-02-01")).read()
    assert crisis.sectors == ()
    assert [(each.code, each.name["en"]) for each in crisis.unsized] == [("TOY", "Toy sector")]
    assert hidden_names(crisis) == {"TOY/requires_displaced"}


def test_a_hidden_weight_leaves_the_item_and_drops_the_weight(toy):
    toy.text("crisis.toml", '"TOY/blanket/specification"', '"TOY/blanket/norm"')
    crisis = toy.read()
    assert crisis.sectors[0].items[0].specification is None
    assert hidden_names(crisis) == {"TOY/blanket/specification"}


def test_a_hidden_price_is_no_price(toy):
    old = 'low = 200\nbest = 200\nhigh = 200\nmass = 0.8\nunit = "USD"\nsource = "Toy catalogue"\npublished = '
    crisis = toy.text("sectors/TOY.toml", old + "2019-12-31", old + '"undated"').read()
    assert [item.has_price for item in crisis.sectors[0].items] == [True, True, False, False]


def test_a_hidden_population_of_the_whole_is_missing_in_the_settings(toy):
    toy.text(
        "crisis.toml",
        'unit = "person"\nsource = "census of Toyland"\npublished = 2019-06-30',
        'unit = "person"\nsource = "census of Toyland"\npublished = 2020-02-01',
    )
    crisis = toy.read()
    assert crisis.settings.population is None
    assert "population" not in crisis.inputs


def test_a_story_whose_numbers_are_younger_is_not_told(toy):
    earlier, now = (toy.read(as_of=date(2020, 1, day)).scenarios for day in (15, 28))
    assert [(each.withheld, bool(each.narrative)) for each in earlier] == [(0, True), (2, False)]
    assert [each.withheld for each in now] == [0, 0]
    assert all(each.narrative for each in now)


def test_a_weight_judged_later_is_not_known_before(toy):
    toy.text("scenarios/as-now.toml", "weight = 0.75", "weight = 0.75\nweight_date = 2020-01-20")
    earlier = toy.read(as_of=date(2020, 1, 21))
    assert [each.weight for each in earlier.scenarios] == [0.75, None]  # the other was judged on the reference date
    assert "offensive/weight" in hidden_names(earlier)
    assert [each.weight for each in toy.read().scenarios] == [0.75, 0.25]
