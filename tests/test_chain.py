"""The whole chain on a crisis small enough to work by hand: zero width in, the hand's results out to the last digit.

The crisis is `tests/crises/toy`: 40,000 people at the front, 110,000 on the safe side, 30,000 of them displaced, 10,000
of those since the onset; every input is a constant. The sums behind each number stand beside it.
"""

import pickle
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from needscast import chain
from needscast.comparison import compare
from needscast.draws import Draws
from needscast.errors import NeedscastError
from needscast.estimate import Estimate
from needscast.inputs import read_crisis

TOY = Path(__file__).parent / "crises" / "toy"
KNOWN = {
    "population": [40_000, 110_000],
    "idp_stock": [0, 30_000],
    "newly_displaced": [0, 10_000],
    "departed": [10_000, 0],
    "weekly_outflow": [1_000, 0],
}


def known_now(draws):
    """A nowcast without doubt."""
    return SimpleNamespace(
        estimates={
            name: Estimate.of(np.repeat([[front], [safe]], draws, axis=1), {"area": ["front", "safe"]}, "person", name)
            for name, (front, safe) in KNOWN.items()
        }
    )


@pytest.fixture(scope="module")
def toy():
    return read_crisis(TOY)


@pytest.fixture(scope="module")
def results(toy):
    worlds = Draws(toy.settings.draws, toy.settings.seed)
    by_id = {each.id: each for each in toy.scenarios}
    return {name: chain.run_scenario(toy, by_id[name], known_now(worlds.count), worlds, "public") for name in by_id}


def headline(results, name):
    row = results.headlines[name].summary().iloc[0]
    assert row["lower"] == row["upper"], "zero width in is zero width out"
    return row["median"]


def cell(table, **labels):
    for column, label in labels.items():
        table = table[table[column] == label]
    assert len(table) == 1
    return table.iloc[0]


def test_the_pace_halves_every_week(results):
    # 1,000 of 40,000 are 1/40; then 1/80 of 39,000 = 487.5, 1/160 of 38,512 = 240.7, 1/320 of 38,271 = 119.6.
    table = results["as-now"].tables["displacement"]
    flow = table[(table["quantity"] == "displaced_people") & (table["area"] == "front")]
    assert flow["median"].tolist() == [1000, 488, 241, 120]
    assert headline(results["as-now"], "displaced_next") == 1849
    assert headline(results["as-now"], "displaced_since_onset_end") == 11_849


def test_an_offensive_of_one_week_moves_a_fifth_of_the_front(results):
    assert headline(results["offensive"], "displaced_next") == 8_000
    assert headline(results["offensive"], "movements_next") == 8_000
    people = results["offensive"].tables["displacement"]
    assert cell(people, quantity="people_present", group="staying", area="front", week=1)["median"] == 32_000
    assert cell(people, quantity="people_present", group="newly_displaced", area="safe", week=4)["median"] == 18_000
    assert cell(people, quantity="people_present", group="all", area="all", week=4)["median"] == 150_000


def test_people_requiring_are_half_of_the_displaced_and_a_tenth_of_the_hosts(results):
    # now: 30,000 / 2 + 80,000 / 10; after the offensive 38,000 / 2 + 8,000.
    assert headline(results["offensive"], "requiring/TOY") == 23_000
    assert headline(results["offensive"], "requiring_end/TOY") == 27_000


def test_blankets_are_due_to_those_who_lost_goods_and_those_not_yet_served(results):
    # 8,000 x 1/2 require x 1/2 lost goods = 2,000; 10,000 x 1/2 x 1/4 unserved = 1,250: 3,250 people, 650 households.
    due = cell(results["offensive"].tables["demand"], item="blanket", area="all", week=1)
    assert (due["median"], due["unit"]) == (1_300, "blanket")


def test_the_gap_in_blankets_is_what_the_stock_of_a_thousand_leaves(results):
    gap = results["offensive"].tables["gap"]
    assert cell(gap, item="blanket", quantity="gap", week=1)["median"] == 300
    assert cell(gap, item="blanket", quantity="covered", week=1)["median"] == 1_000
    assert set(gap["item"]) == {"blanket"}, "no other item has a known stock, so none has a gap"


