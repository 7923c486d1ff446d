"""A crisis is what its files say: inputs by name, sectors and scenarios as cards, tables with their types."""

from datetime import date

import pytest

from needscast.draws import Draws
from needscast.inputs import read_crisis


def test_the_toy_has_its_zones_scenarios_and_sectors_in_order(toy):
    crisis = toy.read()
    assert (crisis.id, crisis.crisis_area, crisis.zones) == ("toy", "toyland", ["front", "safe"])
    assert [scenario.id for scenario in crisis.scenarios] == ["as-now", "offensive"]
    assert [sector.code for sector in crisis.sectors] == ["TOY"]
    assert crisis.reference_date == date(2020, 1, 28)
    assert "7 figures, 2 zones, 1 sectors, 2 scenarios" in repr(crisis)


def test_dates_are_dates_missing_text_is_empty_and_missing_numbers_are_nan(toy):
    figures = toy.read().figures
    assert figures["as_of"].dtype == "datetime64[s]"
    assert figures["period_start"].isna().tolist() == [False] * 4 + [True, True, False]
    assert figures["value_low"].isna().all()
    assert set(figures["notes"]) == {"", "relay of T1"}


def test_grades_and_sensitivity_are_filled_in(toy):
    toy.cell("figures.csv", 2, "reliability", "E").cell("figures.csv", 2, "sensitivity", "")
    figures = toy.read().figures.set_index("figure_id")
    assert figures.loc[["T1", "T2", "T7"], "reliability"].tolist() == ["E", "A", "C"]
    assert figures.loc[["T2", "T7"], "credibility"].tolist() == ["1", "3"]
    assert figures.loc["T1", "sensitivity"] == "internal"  # public only if marked so


def test_inputs_come_from_settings_areas_rates_and_cards(toy):
    inputs = toy.read().inputs
    assert inputs.find("population").range.best == 150_000
    assert inputs.find("household_size").range.unit == "person / household"
    assert inputs.find("population", "front").range.best == 40_000
    assert inputs.find("TOY/blanket/price").range.best == 5
    assert inputs.find("TOY/requires_displaced", "front", "newly_displaced").range.best == 0.5
    assert inputs.find("pace_decay", "safe").range.best == 0.5
    weights = inputs.draw("destination_weight", Draws(8, 0), ["front", "safe"])
    assert weights.values.values[:, 0].tolist() == [0, 1]


def test_rates_override_the_default_of_a_card_and_may_give_a_price_it_lacks(toy):
    toy.add(
        "rates.csv",
        (2, {"input": "TOY/blanket/price", "low": "6", "best": "7", "high": "8", "unit": "USD"}),
        (2, {"input": "TOY/paste/price", "low": "6", "best": "7", "high": "8", "unit": "USD"}),
    )
    crisis = toy.read()
    assert crisis.inputs.find("TOY/blanket/price").range.best == 7
    assert crisis.sectors[0].items[3].has_price


def test_a_scenario_replaces_named_inputs_and_leaves_the_others(toy):
    crisis = toy.read()
    changed = crisis.inputs.overridden(crisis.scenarios[1].overrides)
    assert changed.find("offensive_hazard", "front").range.best == 0.2
    assert changed.find("offensive_hazard", "safe").range.best == 0
    assert changed.find("pace_multiplier").range.best == 0


def test_an_item_picks_the_norm_of_the_phase(toy):
    blanket, water, latrine, paste = toy.read().sectors[0].items
    assert (water.norm("acute").quantity, water.norm("stabilised").quantity) == (10, 20)
    assert blanket.norm("acute").quantity == blanket.norm("stabilised").quantity == 2
    assert latrine.norm("acute").second_hand
    assert (blanket.pack, blanket.pack_name, paste.pack) == (10, "bale", 150)
    assert (blanket.has_price, blanket.has_lead_time, paste.has_price) == (True, True, False)


def test_a_made_up_sector_is_data_only(toy):
    text = (toy.path / "sectors" / "TOY.toml").read_text()
    made = (
        text.replace('code = "TOY"', 'code = "KITES"')
        .replace('id = "blanket"', 'id = "kite"')
        .replace("Toy sector", "Kites")
    )
    (toy.path / "sectors" / "KITES.toml").write_text(made)
    toy.text("crisis.toml", 'sectors = ["TOY"]\n', "").add("rates.csv", (18, {"input": "share_woman_15_49"}))
    crisis = toy.read()
    assert {"TOY", "KITES", "SNFI"} <= {sector.code for sector in crisis.sectors}
    assert "KITES/kite/price" in crisis.inputs


