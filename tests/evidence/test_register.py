"""From the tables to what is evidence: windows, areas, relays, parts, what is counted."""

from datetime import date

import numpy as np
import pytest
from toy_register import area_table, crisis, figure

from needscast.errors import NeedscastError
from needscast.evidence.area import Areas
from needscast.evidence.behaviour import shipped
from needscast.evidence.prepare import prepare
from needscast.evidence.window import Weeks


def stock(name, value, day, source="agency"):
    """A count of displaced people."""
    more = {"measure": "idp_stock", "group": "idp", "period_start": None, "as_of": day, "source": source}
    return figure(name, value, **more)


OVER_TIME = (stock("A", 50_000, "2031-02-04"), stock("B", 90_000, "2031-02-15"), stock("C", 50_000, "2031-03-05"))


def kept(*figures):
    return [item.id for item in prepare(crisis(*figures), shipped()).roots.kept]


def why_not(**other):
    second = figure("B", **{"value": 80_000, **other})
    return prepare(crisis(figure("A", 90_000), second), shipped()).reasons.get("B", "")


def test_a_window_takes_the_share_of_each_week_that_it_covers():
    weeks = Weeks(date(2031, 2, 24), date(2031, 3, 12))  # Mondays 24 February, 3 and 10 March; the last is 3 days long
    assert weeks.overlap(date(2031, 2, 27), date(2031, 3, 4)) == pytest.approx([4 / 7, 2 / 7, 0])
    assert weeks.overlap(date(2031, 3, 10), date(2031, 3, 31)) == pytest.approx([0, 0, 3 / 7])
    assert weeks.overlap(date(2031, 3, 4), date(2031, 3, 4)) == pytest.approx([0, 1 / 7, 0])


def test_an_ambiguous_area_is_read_in_each_of_its_ways():
    readings = Areas.of(area_table()).readings("printed")
    assert [(each.weight, each.zones) for each in readings] == [
        (0.75, (True, True, True)),
        (0.25, (False, False, True)),
    ]


def test_a_union_holds_its_zones_and_a_town_lies_inside_one():
    areas = Areas.of(area_table())
    assert areas.readings("lowlands")[0].zones == (False, True, True)
    assert areas.readings("town")[0].inside
    assert areas.readings("abroad") == ()


def test_an_area_that_leads_back_to_itself_is_an_error():
    table = area_table()
    table.loc[table["area"] == "lowlands", "covers"] = "lowlands"
    with pytest.raises(NeedscastError, match="leads back to itself"):
        Areas.of(table).readings("lowlands")


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"coverage": "analogue"}, "analogue"),
        ({"coverage": "forward"}, "looks forward"),
        ({"measure": "killed_cumulative"}, "never enter an estimate"),
        ({"measure": "people_in_need"}, "says nothing about"),
        ({"group": "children"}, "only the group 'children'"),
        ({"area": "abroad"}, "not wholly, in the modelled area"),
        ({"period_start": None}, "first day is not given"),
        ({"period_start": "2031-03-06"}, "ends before it begins"),
        ({"as_of": "2031-03-20"}, "after the reference date"),
        ({"period_start": "2020-01-01"}, "weeks before the reference date"),
        ({"value": None}, "carries no number"),
    ],
)
def test_every_figure_that_is_not_evidence_has_its_reason(other, reason):
    assert reason in why_not(**other)


def test_a_negative_number_is_an_error_that_names_the_figure():
    with pytest.raises(NeedscastError, match="figure A: a negative number"):
        prepare(crisis(figure("A", -5)), shipped())


def test_a_labelled_chain_of_relays_goes_back_to_its_root():
    evidence = prepare(
        crisis(
            figure("A", 350_000),
            figure("B", 355_000, source="paper", upstream="A", as_of="2031-03-07"),
            figure("C", 300_000, source="charity", upstream="B", as_of="2031-03-09"),
        ),
        shipped(),
    )
    assert [item.id for item in evidence.roots.kept] == ["A"]
    assert evidence.roots.root == {"A": "A", "B": "A", "C": "A"}


def test_relays_that_name_each_other_keep_one_of_them():
    assert kept(figure("A", 70_000, upstream="B"), figure("B", 70_000, source="paper", upstream="A")) == ["A"]