def test_the_stock_of_a_thousand_blankets_lasts_five_days_which_is_before_an_order_is_there(results):
    # 1,300 are due in the first week: 7 x 1,000 / 1,300 = 5.4 days after 28 January; an order takes 14 days.
    row = cell(results["offensive"].tables["stock_out"], item="blanket")
    assert row[["early", "middle", "late"]].tolist() == [date(2020, 2, 2)] * 3
    assert (row["within_horizon"], row["before_arrival"]) == (1.0, 1.0)
    assert results["offensive"].tables["date_drivers"].empty, "what cannot vary moves nothing"


def test_a_sector_worked_in_another_process_leaves_what_it_leaves_here(toy, results, monkeypatch):
    def carried(work, given, _):
        return [pickle.loads(pickle.dumps(work(each))) for each in given]

    monkeypatch.setattr(chain, "side_by_side", carried)
    scenario, worlds = results["offensive"].scenario, Draws(toy.settings.draws, toy.settings.seed)
    brought = chain.run_scenario(toy, scenario, known_now(worlds.count), worlds, "public")
    for name, table in results["offensive"].tables.items():
        pd.testing.assert_frame_equal(brought.tables[name], table)


def test_the_order_is_whole_bales_by_the_day_the_lead_time_allows(results):
    order = cell(results["offensive"].tables["orders"], item="blanket")
    planned = order[["quantity", "packs", "tonnes", "m3", "cost_usd"]]
    assert planned.tolist() == [300, 30, 0.6, 3, 1500]
    assert (order["needed_from"], order["order_by"]) == (date(2020, 1, 28), date(2020, 1, 14))
    assert order["needed_before_arrival"] == 300


def test_water_latrines_and_paste_follow_their_norms(results):
    demand = results["offensive"].tables["demand"]
    assert cell(demand, item="water", area="all", week=1)["median"] == 27_000 * 10 * 7
    assert cell(demand, item="latrine", area="all", week="horizon")["median"] == 540
    assert cell(demand, item="paste", area="all", week=1)["median"] == pytest.approx(2_700 * 30 * 7 / 30, rel=1e-12)


def test_costs_add_up_and_what_has_no_price_is_missing_not_free(results):
    one = results["offensive"]
    # 1,300 x 5 + 7,560,000 x 0.01 + 540 x 200
    assert headline(one, "cost") == pytest.approx(6_500 + 75_600 + 108_000, rel=1e-12)
    assert headline(one, "tonnes") == pytest.approx(2.6 + 7_560, rel=1e-12)
    assert "TOY/paste/cost" in dict(one.missing)
    assert "TOY/latrine/tonnes" in dict(one.missing)
    parts = one.tables["costs"].query("sector == 'TOY' and item != 'all'")["median"].sum()
    assert parts == pytest.approx(cell(one.tables["costs"], sector="all", item="all")["median"], rel=1e-12)


def test_scenarios_are_compared_in_the_same_worlds(results):
    table = compare([results["as-now"], results["offensive"]]).differences
    row = cell(table, headline="displaced_next")
    assert (row["median"], row["probability_greater"]) == (8_000 - 1_849, 1.0)


def test_an_unknown_scenario_names_the_nearest(toy):
    with pytest.raises(NeedscastError, match="did you mean 'offensive'"):
        chain.estimate_all(toy, ["ofensive"])


def test_every_total_over_areas_is_the_sum_of_its_areas_in_every_table(results):
    table = results["offensive"].tables["people"]
    for (sector, group, week), rows in table.groupby(["sector", "group", "week"]):
        parts = rows[rows["area"] != "all"]["mean"].sum()
        assert parts == pytest.approx(rows[rows["area"] == "all"]["mean"].item(), rel=1e-12), (sector, group, week)


def test_results_declare_what_they_were_made_from(results):
    declared = results["offensive"].declared
    assert any("offensive_hazard/front" in source for source in declared["displaced_next"])
    assert any(entry.startswith("figures.csv ") for entry in declared["nowcast"])
