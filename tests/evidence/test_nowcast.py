from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from toy_register import ZONES, crisis, figure, five_figures, headline

from needscast.evidence import hedges_in_hindsight, nowcast, without, without_sources
from needscast.evidence.quantities import LEVELS

DRAWS = 1024


def now(*figures, seed=3, **other):
    return nowcast(crisis(*figures, **other), draws=DRAWS, seed=seed)


@pytest.fixture(scope="module")
def five():
    """Five counts of people and nothing else; made once."""
    return now(*five_figures())


@pytest.fixture(scope="module")
def usual():
    """Five counts of people, one of movements, one of displaced people; made once."""
    return now(
        *five_figures(),
        figure("M", 118_000, source="cluster", unit="movement"),
        figure("I", 240_000, measure="idp_stock", group="idp", period_start=None, hedge="some"),
    )


def values(result, name):
    return result.estimates[name].values.values


def test_estimates_carry_their_labels_units_and_figures(usual):
    shapes = {name: (each.dims, str(each.unit)) for name, each in usual.estimates.items()}
    area, week = ("area",), ("week",)
    assert shapes == {
        "population": (area, "person"),
        "idp_stock": (area, "person"),
        "newly_displaced": (area, "person"),
        "departed": (area, "person"),
        "weekly_outflow": (area, "person"),
        "displaced_flow": (week, "person"),
        "movement_flow": (week, "movement"),
        "movement_ratio": ((), "movement / person"),
    }
    assert usual.estimates["population"].labels("area") == [zone for zone, _, _ in ZONES]
    assert usual.estimates["displaced_flow"].labels("week")[-1] == "2031-03-10"
    assert "F0" in usual.estimates["departed"].sources


def test_displaced_people_are_among_the_people_present_in_every_world(usual):
    newly, displaced, people = (values(usual, name) for name in ("newly_displaced", "idp_stock", "population"))
    assert (newly <= displaced).all()
    assert (displaced <= people).all()


def test_departed_are_present_or_returned_or_gone_in_every_world(usual):
    world = usual._evidence.posterior.world(usual._z)
    elsewhere = (world.returned.value + world.crossed.value)[:, 0]
    present = values(usual, "newly_displaced").sum(axis=0)
    assert values(usual, "departed").sum(axis=0) == pytest.approx(present + elsewhere)


def test_there_are_at_least_as_many_movements_as_people(usual):
    assert (values(usual, "movement_ratio") >= 1).all()
    assert (values(usual, "movement_flow") >= values(usual, "displaced_flow")).all()


def test_the_weeks_since_the_onset_add_up_to_the_cumulative_figure(usual):
    weeks = usual.estimates["displaced_flow"].labels("week")
    since = [week >= "2031-01-20" for week in weeks]
    assert np.median(values(usual, "displaced_flow")[since].sum(axis=0)) == pytest.approx(headline(usual), rel=1e-9)


def test_the_table_has_every_level_and_the_mean_of_every_quantity(usual):
    table = usual.quantities()
    sizes = table.groupby(["measure", "group", "area", "period_start", "as_of", "unit"]).size()
    assert (sizes == len(LEVELS) + 1).all()
    assert len(LEVELS) == 23
    assert {"region", "north", "middle", "south", "lowlands"} == set(table["area"])
    assert set(table["as_of"]) == {"2031-03-12"}


def test_a_union_holds_the_stocks_of_its_zones_and_what_left_them(usual):
    table = usual.quantities().query("output_type == 'mean' and (period_start == '' or period_start == '2031-01-20')")
    means = table.groupby(["measure", "group", "unit", "area"])["value"].sum().unstack("area")
    assert means["lowlands"].to_numpy() == pytest.approx((means["middle"] + means["south"]).to_numpy())


def test_the_median_lies_near_five_counts_of_a_hundred_thousand_and_a_week_of_flow(usual):
    assert 100_000 < headline(usual) < 130_000


