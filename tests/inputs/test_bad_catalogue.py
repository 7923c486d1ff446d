"""Bad input about standards, prices, shares and supply is named by file, row and column; nothing of it is computed."""

import re

import pytest

from needscast import cli

PRICE = 'unit = "USD"\nsource = "Toy catalogue"\npublished = 2019-12-31\nconfidence = "high"\n[item.lead'
SHARES = """
[[input]]
input = "global_share"
low = 0.02
best = 0.05
high = 0.1
mass = 0.8
unit = "share"
source = "Toy survey"
published = 2019-12-31

[[input]]
input = "severe_share"
part_of = "global_share"
split = "care"
low = 0.01
best = 0.02
high = 0.03
mass = 0.8
unit = "share"
source = "Toy survey"
published = 2019-12-31

[[input]]
input = "other_share"
split = "care"
low = 0.8
best = 0.9
high = 0.97
mass = 0.8
unit = "share"
source = "Toy survey"
published = 2019-12-31
"""


def told(problems, place):
    """Return what is said about a place, once."""
    return [f"{each.message}; {each.remedy}" for each in problems if f"{each.file}:{each.row}:{each.column}" == place]


@pytest.fixture
def shares(toy):
    """The toy card with a part of a whole and shares that divide the same people."""
    card = toy.path / "sectors" / "TOY.toml"
    card.write_text(card.read_text() + SHARES)
    factors = 'basis = "child_6_59_months"\nfactors = ["severe_share", "other_share"]'
    return toy.text("sectors/TOY.toml", 'basis = "child_6_59_months"', factors)


def row_of(toy, name, text):
    lines = (toy.path / name).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if line == text)


def write_pipeline(toy, early, middle, late):
    columns = "item,area,quantity_low,quantity,quantity_high,mass,unit,arrival_early,arrival,arrival_late,published"
    rows = ["blanket", "safe", "10", "20", "30", "0.8", "blanket", early, middle, late, "2020-01-20"]
    extra = ["source", "url", "sensitivity", "illustration", "notes"]
    values = [*rows, "counters", "", "public", "no", ""]
    toy.write("pipeline.csv", [[*columns.split(","), *extra], values])


def write_response(toy, *rows):
    columns = "sector,item,kind,quantity,unit,period_start,as_of,published,source,url,sensitivity,illustration,notes"
    made = [
        [
            "TOY",
            "",
            kind,
            quantity,
            "person",
            "2020-01-01",
            "2020-01-20",
            "2020-01-22",
            "counters",
            "",
            "public",
            "no",
            "",
        ]
        for kind, quantity in rows
    ]
    toy.write("response.csv", [columns.split(","), *made])


def test_a_standard_without_unit_is_named_with_its_item(toy):
    row = row_of(toy, "sectors/TOY.toml", 'unit = "blanket"')
    problems = toy.text("sectors/TOY.toml", 'unit = "blanket"\n', "").problems()
    assert told(problems, f"sectors/TOY.toml:{row - 3}:item.1.unit")


def test_a_price_without_a_date_is_named_with_its_price(toy):
    problems = toy.text("sectors/TOY.toml", PRICE, PRICE.replace("published = 2019-12-31\n", "")).problems()
    assert [one.column for one in problems] == ["item.1.price.published"]


def test_a_delivery_that_stands_twice_is_counted_once_or_told_apart(toy):
    early, middle, late = "2020-02-01", "2020-02-03", "2020-02-09"
    write_pipeline(toy, early, middle, late)
    lines = (toy.path / "pipeline.csv").read_text().splitlines()
    toy.write("pipeline.csv", [line.split(",") for line in (*lines, lines[1])])
    assert "row 2, cell by cell" in told(toy.problems(), "pipeline.csv:3:")[0]
    toy.write("pipeline.csv", [line.split(",") for line in (*lines, lines[1] + "second half")])
    assert len(toy.read().pipeline) == 2


def test_text_of_a_card_stands_in_quotation_marks(toy):
    problems = toy.text("crisis.toml", 'phase_chosen_by = "the test"\nw', "phase_chosen_by = 12\nw").problems()
    assert told(problems, "crisis.toml:9:phase_chosen_by") == ["'12' is not text; write the words in quotation marks"]


