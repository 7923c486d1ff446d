"""Known cases, worked by hand or taken from a source's own example, through the shipped cards: see tests/cases."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from needscast.demand.orders import order
from needscast.demand.quantity import Caseload, quantity
from needscast.draws import Draws, Range
from needscast.estimate import Estimate
from needscast.inputs import Inputs, UncertainInput, read_crisis
from needscast.needs import across_sectors

CASES = Path(__file__).parents[1] / "cases"
DRAWS = Draws(1, 0)
NAMED = {"household_size": "person / household", "episode": "day"}


def rows(name):
    with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=row["case"]) for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def cards():
    """The shipped cards as the shipped crisis admits them."""
    return {sector.code: sector for sector in read_crisis("nw-syria-2020").sectors}


def fixed(name, value):
    unit = NAMED.get(name.rpartition("/")[2], "share")
    return UncertainInput(name, Range(value, value, value, 0.8, unit), "made up")


def by_week(values, groups, name, first):
    array = np.zeros((len(groups), 1, len(values), 1))
    array[0, 0, :, 0] = values
    return Estimate.of(
        array, {"group": groups, "area": ["zone"], "week": list(range(first, first + len(values)))}, "person", name
    )


@dataclass
class Worked:
    """One item for so many people of one group in one zone, all of them there from the first week on."""

    sector: object
    item: object
    crisis: object
    inputs: Inputs

    def due(self, people, weeks):
        groups = list(self.item.groups or self.sector.groups)
        arriving = by_week([people, *[0] * (weeks - 1)], groups, "arriving", 1)
        caseload = Caseload(by_week([0, *[people] * weeks], groups, "people", 0), arriving, arriving)
        return quantity(self.item, self.sector, caseload, self.crisis, self.inputs, DRAWS)

    def order(self, total):
        due = Estimate.of([[total]], {"week": [1]}, self.item.unit, "due")
        return order(self.item, self.sector, due, self.crisis, self.inputs, DRAWS)


def worked(cards, code, item, given=(), start=date(2020, 1, 21), phase="acute"):
    sector = cards[code]
    chosen = {"phase": phase, "winter_months": (11, 12, 1, 2, 3), "planning_level": 0.8}
    settings = SimpleNamespace(**chosen, horizon_weeks=13, household_size=None)
    crisis = SimpleNamespace(settings=settings, reference_date=start, crossings=pd.DataFrame())
    names = {name: f"{code}/{name}" if name in sector.own_inputs else name for name, _ in given}
    inputs = Inputs.of(fixed(names[name], value) for name, value in given)
    return Worked(sector, next(each for each in sector.items if each.id == item), crisis, inputs)


@pytest.mark.parametrize("case", rows("items"))
def test_an_item_comes_out_as_worked_by_hand(cards, case):
    given = [
        (name, float(value)) for name, _, value in (one.partition("=") for one in case["given"].split(";")) if name
    ]
    code, item = case["item"].split("/")
    one = worked(cards, code, item, given, date.fromisoformat(case["date"]), case["phase"])
    weeks = float(case["days"]) / 7
    due = one.due(float(case["people"]), int(weeks) + 1).array[0, :, 0]
    total = float(due[: int(weeks)].sum() + weeks % 1 * due[int(weeks)])
    assert total == pytest.approx(float(case["quantity"]), rel=1e-9)
    line = one.order(total)
    for name in ("packs", "tonnes", "m3"):
        if case[name]:
            assert getattr(line, name) == pytest.approx(float(case[name]), rel=1e-9), name


@pytest.mark.parametrize("case", rows("across"))
def test_sectors_are_combined_as_worked_by_hand(case):
    figures = [
        (f"sector {place}", "all", "zone", float(value)) for place, value in enumerate(case["sectors"].split(";"))
    ]
    requiring = pd.DataFrame(figures, columns=["sector", "group", "area", "people"])
    present = pd.DataFrame([("all", "zone", float(case["present"]))], columns=["group", "area", "people"])
    total = across_sectors(requiring, present).set_index("area").loc["all"]
    known = [float(case[name]) for name in ("largest", "independent", "cap")]
    assert total[["largest_sector", "independent", "cap"]].tolist() == pytest.approx(known, rel=1e-9)


@pytest.mark.parametrize("case", rows("order_by"))
def test_an_order_date_comes_out_as_worked_by_hand(cards, case):
    one = worked(cards, "FSC", "dry_ration")
    lead = float(case["lead_days"])
    spread = UncertainInput("FSC/dry_ration/lead_time_days", Range(lead, lead, lead, 0.8, "day"), "made up")
    week = int(case["needed_week"])
    due = Estimate.of([[float(w == week)] for w in range(1, 14)], {"week": list(range(1, 14))}, "ration", "due")
    line = order(one.item, one.sector, due, one.crisis, Inputs.of([spread]), DRAWS)
    assert line.order_by == (date.fromisoformat(case["order_by"]) if case["order_by"] else None)
