"""Past crises as registers: what was counted up to one figure, and the figure that came next.

The series are those that count displaced people or people displaced since the onset, of data/hindcast and of the crises
that are kept apart. A register is the figures before one of them; its nowcast is of the day of that next figure, which
it never sees.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from toy_register import crisis, figure

from needscast.draws import Range
from needscast.evidence import nowcast

DATA = Path(__file__).parents[2] / "data"
SERIES, HELD_OUT = DATA / "hindcast", Path(__file__).parents[1] / "cases" / "held_out"
HEDGES = set(pd.read_csv(DATA / "evidence" / "hedges.csv")["hedge"].dropna())
MEASURES = {"idp_stock": "idp_stock", "displaced_cumulative": "departed"}
DRAWS, SEED = 1024, 5
EACH = 3  # origins of a series, spread over its length
FEWEST, SHORTEST, LONGEST = 2, 4, 120  # figures before the next one, and days until it comes
INHABITANTS = 2.0  # times the largest figure of the whole series, where nobody says how many live there (assumption)
SURE = 1.2  # factor either way of a range of 80 % around them (assumption)
REGION = pd.DataFrame(
    [
        {"area": "region", "level": "crisis", "parent": "", "covers": "", "role": ""},
        {"area": "zone", "level": "zone", "parent": "region", "covers": "", "role": "both"},
    ]
).assign(population_low=np.nan, population=np.nan, population_high=np.nan)


def cases(folder: Path = SERIES) -> list[tuple[Path, str, int]]:
    """Return the folder, a series in it and the place of its next figure, of every case."""
    found = []
    for slug, row in _index(folder).iterrows():
        if row["measure"] in MEASURES:
            days = _series(folder, slug)["as_of"].diff().dt.days
            possible = [k for k in range(FEWEST, len(days)) if SHORTEST <= days[k] <= LONGEST]
            picked = np.linspace(0, len(possible) - 1, min(EACH, len(possible))).round().astype(int)
            found += [(folder, str(slug), possible[k]) for k in picked]
    return found


def scored(case: tuple[Path, str, int]) -> dict[str, object]:
    """Nowcast on the day of the next figure from those before it: the range, the last figure and the next."""
    folder, slug, place = case
    row, series = _index(folder).loc[slug], _series(folder, slug)
    known, following = series.iloc[:place], series.iloc[place]
    register = _register(row, known, following["as_of"], series["value"].max())
    drawn = nowcast(register, draws=DRAWS, seed=SEED)
    people = drawn.estimates[MEASURES[row["measure"]]].values.values.sum(axis=0)
    low, middle, high = np.quantile(people, (0.1, 0.5, 0.9))
    days = (following["as_of"] - known["as_of"].iloc[-1]).days
    about = {"series": slug, "as_of": following["as_of"].date(), "days": days, "figures": place}
    numbers = {"last": known["value"].iloc[-1], "lower": low, "median": middle, "upper": high}
    return {**about, **numbers, "printed": following["value"]}


def _index(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "INDEX.csv", parse_dates=["onset_date"]).set_index("slug")


def _series(folder: Path, slug: object) -> pd.DataFrame:
    read = pd.read_csv(folder / f"{slug}.csv", parse_dates=["as_of"])
    return read[read["value"] > 0].drop_duplicates("as_of", keep="last").sort_values("as_of", ignore_index=True)


def _register(row: pd.Series, known: pd.DataFrame, day: pd.Timestamp, most: float):
    first = known["as_of"].iloc[0]
    onset = row["onset_date"] if row["onset_date"] < first else first - timedelta(days=7)
    people = np.fmax(row["population_at_risk"], INHABITANTS * most)
    about = {"measure": row["measure"], "group": "idp" if row["measure"] == "idp_stock" else "all"}
    hedges = known["hedge"].where(known["hedge"].isin(HEDGES), "")
    start = None if row["measure"] == "idp_stock" else onset.date().isoformat()
    made = crisis(
        *(
            figure(f"F{k}", each.value, as_of=each.as_of.date().isoformat(), period_start=start, hedge=hedge, **about)
            for k, (each, hedge) in enumerate(zip(known.itertuples(), hedges, strict=True))
        ),
        population=Range(people / SURE, people, people * SURE, 0.8, "person"),
        areas=REGION,
    )
    made.reference_date, made.settings.onset = day.date(), onset.date()
    return made
