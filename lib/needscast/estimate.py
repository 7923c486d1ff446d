"""Estimate: labelled draws, a unit and a derivation. The only place where draws are multiplied, added or summed.

Draw j is the same possible world in every estimate, so arithmetic is draw by draw. Labels must match
exactly and units must agree, or the operation raises: nothing is aligned, dropped or converted silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pint
import xarray as xr

from needscast.derivation import Derivation
from needscast.errors import LabelError, UnitError
from needscast.units import conversion_factor, unit, unit_name

DRAW = "draw"


@dataclass(frozen=True, eq=False)
class Estimate:
    """A quantity that is not known exactly, as equally likely draws.

    Parameters
    ----------
    values : DataArray with the label dimensions first and ``draw`` last; every label dimension has unique labels.
    unit : pint unit, made by :func:`unit`.
    derivation : where the estimate comes from.

    Raises
    ------
    LabelError : when ``draw`` is not the last dimension, or labels are missing or repeated.
    """

    values: xr.DataArray
    unit: pint.Unit
    derivation: Derivation = field(repr=False)

    def __post_init__(self) -> None:
        dims = self.values.dims
        if not dims or dims[-1] != DRAW:
            raise LabelError(f"'{self.name}' has dimensions {dims}; the last one must be '{DRAW}': transpose it first")
        for dim in dims[:-1]:
            if dim not in self.values.indexes:
                raise LabelError(f"'{self.name}' has no labels on '{dim}'; give them as coordinates")
            if not self.values.indexes[dim].is_unique:
                raise LabelError(f"'{self.name}' repeats a label on '{dim}'; sum or rename the repeated rows first")

    @classmethod
    def of(
        cls,
        draws: np.ndarray,
        labels: Mapping[str, Sequence[Any]],
        unit_text: str,
        name: str,
        *,
        sources: Iterable[str] = (),
    ) -> Estimate:
        """Make a leaf from an array whose axes are the labels in order, then the draws."""
        coords = {dim: list(items) for dim, items in labels.items()}
        array = np.asarray(draws, dtype=float)
        expected = tuple(len(items) for items in coords.values())
        if array.shape[:-1] != expected:
            raise LabelError(f"'{name}' has shape {array.shape}; its labels need {expected} and then the draws")
        values = xr.DataArray(array, coords=coords, dims=(*coords, DRAW))
        return cls(values, unit(unit_text), Derivation(name, sources=tuple(sources)))

    @classmethod
    def constant(cls, value: float, unit_text: str, name: str, draws: int, source: str = "definition") -> Estimate:
        """Make a number that is the same in every world: a chosen norm, a definition."""
        return cls.of(np.full(draws, float(value)), {}, unit_text, name, sources=[source])

    # --- what it is ---------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """What the estimate is called."""
        return self.derivation.name

    @property
    def dims(self) -> tuple[str, ...]:
        """The label dimensions, without ``draw``."""
        return tuple(str(dim) for dim in self.values.dims[:-1])

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return self.values.sizes[DRAW]

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Figure ids, standard ids and assumptions behind the estimate."""
        return self.derivation.all_sources()

    def labels(self, dim: str) -> list[Any]:
        """Return the labels along a dimension, in order."""
        self._require(dim)
        return self.values.indexes[dim].tolist()

    def called(self, name: str) -> Estimate:
        """Return the same estimate under another name; the derivation stays reachable below it."""
        return Estimate(self.values, self.unit, Derivation(name, "called", (self.derivation,)))

    # --- arithmetic, draw by draw ---------------------------------------------------------------------------------

    def times(self, other: Estimate, *, name: str = "") -> Estimate:
        """Multiply; shared dimensions must carry the same labels, the others are spread out."""
        self._same_labels(other, set(self.dims) & set(other.dims))
        values = self.values * other.values
        wanted = (*self.dims, *(dim for dim in other.dims if dim not in self.dims), DRAW)
        return self._made(values.transpose(*wanted), self.unit * other.unit, "times", (other,), name)

    def plus(self, other: Estimate, *, name: str = "") -> Estimate:
        """Add an estimate of the same unit and exactly the same labels."""
        return self._combined(other, "plus", np.add, name)

    def minus(self, other: Estimate, *, name: str = "") -> Estimate:
        """Subtract an estimate of the same unit and exactly the same labels."""
        return self._combined(other, "minus", np.subtract, name)

    def total(self, over: str | Sequence[str], *, name: str = "") -> Estimate:
        """Sum over one or several dimensions; a missing value stays missing."""
        dims = [over] if isinstance(over, str) else list(over)
        for dim in dims:
            self._require(dim)
        values = self.values.sum(dims, skipna=False)
        return self._made(values, self.unit, f"total over {', '.join(dims)}", (), name)

    def with_total(self, *dims: str, label: str = "all") -> Estimate:
        """Add the total along each dimension as one more label, draw by draw."""
        array, labels = self.values.values, {dim: self.labels(dim) for dim in self.dims}
        for dim in dims:
            self._require(dim)
            axis = self.dims.index(dim)
            array = np.concatenate([array, array.sum(axis=axis, keepdims=True)], axis=axis)
            labels[dim] = [*labels[dim], label]
        values = xr.DataArray(array, coords=labels, dims=self.values.dims)
        return self._made(values, self.unit, f"with total over {', '.join(dims)}", (), "")

    def cumulated(self, dim: str, start: Estimate, first: Any, *, name: str = "") -> Estimate:
        """Return the running total of a flow along a dimension, from ``start`` at the label ``first``: a stock.

        ``start`` has the same unit and the other dimensions, in order.
        """
        self._require(dim)
        if start.unit != self.unit:
            raise UnitError(
                f"cannot cumulate '{self.name}' in {unit_name(self.unit)} from '{start.name}' in another unit"
            )
        start._same_labels(self, set(self.dims) - {dim})
        axis = self.dims.index(dim)
        flows = np.concatenate([np.expand_dims(start.values.values, axis), self.values.values], axis=axis)
        labels = {each: self.labels(each) for each in self.dims} | {dim: [first, *self.labels(dim)]}
        values = xr.DataArray(np.cumsum(flows, axis=axis), coords=labels, dims=self.values.dims)
        return self._made(values, self.unit, f"cumulated over {dim}", (start,), name)

    def select(self, **labels: Any) -> Estimate:
        """Keep one label (the dimension goes) or a list of labels (it stays) of the named dimensions."""
        array, kept = self.values.values, {dim: self.labels(dim) for dim in self.dims}
        for dim, wanted in labels.items():
            known, axis = self.labels(dim), list(kept).index(dim)
            for label in wanted if isinstance(wanted, list) else [wanted]:
                if label not in known:
                    raise LabelError(f"'{self.name}' has no {dim} '{label}'; it has {', '.join(map(str, known))}")
            if isinstance(wanted, list):
                array, kept[dim] = array.take([known.index(label) for label in wanted], axis=axis), wanted
            else:
                array = array.take(known.index(wanted), axis=axis)
                del kept[dim]
        values = xr.DataArray(array, coords=kept, dims=(*kept, DRAW))
        words = ", ".join(f"{dim} {wanted}" for dim, wanted in labels.items())
        return self._made(values, self.unit, f"select {words}", (), "")

    def apply(
        self,
        function: Callable[..., np.ndarray],
        *others: Estimate,
        dims: Sequence[str],
        unit_text: str,
        name: str = "",
        labels: Mapping[str, Sequence[Any]] | None = None,
    ) -> Estimate:
        """Apply a pure array function to this and other estimates of the same labels.

        Parameters
        ----------
        function : called with the arrays, label axes first and draws last; must return label axes ``dims``, then draws.
        dims : label dimensions of the result.
        unit_text : unit of the result.
        labels : labels of the dimensions that the function makes or changes.
        """
        for other in others:
            self._same_labels(other, set(self.dims) | set(other.dims))
        arrays = [self.values.values, *(other.values.transpose(*self.values.dims).values for other in others)]
        given = labels or {}
        coords = {dim: list(given[dim]) if dim in given else self.labels(dim) for dim in dims}
        made = Estimate.of(function(*arrays), coords, unit_text, name or self.name)
        word = getattr(function, "__name__", "function").strip("_").replace("_", " ")
        return Estimate(made.values, made.unit, self._derived(word, others, name))

    def to(self, unit_text: str) -> Estimate:
        """Convert to a unit of the same dimension (kg to tonne, never person to household)."""
        wanted = unit(unit_text)
        return self._made(self.values * conversion_factor(self.unit, wanted), wanted, f"in {unit_text}", (), self.name)

    # --- what it says ---------------------------------------------------------------------------------------------

    def summary(self, mass: float = 0.8) -> pd.DataFrame:
        """Return ``labels, unit, lower, median, upper, mean, mass``: one row a cell, the central range of that mass."""
        if not 0 < mass < 1:
            raise LabelError(f"a range of mass {mass} does not exist; give a share between 0 and 1, such as 0.8")
        tail = (1 - mass) / 2
        lower, median, upper = self._levels((tail, 0.5, 1 - tail))
        columns = {"unit": unit_name(self.unit), "lower": lower, "median": median, "upper": upper}
        return pd.DataFrame(self._cells() | columns | {"mean": self._mean(), "mass": mass})

    def quantiles(self, levels: Sequence[float]) -> pd.DataFrame:
        """Return ``labels, unit, output_type, output_type_id, value``: one row a cell and level, then its mean."""
        rows = [("quantile", level, values) for level, values in zip(levels, self._levels(levels), strict=True)]
        rows.append(("mean", np.nan, self._mean()))
        cells, name = self._cells(), unit_name(self.unit)
        parts = [
            pd.DataFrame(cells | {"unit": name, "output_type": kind, "output_type_id": level, "value": values})
            for kind, level, values in rows
        ]
        return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)

    def monte_carlo_error(self, level: float = 0.5, batches: int = 32) -> np.ndarray:
        """Return the standard error of a quantile that comes from having finitely many draws, cell by cell."""
        cut = self.draws // batches * batches
        folded = self.values.values[..., :cut].reshape(*self.values.shape[:-1], batches, -1)
        return np.quantile(folded, level, axis=-1).std(axis=-1, ddof=1) / np.sqrt(batches)

    def __repr__(self) -> str:
        sizes = ", ".join(f"{dim} {self.values.sizes[dim]}" for dim in self.dims) or "one number"
        head = f"{self.name} [{unit_name(self.unit)}], {sizes}, {self.draws:,} draws, 80 % ranges"
        return "\n".join([head, self.summary().drop(columns=["unit", "mass"]).to_string(float_format="{:,.4g}".format)])

    def _repr_html_(self) -> str:
        table = self.summary().drop(columns=["mass"]).to_html(index=False, float_format="{:,.4g}".format, border=0)
        return f"<p><strong>{self.name}</strong>, 80 % ranges</p>{table}"

    # --- inside ---------------------------------------------------------------------------------------------------

    def _levels(self, levels: Sequence[float]) -> np.ndarray:
        """Quantiles by cell, interpolated linearly between the two nearest draws."""
        place = np.asarray(levels) * (self.draws - 1)
        below = np.floor(place).astype(int)
        above = np.minimum(below + 1, self.draws - 1)
        ordered = np.sort(self.values.values.reshape(-1, self.draws), axis=-1)  # faster than a partition at many places
        return (ordered[:, below] + (place - below) * (ordered[:, above] - ordered[:, below])).T

    def _mean(self) -> np.ndarray:
        return self.values.values.mean(axis=-1).ravel()

    def _cells(self) -> dict[str, Any]:
        """The labels of every cell as columns, in the order of the draws' leading axes; one row for a single number."""
        sizes = [self.values.sizes[dim] for dim in self.dims]
        places: Any = np.indices(sizes).reshape(len(sizes), -1) if sizes else []
        cells = {dim: self.values.indexes[dim].take(places[axis]) for axis, dim in enumerate(self.dims)}
        return cells or {"unit": [unit_name(self.unit)]}

    def _require(self, dim: str) -> None:
        if dim not in self.dims:
            raise LabelError(f"'{self.name}' has no dimension '{dim}'; it has {', '.join(self.dims) or 'none'}")

    def _same_labels(self, other: Estimate, dims: set[str]) -> None:
        for dim in sorted(dims):
            self._require(dim)
            other._require(dim)
            if not self.values.indexes[dim].equals(other.values.indexes[dim]):
                raise LabelError(
                    f"'{self.name}' and '{other.name}' carry different labels on '{dim}': "
                    f"{self.labels(dim)[:8]} and {other.labels(dim)[:8]}; select the same labels first"
                )
        if self.draws != other.draws:
            raise LabelError(
                f"'{self.name}' has {self.draws} draws and '{other.name}' {other.draws}; use one draw count"
            )

    def _combined(self, other: Estimate, operation: str, function: Callable[..., np.ndarray], name: str) -> Estimate:
        if self.unit != other.unit:
            raise UnitError(
                f"cannot {operation} '{self.name}' in {unit_name(self.unit)} and '{other.name}' in "
                f"{unit_name(other.unit)}; stock and flow, person and movement stay apart"
            )
        self._same_labels(other, set(self.dims) | set(other.dims))
        values = self.values.copy(data=function(self.values.values, other.values.transpose(*self.values.dims).values))
        return self._made(values, self.unit, operation, (other,), name)

    def _made(
        self, values: xr.DataArray, made_unit: pint.Unit, operation: str, others: tuple[Estimate, ...], name: str
    ) -> Estimate:
        return Estimate(values, made_unit, self._derived(operation, others, name))

    def _derived(self, operation: str, others: tuple[Estimate, ...], name: str) -> Derivation:
        return Derivation(name or self.name, operation, (self.derivation, *(other.derivation for other in others)))


