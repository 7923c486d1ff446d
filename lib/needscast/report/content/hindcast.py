"""How good the forecasts were: past crises forecast blind, against what was reported later and against simple rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from needscast.report.blocks import Chart, Column, Note, Sentence, Table
from needscast.report.content import pick
from needscast.report.values import Amount, Range, Text

if TYPE_CHECKING:
    from needscast.forecast import Hindcast

MODEL = "needscast"
RIVALS = ("persistence", "drift")  # the better of them is what a forecast must beat
MASSES = (50, 80, 95)  # percent
MISSES = 5
STILL = 0.02  # log growth per week; a series that moves less is calm
MASS = 0.8
TURNS = ("turned_up", "turned_down", "rose_from_calm", "fell_from_calm")


def answer(hindcast: Hindcast) -> Sentence:
    """Say how often the ranges held, and how the score stands against the better simple rule."""
    overall = _scores(hindcast, "overall")
    own = next(pick.each(overall[overall["model"] == MODEL]))
    rivals = overall[overall["model"].isin(RIVALS)].sort_values("wis_log")
    values = {
        "forecasts": pick.count(own.forecasts),
        "crises": pick.count(own.crises),
        "series": pick.count(hindcast.cases["series"].nunique()),
        "coverage": Amount(float(own.coverage_80), "share", 2),
        "ratio": Amount(float(own.wis_ratio), "share", 2),
        "baseline": Text(f"hindcast.{rivals['model'].iloc[0]}"),
    }
    return Sentence(Text("hindcast.answer", values))


def first_rows(hindcast: Hindcast) -> Table:
    """Tabulate forecasts from the first figure of a series apart from those of later ones."""
    table = pick.rows(hindcast.scores, by="overall", model=MODEL)
    rows = tuple(
        (
            Text(f"hindcast.rows_{row.rows}"),
            int(row.forecasts),
            float(row.wis_log),
            float(row.wis_ratio),
            *(float(getattr(row, f"coverage_{mass}")) for mass in MASSES),
            float(row.share_above_median),
        )
        for row in pick.each(table)
    )
    above = Column("above_median", Text("table.above_median"), "percent")
    return Table(
        "scores_of_first_rows",
        Text("hindcast.first_rows"),
        (Column("rows", Text("table.from_figure")), *_score_columns(), above),
        rows,
        note=Text("hindcast.score_note"),
    )


def calibration(hindcast: Hindcast) -> Chart:
    """Draw how often ranges of each mass held what came, by weeks ahead."""
    table = _by_horizon(hindcast, MODEL)
    points = [
        {"label": _weeks(row.name_), "nominal": mass / 100, "observed": float(getattr(row, f"coverage_{mass}"))}
        for row in pick.each(table)
        for mass in MASSES
    ]
    caption = Text("hindcast.calibration_caption")
    return Chart("calibration", "calibration", Text("hindcast.calibration"), {"points": points}, "share", caption)


def by_horizon(hindcast: Hindcast) -> Table:
    """Tabulate score and coverage by weeks ahead."""
    rows = tuple(
        (
            _weeks(row.name_),
            int(row.forecasts),
            float(row.wis_log),
            float(row.wis_ratio),
            *(float(getattr(row, f"coverage_{mass}")) for mass in MASSES),
        )
        for row in pick.each(_by_horizon(hindcast, MODEL))
    )
    columns = (Column("horizon", Text("table.horizon")), *_score_columns())
    return Table("scores_by_horizon", Text("hindcast.scores"), columns, rows, note=Text("hindcast.score_note"))


def _score_columns() -> tuple[Column, ...]:
    return (
        Column("forecasts", Text("table.forecasts"), "number"),
        Column("score", Text("table.score"), "number"),
        Column("relative", Text("table.relative"), "percent"),
        *(Column(f"held_{mass}", _range_held(mass), "percent") for mass in MASSES),
    )


def _range_held(mass: int) -> Text:
    return Text("table.coverage_of", {"mass": Amount(mass / 100, "share")})


def widths(hindcast: Hindcast) -> list[Any]:
    """Say how wide the ranges should have been to hold as often as they promise, by weeks ahead."""
    from needscast.forecast import width_factors

    found = width_factors(_own_cases(hindcast))
    table = found.pivot(index="horizon_weeks", columns="mass", values="factor").sort_index()
    columns = (
        Column("horizon", Text("table.horizon")),
        *(Column(f"factor_{mass}", _factor_of(mass), "percent") for mass in MASSES),
    )
    factors = table[list(MASSES)].to_numpy(float).tolist()
    rows = tuple((_weeks(weeks), *each) for weeks, each in zip(table.index, factors, strict=True))
    own = table[round(100 * MASS)]
    values = {
        "least": Amount(float(own.min()), "share", 2),
        "least_at": _weeks(own.idxmin()),
        "most": Amount(float(own.max()), "share", 2),
        "most_at": _weeks(own.idxmax()),
    }
    return [
        Sentence(Text("hindcast.widths_answer", values)),
        Table("widths", Text("hindcast.widths"), columns, rows, note=Text("hindcast.widths_note")),
    ]


def _factor_of(mass: int) -> Text:
    return Text("table.factor_of", {"mass": Amount(mass / 100, "share")})


def _own_cases(hindcast: Hindcast) -> pd.DataFrame:
    return hindcast.cases[hindcast.cases["model"] == MODEL]


def baselines(hindcast: Hindcast) -> Table:
    """Tabulate the score of the forecast beside that of each simple rule, by weeks ahead."""
    table = _scores(hindcast, "horizon").assign(weeks=lambda t: t["name"].astype(int))
    models = list(dict.fromkeys(table["model"]))
    scores = table.pivot(index="weeks", columns="model", values="wis_log").sort_index()
    said = scores[models].to_numpy(float).tolist()
    rows = tuple((_weeks(week), *each) for week, each in zip(scores.index, said, strict=True))
    columns = (
        Column("horizon", Text("table.horizon")),
        *(Column(model, Text(f"hindcast.{model}"), "number") for model in models),
    )
    return Table("scores_of_baselines", Text("hindcast.baselines"), columns, rows, note=Text("hindcast.score_note"))


def crises(hindcast: Hindcast) -> Table:
    """Tabulate how each crisis did, the worst against the simple rules first, with its score by weeks ahead."""
    by_weeks = _own_cases(hindcast).pivot_table(index="group", columns="horizon_weeks", values="wis_log")
    table = _scores(hindcast, "crisis")
    table = table[table["model"] == MODEL].sort_values("wis_ratio", ascending=False, kind="stable")
    rows = tuple(
        (
            row.name_.replace("-", " "),
            int(row.forecasts),
            float(row.wis_ratio),
            float(row.coverage_80),
            *(None if np.isnan(score) else round(float(score), 3) for score in by_weeks.loc[row.name_]),
        )
        for row in pick.each(_named(table))
    )
    columns = (
        Column("crisis", Text("table.crisis")),
        Column("forecasts", Text("table.forecasts"), "number"),
        Column("relative", Text("table.relative"), "percent"),
        Column("held_80", _range_held(round(100 * MASS)), "percent"),
        *(Column(f"score_{weeks}", _score_at(weeks), "number") for weeks in by_weeks.columns),
    )
    return Table("scores_by_crisis", Text("hindcast.crises"), columns, rows, note=Text("hindcast.score_note"))


def _score_at(weeks: Any) -> Text:
    return Text("table.score_at", {"weeks": pick.count(int(weeks), "week")})


def misses(hindcast: Hindcast) -> list[Any]:
    """Tabulate the worst forecasts, at most one a series: what was forecast, what came, and why it was missed."""
    cases = _own_cases(hindcast).sort_values("wis_log", ascending=False, kind="stable")
    worst = cases.drop_duplicates("series").head(MISSES)
    rows = tuple(
        (
            row.series,
            str(row.origin_date),
            _weeks(row.horizon_weeks),
            float(row.origin_value),
            _forecast(hindcast, row),
            float(row.truth),
            Text(f"hindcast.{_why(row)}"),
        )
        for row in pick.each(worst)
    )
    columns = (
        Column("series", Text("table.series")),
        Column("origin", Text("table.origin"), "date"),
        Column("horizon", Text("table.horizon")),
        Column("origin_value", Text("table.origin_value"), "people", "person"),
        Column("forecast", Text("table.forecast"), "range", "person"),
        Column("truth", Text("table.observed"), "people", "person"),
        Column("why", Text("table.why"), "remark"),
    )
    return [Table("misses", Text("hindcast.misses"), columns, rows), _error_shares(hindcast)]


def _error_shares(hindcast: Hindcast) -> Note:
    """Say how much of all error came from first figures and from series that turned; crises count as in the scores."""
    from needscast.forecast.truth import crisis_weights

    cases = _own_cases(hindcast)
    error = cases["wis_log"].to_numpy() * crisis_weights(cases["group"])
    kinds = np.array([_why(case) for case in pick.each(cases)])
    shares = {
        "first": error[cases["first"].to_numpy(dtype=bool)].sum() / error.sum(),
        "turned": error[np.isin(kinds, TURNS)].sum() / error.sum(),
        "forecasts": float(cases["first"].mean()),
    }
    said = {name: Amount(float(share), "share", 2) for name, share in shares.items()}
    return Note("caveat", Text("hindcast.misses_note", said))


def _why(case: Any) -> str:
    """Return the key of what a miss looks like from the figures alone: nobody reads the cause off a series."""
    rose, above = case.truth > case.origin_value, case.truth > case.median
    if case.first:
        return "first_too_low" if above else "first_fell" if not rose else "first_stopped"
    if case.pace > STILL:
        return "turned_down" if not rose else "kept_rising" if above else "stopped_rising"
    if case.pace < -STILL:
        return "turned_up" if rose else "stopped_falling" if above else "kept_falling"
    return "rose_from_calm" if above else "fell_from_calm"


def remarks(hindcast: Hindcast) -> Table:
    """Tabulate what a reader should know about single series."""
    rows = tuple((name, text.strip()) for name, _, text in (each.partition(":") for each in hindcast.notes))
    return Table(
        "remarks",
        Text("hindcast.remarks"),
        (Column("series", Text("table.series")), Column("remark", Text("table.remark"))),
        rows,
    )


def _scores(hindcast: Hindcast, by: str) -> pd.DataFrame:
    return pick.rows(hindcast.scores, by=by, rows="all")


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """Rename the column "name", which named tuples keep for themselves in a Series."""
    return table.rename(columns={"name": "name_"})


def _by_horizon(hindcast: Hindcast, model: str) -> pd.DataFrame:
    table = _named(_scores(hindcast, "horizon"))
    return table[table["model"] == model].sort_values("name_", key=lambda names: names.astype(int))


def _weeks(weeks: Any) -> Amount:
    return pick.count(int(weeks), "week")


def _forecast(hindcast: Hindcast, case: Any) -> Range:
    """Return the central range that was forecast for a case."""
    found = pick.rows(hindcast.forecasts, series=case.series, horizon_weeks=case.horizon_weeks, output_type="quantile")
    found = found[found["origin_date"].astype(str) == str(case.origin_date)]
    levels, values = pd.to_numeric(found["output_type_id"]).to_numpy(), found["value"].to_numpy()
    lower, median, upper = (
        float(values[np.abs(levels - level).argmin()]) for level in ((1 - MASS) / 2, 0.5, (1 + MASS) / 2)
    )
    return Range(lower, median, upper, MASS, "person")