def test_draws_are_unlike_every_named_stream(usual):
    from needscast.draws import Draws

    world = values(usual, "departed").sum(axis=0)
    for name in ("SNFI/price", "pace_multiplier", "nowcast/order"):
        alike = np.corrcoef(Draws(DRAWS, 3).probabilities(name), np.argsort(np.argsort(world)))[0, 1]
        assert abs(alike) < 4 / DRAWS**0.5  # four standard errors of streams that have nothing to do with each other


def test_the_same_seed_gives_the_same_bytes_and_seed_zero_is_a_seed(five):
    first, second = (now(*five_figures(), seed=0)._z for _ in range(2))
    assert first.tobytes() == second.tobytes()
    assert first.tobytes() != five._z.tobytes()


def test_the_order_of_rows_means_nothing(five):
    assert now(*reversed(five_figures()))._z.tobytes() == five._z.tobytes()


def test_ten_labelled_relays_move_nothing(five):
    relays = [figure(f"R{k}", 98_700, source="paper", upstream="F0", as_of="2031-03-09") for k in range(10)]
    assert now(*five_figures(), *relays)._z.tobytes() == five._z.tobytes()


def test_ten_unlabelled_copies_do_not_narrow_the_range_by_a_tenth(five):
    copies = [
        figure(f"C{k}", 98_700, source=("paper", "charity")[k % 2], as_of=f"2031-03-{6 + k % 5:02d}") for k in range(10)
    ]
    copied = now(*five_figures(), *copies)
    width = [np.log(headline(each, "0.9") / headline(each, "0.1")) for each in (five, copied)]
    assert width[1] > 0.9 * width[0]


@pytest.mark.parametrize("factor", [10, 0.1])
def test_one_outlier_by_a_factor_of_ten_moves_the_median_by_less_than_five_percent(factor, five):
    wrong = figure("X", 98_700 * factor, source="charity", reliability="C", as_of="2031-03-04")
    assert headline(now(*five_figures(), wrong)) == pytest.approx(headline(five), rel=0.05)


def test_movements_alone_leave_the_movement_ratio_at_its_prior():
    figures = [
        figure("A", 120_000, source="cluster", unit="movement"),
        figure("B", 45_000, source="cluster", unit="movement", period_start="2031-02-10"),
        figure("C", 300_000, source="agency", unit="movement", period_start="2030-10-01"),
    ]
    said = now(*figures).diagnostics
    assert abs(said["contraction/movement_ratio"]) < 0.12


def test_an_anchor_with_twice_the_error_widens_the_headline():
    said = now(figure("A", 101_300), figure("B", 97_000, source="charity", reliability="C")).diagnostics
    assert said["anchor_figures"] == 1
    assert said["anchor_doubled_p90"] / said["anchor_doubled_p10"] > said["headline_p90"] / said["headline_p10"]


# --- bad input: a sane answer that is wide where it should be ---------------------------------------------------------


def test_one_figure_gives_a_range_around_it():
    found = now(figure("A", 100_000))
    assert headline(found, "0.1") < 100_000 < headline(found, "0.9")


def test_only_lower_bounds_give_a_range_that_reaches_well_above_them():
    found = now(*(figure(f"A{k}", 100_000 + 20_000 * k, hedge="at least", source=s)
                  for k, s in enumerate(("agency", "charity", "watch"))))  # fmt: skip
    assert headline(found, "0.9") > 1.2 * 140_000


def test_two_contradictory_figures_are_both_inside_the_range():
    found = now(figure("A", 30_000), figure("B", 300_000, source="charity", reliability="B"))
    assert headline(found, "0.05") < 40_000
    assert headline(found, "0.95") > 250_000
    assert found.standing.set_index("figure_id").loc["A", "conflicts"] == "B"


