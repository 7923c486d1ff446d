"""The fitted model: contenders with and without ages, and their stack; shipped as coefficients, one set for each
crisis left out.

The coefficients were fitted with more crises than may be shipped; the analogues are the shipped series themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from needscast.errors import NeedscastError
from needscast.forecast import analogues, damped, regression
from needscast.forecast.levels import LEVELS
from needscast.forecast.stack import FAMILIES, VARIANTS, Stack
from needscast.forecast.truth import crisis, crisis_weights, learning_cases
from needscast.inputs.series import Series, read_folder
from needscast.inputs.shipped import data_path, read_numbers

FITTERS: Mapping[str, Callable[..., Any]] = {
    "regression": regression.fit,
    "damped": damped.fit,
    "analogues": analogues.fit,
}
KINDS: Mapping[str, type] = {"regression": regression.Regression, "damped": damped.Damped}
COEFFICIENTS = "coefficients.json"


@dataclass(frozen=True)
class Model:
    """Contenders in the order of FAMILIES, for cases with a known age and for those without, and their stack."""

    dated: tuple[Any, ...]
    undated: tuple[Any, ...]
    stack: Stack

    def quantiles(self, cases: pd.DataFrame) -> np.ndarray:
        """Return log growth at LEVELS, one row for each case of ``past.cases``."""
        found = np.empty((len(cases), len(LEVELS)))
        known = cases["age"].notna().to_numpy()
        for mask, contenders in ((known, self.dated), (~known, self.undated)):
            if mask.any():
                part = cases[mask]
                found[mask] = self.stack.join([one.quantiles(part) for one in contenders], part)
        return found


def fit_family(family: str, number: int, past: pd.DataFrame, *, dated: bool) -> Any:
    """Fit one variant of a contender; the undated fit learns from all crises with their ages hidden."""
    known = past[past["age"].notna()].reset_index(drop=True) if dated else past
    return FITTERS[family](known, crisis_weights(known["group"]), dated=dated, **VARIANTS[family][number])


def fit_model(past: pd.DataFrame, stack: Stack) -> Model:
    """Fit the contenders of a stack to past cases."""
    chosen = list(zip(FAMILIES, stack.variants, strict=True))

    def contenders(dated: bool) -> tuple[Any, ...]:
        return tuple(fit_family(family, number, past, dated=dated) for family, number in chosen)

    return Model(contenders(True), contenders(False), stack)


def as_numbers(model: Model) -> dict[str, Any]:
    """Return what is shipped of a model: its coefficients and stack, and no row of any series."""

    def numbers(contenders: Sequence[Any]) -> dict[str, dict[str, list[float]]]:
        kept = {family: one for family, one in zip(FAMILIES, contenders, strict=True) if family in KINDS}
        return {
            family: {
                name: [float(f"{number:.5g}") for number in values]
                for name, values in vars(one).items()
                if isinstance(values, tuple)
            }
            for family, one in kept.items()
        }

    stack = {name: list(values) for name, values in vars(model.stack).items()}
    return {"stack": stack, "dated": numbers(model.dated), "undated": numbers(model.undated)}


def from_numbers(numbers: Mapping[str, Any], past: pd.DataFrame) -> Model:
    """Return a model from its coefficients, with analogues from past cases."""
    stack = Stack(**{name: tuple(values) for name, values in numbers["stack"].items()})

    def contender(family: str, number: int, dated: bool) -> Any:
        if family not in KINDS:
            return fit_family(family, number, past, dated=dated)
        given = numbers["dated" if dated else "undated"][family]
        return KINDS[family](**{name: tuple(values) for name, values in given.items()}, dated=dated)

    pairs = list(zip(FAMILIES, stack.variants, strict=True))
    return Model(
        tuple(contender(family, number, True) for family, number in pairs),
        tuple(contender(family, number, False) for family, number in pairs),
        stack,
    )


@lru_cache(maxsize=1)
def shipped_series() -> tuple[Series, ...]:
    """Return the past crises that travel with the package."""
    return read_folder(data_path("hindcast"))


@lru_cache(maxsize=1)
def shipped_coefficients() -> dict[str, Any]:
    """Return the fitted numbers that travel with the package."""
    numbers: dict[str, Any] = read_numbers(data_path("hindcast", COEFFICIENTS))
    return numbers


@lru_cache(maxsize=1)
def _past_cases() -> pd.DataFrame:
    return learning_cases(shipped_series())


@lru_cache(maxsize=64)
def _model(left_out: frozenset[str]) -> Model:
    past = _past_cases()
    past = past[~past["group"].isin(left_out)].reset_index(drop=True)
    if past["group"].nunique() < 2:
        raise NeedscastError("fewer than two past crises are left to learn from; leave out fewer groups")
    sets = shipped_coefficients()["models"]
    fitted_on = left_out & set(sets)
    if len(fitted_on) < 2:
        return from_numbers(sets[next(iter(fitted_on), "")], past)
    stack = from_numbers(sets[""], past).stack
    return fit_model(past, stack)


def model_without(groups: Iterable[str] = ()) -> Model:
    """Return the model that has learned nothing from the given crises.

    None or one left out comes from the shipped coefficients; of several, the contenders are fitted anew to the other
    shipped series (a second or two) under the common stack. A group nobody has learned from changes nothing.
    """
    known = {crisis(series) for series in shipped_series()} | set(shipped_coefficients()["models"])
    return _model(frozenset(group for group in groups if group in known and group))
