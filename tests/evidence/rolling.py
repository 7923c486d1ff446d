"""Nowcasts of the shipped register on past dates, scored on figures that were printed afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from needscast.evidence import nowcast
from needscast.evidence.counted import counted
from needscast.evidence.observe import TargetLog
from needscast.evidence.rows import Target, side_of
from needscast.inputs import read_crisis

CRISIS = "nw-syria-2020"
CASES = Path(__file__).parent.parent / "cases" / "rolling.csv"
START_DAYS, MEDIAN_DAYS = 16, 14
MASS = 0.8
DRAWS, SEED = 1024, 5


@dataclass(frozen=True)
class Scored:
    """One case: the later figure, the range of the nowcast before it, and what two habits would have said."""

    truth: str
    as_of: date
    printed: float
    lower: float
    median: float
    upper: float
    last_official: float
    median_of_fortnight: float


def cases() -> pd.DataFrame:
    """Return as_of, area, period_start, target_date, unit and the id of the later figure, a row per distinct truth."""
    return pd.read_csv(CASES, parse_dates=["as_of", "period_start", "target_date"])


@cache
def everything():
    """Return the register as it is now."""
    return read_crisis(CRISIS)


@cache
def known(as_of: date):
    """Return the crisis as it was public on a date."""
    return read_crisis(CRISIS, as_of=as_of, before_onset=True)


@cache
def now_on(as_of: date):
    """Return the nowcast of a date."""
    return nowcast(known(as_of), draws=DRAWS, seed=SEED)


def scored(case) -> Scored:
    """Nowcast on the as-of date of a case what its later figure counts."""
    as_of = case.as_of.date()
    truth = everything().figures.set_index("figure_id").loc[case.truth]
    low, middle, high = np.quantile(draws_of(now_on(as_of), truth, as_of), (0.1, 0.5, 0.9))
    last, median = habits(truth, as_of)
    return Scored(case.truth, as_of, float(truth["value"]), low, middle, high, last, median)


def draws_of(now, truth: pd.Series, as_of: date) -> np.ndarray:
    """Return draws of what a figure counts up to ``as_of``, by a nowcast that knows nothing of it."""
    model = now._evidence.model
    what = counted(truth, date.max)
    zones = model.areas.readings(truth["area"])[0].zones
    side = side_of(what.side, zones, model.areas)
    target = Target(what.kind, side, what.unit, zones, what.start, min(what.end, as_of))
    return np.exp(TargetLog(model, (target,))(now._evidence.posterior.world(now._z)).value[:, 0])


def habits(truth: pd.Series, as_of: date) -> tuple[float, float]:
    """Return the last official figure, and the median of the last fourteen days, of the same count.

    Counts that start within sixteen days of each other are taken as the same; those of the same unit, when there are
    any. For the whole area, figures of unions and ambiguous names stand in, as they do in print.
    """
    crisis = known(as_of)
    levels = crisis.areas.set_index("area")["level"]
    official = set(crisis.sources.loc[crisis.sources["type"] == "un", "source"])
    found = crisis.figures
    wide = ("crisis", "union", "ambiguous")
    whole = levels[truth["area"]] == "crisis"
    same_place = found["area"].map(levels).isin(wide) if whole else found["area"] == truth["area"]
    near = (found["period_start"] - truth["period_start"]).abs() <= pd.Timedelta(days=START_DAYS)
    chosen = found[
        (found["measure"] == truth["measure"]) & same_place & near & (found["value"] > 0)
        & (found["coverage"] == "complete") & (found["excluded"] == "")
    ]  # fmt: skip
    if (chosen["unit"] == truth["unit"]).any():
        chosen = chosen[chosen["unit"] == truth["unit"]]
    last = chosen[chosen["source"].isin(official)].sort_values(["as_of", "published"], kind="stable")
    if last.empty:
        return np.nan, np.nan
    recent = chosen[chosen["as_of"] > pd.Timestamp(as_of - timedelta(days=MEDIAN_DAYS))]
    said = float(last["value"].iloc[-1])
    return said, float(recent["value"].median()) if len(recent) else said


def interval_score(lower: np.ndarray, upper: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Return the interval score of ranges of 80 % on the log scale; lower is better.

    References: Gneiting and Raftery, Strictly proper scoring rules, prediction, and estimation, 2007, equation 43.
    """
    low, high, x = np.log(lower), np.log(upper), np.log(value)
    return (high - low) + 2 / (1 - MASS) * (np.maximum(low - x, 0) + np.maximum(x - high, 0))


def best_factor(said: np.ndarray, value: np.ndarray) -> float:
    """Return the factor up and down that, put around the numbers of a habit in hindsight, scores best."""
    factors = np.exp(np.linspace(0, 1, 201))
    return float(factors[np.argmin([interval_score(said / f, said * f, value).mean() for f in factors])])
