"""Scenarios side by side as paired differences: world by world, under each scenario the same world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from needscast.chain import Results
from needscast.errors import NeedscastError

_RANGE = ["unit", "lower", "median", "upper", "mean", "mass"]


@dataclass(frozen=True)
class Comparison:
    """Scenarios of one crisis side by side.

    Attributes
    ----------
    headlines : headline, scenario, unit, lower, median, upper, mean, mass.
    differences : headline, scenario, against, unit, lower, median, upper, mean, mass, probability_greater: the
        scenario minus the one it stands against, and the share of worlds in which it is the greater.
    """

    results: tuple[Results, ...]
    headlines: pd.DataFrame
    differences: pd.DataFrame


def compare(results: Sequence[Results]) -> Comparison:
    """Compare every pair of scenarios, headline by headline.

    Raises
    ------
    NeedscastError : when the results were not drawn from the same worlds (another seed, draw count or date).
    """
    worlds = {(each.crisis.id, each.crisis.reference_date, each.draws, each.seed) for each in results}
    if len(worlds) != 1:
        raise NeedscastError(
            f"scenarios of {len(worlds)} different runs cannot be compared world by world; "
            "estimate them together with one seed, draw count and date"
        )
    rows = [
        each.summary(one.mass).assign(headline=name, scenario=one.scenario.id)
        for one in results
        for name, each in one.headlines.items()
    ]
    pairs = [
        _difference(later, earlier, name)
        for earlier, later in combinations(results, 2)
        for name in later.headlines
        if name in earlier.headlines
    ]
    columns = ["headline", "scenario", "against", *_RANGE, "probability_greater"]
    differences = pd.concat(pairs, ignore_index=True)[columns] if pairs else pd.DataFrame(columns=columns)
    headlines = pd.concat(rows, ignore_index=True)[["headline", "scenario", *_RANGE]]
    return Comparison(tuple(results), headlines, differences)


def _difference(later: Results, earlier: Results, headline: str) -> pd.DataFrame:
    difference = later.headlines[headline].minus(earlier.headlines[headline])
    greater = float((difference.array > 0).mean())
    return difference.summary(later.mass).assign(
        headline=headline, scenario=later.scenario.id, against=earlier.scenario.id, probability_greater=greater
    )
