"""What a figure counts: people, movements or households, a flow or a stock, whole or part; or why it is no evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from needscast.vocabulary import CASUALTIES

FLOW, RETURNS, IDP, POPULATION, HOST = "flow", "returns", "idp", "population", "host"
ORIGIN, DESTINATION, EITHER = "origin", "destination", ""
_FLOWS = {
    "displaced_cumulative": EITHER,
    "arrivals_cumulative": DESTINATION,
    "departures_cumulative": ORIGIN,
    "returns_cumulative": EITHER,
}
_STOCKS = {"idp_stock": IDP, "population_stock": POPULATION}
_UNITS = {FLOW: ("person", "household", "movement", "arrival"), RETURNS: ("person", "household", "movement", "arrival")}
_WHOLE_GROUPS = {
    FLOW: ("all", "idp", "newly_displaced"),
    RETURNS: ("all", "idp", "returnee"),
    IDP: ("all", "idp"),
    POPULATION: ("all",),
    HOST: ("host",),
}
_PART_WORDS = ("sites", "camps", "camp", "outside", "shelters")  # in a definition: only some of the people are counted


@dataclass(frozen=True)
class Counted:
    """What a figure counts.

    Attributes
    ----------
    kind : flow, returns, idp, population or host.
    side : of a flow, whether its area is where people left from or went to; blank when it does not say.
    unit : person, household, movement or arrival.
    part : only a part is counted (assessed communities, some sites), so the figure is a lower bound.
    start, end : the window, both days included; a stock has start = end.
    """

    kind: str
    side: str
    unit: str
    part: bool
    start: date
    end: date

    @property
    def is_window(self) -> bool:
        """Whether it is counted over a window."""
        return self.kind in (FLOW, RETURNS)


def counted(row: Mapping[str, Any], reference: date) -> Counted | str:
    """Return what a figure counts, or in words why it is not evidence for the nowcast."""
    measure, group = row["measure"], row["group"] or "all"
    reason = _not_evidence(row, reference)
    if reason:
        return reason
    kind = RETURNS if measure == "returns_cumulative" else FLOW if measure in _FLOWS else _STOCKS[measure]
    if kind == POPULATION and group == "host":
        kind = HOST
    elif kind == POPULATION and group == "idp":
        kind = IDP
    part = row["coverage"] == "partial" or any(word in _words(row["definition"]) for word in _PART_WORDS)
    if group not in _WHOLE_GROUPS[kind]:
        if not (kind == IDP and group == "newly_displaced"):
            return f"counts only the group '{group}'; figures of the whole are used"
        part = True
    if row["unit"] not in _UNITS.get(kind, ("person", "household")):
        return f"the unit {row['unit']} is not a number of people, households or movements"
    end = _day(row["as_of"])
    start = _day(row["period_start"]) if kind in (FLOW, RETURNS) else end
    return Counted(kind, _side(row), row["unit"], part, start, end)


def _not_evidence(row: Mapping[str, Any], reference: date) -> str:
    measure, coverage = row["measure"], row["coverage"]
    if coverage == "analogue":
        return "an analogue: another place or an earlier wave"
    if coverage == "forward":
        return "looks forward: a forecast, plan, target or claim of intention"
    if measure in CASUALTIES:
        return "deaths and injuries are shown as documented counts and never enter an estimate"
    if measure not in _FLOWS and measure not in _STOCKS:
        return f"the measure {measure} says nothing about displacement, displaced people or population"
    if pd.isna(row["as_of"]):
        return "its cut-off date is missing"
    if _day(row["as_of"]) > reference:
        return f"its cut-off {_day(row['as_of'])} lies after the reference date {reference}"
    if measure in _FLOWS:
        if pd.isna(row["period_start"]):
            return "counts over a window whose first day is not given"
        if row["period_start"] > row["as_of"]:
            return "its window ends before it begins"
    return ""


def _side(row: Mapping[str, Any]) -> str:
    words = _words(row["definition"])
    if words[-1:] == ["from"] or "departures" in words:
        return ORIGIN
    if words[-1:] == ["to"] or "arrivals" in words:
        return DESTINATION
    return _FLOWS.get(row["measure"], EITHER)


def _words(definition: Any) -> list[str]:
    return str(definition or "").replace("-", "_").split("_")


def _day(value: Any) -> date:
    return pd.Timestamp(value).date()
