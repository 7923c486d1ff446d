"""Named decisions, as the report says them where nothing is told from chance."""

import pandas as pd
from made_up_report import made_up_results

from needscast import report, tables
from needscast.report.blocks import Sentence, Table, flat
from needscast.report.words import Words


def test_a_check_that_is_not_told_from_chance_is_not_advised():
    results = made_up_results()
    named = ("SHE", "tent", "tent", 400.0, 100.0, 0.8, 231_234.0, 1e6, "a tester")
    results.tables["decisions"] = pd.DataFrame([named], columns=tables.COLUMNS["decisions"])
    kinds = {"everything": ("", 1e6), "check": ("survey", 0.0), "all_of_check": ("survey", 0.0)}
    rows = [
        {"sector": "SHE", "item": "tent", "kind": kind, "name": name, "value": value}
        for kind, (name, value) in kinds.items()
    ]
    results.tables["information"] = pd.DataFrame(rows, columns=tables.COLUMNS["information"])
    page = report.page(results)
    told = [Words("en").say(one.text) for one in flat([page.show("find_out")]) if isinstance(one, Sentence)]
    assert len(told) == 1
    assert "no field check on the list would change the order" in told[0]
    assert not [one for one in flat([page.show("headline")]) if getattr(one, "label", None) == "question.find_out"]


def test_tables_of_orders_say_of_which_of_them_to_order_less_now():
    results = made_up_results()
    results.crisis.checks = pd.DataFrame([("survey", "household survey")], columns=["check", "name"])
    ration = results.tables["orders"]["item"] == "ration"
    results.tables["orders"].loc[ration, "when"] = "late"
    named = ("FOO", "ration", "ration", 400.0, 100.0, 0.8, 231_234.0, 1e6, "a tester")
    results.tables["decisions"] = pd.DataFrame([named], columns=tables.COLUMNS["decisions"])
    kinds = {"everything": ("", 1e6), "check": ("survey", 5e5), "all_of_check": ("survey", 6e5)}
    rows = [
        {"sector": "FOO", "item": "ration", "kind": kind, "name": name, "value": value, "days": 7.0}
        for kind, (name, value) in kinds.items()
    ]
    results.tables["information"] = pd.DataFrame(rows, columns=tables.COLUMNS["information"])
    page = report.page(results)
    shown = {
        one.name: one for one in flat([page.show(name) for name in ("picture", "orders")]) if isinstance(one, Table)
    }
    for name in ("first_orders", "order_dates"):
        note = Words("en").say(shown[name].note)
        assert note.startswith("Order less than that now, and the rest after a field check: Food ration.")
