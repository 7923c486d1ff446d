"""Scenarios side by side as paired differences, and their weighted mixture beside the forecast of the official count.

World by world: under each scenario the same world, so a difference is signal. The mixture takes each world under one
scenario, chosen by the stated weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd

from needscast.chain import Results
from needscast.derivation import Derivation
from needscast.draws import Draws
from needscast.errors import NeedscastError
from needscast.estimate import Estimate
from needscast.forecast import forecast
from needscast.forecast.model import shipped_series
from needscast.forecast.past import EPOCH
from needscast.forecast.predict import LONGEST
from needscast.inputs import Crisis
from needscast.inputs.series import Series
from needscast.tables import stacked

_Named = Callable[[Results], Mapping[str, Estimate]]
_RANGE = ["unit", "lower", "median", "upper", "mean", "mass"]
MIXED = "which scenario comes true"  # the name of the stream that chooses


@dataclass(frozen=True)
class Comparison:
    """Scenarios of one crisis side by side.

    Attributes
    ----------
    headlines : headline, scenario, unit, lower, median, upper, mean, mass.
    differences : headline, scenario, against, unit, lower, median, upper, mean, mass, probability_greater: the
        scenario minus the one it stands against, and the share of worlds in which it is the greater.
    to_buy, more_to_buy : the same with ``item`` (SECTOR/item) for headline: what is due over the horizon and not
        covered by known supply; the differences are those against the first scenario alone.
    """

    results: tuple[Results, ...]
    headlines: pd.DataFrame
    differences: pd.DataFrame
    to_buy: pd.DataFrame
    more_to_buy: pd.DataFrame


@dataclass(frozen=True)
class Outlook:
    """The weighted mixture of the scenarios, or one of them, beside what the official count alone leads to expect.

    Attributes
    ----------
    mixture : people displaced since the onset, by week from the reference date (week 0) on. [person]
    official : the cumulative figures of the anchor source up to the reference date.
    expected : week, lower, median, upper, mass of the official count, from week 1 on, learned from crises that were
        over by the reference date. [person]
    """

    mixture: Estimate
    official: Series
    expected: pd.DataFrame

    @property
    def last_official(self) -> tuple[date, float]:
        """The cut-off and the value of the newest official figure."""
        return date.fromordinal(int(self.official.days[-1]) + EPOCH), float(self.official.values[-1])

    def share_inside(self, week: int) -> float:
        """Return the share of the mixture's worlds that lie in the range expected of the official count in a week."""
        row = self.expected.set_index("week").loc[week]
        people = self.mixture.select(week=week).array
        return float(((people >= row["lower"]) & (people <= row["upper"])).mean())


def compare(results: Sequence[Results]) -> Comparison:
    """Compare every pair of scenarios, headline by headline, and what to buy under each.

    Raises
    ------
    NeedscastError : when the results were not drawn from the same worlds (another seed, draw count or date).
    """
    _same_worlds(results)
    against_first = [(results[0], later) for later in results[1:]]
    return Comparison(
        tuple(results),
        _side_by_side(results, _headlines, "headline"),
        _differences(list(combinations(results, 2)), _headlines, "headline"),
        _side_by_side(results, _to_buy, "item"),
        _differences(against_first, _to_buy, "item"),
    )


def _headlines(one: Results) -> Mapping[str, Estimate]:
    return one.headlines


def _to_buy(one: Results) -> Mapping[str, Estimate]:
    return one.to_buy


def _side_by_side(results: Sequence[Results], of: _Named, label: str) -> pd.DataFrame:
    rows = [
        each.summary(one.mass).assign(**{label: name, "scenario": one.scenario.id})
        for one in results
        for name, each in of(one).items()
    ]
    columns = [label, "scenario", *_RANGE]
    return stacked(rows, columns)[columns]


def _differences(pairs: Sequence[tuple[Results, Results]], of: _Named, label: str) -> pd.DataFrame:
    rows = [
        _difference(of(later)[name], of(earlier)[name], later.mass).assign(
            **{label: name, "scenario": later.scenario.id, "against": earlier.scenario.id}
        )
        for earlier, later in pairs
        for name in of(later)
        if name in of(earlier)
    ]
    columns = [label, "scenario", "against", *_RANGE, "probability_greater"]
    return stacked(rows, columns)[columns]