def test_figures_in_two_camps_are_warned_of_by_name():
    two = dict(enumerate([20_000, 21_000, 20_500, 400_000, 410_000, 390_000]))
    sources = ("agency", "cluster", "charity", "responder", "watch", "paper")
    found = now(*(figure(f"F{k}", value, source=sources[k]) for k, value in two.items()))
    assert headline(found, "0.9") > 10 * headline(found, "0.1")
    assert any("contradict each other" in warning and "F" in warning for warning in found.warnings)


def test_a_good_register_is_not_warned_of_and_a_vague_one_is(usual):
    assert usual.warnings == ()
    vague = now(figure("A", None, hedge="hundreds of thousands", measure="idp_stock", period_start=None)).warnings
    assert any("mostly prior" in warning for warning in vague)
    other = now(figure("A", 90_000, source="paper")).warnings
    assert any("anchor source 'agency' has no figure" in warning for warning in other)


def test_a_fresh_crisis_made_from_the_template_gives_a_wide_range(tmp_path):
    from needscast.inputs import read_crisis
    from needscast.inputs.new import new_crisis

    found = nowcast(read_crisis(new_crisis(tmp_path / "flood")), draws=256, seed=1)
    assert found.estimates["displaced_flow"].values.values.min() >= 0


def test_zeros_mean_few():
    found = now(figure("A", 0), figure("B", 0, source="charity", reliability="C", as_of="2031-03-12"))
    assert headline(found, "0.9") < 5_000


def test_a_window_of_one_day_leaves_the_weeks_before_it_wide():
    found = now(figure("A", 2_000, period_start="2031-03-05"))
    assert headline(found, "0.9") > 5 * headline(found, "0.1")


def test_more_displaced_than_people_is_held_to_the_population():
    found = now(figure("A", 5_000_000), figure("B", 5_300_000, source="charity", reliability="C"))
    assert (values(found, "newly_displaced") <= values(found, "population")).all()


def test_figures_on_zones_only_give_a_wide_total_above_their_sum():
    other = figure("B", 20_000, area="middle", source="charity", reliability="C")
    found = now(figure("A", 40_000, area="south"), other)
    assert headline(found) > 55_000


def stocks(*counted):
    """Counts of displaced people by one source, a week apart, the last five days before the reference date."""
    first = date(2031, 3, 5) - timedelta(weeks=len(counted) - 1)
    days = [(first + timedelta(weeks=week)).isoformat() for week in range(len(counted))]
    about = {"measure": "idp_stock", "group": "idp", "period_start": None}
    return [figure(f"S{day}", value, as_of=day, **about) for day, value in zip(days, counted, strict=True)]


@pytest.mark.parametrize(
    "counted",
    [
        (186_300, 141_200, 98_700, 71_400, 52_300, 38_600, 27_900),  # people go home
        (27_900, 38_600, 52_300, 71_400, 98_700, 141_200, 186_300),  # people flee
        (52_300, 141_200, 186_300, 183_400, 141_200, 98_700, 71_400),  # people flee, then go home
    ],
)
def test_displaced_people_are_followed_up_and_down(counted):
    total = values(now(*stocks(*counted)), "idp_stock").sum(axis=0)
    low, high = np.quantile(total, (0.1, 0.9))
    assert counted[-1] / 1.6 < low < 1.1 * counted[-1] < high < 2 * counted[-1]


@pytest.mark.parametrize("seed", [pytest.param(4, marks=pytest.mark.prove), 5])
def test_counts_that_allow_two_stories_are_followed_with_a_warning_not_refused(seed):
    # Either people fled and went home, or the first three counts are wrong and people go home all the time.
    found = now(*stocks(52_300, 141_200, 186_300, 183_400, 141_200, 98_700, 71_400), seed=seed)
    low, high = np.quantile(values(found, "idp_stock").sum(axis=0), (0.1, 0.9))
    assert 45_000 < low < 79_000 < high < 143_000
    assert any("chains agree only roughly" in each for each in found.warnings)


