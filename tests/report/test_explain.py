"""Where a number comes from: any number of a report, as a tree that a person reads, down to its sources."""

import shutil
from pathlib import Path

import pytest

from needscast import chain, cli
from needscast.errors import NeedscastError
from needscast.report.alt import alt
from needscast.report.charts import draw
from needscast.report.explain import MOST_LINES, diagram, explain
from needscast.report.traced import KINDS, known_names, traced
from needscast.report.values import Day, Range
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
    return chain.estimate(folder, "offensive", draws=64)


def one(table, **labels):
    for column, label in labels.items():
        table = table[table[column] == label]
    assert len(table) == 1
    return table.iloc[0]


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
    for name in [*toy.headlines, *(f"{kind}/blanket" for kind in set(KINDS) - {"allocation", "gap"})]:
        assert traced(toy, name).derivation.all_sources(), name
    assert {"cost", "order_by/TOY/blanket", "people/TOY"} <= set(known_names(toy))


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