def test_a_stock_of_an_unknown_item_names_the_nearest_item(toy):
    problems = toy.cell("stocks.csv", 2, "item", "blankett").problems()
    assert "did you mean 'blanket'?" in told(problems, "stocks.csv:2:item")[0]


def test_an_arrival_in_the_past_is_refused_and_a_late_one_is_not(toy):
    write_pipeline(toy, "2020-01-10", "2020-01-20", "2020-01-27")
    assert "is before the reference date 2020-01-28" in told(toy.problems(), "pipeline.csv:2:arrival_late")[0]
    write_pipeline(toy, "2020-01-10", "2020-01-20", "2020-02-15")
    assert len(toy.read().pipeline) == 1


def test_coverage_above_one_is_refused_in_a_card_and_in_the_rates(shares):
    shares.text("sectors/TOY.toml", "high = 0.97", "high = 1.2")
    row = [cells[0] for cells in shares.rows("rates.csv")].index("share_child_6_59_months") + 1
    problems = shares.cell("rates.csv", row, "high", "1.1").problems()
    assert "leaves 0 to 1" in told(problems, f"rates.csv:{row}:low")[0]
    assert any("share 0.8 to 1.2 leaves 0 to 1" in one.message for one in problems)


def test_shares_of_one_split_may_add_up_to_one_and_no_more(shares):
    assert "TOY/other_share" in shares.read().inputs
    shares.text("sectors/TOY.toml", "best = 0.9\nhigh = 0.97", "best = 0.99\nhigh = 0.995")
    messages = [one.message for one in shares.problems()]
    assert messages == ["the shares of 'TOY/care' add up to 1.01: TOY/severe_share, TOY/other_share"]


def test_severe_malnutrition_above_global_is_refused(shares):
    shares.text("sectors/TOY.toml", "high = 0.03", "high = 0.12")
    (problem,) = shares.problems()
    assert problem.message == "TOY/severe_share 0.12 is above TOY/global_share 0.1, of which it is a part"
    assert problem.file == "sectors/TOY.toml"


def test_a_part_above_its_whole_is_refused_where_the_rates_override_the_card(shares):
    name = {"input": "TOY/severe_share", "low": "0.03", "best": "0.04", "high": "0.05", "reason": "a survey"}
    problems = shares.add("rates.csv", (2, {**name, "unit": "share"})).problems()
    assert [f"{one.file}:{one.column}" for one in problems] == ["rates.csv:low"]


def test_a_negative_gap_is_refused_with_both_rows(toy):
    write_response(toy, ("required", "900"), ("reached", "1000"))
    assert "(row 2): the gap would be negative" in told(toy.problems(), "response.csv:3:quantity")[0]
    write_response(toy, ("required", "1000"), ("reached", "1000"))
    assert len(toy.read().response) == 2


def test_a_negative_stock_is_refused(toy):
    assert "is negative" in told(toy.cell("stocks.csv", 2, "quantity", "-5").problems(), "stocks.csv:2:quantity")[0]


def test_a_share_that_must_not_be_people_is_refused_by_area(toy):
    toy.text("sectors/TOY.toml", 'id = "paste"', 'id = "rape_kit"')
    row = row_of(toy, "sectors/TOY.toml", 'id = "rape_kit"')
    assert "must not be shown by area" in told(toy.problems(), f"sectors/TOY.toml:{row - 1}:item.4.by_area")[0]
    toy.text("sectors/TOY.toml", 'id = "rape_kit"', 'id = "rape_kit"\nby_area = false')
    assert not toy.read().sectors[0].items[3].by_area


def test_a_factor_that_nobody_gives_names_the_factors(toy):
    toy.text("sectors/TOY.toml", 'basis = "child_6_59_months"', 'basis = "person"\nfactors = ["wet_share"]')
    assert any(one.column == "item.4.factors" and "no input 'wet_share'" in one.message for one in toy.problems())