def test_a_card_of_the_crisis_stands_above_a_shipped_one_of_the_same_code(toy):
    text = (toy.path / "sectors" / "TOY.toml").read_text().replace('code = "TOY"', 'code = "SNFI"')
    (toy.path / "sectors" / "SNFI.toml").write_text(text)
    crisis = (
        toy.text("crisis.toml", 'sectors = ["TOY"]', 'sectors = ["SNFI", "TOY"]')
        .cell("stocks.csv", 2, "item", "SNFI/blanket")
        .read()
    )
    assert [(sector.code, len(sector.items)) for sector in crisis.sectors] == [("SNFI", 4), ("TOY", 4)]
    assert "sectors/SNFI.toml" in crisis.digests
    assert crisis.stocks[["sector", "item"]].to_numpy().tolist() == [["SNFI", "blanket"]]


def test_an_item_that_stands_on_two_cards_must_be_named_with_its_code(toy):
    text = (toy.path / "sectors" / "TOY.toml").read_text().replace('code = "TOY"', 'code = "TWO"')
    (toy.path / "sectors" / "TWO.toml").write_text(text)
    toy.text("crisis.toml", 'sectors = ["TOY"]', 'sectors = ["TOY", "TWO"]')
    assert toy.places() == ["stocks.csv:2:item"]


def test_the_unreadable_basis_of_an_item_asks_for_its_share(toy):
    toy.write("rates.csv", [row for row in toy.rows("rates.csv") if row[0] != "share_child_6_59_months"])
    assert toy.places() == ["sectors/TOY.toml:133:item.4.basis"]


def test_a_share_of_a_card_that_no_item_reads_is_refused(toy):
    card = toy.path / "sectors" / "TOY.toml"
    share = '[[input]]\ninput = "wet_share"\nlow = 0.1\nbest = 0.2\nhigh = 0.3\nmass = 0.8\nunit = "share"\n'
    card.write_text(card.read_text() + share + 'source = "Toy handbook"\npublished = 2018-11-06\n')
    assert toy.places() == ["sectors/TOY.toml:145:input.1.input"]
    toy.text("sectors/TOY.toml", 'basis = "child_6_59_months"', 'basis = "child_6_59_months"\nfactors = ["wet_share"]')
    assert toy.read().sectors[0].items[3].factors == ("wet_share",)


def test_an_illustration_marks_the_crisis(toy):
    assert not toy.read().illustration
    assert toy.cell("stocks.csv", 2, "illustration", "yes").read().illustration


def test_the_digests_name_every_file_that_was_read(toy):
    crisis = toy.read()
    assert set(crisis.digests) == {
        "crisis.toml",
        "figures.csv",
        "sources.csv",
        "areas.csv",
        "rates.csv",
        "stocks.csv",
        "scenarios/as-now.toml",
        "scenarios/offensive.toml",
        "sectors/TOY.toml",
        "data/sectors/names.csv",
    }
    before = crisis.digests["rates.csv"]
    assert toy.cell("rates.csv", 2, "reason", "another").read().digests["rates.csv"] != before


def test_the_shipped_crisis_reads_without_a_problem():
    crisis = read_crisis("nw-syria-2020")
    assert len(crisis.figures) == 310
    assert crisis.hidden.empty


@pytest.mark.parametrize("zone", ["front", "safe"])
def test_every_zone_lies_in_the_crisis_area(toy, zone):
    crisis = toy.read()
    assert crisis.areas.set_index("area").loc[zone, "parent"] == crisis.crisis_area


def test_population_of_the_settings_and_of_the_areas_must_be_able_to_be_the_same(toy):
    toy.text(
        "crisis.toml", "low = 150_000\nbest = 150_000\nhigh = 150_000", "low = 14_000\nbest = 15_000\nhigh = 16_000"
    )
    (problem,) = toy.problems()
    assert str(problem).startswith("crisis.toml:20:population: 14,000 to 16,000 people, but the ")
    assert "of areas.csv hold" in str(problem) and "mend one of the two" in str(problem)


def test_a_date_without_its_form_and_a_town_for_a_time_zone_get_a_next_step(toy):
    toy.text("crisis.toml", 'time_zone = "UTC"', 'time_zone = "Port-au-Prince"')
    assert "write it like 'America/Port-au-Prince'" in str(toy.problems()[0])
    toy.text("crisis.toml", "reference_date = 2020-01-28", "reference_date = 28/01/2020")
    assert "a date is written 2026-01-31" in str(toy.problems()[0])
