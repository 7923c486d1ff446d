"""The hindcast: every series of a folder forecast from every origin, blind to what came later, and scored.

Each series is forecast without the training series of its own crisis. A finished series is kept under the hash of its
content, so that a broken run goes on where it stopped and a changed file is done again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from needscast.forecast.baselines import baseline_errors, baseline_quantiles
from needscast.forecast.levels import LEVELS, long_table
from needscast.forecast.model import shipped_coefficients, shipped_series
from needscast.forecast.past import cases, origin_rows
from needscast.forecast.predict import HORIZONS, checked_horizons, own_groups, people_ahead
from needscast.forecast.scores import MASSES, case_scores, summary
from needscast.forecast.truth import crisis, interpolated
from needscast.inputs.series import Series, read_folder, read_forecasts

MODEL = "needscast"
METHOD = 3  # raised whenever the same series would be forecast otherwise
PARTS = ".parts"
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Hindcast:
    """Forecasts of past series and how good they were.

    Attributes
    ----------
    forecasts : the table of the `hindcast` contract. [person]
    cases : scores of each forecast that can be held against a later figure, by model; pace is the log growth per
        week over the four weeks before the origin.
    scores : mean scores by model and slice (see ``scores.summary``); empty when nothing could be scored.
    notes : by series, what a reader should know.
    """

    forecasts: pd.DataFrame
    cases: pd.DataFrame
    scores: pd.DataFrame
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """How good the forecasts were, in a sentence."""
        if self.scores.empty:
            return "no forecast has a later figure to be held against"
        overall = self.scores[(self.scores["model"] == MODEL) & (self.scores["by"] == "overall")]
        row = overall[overall["rows"] == "all"].iloc[0]
        held = ", ".join(f"{mass} % ranges in {100 * row[f'coverage_{mass}']:.0f} %" for mass in MASSES)
        of = "1 crisis" if row["crises"] == 1 else f"{row['crises']} crises"
        return (
            f"{row['forecasts']} forecasts of {of}: error {row['wis_ratio']:.2f} times that of the "
            f"better simple rule; what came was held by {held}"
        )


def hindcast(
    folder: str | Path,
    *,
    horizons: Iterable[int] = HORIZONS,
    workers: int | None = None,
    progress: Progress | None = None,
    parts: str | Path | None = None,
) -> Hindcast:
    """Forecast every series of a folder from each of its origins and score what can be scored.

    Parameters
    ----------
    horizons : weeks ahead, 1 to 26. workers : series at a time; as many as there are cores when None.
    progress : told how many series are done, of how many, and which was the last.
    parts : a folder that keeps finished series for the next run.
    """
    ahead = checked_horizons(horizons)
    many = read_folder(folder)
    tables: dict[str, pd.DataFrame] = {}
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        store = None if parts is None else Path(parts)
        for done, (series, table) in enumerate(
            zip(many, pool.map(lambda one: _kept(one, ahead, store), many), strict=True), 1
        ):
            tables[series.name] = table
            if progress is not None:
                progress(done, len(many), series.name)
    forecasts = pd.concat([tables[series.name] for series in many], ignore_index=True)
    scored = _scored(many, tables, ahead)
    notes = tuple(f"{series.name}: {remark.text}" for series in many for remark in series.remarks)
    return Hindcast(forecasts, scored, summary(scored) if len(scored) else scored, notes)


def write_hindcast(
    folder: str | Path,
    out: str | Path,
    horizons: Iterable[int] = HORIZONS,
    progress: Progress | None = None,
    *,
    workers: int | None = None,
) -> Hindcast:
    """Run a hindcast and write forecasts, scores, cases and notes as CSV to a folder, each whole or not at all.

    Finished series are kept in a hidden folder beside them; running again continues or does nothing twice.
    """
    target = Path(out)
    target.mkdir(parents=True, exist_ok=True)
    made = hindcast(folder, horizons=horizons, workers=workers, progress=progress, parts=target / PARTS)
    for name in ("forecasts", "scores", "cases"):
        _write(getattr(made, name), target / f"{name}.csv")
    said = pd.DataFrame([note.split(": ", 1) for note in made.notes], columns=["series", "note"])
    _write(said, target / "notes.csv")
    return made


def _forecasts(series: Series, horizons: Sequence[int]) -> pd.DataFrame:
    rows = origin_rows(series.days)
    people = people_ahead(series, rows, horizons)
    return long_table(series.name, series.days[rows], horizons, people)


def _kept(series: Series, horizons: Sequence[int], store: Path | None) -> pd.DataFrame:
    if store is None:
        return _forecasts(series, horizons)
    path = store / f"{series.name}-{_fingerprint(series, horizons)}.csv"
    found = _read_back(path, len(origin_rows(series.days)) * len(horizons) * (len(LEVELS) + 1))
    if found is not None:
        return found
    table = _forecasts(series, horizons)
    store.mkdir(parents=True, exist_ok=True)
    _write(table, path)
    return table


def _read_back(path: Path, rows: int) -> pd.DataFrame | None:
    """Return a kept table, or nothing when there is none or it was cut off."""
    if not path.is_file():
        return None
    try:
        table = read_forecasts(path)
    except ValueError:
        return None
    return table if len(table) == rows else None


def _fingerprint(series: Series, horizons: Sequence[int]) -> str:
    """Return a hash of all that the forecasts of a series depend on."""
    learned = [one.digest for one in shipped_series()]
    content = json.dumps([METHOD, series.digest, list(horizons), learned, shipped_coefficients()])
    return hashlib.sha256(content.encode()).hexdigest()[:24]


def _write(table: pd.DataFrame, path: Path) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    table.to_csv(draft, index=False)
    draft.replace(path)


def _scored(many: Sequence[Series], tables: dict[str, pd.DataFrame], horizons: Sequence[int]) -> pd.DataFrame:
    errors = baseline_errors(shipped_series(), horizons)
    made = []
    for series in many:
        quantiles = tables[series.name].query("output_type == 'quantile'")["value"].to_numpy()
        past = errors[~errors["group"].isin(own_groups(series))]
        made.extend(_series_scores(series, horizons, quantiles.reshape(-1, len(LEVELS)), past))
    return pd.concat(made, ignore_index=True) if made else pd.DataFrame()


def _series_scores(
    series: Series, horizons: Sequence[int], people: np.ndarray, errors: pd.DataFrame
) -> list[pd.DataFrame]:
    table = cases(series, origin_rows(series.days), horizons)
    origins = series.days[table["row"]]
    targets = origins + 7 * table["horizon"].to_numpy().astype(np.int64)
    truth = np.array([interpolated(series, int(row), day) for row, day in zip(table["row"], targets, strict=True)])
    known = ~np.isnan(truth)
    if not known.any():
        return []
    now = table["log_value"].to_numpy()[:, None]
    rivals = {name: np.exp(now + growth) for name, growth in baseline_quantiles(errors, table).items()}
    about = pd.DataFrame(
        {
            "series": series.name,
            "group": crisis(series),
            "origin_date": origins[known].astype("datetime64[D]").astype(str),
            "horizon_weeks": table["horizon"].to_numpy()[known].astype(int),
            "first": table["first"].to_numpy()[known] == 1,
            "age_weeks": table["age"].to_numpy()[known],
            "pace": (table["growth_4"].to_numpy() / np.maximum(table["span_4"].to_numpy(), 1.0))[known],
            "origin_value": np.exp(now[known, 0]),
            "truth": np.exp(truth[known]),
        }
    )
    return [
        about.assign(model=name, median=quantiles[known, len(LEVELS) // 2]).join(
            case_scores(quantiles[known], np.exp(truth[known]))
        )
        for name, quantiles in {MODEL: people, **rivals}.items()
    ]
