"""Where a number comes from: any number of a report, as a tree that a person reads, down to its sources."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from needscast import chain, cli, report
from needscast.errors import NeedscastError
from needscast.report.alt import alt
from needscast.report.blocks import flat
from needscast.report.charts import draw
from needscast.report.explain import MOST_LINES, diagram, explain, names
from needscast.report.traced import ABOUT_ITEMS, ABOUT_THE_REST, known_names, traced
from needscast.report.values import Day, Range, Text
from needscast.report.words import Words

TOY = Path(__file__).parents[1] / "crises" / "toy"


@pytest.fixture(scope="module")
def toy():
    return chain.estimate(TOY, "offensive", draws=64)


PLANS = {
    "decisions.csv": """\
item,cost_unmet,cost_surplus,to_share_out,illustration,chosen_by,source,published,url,sensitivity,reason
TOY/blanket,8,2,30,no,A. Tester,assumption,2020-01-01,,public,thirty are in the store
""",
    "priorities.csv": """\
criterion,item,area,group,weight,chosen_by,source,published,url,sensitivity,reason
moved again,,,displaced_again,1.5,A. Tester,assumption,2020-01-01,,public,goods lost twice
near the front,,front,,0.5,A. Tester,assumption,2020-01-01,,public,goods may be lost again
""",
    "checks.csv": """\
check,name,measures,scale,error,cost,days,source,published,url,sensitivity,reason,notes
walk,a walk through the camps,goods_lost_share,share,0.05,,3,assumption,2020-01-21,,public,few sites,
""",
    "response.csv": """\
sector,item,kind,quantity,unit,period_start,as_of,published,source,url,sensitivity,illustration,notes,full_ration_share
TOY,,targeted,9000,person,2020-01-01,2020-01-20,2020-01-21,counters,,public,no,,
TOY,water,reached,4000,person,2020-01-01,2020-01-20,2020-01-21,counters,,public,no,,0.5
TOY,,funded,10000,USD,2020-01-01,2020-01-20,2020-01-21,counters,,public,no,,
""",
    "crossings.csv": """\