def test_an_episode_without_a_length_is_refused(toy):
    toy.text(
        "sectors/TOY.toml", 'basis = "child_6_59_months"\ntrigger = "presence"', 'basis = "person"\ntrigger = "episode"'
    )
    assert any(one.column == "item.4.episode" for one in toy.problems())


def test_a_substitute_on_another_card_must_be_there(toy):
    toy.text("sectors/TOY.toml", 'id = "paste"', 'id = "paste"\ninstead_of = ["TOY/watr"]')
    assert any("did you mean 'TOY/water'?" in one.message for one in toy.problems())


OVERRIDE = """
[[override]]
input = "TOY/{name}"
low = {low}
best = {best}
high = {high}
mass = 0.8
unit = "share"
source = "assumption"
author = "the test"
reason = "made up"
published = 2020-01-28
"""


@pytest.mark.parametrize(
    ("name", "low", "best", "high", "said"),
    [
        ("severe_share", 0.1, 0.11, 0.12, "TOY/severe_share 0.1 is above TOY/global_share 0.02"),
        ("other_share", 0.98, 0.99, 0.995, "the shares of 'TOY/care' add up to 1.01"),
    ],
)
def test_a_scenario_may_not_override_a_share_beyond_its_limits(shares, name, low, best, high, said):
    card = shares.path / "scenarios" / "as-now.toml"
    row = len(card.read_text().splitlines()) + 2
    card.write_text(card.read_text() + OVERRIDE.format(name=name, low=low, best=best, high=high))
    found = [one for one in shares.problems() if one.message.startswith(said)]
    assert [(one.file, one.row) for one in found] == [("scenarios/as-now.toml", row)]


def test_the_check_command_names_file_and_row_of_each_kind_of_bad_input(shares, capsys):
    """A standard without unit is told alone: its card cannot be read further, so nothing else of it is judged."""
    shares.text("sectors/TOY.toml", PRICE, PRICE.replace("published = 2019-12-31\n", ""))
    shares.cell("stocks.csv", 2, "item", "blankett")
    write_pipeline(shares, "2020-01-10", "2020-01-20", "2020-01-27")
    row = [cells[0] for cells in shares.rows("rates.csv")].index("share_child_6_59_months") + 1
    shares.cell("rates.csv", row, "high", "1.1")
    write_response(shares, ("required", "900"), ("reached", "1000"))
    assert cli.main(["check", str(shares.path)]) == 1
    printed = capsys.readouterr().out.splitlines()
    shares.text("sectors/TOY.toml", PRICE.replace("published = 2019-12-31\n", ""), PRICE)
    shares.text("sectors/TOY.toml", "high = 0.03", "high = 0.12").text(
        "sectors/TOY.toml", "best = 0.9\n", "best = 0.96\n"
    )
    shares.text("sectors/TOY.toml", "best = 0.02\nhigh = 0.12", "best = 0.05\nhigh = 0.12")
    assert cli.main(["check", str(shares.path)]) == 1
    printed += capsys.readouterr().out.splitlines()
    shares.text("sectors/TOY.toml", 'unit = "blanket"\n', "")
    assert cli.main(["check", str(shares.path)]) == 1
    printed += capsys.readouterr().out.splitlines()
    for kind in (
        r"sectors/TOY\.toml:\d+:item\.1\.unit: is blank",
        r"sectors/TOY\.toml:\d+:item\.1\.price\.published: is blank",
        r"stocks\.csv:2:item: unknown item 'blankett'",
        r"pipeline\.csv:2:arrival_late: '2020-01-27' is before the reference date",
        rf"rates\.csv:{row}:low: share 0\.1 to 1\.1 leaves 0 to 1",
        r"sectors/TOY\.toml:\d+:best: the shares of 'TOY/care' add up to 1\.01",
        r"response\.csv:3:quantity: 1000 reached is more than the 900 required \(row 2\)",
        r"sectors/TOY\.toml:\d+:high: TOY/severe_share 0\.12 is above TOY/global_share 0\.1",
    ):
        assert any(re.match(kind, line) for line in printed), (kind, printed)