def derive(
    function: Callable[..., Mapping[str, np.ndarray]],
    operands: Mapping[str, Estimate],
    results: Mapping[str, tuple[Mapping[str, Sequence[Any]], str]],
) -> dict[str, Estimate]:
    """Run a pure array function that has several results, such as a simulation, on the draws of its operands.

    Parameters
    ----------
    function : called with one array per operand by keyword (label axes first, draws last); returns arrays by name.
    operands : what goes in, all with the same number of draws.
    results : for each result its labels by dimension and its unit.
    """
    counts = {each.draws for each in operands.values()}
    if len(counts) > 1:
        raise LabelError(f"operands have {sorted(counts)} draws; use one draw count")
    arrays = function(**{name: each.values.values for name, each in operands.items()})
    word = getattr(function, "__name__", "function").strip("_").replace("_", " ")
    behind = tuple(each.derivation for each in operands.values())
    made = {}
    for name, (labels, unit_text) in results.items():
        leaf = Estimate.of(arrays[name], labels, unit_text, name)
        made[name] = Estimate(leaf.values, leaf.unit, Derivation(name, word, behind))
    return made


def stack(estimates: Mapping[Any, Estimate], dim: str, *, name: str) -> Estimate:
    """Batch estimates of the same unit and labels along a new first dimension, labelled by the keys."""
    first = next(iter(estimates.values()))
    for other in estimates.values():
        if other.unit != first.unit:
            raise UnitError(
                f"cannot stack '{first.name}' in {unit_name(first.unit)} with '{other.name}' in "
                f"{unit_name(other.unit)} along '{dim}'"
            )
        first._same_labels(other, set(first.dims) | set(other.dims))
    arrays = [each.values.transpose(*first.values.dims).values for each in estimates.values()]
    coords = {dim: list(estimates), **{each: first.labels(each) for each in first.dims}}
    values = xr.DataArray(np.stack(arrays), coords=coords, dims=(dim, *first.dims, DRAW))
    return Estimate(
        values,
        first.unit,
        Derivation(name, f"stack along {dim}", tuple(each.derivation for each in estimates.values())),
    )