def test_relays_of_a_report_that_is_not_in_the_register_count_once():
    both = [figure(name, 70_000, upstream="X9", source=source) for name, source in (("A", "paper"), ("B", "charity"))]
    assert kept(*both) == ["A"]


def test_the_error_is_that_of_the_upstream_source():
    evidence = prepare(crisis(figure("A", 70_000, source="paper", upstream="cluster")), shipped())
    assert evidence.roots.origin["A"] == "cluster"


@pytest.mark.parametrize(
    ("other", "is_relay"),
    [
        ({}, True),
        ({"as_of": "2031-03-15", "published": "2031-03-12"}, False),  # later than the reference date: no evidence
        ({"period_start": "2031-02-01"}, True),  # a relay misdates the start by twelve days
        ({"period_start": "2030-11-01"}, False),
        ({"as_of": "2031-03-01"}, False),  # an earlier cut-off is not a relay of a later one
        ({"value": 98_000}, False),
        ({"area": "north"}, True),
    ],
)
def test_an_unlabelled_relay_is_known_by_number_window_and_area(other, is_relay):
    second = figure("B", 97_000, source="charity", as_of="2031-03-10") | other
    found = prepare(crisis(figure("A", 97_000), second), shipped())
    assert ("B" in found.roots.reasons) is is_relay


def test_a_newspapers_rounded_number_is_a_relay_and_a_charitys_is_not():
    first = figure("A", 312_200)
    assert kept(first, figure("B", 312_000, source="paper", reliability="D", as_of="2031-03-09")) == ["A"]
    assert kept(first, figure("B", 312_000, source="charity", reliability="C", as_of="2031-03-09")) == ["A", "B"]


def test_a_source_that_prints_its_number_again_within_days_has_not_counted_again():
    assert kept(figure("A", 70_000, as_of="2031-03-03"), figure("B", 70_000, as_of="2031-03-08")) == ["A"]


def test_a_source_that_prints_its_number_again_a_week_later_says_that_nothing_moved():
    assert kept(figure("A", 70_000, as_of="2031-03-01"), figure("B", 70_000, as_of="2031-03-08")) == ["A", "B"]


def test_counts_of_displaced_people_over_time_all_stand_also_where_they_fall_back():
    assert kept(*OVER_TIME) == ["A", "B", "C"]


def test_parts_printed_beside_their_total_are_compared_with_it():
    evidence = prepare(
        crisis(figure("A", 100_000), figure("B", 30_000, area="north", definition="people_displaced_to")), shipped()
    )
    assert evidence.totals == {"B": "A"}
    part = list(evidence.rows.figure).index(1)
    assert evidence.rows.source[part] == -1
    assert evidence.rows.targets[evidence.rows.reference[part]].zones == (True, True, True)


def test_a_lone_window_beside_a_running_count_may_be_misdated():
    running = [figure(f"A{day}", 90_000 + 1_300 * day, as_of=f"2031-03-0{day}") for day in (1, 4, 7)]
    evidence = prepare(crisis(*running, figure("B", 99_000, period_start="2031-02-01", as_of="2031-03-09")), shipped())
    starts = {evidence.rows.targets[k].start for k in evidence.rows.target[evidence.rows.figure == 3]}
    assert starts == {date(2031, 2, 1), date(2031, 1, 20)}


def test_probabilities_of_the_meanings_of_a_figure_add_up_to_one():
    evidence = prepare(crisis(figure("A", 90_000, area="printed"), figure("B", 60_000, area="lowlands")), shipped())
    totals = np.bincount(evidence.rows.figure, weights=np.exp(evidence.rows.weight))
    assert totals == pytest.approx([1.0, 1.0])


def test_a_register_without_evidence_says_so():
    with pytest.raises(NeedscastError, match="none of 1 figures"):
        prepare(crisis(figure("A", 5, measure="killed_cumulative")), shipped())


def test_without_any_population_the_next_step_is_named():
    table = area_table().drop(columns=["population_low", "population", "population_high"])
    with pytest.raises(NeedscastError, match=r"give \[population\] in crisis.toml"):
        prepare(crisis(figure("A", 90_000), population=None, areas=table), shipped())


def test_a_printed_population_serves_where_nothing_else_gives_one():
    table = area_table().drop(columns=["population_low", "population", "population_high"])
    people = figure("P", 800_000, measure="population_stock", period_start=None)
    assert prepare(crisis(people, population=None, areas=table), shipped()).model.population.best == 800_000