def mixture(results: Sequence[Results], what: Callable[[Results], Estimate], name: str) -> Estimate:
    """Return an estimate of the scenarios mixed by their stated weights; one scenario alone needs no weight.

    Draw j is world j under one scenario. Which one, a stratified stream chooses, so that each scenario has its share
    of the worlds to within one, independently of what else is drawn. Weights are divided by their sum.

    Raises
    ------
    NeedscastError : when a scenario has no stated weight, or the results are of different worlds.
    """
    _same_worlds(results)
    weights = [each.scenario.weight for each in results] if len(results) > 1 else [1.0]
    if None in weights or not sum(weight or 0 for weight in weights):
        raise NeedscastError("a mixture needs the weight of every scenario and who judged it; give them in the cards")
    bounds = np.cumsum([weight or 0.0 for weight in weights])
    stream = Draws(results[0].draws, results[0].seed).probabilities(MIXED) * bounds[-1]
    chosen = np.minimum(np.searchsorted(bounds, stream, side="right"), len(bounds) - 1)
    parts = [what(each) for each in results]
    mixed = np.choose(chosen, [each.array for each in parts])
    judged = Derivation(
        "weights of the scenarios",
        sources=tuple(f"{each.scenario.id}: assumption, judged by {each.scenario.weight_by}" for each in results),
    )
    behind = (*(each.derivation for each in parts), judged)
    return Estimate(mixed, parts[0].index, parts[0].unit, Derivation(name, "mixture", behind))


def official_series(crisis: Crisis) -> Series | None:
    """Return the anchor source's cumulative figures of people displaced in the whole area since the onset, as known.

    Relays and parts of the area are left out; of two figures with one cut-off the larger counts. None when fewer than
    two are known: a pace needs two.
    """
    figures, anchor = crisis.figures, crisis.settings.anchor_source
    own = figures[
        ((figures["source"] == anchor) & (figures["upstream"] == "") | (figures["upstream"] == anchor))
        & (figures["measure"] == "displaced_cumulative")
        & (figures["area"] == crisis.crisis_area)
        & (figures["group"] == "all")
        & (figures["unit"] == "person")
        & (figures["coverage"] == "complete")
        & (pd.to_datetime(figures["period_start"]) == pd.Timestamp(crisis.settings.onset))
        & (figures["excluded"] == "")
        & figures["value"].gt(0)
    ]
    rows = own.sort_values(["as_of", "value"]).drop_duplicates("as_of", keep="last")
    if len(rows) < 2:
        return None
    days = [pd.Timestamp(day).toordinal() - EPOCH for day in rows["as_of"]]
    hedges = tuple(str(hedge).lower() for hedge in rows["hedge"])
    values = rows["value"].to_numpy(float)
    measures = ("displaced_cumulative",) * len(rows)
    return Series(crisis.id, np.array(days), values, hedges, measures, crisis.settings.onset)


def outlook(results: Sequence[Results]) -> Outlook | None:
    """Set the weighted mixture beside the forecast of the official count; None where either cannot be made.

    The forecast learns from no crisis that was not over by the reference date (law 7).
    """
    crisis, mass = results[0].crisis, results[0].mass
    official = official_series(crisis)
    if official is None or len(results) > 1 and any(each.scenario.weight is None for each in results):
        return None
    mixed = mixture(results, lambda each: each.since_onset, "people displaced since the onset, by stated weights")
    today = crisis.reference_date.toordinal() - EPOCH
    later = {each.group or each.name for each in shipped_series() if each.days[-1] > today}
    weeks = [week for week in mixed.labels("week") if 1 <= week <= LONGEST]
    table = forecast(official, as_of=crisis.reference_date, horizons=weeks, exclude_groups=later).table
    levels = table[table["output_type"] == "quantile"].assign(
        level=lambda t: t["output_type_id"].astype(float).round(4)
    )
    wide = levels.pivot(index="horizon_weeks", columns="level", values="value")
    tail = round((1 - mass) / 2, 4)
    expected = wide[[tail, 0.5, round(1 - tail, 4)]].set_axis(["lower", "median", "upper"], axis=1)
    return Outlook(mixed, official, expected.rename_axis("week").reset_index().assign(mass=mass))


def _same_worlds(results: Sequence[Results]) -> None:
    worlds = {(each.crisis.id, each.crisis.reference_date, each.draws, each.seed) for each in results}
    if len(worlds) != 1:
        raise NeedscastError(
            f"scenarios of {len(worlds)} different runs cannot be compared world by world; "
            "estimate them together with one seed, draw count and date"
        )


def _difference(later: Estimate, earlier: Estimate, mass: float) -> pd.DataFrame:
    difference = later.minus(earlier)
    return difference.summary(mass).assign(probability_greater=float((difference.array > 0).mean()))
