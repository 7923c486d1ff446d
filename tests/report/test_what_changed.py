"""The update report: what moved, what moved it, and nothing in public that belongs inside."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from made_up_report import made_up_results
from reading import WORDS, sentences, tables

from needscast import report
from needscast.errors import NeedscastError
from needscast.report.alt import alt
from needscast.report.blocks import Chart, flat
from needscast.report.edition import EditionError
from needscast.report.formats import _cells
from needscast.report.sections import UPDATE

PARTS = {
    "displaced_since_onset": {"time": 30_000.0, "new_figures": 90_000.0, "standards": 0.0},
    "displaced_next": {"time": -150_400.0, "new_figures": 150_300.0, "standards": 0.0},
    "cost": {"time": 1e6, "new_figures": 2e6, "standards": -4e6},
    "requiring_end/FOO": {"time": 0.0, "new_figures": 40_000.0, "standards": 5_000.0},
}
UNITS = {"cost": "USD"}


def made_up_update(readership="public"):
    after = made_up_results(readership=readership)
    rows = []
    for name, parts in PARTS.items():
        change, unit = sum(parts.values()), UNITS.get(name, "person")
        now = {"lower": 9e6, "median": 1e7, "upper": 1.2e7}
        before = {f"before_{end}": value - change for end, value in now.items()}
        rows.append(
            {"headline": name, "unit": unit, "mass": 0.8, **before, **now, "change": change, "chance": 35_000.0}
        )
    parts = [
        {"headline": name, "cause": cause, "unit": UNITS.get(name, "person"), "change": change}
        for name, by_cause in PARTS.items()
        for cause, change in by_cause.items()
    ]
    dated = after.crisis.inputs[1]
    return SimpleNamespace(
        before=made_up_results(readership=readership),
        after=after,
        causes=("time", "new_figures", "standards"),
        moves=pd.DataFrame(rows),
        parts=pd.DataFrame(parts),
        figures=pd.DataFrame([("F2", "new"), ("F7", "new"), ("F4", "corrected")], columns=["figure_id", "change"]),
        inputs=(SimpleNamespace(name=dated.name, cause="standards", before=None, after=dated),),
        appeared=("tonnes",),
        gone=(),
    )


def number(printed):
    """A printed number; what is less than the step counts as nothing."""
    return 0.0 if printed.startswith("<") else float(printed.replace(",", "").replace("\N{MINUS SIGN}", "-"))


@pytest.fixture
def page():
    return report.page(made_up_update())


def test_the_answer_says_how_far_a_number_moved_and_what_moved_it_most(page):
    answer = sentences(page.show("headline"))
    assert (
        "Change of the middle: up by 100,000 people. Largest parts: new figures (up by 100,000 people) and all others "
        "together (less than 100,000 people)."
    ) in answer
    assert "Change of the middle: less than 100,000 people, which is no more than chance" in answer


def test_two_runs_of_one_date_are_told_apart_by_their_inputs_and_never_by_two_equal_dates(page):
    answer = sentences(page.show("headline"))
    assert "Earlier inputs: 8.9" in answer and "These inputs: 9" in answer and "As known on" not in answer
    moved = tables(page.show("moved"))["moved"]
    assert [WORDS.say(each.label) for each in moved.columns[2:4]] == ["Earlier inputs", "These inputs"]
    assert "earlier inputs" in WORDS.say(page.cover.subtitle)


def test_two_runs_of_two_dates_are_told_apart_by_date():
    update = made_up_update()
    update.before.crisis.reference_date = date(2020, 1, 14)
    answer = sentences(report.page(update).show("headline"))
    assert "As known on 14 January 2020: 9" in answer and "inputs" not in answer


def test_corrected_figures_are_counted_beside_new_ones(page):
    assert "New figures: 2; corrected: 1; of these" in sentences(page.show("headline"))


def test_the_printed_parts_of_a_number_add_up_to_its_printed_change(page):
    main = tables(page.show("causes"))["parts_main"]
    for at in range(1, len(main.columns)):
        *parts, whole = map(number, _cells.added_up(main, at, WORDS))
        assert sum(parts) == whole


def test_the_sentence_the_chart_and_the_two_tables_print_one_change(page):
    headline, moved, main = (page.show(name) for name in ("headline", "moved", "causes"))
    row = tables(moved)["moved"].rows[0]
    before, now = (number(WORDS.middle(row[at], full=True)) for at in (2, 3))
    assert number(_cells.added_up(tables(main)["parts_main"], 1, WORDS)[-1]) == now - before == 100_000
    assert WORDS.say(row[4]) == "up by 100,000" and f"{WORDS.say(row[4])} people" in sentences(headline)
    chart = next(block for block in flat([headline]) if isinstance(block, Chart))
    assert [WORDS.say(step["said"]) for step in chart.data["steps"]] == [
        "less than 100,000 people",
        "up by 100,000 people",
    ]


def test_the_steps_lead_from_the_earlier_middle_to_the_present_one(page):
    chart = next(block for block in flat([page.show("headline")]) if isinstance(block, Chart))
    walked = chart.data["start"]["value"].median + sum(step["change"] for step in chart.data["steps"])
    assert walked == chart.data["end"]["value"].median
    assert [step["label"].key for step in chart.data["steps"]] == ["cause.time", "cause.new_figures"]
    assert "new figures: up by 100,000 people" in alt(chart, WORDS)


def test_a_figure_that_is_not_public_is_counted_and_not_shown(page):
    group = page.show("figures")
    assert "New: 2. Corrected: 1. Withdrawn: 0. Of these 1 are shown only in the internal edition." in sentences(group)
    assert [row[0] for row in tables(group)["figures_new"].rows] == ["F2"]
    inside = report.page(made_up_update("internal")).show("figures")
    assert {row[0] for row in tables(inside)["figures_new"].rows} == {"F2", "F7"}


def test_an_input_that_was_not_known_before_says_so(page):
    row = tables(page.show("inputs"))["inputs_changed"].rows[0]
    assert (row[2].key, row[3].median) == ("update.not_known_yet", 340)


def test_an_input_that_only_sizes_an_item_names_it():
    update = made_up_update()
    dated = update.after.crisis.inputs[1]
    update.inputs = (SimpleNamespace(name="SHE/in_reach/south", cause="standards", before=dated, after=dated),)
    row = tables(report.page(update).show("inputs"))["inputs_changed"].rows[0]
    assert WORDS.say(row[-1]) == 'quantity of =HYPERLINK("http://x"), which no number above counts'


def test_what_only_one_run_has_is_named(page):
    assert "not compared: weight" in sentences(page.show("moved"))


@pytest.mark.parametrize("section", UPDATE)
def test_every_section_shows_in_both_editions(section):
    for readership in ("public", "internal"):
        assert report.page(made_up_update(readership)).show(section).blocks


def test_an_earlier_name_that_must_stay_inside_stops_a_public_update():
    made = made_up_update()
    sources = made.before.crisis.sources
    sources.loc[sources["source"] == "agency", ["name", "sensitivity"]] = ["Price survey", "restricted"]
    with pytest.raises(EditionError, match="Price survey"):
        report.page(made).show("inputs")


def test_a_wrong_earlier_date_is_named():
    with pytest.raises(NeedscastError, match="since '2020-02-30' is not a date"):
        report.earlier(since="2020-02-30")


def test_a_figure_that_carries_weight_counts_in_public_though_it_is_not_shown():
    update = made_up_update()
    standing = update.after.nowcast.standing
    carrying = standing.loc[standing["figure_id"].isin(["F2", "F7", "F4"]), "used"].sum()
    public, internal = (
        sentences(report.page(made_up_update(each)).show("headline")) for each in ("public", "internal")
    )
    assert f"of these {carrying} carry weight" in internal
    assert f"of these {carrying} (1 of them in the internal edition alone) carry weight" in public


def test_every_number_stands_under_what_it_counts(page):
    rows = tables(page.show("moved"))["moved"].rows
    told = [row[0].key for row in rows]
    assert told[0] == "head_group.main" and told == sorted(told, key=list(dict.fromkeys(told)).index)


def test_a_change_is_told_no_closer_than_the_ranges_beside_it(page):
    # 9 to 12 million with a middle of 10 is printed in steps of 100,000: 120,000 more are one step, 100 are none.
    told = [WORDS.say(row[4]) for row in tables(page.show("moved"))["moved"].rows]
    assert told[:2] == ["up by 100,000", "less than 100,000"]


def test_no_table_of_parts_is_wider_than_a_page():
    made = made_up_update()
    assert max(len(each.columns) for each in tables(report.page(made).show("causes")).values()) <= 7
