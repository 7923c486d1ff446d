"""How hedge words and sources behave, read from the tables under data/evidence; an analyst edits those, not code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from needscast.errors import NeedscastError
from needscast.inputs.cells import Column
from needscast.inputs.files import read_bytes as content_of
from needscast.inputs.files import read_csv as cells_of
from needscast.inputs.problems import Problems
from needscast.inputs.rows import read_rows
from needscast.inputs.shipped import data_path
from needscast.inputs.tables import Table

CENTRE, ABOVE, BELOW, WORDS = "centre", "above", "below", "words"
KINDS = (CENTRE, ABOVE, BELOW, WORDS)
_HEDGE_COLUMNS = ("hedge", "kind", "share_rounded", "typical", "far", "spread", "low", "high", "evidence", "source")
_GRADE_COLUMNS = ("parameter", "key", "value", "evidence", "source")
_PARAMETERS = (
    "type_bias_median",
    "type_bias_sd",
    "source_sd",
    "noise_sd",
    "noise_factor",
    "network_sd",
    "outlier_share",
    "outlier_sd",
    "counts_movements",
    "front_means_all",
    "misdated_start",
    "repeats_others",
    "relay_days",
    "repeat_days",
)


@dataclass(frozen=True)
class Hedge:
    """What a hedge word says about truth / printed.

    Attributes
    ----------
    kind : centre (around it), below (the printed number is a lower bound), above (an upper bound), or words
        (a magnitude without a number).
    share_rounded : probability that the writer just rounded to that side; else the number is a bound.
    typical, far : median and outer 95 % point of truth / printed when it is a bound.
    spread : extra standard deviation of log(truth / printed) beside the rounding.
    low, high : of a magnitude in words, the ends that hold 95 %.
    """

    kind: str
    share_rounded: float = 1.0
    typical: float = 1.0
    far: float = 1.0
    spread: float = 0.0
    low: float = float("nan")
    high: float = float("nan")


@dataclass(frozen=True)
class Behaviour:
    """Both tables: ``hedges`` by word, and ``grades`` by (parameter, key), such as ("noise_sd", "B")."""

    hedges: Mapping[str, Hedge]
    grades: Mapping[tuple[str, str], float]

    def hedge(self, word: str, figure_id: str) -> Hedge:
        """Return the hedge of a printed word."""
        word = " ".join(word.lower().split())
        if word not in self.hedges:
            known = ", ".join(sorted(each for each in self.hedges if each))
            raise NeedscastError(
                f"figure {figure_id}: hedge '{word}' is not known; add a row to hedges.csv or use one of: {known}"
            )
        return self.hedges[word]

    def grade(self, parameter: str, key: str = "all") -> float:
        """Return a parameter of the grades table."""
        if (parameter, key) not in self.grades:
            raise NeedscastError(
                f"grades.csv has no row '{parameter}' for '{key}'; add it with its evidence and source"
            )
        return self.grades[parameter, key]

    def says(self, parameter: str, key: str) -> bool:
        """Return whether a yes/no parameter is set for a key; a missing row means no."""
        return self.grades.get((parameter, key), 0.0) > 0


def read_behaviour(folder: Path) -> Behaviour:
    """Read ``hedges.csv`` and ``grades.csv`` of a folder.

    Raises
    ------
    NeedscastError : an unknown kind or parameter, a hedge without its numbers, a spread below zero.
    """
    hedges = _table(folder / "hedges.csv", _HEDGE_COLUMNS)
    grades = _table(folder / "grades.csv", _GRADE_COLUMNS)
    by_word = {row["hedge"]: _hedge(row, number) for number, row in enumerate(hedges, start=2)}
    values = {}
    for number, row in enumerate(grades, start=2):
        if row["parameter"] not in _PARAMETERS:
            raise NeedscastError(
                f"grades.csv row {number}: unknown parameter '{row['parameter']}'; known: {', '.join(_PARAMETERS)}"
            )
        values[row["parameter"], row["key"]] = _number(row, "value", "grades.csv", number)
    return Behaviour(by_word, values)


@cache
def shipped() -> Behaviour:
    """Return the tables that travel with the package."""
    return read_behaviour(data_path("evidence"))


def _table(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    problems, schema = Problems(), Table(path.stem, tuple(Column(name, "text") for name in columns))
    content = content_of(path, path.name, problems)
    raw = None if content is None else cells_of(content, schema, path.name, problems)
    problems.raise_if_any()
    if raw is None:
        raise NeedscastError(f"{path.name} is missing in {path.parent.name}; copy it from data/evidence")
    return [row.cells for row in read_rows(raw, schema, problems)]


def _hedge(row: dict[str, str], number: int) -> Hedge:
    if row["kind"] not in KINDS:
        raise NeedscastError(f"hedges.csv row {number}: unknown kind '{row['kind']}'; known: {', '.join(KINDS)}")
    if row["kind"] == WORDS:
        low, high = (_number(row, column, "hedges.csv", number) for column in ("low", "high"))
        if not 0 < low < high:
            raise NeedscastError(f"hedges.csv row {number}: '{row['hedge']}' needs 0 < low < high")
        return Hedge(WORDS, low=low, high=high)
    names = ("share_rounded", "typical", "far", "spread")
    hedge = Hedge(row["kind"], *(_number(row, name, "hedges.csv", number) for name in names))
    ordered = {CENTRE: True, BELOW: 1 < hedge.typical < hedge.far, ABOVE: 1 > hedge.typical > hedge.far > 0}
    if not ordered[hedge.kind] or not 0 <= hedge.share_rounded <= 1 or hedge.spread < 0:
        raise NeedscastError(
            f"hedges.csv row {number}: '{row['hedge']}' needs 0 <= share_rounded <= 1, spread >= 0 and, as a bound, "
            "1 < typical < far (below) or 1 > typical > far > 0 (above)"
        )
    return hedge


def _number(row: dict[str, str], column: str, file: str, number: int) -> float:
    try:
        return float(row[column])
    except ValueError:
        raise NeedscastError(
            f"{file} row {number}: column {column} is '{row[column]}', not a number; write it like 0.12"
        ) from None