crossing,name,opens,closes,legal_basis,trucks_low,trucks,trucks_high,mass,payload_tonnes,payload_m3,source,published,url,sensitivity,reason
gate,The Gate,2019-01-01,,agreement,10,20,30,0.8,20,60,assumption,2020-01-01,,public,one road
""",
}


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """The toy crisis with a decision, criteria and a crossing of its own."""
    folder = tmp_path_factory.mktemp("planned") / "toy"
    shutil.copytree(TOY, folder)
    for name, text in PLANS.items():
        (folder / name).write_text(text)
    rates = folder / "rates.csv"
    rates.write_text(rates.read_text().replace("goods_lost_share,,,0.5,0.5,0.5", "goods_lost_share,,,0.4,0.5,0.6"))
    return chain.estimate(folder, "offensive", draws=64)


def one(table, **labels):
    for column, label in labels.items():
        table = table[table[column] == label]
    assert len(table) == 1
    return table.iloc[0]


def test_what_is_shared_out_is_told_with_where_it_comes_from(planned):
    blocks = flat([report.page(planned).show("decisions")])
    told = " ".join(Words("en").say(each.text) for each in blocks if hasattr(each, "text"))
    assert "30 to share out against" in told and "the number to share out: thirty are in the store" in told


@pytest.mark.parametrize("name", ["blanket", "TOY/blanket", "demand/TOY/blanket"])
def test_an_item_is_explained_by_its_norm_its_people_and_their_sources(toy, name):
    text = explain(toy, name)
    assert text.startswith(f"{name} = ")
    assert "norm of blanket [Toy handbook (2018-11-06)]" in text
    assert "goods_lost_share" in text
    assert "\nSources\n" in text


@pytest.mark.parametrize(
    ("name", "table", "labels"),
    [
        ("blanket", "demand", {"item": "blanket", "area": "all", "week": "horizon"}),
        ("cost/TOY/blanket", "costs", {"item": "blanket"}),
        ("people/TOY/safe/1", "people", {"sector": "TOY", "area": "safe", "group": "all", "week": 1}),
        ("people/TOY", "people", {"sector": "TOY", "area": "all", "group": "all", "week": 0}),
    ],
)
def test_what_is_explained_is_the_number_in_the_tables(toy, name, table, labels):
    row, found = one(toy.tables[table], **labels), traced(toy, name).value
    assert isinstance(found, Range)
    assert (found.lower, found.median, found.upper) == pytest.approx((row["lower"], row["median"], row["upper"]))


def test_an_order_and_its_date_are_those_of_the_purchase_plan(toy):
    line = one(toy.tables["orders"], item="blanket")
    assert traced(toy, "order/blanket").value.value == line["quantity"]
    assert traced(toy, "order_by/blanket").value == Day.of(line["order_by"])
    text = explain(toy, "order_by/blanket")
    assert f"needed from {line['needed_from']}, less {line['lead_time_days']:.0f} days" in text
    assert "TOY/blanket/lead_time_days" in text and "norm of blanket" in text


def test_every_headline_and_every_item_of_the_toy_is_reached(toy):
    for name in [*toy.headlines, "blanket"]:
        assert traced(toy, name).derivation.all_sources(), name
    assert {"cost", "order_by/TOY/blanket", "people/TOY", "per_person/TOY", "across/all"} <= set(known_names(toy))


# a name -> the table that shows it, the row, and the column
SHOWN = [
    ("level/blanket/95", "planning", {"item": "blanket", "level": 0.95}, "quantity"),
    ("unserved/blanket/50", "planning", {"item": "blanket", "level": 0.5}, "people_unserved"),
    ("surplus/blanket/80", "planning", {"item": "blanket", "level": 0.8}, "surplus"),
    ("step/blanket/80", "planning", {"item": "blanket", "level": 0.8}, "step_cost_usd"),
    ("waiting/blanket", "orders", {"item": "blanket"}, "people_waiting"),
    ("order_cost/blanket", "orders", {"item": "blanket"}, "cost_usd"),
    ("order_tonnes/blanket", "orders", {"item": "blanket"}, "tonnes"),
    ("order_m3/blanket", "orders", {"item": "blanket"}, "m3"),
    ("trucks/blanket", "passage", {"item": "blanket"}, "needed"),
    ("crossing/capacity", "crossing", {"quantity": "capacity"}, "median"),
    ("crossing/needed", "crossing", {"quantity": "needed"}, "median"),
    ("left/blanket/safe", "allocation", {"area": "safe"}, "left"),
    ("worth/blanket", "information", {"kind": "everything"}, "value"),
    ("worth/blanket/walk", "information", {"kind": "check", "name": "walk"}, "value"),
    ("worth/blanket/goods_lost_share", "information", {"kind": "input", "name": "goods_lost_share"}, "value"),
    ("per_person/TOY", "response", {"sector": "TOY", "quantity": "per_person"}, "median"),
    ("reached/TOY", "response", {"sector": "TOY", "quantity": "reached"}, "median"),
    ("target_cost/TOY", "response", {"sector": "TOY", "quantity": "target_cost"}, "median"),
    ("remaining/TOY", "response", {"sector": "TOY", "quantity": "remaining"}, "median"),
    ("remaining", "response", {"sector": "all", "quantity": "remaining"}, "median"),
    ("across/safe/independent", "across", {"area": "safe"}, "independent"),
    ("across/all", "across", {"area": "all"}, "largest_sector"),
    ("people/TOY/safe/2/host", "people", {"area": "safe", "week": 2, "group": "host"}, "median"),
    (
        "displacement/displaced_present/safe/2",
        "displacement",
        {"quantity": "displaced_present", "area": "safe", "week": 2},
        "median",
    ),
    (
        "special/child_6_59_months/4",
        "special",
        {"special_group": "child_6_59_months", "week": 4},
        "median",
    ),
    ("driver/cost/goods_lost_share", "drivers", {"headline": "cost", "input": "goods_lost_share"}, "share_of_variance"),
    ("cause/cost/people", "causes", {"headline": "cost", "group": "people"}, "share_of_variance"),
    ("stock_out/blanket/goods_lost_share", "date_drivers", {"input": "goods_lost_share"}, "share_of_variance"),
    ("earliest/blanket", "orders", {"item": "blanket"}, "earliest"),
    ("ration_coverage/water", "reach", {"item": "water", "quantity": "ration_coverage"}, "median"),
]


@pytest.mark.parametrize(("name", "table", "labels", "column"), SHOWN, ids=[row[0] for row in SHOWN])
def test_every_kind_of_number_is_that_of_the_tables_and_reaches_its_sources(planned, name, table, labels, column):
    found = traced(planned, name)
    shown = one(planned.tables[table], **labels)[column]
    if isinstance(found.value, Day):
        assert found.value == Day.of(shown)
    else:
        number = found.value.median if isinstance(found.value, Range) else found.value.value
        assert number == pytest.approx(shown)
    assert found.derivation.all_sources()
    assert "\nSources\n  " in explain(planned, name)


def test_what_is_true_now_is_that_of_the_nowcast(planned):
    told = planned.nowcast.quantities()
    row = one(told, measure="idp_stock", area="safe", output_type_id="0.5")
    assert traced(planned, "now/idp_stock/safe").value.median == pytest.approx(row["value"])


def test_no_kind_of_number_is_without_its_row_in_the_tests(planned):
    told = {name.split("/")[0] for name, *_ in SHOWN}
    elsewhere = {"demand", "cost", "tonnes", "order", "order_by", "allocation"}  # above and below
    alike = {"now", "gap", "targeted", "not_reached", "funded", "full_rations"}  # read as the rows beside them are
    alike |= {"funded_per_targeted", "funded_per_reached"}
    needs_two_sectors = {"flag"}
    assert {*ABOUT_ITEMS, *ABOUT_THE_REST} - told == elsewhere | alike | needs_two_sectors


def test_the_day_a_stock_runs_out_is_told_as_a_range_of_days(planned):
    row = one(planned.tables["stock_out"], item="blanket")
    value = traced(planned, "stock_out/blanket").value
    assert isinstance(value, Text) and value.values["middle"] == Day.of(row["middle"])
    assert "stock: counters" in explain(planned, "stock_out/blanket")


def test_without_a_name_all_that_can_be_asked_is_listed(planned, capsys):
    told = names(planned)
    for words in ("  displaced_since_onset\n", "  cost/SECTOR\n", "stock_out/ITEM", "TOY/blanket", "AREA: all, front"):
        assert words in told
    assert cli.main(["explain", str(TOY), "--draws", "64"]) == 0
    assert "order_by/ITEM" in capsys.readouterr().out


def test_what_is_given_to_a_zone_is_explained_by_what_is_due_in_hand_and_the_criteria(planned):
    for row in planned.tables["allocation"].itertuples():
        name = f"allocation/blanket/{row.area}"
        assert traced(planned, name).value.value == row.given
        text = explain(planned, name)
        assert f"{row.claim:,} due until {row.until}" in text and "norm of blanket [" in text
        assert "30 in hand [decisions.csv: assumption; thirty are in the store]" in text
        assert "moved again: weight 1.5 [priorities.csv: goods lost twice]" in text
        assert ("near the front" in text) == (row.area == "front")
    with pytest.raises(NeedscastError, match="unknown area of an allocation 'nowhere'"):
        traced(planned, "allocation/blanket/nowhere")


def test_a_public_edition_keeps_back_what_names_a_site(planned):
    told = planned.crisis.priorities.assign(reason="the camp North of the safe side is full")
    areas = planned.crisis.areas.assign(level=lambda t: t["level"].replace("subdistrict", "community"))
    hurtful = replace(planned, crisis=replace(planned.crisis, priorities=told, areas=areas))
    assert "North of the safe side" not in explain(hurtful, "allocation/blanket/safe")
    assert "[kept back in this edition]" in explain(hurtful, "allocation/blanket/safe")
    assert "North of the safe side" in explain(replace(hurtful, readership="internal"), "allocation/blanket/safe")


def test_an_order_date_of_goods_names_the_crossings(planned):
    assert "The Gate [crossings.csv: agreement" in explain(planned, "order_by/blanket")


def test_a_step_with_many_inputs_takes_few_lines(toy):
    tree = explain(toy, "cost").split("\nSources\n")[0]
    assert max(len(line) for line in tree.splitlines()) < 700
    assert "inputs, each under Sources: " in tree
    assert "of the same as" in tree


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("stock_out/water", "TOY/water has no stock-out date: what is held is not known"),
        ("level/blanket", "unknown planning level, in percent, ''"),
        ("remaining/TOY", "no remaining is known for TOY: nothing published since 2020-01-01 says so"),
        ("per_person", "no per_person is known for all: people are not added over sectors"),
        ("driver/costs/x", "unknown headline 'costs/x'"),
        ("worth/blanket", "TOY/blanket has no decision behind it"),
        ("across/nowhere", "unknown area 'nowhere'"),
        ("people/TOY/safe/0/host/x", "has 5 parts; a name of this kind has at most 4"),
        ("blankett", "did you mean 'blanket'"),
        ("costs/TOY/blanket", "did you mean 'cost/TOY/blanket'"),
        ("people/TOI", "unknown sector 'TOI'; did you mean 'TOY'"),
        ("people/TOY/save", "unknown area 'save'; did you mean 'safe'"),
        ("people/TOY/safe/99", "unknown week '99'"),
        ("gap/water", "TOY/water has no gap: its supply is not known"),
        ("allocation/blanket", "nothing is shared out of blanket"),
    ],
)
def test_a_name_that_means_nothing_is_told_with_the_nearest_that_do(toy, name, said):
    with pytest.raises(NeedscastError, match=said):
        explain(toy, name)


@pytest.mark.parametrize("name", ["cost", "order_by/blanket"])
def test_the_picture_shows_the_same_tree_as_deep_as_a_page_holds(toy, name):
    chart, words = diagram(toy, name), Words("en")
    lines = chart.data["lines"]
    assert 0 < len(lines) <= MOST_LINES and lines[0]["depth"] == 0
    assert {line["kind"] for line in lines} <= {"step", "found", "assumed"}
    text = explain(toy, name)
    assert all(line["label"].removesuffix(" \N{HORIZONTAL ELLIPSIS}") in text for line in lines)
    assert "<svg" in draw(chart, words) and lines[0]["label"] in alt(chart, words)


def test_the_command_draws_the_picture_beside_the_text(tmp_path, capsys):
    picture = tmp_path / "cost.svg"
    assert cli.main(["explain", str(TOY), "cost", "--draws", "64", "--draw", str(picture)]) == 0
    assert capsys.readouterr().out.startswith("cost = ") and picture.read_text().startswith("<?xml")
