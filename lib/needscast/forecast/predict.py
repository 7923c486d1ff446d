"""The forecast of one reported series from one day, in people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from needscast.errors import NeedscastError
from needscast.forecast.levels import LEVELS, long_table
from needscast.forecast.model import model_without, shipped_series
from needscast.forecast.past import EPOCH, cases, day_number
from needscast.forecast.truth import crisis
from needscast.inputs.series import Series, read_series

HORIZONS = (2, 4, 8, 12)  # weeks
LONGEST = 26  # weeks; the past crises say little about more
OLDEST = 52  # weeks; a figure older than this is no starting point
AGED, FLARE = 26, 0.3  # weeks since the onset, and growth in four weeks, from which a new phase is asked about: ours


@dataclass(frozen=True)
class Forecast:
    """A forecast as other programs read it, and what a reader should know.

    Attributes
    ----------
    table : series, origin_date, horizon_weeks, target_date, output_type, output_type_id, value [person].
    notes : one sentence each: what was mended, left out or not known.
    """

    table: pd.DataFrame
    notes: tuple[str, ...] = ()


def checked_horizons(horizons: Iterable[int]) -> tuple[int, ...]:
    """Return horizons as whole weeks from 1 to 26, each once.

    Raises
    ------
    NeedscastError : for any other.
    """
    kept: list[int] = []
    for week in horizons:
        if isinstance(week, bool) or not 1 <= week <= LONGEST or int(week) != week:
            raise NeedscastError(f"horizon {week!r}: give whole weeks from 1 to {LONGEST}")
        if int(week) in kept:
            raise NeedscastError(f"horizon {week} is given twice; give each once")
        kept.append(int(week))
    if not kept:
        raise NeedscastError(f"no horizon is given; give whole weeks from 1 to {LONGEST}")
    return tuple(kept)


def own_groups(series: Series) -> tuple[str, ...]:
    """Return the crises whose past a forecast of this series must not have learned from: its own."""
    by_name = {one.name: crisis(one) for one in shipped_series()}
    return tuple(sorted({group for group in (series.group, by_name.get(series.name, "")) if group}))


def people_ahead(
    series: Series, rows: Sequence[int], horizons: Sequence[float], exclude_groups: Iterable[str] = ()
) -> np.ndarray:
    """Return quantiles by row, horizon and level. [weeks from the row; person]"""
    table = cases(series, rows, horizons)
    growth = model_without((*own_groups(series), *exclude_groups)).quantiles(table)
    people = np.exp(growth + table["log_value"].to_numpy()[:, None])
    return people.reshape(len(rows), len(horizons), len(LEVELS))


def forecast(
    series: Series | str | Path,
    *,
    as_of: date | str,
    horizons: Iterable[int] = HORIZONS,
    onset: date | None = None,
    population_at_risk: float | None = None,
    exclude_groups: Iterable[str] = (),
) -> Forecast:
    """Forecast a reported series from what it said on a day.

    Parameters
    ----------
    series : a series, or the path of one; an INDEX.csv beside it is read too.
    as_of : the origin; only rows up to it are used. [date]
    horizons : weeks ahead of the origin, 1 to 26.
    onset, population_at_risk : override what the index says. [date, person]
    exclude_groups : crises not to learn from, besides the series' own.

    Raises
    ------
    NeedscastError : when the origin lies before the first row or more than a year after the newest one.
    """
    ahead = checked_horizons(horizons)
    origin = _day(as_of)
    whole = read_series(series) if isinstance(series, str | Path) else series
    if population_at_risk is not None and not 1 <= population_at_risk < np.inf:
        raise NeedscastError(f"population at risk {population_at_risk!r}: give a number of people, or leave it out")
    known = replace(
        whole,
        onset=onset or whole.onset,
        population_at_risk=population_at_risk or whole.population_at_risk,
    )
    past = up_to(known, origin)
    stale = day_number(origin) - int(past.days[-1])
    if stale > 7 * OLDEST:
        raise NeedscastError(
            f"{past.name}: the newest figure before {origin} is {stale} days old; a forecast needs one of the last year"
        )
    people = people_ahead(past, [len(past) - 1], [week + stale / 7 for week in ahead], exclude_groups)
    table = long_table(past.name, np.array([day_number(origin)]), ahead, people)
    return Forecast(table, _notes(whole, past, origin, stale))


def up_to(series: Series, origin: date) -> Series:
    """Return the series as it stood on a day.

    Raises
    ------
    NeedscastError : when it had not begun by then.
    """
    count = int(np.searchsorted(series.days, day_number(origin), side="right"))
    if not count:
        first = date.fromordinal(int(series.days[0]) + EPOCH)
        raise NeedscastError(f"{series.name}: no figure by {origin}; the first is of {first}, choose a later origin")
    remarks = tuple(one for one in series.remarks if one.as_of is None or one.as_of <= origin)
    return replace(
        series,
        days=series.days[:count],
        values=series.values[:count],
        hedges=series.hedges[:count],
        measures=series.measures[:count],
        remarks=remarks,
    )


def _day(day: date | str) -> date:
    if isinstance(day, str):
        try:
            return date.fromisoformat(day)
        except ValueError:
            raise NeedscastError(f"origin '{day}' is not a date; write it as YYYY-MM-DD") from None
    return day


def _notes(whole: Series, past: Series, origin: date, stale: int) -> tuple[str, ...]:
    said = [one.text for one in past.remarks]
    later = len(whole) - len(past)
    if later:
        said.append(f"{later} row(s) after {origin} are not used")
    if stale:
        said.append(f"the newest figure is {stale} days older than the origin; ranges are wider for it")
    if len(past) == 1:
        said.append("one figure only: no pace is known, ranges are those of other crises at this age")
    if past.onset is None:
        said.append("no onset is given: age is counted from a little before the first figure")
    elif past.onset > origin:
        said.append(f"the onset {past.onset} lies after the origin and is not used")
    if flared := _flared(past):
        said.append(flared)
    if not past.measures[-1]:
        said.append("no measure is given: taken as a stock, which can fall")
    if past.population_at_risk and past.values[-1] > past.population_at_risk:
        said.append("more people are reported than were at risk: the ceiling is soft")
    return tuple(dict.fromkeys(said))


def _flared(past: Series) -> str:
    """Growth is damped by age, so where an old crisis flares up ranges are too narrow unless the new phase is dated."""
    state = cases(past, [len(past) - 1], [1]).iloc[0]
    growth = float(np.expm1(state["growth_4"]))
    if not (state["age"] >= AGED and growth >= FLARE):
        return ""
    return (
        f"the count rose by {growth:.0%} in {state['span_4']:.0f} weeks, {state['age']:.0f} weeks after the onset: "
        "where a new phase has begun give its first day as the onset, or ranges may be too narrow"
    )
