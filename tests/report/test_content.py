"""What the sections say of made-up results: the answer, what is unknown, dissent, and worlds compared one by one."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from made_up_report import made_up_results
from reading import WORDS, said, tables

from needscast import report
from needscast.comparison import compare
from needscast.errors import NeedscastError
from needscast.report.blocks import Chart, Note, Sentence, Table, flat
from needscast.report.content import hindcast
from needscast.report.content.figures import printed
from needscast.report.formats.html import fragment
from needscast.report.sections import COMPARISON, SCENARIO
from needscast.report.values import Range
from needscast.report.words import Words


def test_the_first_page_answers_the_questions(results):
    group = report.page(results).show("headline")
    asked = [block.label.key for block in flat([group]) if isinstance(block, Sentence) and block.label]
    first, then = ("how_many", "where", "needs", "short"), ("order", "unfunded", "sure", "doubt")
    assert asked == [f"question.{each}" for each in (*first, *then)]
    assert (
        "320,000–430,000 people (80 % range), middle 360,000, were displaced from 1 December 2019 to 21 January 2020"
        in said(group)
    )


def test_every_section_says_preliminary_on_its_first_page_or_cover(results):
    assert "Preliminary, model-based" in said(report.page(results).show("headline"))


def test_without_any_known_supply_no_stock_out_date_is_computed():
    results = made_up_results()
    results.tables["gap"] = results.tables["gap"].iloc[:0]
    results.tables["orders"]["supply_known"] = False
    assert "no stock-out date is given" in WORDS.say(report.page(results).show("short").blocks[0].text).lower()
    assert [block.kind for block in flat([report.page(results).show("gap")]) if isinstance(block, Note)] == ["missing"]


def test_without_stocks_the_page_still_says_who_was_not_reached():
    results = made_up_results()
    results.tables["gap"] = results.tables["gap"].iloc[:0]
    assert "Not reached, as far as anybody has published: Food" in said(report.page(results).show("short"))


def test_what_is_not_funded_is_said_beside_what_is_needed(results):
    told = said(report.page(results).show("headline")).replace("\u00a0", " ")
    assert "Of USD 30 million needed, USD 1.6–2.6 million are known to be funded, all for Food" in told


def test_what_was_due_before_the_reference_date_is_to_be_ordered_now(results):
    assert "1 of 4 items had to be ordered before 21 January 2020" in said(report.page(results).show("order_dates"))


def test_where_all_is_late_the_first_page_says_so_and_rounds_what_to_order():
    results = made_up_results()
    orders = results.tables["orders"]
    results.tables["orders"] = orders.assign(when="late", order_by="2020-01-10", quantity=47_679_000.0)
    told = said(report.page(results).show("order_dates")).replace("\u00a0", " ")
    assert "Order now: all 4 items to order had to be ordered before 21 January 2020" in told
    assert "48 million (bar) (" in told and "47.679" not in told


def test_how_sure_we_are_begins_with_how_wide_the_printed_ranges_are():
    results = made_up_results()
    told = said(report.page(results).show("headline"))
    assert "The high end is 1.3 times the low end for people displaced so far, 1.3 times for those" in told
    del results.headlines["displaced_next"]
    assert "times the low end" not in said(report.page(results).show("headline"))


def test_the_second_page_shows_course_sectors_map_and_the_first_orders(results):
    group = report.page(results).show("picture")
    assert [block.name for block in flat([group]) if isinstance(block, Chart | Table)] == [
        "displaced_course",
        "people_by_sector_chart",
        "displaced_map",
        "first_orders",
    ]
    assert [column.key for column in tables(group)["first_orders"].columns] == [
        "item",
        "quantity",
        "unit",
        "earliest",
        "people",
        "lack",
        "cost_usd",
    ]


def test_the_first_orders_are_goods_that_people_can_least_do_without_and_no_service():
    results = made_up_results()
    plan = results.tables["orders"]
    plan.loc[plan["item"] == "soap", ["tonnes", "people_waiting"]] = [0.0, 9e5]
    plan.loc[plan["item"] == "tent", "tonnes"] = None
    rows = tables(report.page(results).show("picture"))["first_orders"].rows
    assert [WORDS.say(row[0]) for row in rows] == ['=HYPERLINK("http://x")', "Food ration", "Wheat flour"]
    assert [row[4] for row in rows] == [10_000.0, 20_000.0, 10_000.0]


def test_a_pair_of_figures_that_contradict_each_other_is_told_once(results):
    group = report.page(results).show("conflicts")
    assert [row[0] + row[3] for row in tables(group)["conflicts"].rows] == ["F1F4"]


def test_a_relay_counts_with_its_root_and_its_reason_is_shown(results):
    assert tables(report.page(results).show("relays"))["relays"].rows[0][:2] == ("F2", "The Agency")
    assert "3 carry the estimate; 1 repeat" in said(report.page(results).show("figure_summary")).replace(
        "4 carry", "3 carry"
    )


def test_each_figure_of_a_publication_is_used_or_has_its_reason(results):
    group = report.page(results).show("of_source", url_starts="SEED", name="article_figures")
    rows = tables(group)["article_figures"].rows
    assert [row[0] for row in rows] == ["F3", "F5", "F6"]
    assert all(row[-1] for row in rows)


def test_deaths_are_listed_and_never_added(results):
    table = tables(report.page(results).show("deaths"))["documented_deaths"]
    assert len(table.rows) == 1 and not table.total


def test_a_run_with_an_illustration_is_watermarked():
    results = made_up_results()
    results.crisis.illustration = True
    page = report.page(results)
    assert page.cover.illustration
    assert [block.kind for block in flat([page.show("headline")]) if isinstance(block, Note)] == ["caveat", "watermark"]


def test_an_unknown_section_is_named_with_the_nearest_one(results):
    with pytest.raises(NeedscastError, match="did you mean 'headline'"):
        report.page(results).show("headlin")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, (None, None, None, None)),
        ({"draws": 0, "seed": 0}, (None, None, 0, None)),
        ({"draws": 64, "seed": -1, "readership": "public"}, (None, 64, None, "public")),
    ],
)
def test_a_default_means_the_choice_of_the_crisis_and_seed_0_is_a_seed(given, expected):
    assert tuple(report.choices(**given).values()) == expected


def test_a_wrong_date_or_a_negative_number_of_draws_is_refused():
    with pytest.raises(NeedscastError, match="negative"):
        report.choices(draws=-1)
    with pytest.raises(ValueError, match="2020-13-01"):
        report.choices(as_of="2020-13-01")


def test_names_in_one_parameter_are_split_and_none_means_all():
    assert report.listed("as-now, truce") == ["as-now", "truce"]
    assert report.listed(" ") is None


@pytest.fixture(scope="module")
def comparison():
    return compare([made_up_results("as-now"), made_up_results("truce", scale=0.5)])


@pytest.mark.parametrize("section", COMPARISON)
def test_every_section_of_a_comparison_can_be_shown(comparison, section):
    assert report.page(comparison).show(section).blocks


def test_a_comparison_is_never_certain_and_prints_weights_in_words(comparison):
    answer = said(report.page(comparison).show("headline")).replace("\u00a0", " ")
    assert "In more than 99 % of the 512 modelled worlds the second is larger" in answer
    assert answer.count("never as certain") == 1 and "every modelled world" not in answer
    printed = fragment([report.page(comparison).show("differences")]).replace("\u00a0", " ")
    assert "&lt;1 %" in printed and ">0 %<" not in printed
    weights = [row[2].key for row in tables(report.page(comparison).show("scenarios"))["scenarios"].rows]
    assert weights == ["weight.likely", "weight.less_likely"]


def test_differences_are_paired_world_by_world(comparison):
    row = tables(report.page(comparison).show("differences"))["differences_displaced_next"].rows[0]
    assert isinstance(row[2], Range) and row[2].upper < 0
    assert row[3] == 0.0


def test_what_to_buy_stands_side_by_side_with_what_is_needed_whatever_happens(comparison):
    shown = tables(report.page(comparison).show("buy"))
    rows = {row[0].texts["en"]: row for row in shown["buy"].rows}
    ration = rows["Food ration"]
    assert ration[2].median > ration[3].median
    assert WORDS.ends(ration[3]).startswith(f"{WORDS.number(ration[-1])}–") and round(ration[3].lower) == 13_501
    later = {row[0].texts["en"]: row for row in shown["buy_differences"].rows}
    assert later["Food ration"][1].upper < 0 and later["Food ration"][2] == 0.0


def test_one_scenario_alone_has_no_differences_in_what_to_buy(results):
    assert list(tables(report.page(compare([results])).show("buy"))) == ["buy"]


@pytest.mark.parametrize("section", SCENARIO)
def test_a_table_has_a_name_of_its_own_in_a_report(results, section):
    names = [block.name for block in flat([report.page(results).show(section)]) if isinstance(block, Table | Chart)]
    assert len(names) == len(set(names))


def scores(by, name, model, ratio):
    return {
        "model": model,
        "by": by,
        "name": name,
        "rows": "all",
        "forecasts": 10,
        "crises": 2,
        "wis_log": 0.2 * ratio,
        "coverage_50": 0.4,
        "coverage_80": 0.75,
        "coverage_95": 0.9,
        "share_above_median": 0.5,
        "wis_ratio": ratio,
    }


@pytest.fixture(scope="module")
def past():
    ratios = {"needscast": 0.6, "persistence": 1.0, "drift": 1.5}
    rows = [
        scores(by, name, model, ratio)
        for by, name in (("overall", ""), ("horizon", "2"), ("horizon", "12"), ("crisis", "palu"))
        for model, ratio in ratios.items()
    ]
    cases = pd.DataFrame(
        {
            "series": "palu-2018",
            "origin_date": "2018-10-09",
            "horizon_weeks": [2, 12],
            "model": "needscast",
            "wis_log": [0.1, 0.9],
            "group": "palu",
            "first": False,
            "pace": 0.01,
            "median": 100_000.0,
            **{f"needed_{mass}": [0.5, 1.5] for mass in (50, 80, 95)},
            **{f"coverage_{mass}": [1.0, 0.0] for mass in (50, 80, 95)},
            "origin_value": 74_000.0,
            "truth": 211_000.0,
        }
    )
    levels = np.array([0.1, 0.5, 0.9])
    forecasts = pd.DataFrame(
        {
            "series": "palu-2018",
            "origin_date": "2018-10-09",
            "horizon_weeks": 12,
            "output_type": "quantile",
            "output_type_id": levels.astype(str),
            "value": [50_000.0, 100_000.0, 190_000.0],
        }
    )
    return SimpleNamespace(
        scores=pd.DataFrame(rows), cases=cases, forecasts=forecasts, notes=("palu-2018: one row was left out",)
    )


def test_the_hindcast_says_how_often_ranges_held_and_what_was_beaten(past):
    text = WORDS.say(hindcast.answer(past).text).replace("\u00a0", " ")
    assert (
        "held what was reported later in 75 % of them" in text
        and "60 % of that of the better simple rule (the last figure stays)" in text
    )


def test_the_worst_forecast_of_a_series_is_shown_with_its_range_and_the_truth(past):
    row = hindcast.misses(past)[0].rows[0]
    assert row[4] == Range(50_000.0, 100_000.0, 190_000.0, 0.8, "person") and row[5] == 211_000.0


def test_horizons_stand_in_the_order_of_weeks(past):
    assert [row[0].value for row in hindcast.by_horizon(past).rows] == [2, 12]
    assert hindcast.baselines(past).columns[1].key == "needscast"
    assert hindcast.first_rows(past).rows[0][1:4] == (10, 0.12, 0.6)
    assert hindcast.remarks(past).rows == (("palu-2018", "one row was left out"),)
    assert hindcast.crises(past).rows[0][0] == "palu"
    assert {point["nominal"] for point in hindcast.calibration(past).data["points"]} == {0.5, 0.8, 0.95}


def test_the_page_says_how_wide_the_ranges_should_have_been(past):
    sentence, table = hindcast.widths(past)
    assert [row[2] for row in table.rows] == [0.5, 1.5]
    assert "Between 50 % (2 weeks ahead) and 150 % (12 weeks ahead) of the width they had" in WORDS.say(
        sentence.text
    ).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("first", "pace", "truth", "why"),
    [
        (True, 0.0, 211_000, "first_too_low"),
        (True, 0.0, 40_000, "first_fell"),
        (True, 0.0, 80_000, "first_stopped"),
        (False, 0.1, 40_000, "turned_down"),
        (False, 0.1, 211_000, "kept_rising"),
        (False, 0.1, 80_000, "stopped_rising"),
        (False, -0.1, 211_000, "turned_up"),
        (False, -0.1, 10_000, "kept_falling"),
        (False, 0.0, 211_000, "rose_from_calm"),
        (False, 0.0, 40_000, "fell_from_calm"),
    ],
)
def test_a_miss_is_explained_by_what_the_figures_did(past, first, pace, truth, why):
    cases = past.cases.assign(first=first, pace=pace, truth=truth)
    changed = SimpleNamespace(**{**vars(past), "cases": cases})
    assert hindcast.misses(changed)[0].rows[0][-1].key == f"hindcast.{why}"


def test_the_agreed_figure_of_the_area_stands_beside_ours_with_who_agreed_it(results):
    group = report.page(results).show("agreed")
    assert "Agreed planning figure for this area, quoted: 2.8 million people in need in the region (The Agency" in said(
        group
    )
    assert "Ours, in one sector or more on 21 January 2020: at least " in said(group)
    table = tables(group)["agreed_figures"]
    assert [(row[0], WORDS.say(row[1]), row[3]) for row in table.rows] == [
        ("the region", "2.8\u00a0million people", "The Agency")
    ]


@pytest.mark.parametrize(("given", "said"), [
    ("a relay of B266", "reprend B266"),
    ("the measure people_assisted says nothing about displacement, displaced people or population",
     "ne dit rien des déplacements, des personnes déplacées ni de la population (assistées)"),
    ("no value was public on the reference date", "aucune valeur n'était publique à la date de référence"),
    ("a reason that nobody foresaw", "a reason that nobody foresaw"),
])  # fmt: skip
def test_reasons_are_said_in_the_language_of_the_report(given, said):
    from needscast.report.content.reasons import reason

    assert Words("fr").say(reason(given)) == said


def test_a_hedge_is_printed_in_the_language_of_the_report_and_one_that_no_catalogue_has_as_it_is():
    row = SimpleNamespace(hedge="more than", unit="person", value=3e5)
    plain = [Words(each).say(printed(row)).replace("\u202f", " ").replace("\u00a0", " ") for each in ("en", "fr")]
    assert plain == ["more than 300,000 people", "plus de 300 000 personnes"]
    rare = SimpleNamespace(hedge="a shade under", unit="person", value=20)
    assert WORDS.say(printed(rare)) == "a shade under 20 people"