def test_camps_that_emptied_within_a_fortnight_are_followed_when_three_counts_say_so():
    # Four counts say that many are there and three later ones that most have left. A nowcast that begins in what was
    # expected alone held the later ones for errors and told of 300,000 people.
    days = ("01-23", "01-28", "02-01", "02-05", "02-19", "02-26", "03-04")
    counted = (80_000, 300_000, 310_000, 315_000, 60_000, 41_000, 40_000)
    about = {"measure": "idp_stock", "group": "idp", "period_start": None}
    figures = [figure(f"S{day}", value, as_of=f"2031-{day}", **about) for day, value in zip(days, counted, strict=True)]
    low, high = np.quantile(values(now(*figures), "idp_stock").sum(axis=0), (0.1, 0.9))
    assert 25_000 < low < 40_000 < high < 65_000


def test_stocks_only_leave_the_flow_to_the_prior():
    stock = {"measure": "idp_stock", "group": "idp", "period_start": None}
    found = now(figure("A", 200_000, **stock), figure("B", 220_000, source="charity", reliability="C", **stock))
    assert 150_000 < np.median(values(found, "idp_stock").sum(axis=0)) < 280_000
    assert headline(found, "0.9") > 10 * headline(found, "0.1")


def test_a_crisis_of_one_area_works():
    table = crisis().areas.query("area == 'region'")
    found = now(figure("A", 100_000), areas=table)
    assert found.estimates["population"].labels("area") == ["region"]
    assert set(found.quantities()["area"]) == {"region"}


# --- the standing of each figure ------------------------------------------------------------------------------------


def test_every_figure_has_a_row_used_or_a_reason():
    dead = figure("D", 26, measure="killed_cumulative")
    relay = figure("R", 98_700, source="paper", upstream="F0", as_of="2031-03-09")
    table = now(*five_figures(), dead, relay).standing.set_index("figure_id")
    assert table.index.tolist() == ["F0", "F1", "F2", "F3", "F4", "D", "R"]
    assert table["used"].tolist() == [True] * 5 + [False, False]
    assert "never enter" in table.loc["D", "reason"]
    assert table.loc["R", ["reason", "root"]].tolist() == ["a relay of F0", "F0"]
    assert table["weight"].sum() == pytest.approx(1)


def test_leaving_out_the_high_figure_lowers_the_headline_and_it_pulls_up():
    three = figure("A", 100_000), figure("B", 104_000, source="charity"), figure("C", 150_000, source="cluster")
    found = nowcast(crisis(*three), draws=4 * DRAWS, seed=3)
    table = found.standing.set_index("figure_id")
    without = headline(now(*three[:2])) / headline(found) - 1
    assert table.loc["C", "pull"] > 0
    assert table.loc["C", "leave_one_out"] == pytest.approx(without, abs=0.06)


def test_nothing_but_the_tables_and_settings_is_needed(five):
    assert isinstance(crisis(*five_figures()), SimpleNamespace)  # what it was made of
    assert replace(five, crisis_area="x").crisis_area == "x"


def test_without_its_weightiest_source_the_headline_is_wider(monkeypatch):
    monkeypatch.setattr(without, "KEPT", 4 * without.KEPT)  # a width of few draws is known to a tenth only
    weighty = figure("A", 98_700, source="agency", reliability="A")
    others = [figure(name, 104_000, source=name, reliability="D") for name in ("charity", "watch")]
    usual = nowcast(crisis(weighty, *others), draws=4096, seed=3)
    table = without_sources(usual, most=2)
    assert table["weight"].is_monotonic_decreasing
    assert (table["source"].iloc[0], table["figures"].iloc[0]) == ("agency", 1)
    width = np.log(table["upper"] / table["lower"])
    assert width.iloc[0] > 1.2 * np.log(headline(usual, "0.9") / headline(usual, "0.1"))


def test_words_are_held_against_what_all_the_other_figures_say(usual):
    table = hedges_in_hindsight(usual).set_index("hedge")
    assert table.loc["", "cases"] == 6
    assert 0.85 < table.loc["", "median"] < 1.15
    assert table.loc["some", "seen_in"] == "I"
