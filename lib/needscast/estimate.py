"""Estimate: labelled draws, a unit and a derivation. The only place where draws are multiplied, added or summed.

Draw j is the same possible world in every estimate, so arithmetic is draw by draw. Labels must match
exactly and units must agree, or the operation raises: nothing is aligned, dropped or converted silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from needscast.derivation import Derivation
from needscast.errors import LabelError, UnitError
from needscast.factor import spread
from needscast.labels import Indexes, Labels, indexes
from needscast.product import Product
from needscast.quantiles import quantiles
from needscast.units import conversion_factor, unit, unit_name

if TYPE_CHECKING:
    import pint
    import xarray as xr

DRAW = "draw"
ALL = "all"  # the label of a total


@dataclass(frozen=True, eq=False, repr=False)
class Estimate:
    """A quantity that is not known exactly, as equally likely draws.

    Parameters
    ----------
    drawn : draws, label dimensions first and worlds last, or the product that they are when somebody asks for them.
    index : unique labels of each label dimension, in the order of the axes.
    unit : pint unit, made by :func:`unit`.
    derivation : where the estimate comes from.

    Raises
    ------
    LabelError : when labels are repeated, or do not fit the array.
    """

    drawn: np.ndarray | Product
    index: Indexes
    unit: pint.Unit
    derivation: Derivation

    def __post_init__(self) -> None:
        expected = tuple(len(labels) for labels in self.index.values())
        if isinstance(self.drawn, np.ndarray):
            if self.drawn.shape[:-1] != expected or self.drawn.ndim != len(expected) + 1:
                raise LabelError(f"'{self.name}' has shape {self.drawn.shape}; its labels need {expected}, then draws")
            object.__setattr__(self, "drawn", Product.of(self.drawn, self.dims))
        for dim, labels in self.index.items():
            if not labels.is_unique:
                raise LabelError(f"'{self.name}' repeats a label on '{dim}'; sum or rename the repeated rows first")

    def __reduce__(self) -> tuple[type[Estimate], tuple[object, ...]]:
        return Estimate, (self.array, dict(self.index), self.unit, self.derivation)

    @classmethod
    def of(
        cls, draws: np.ndarray, labels: Labels, unit_text: str, name: str, *, sources: Iterable[str] = ()
    ) -> Estimate:
        """Make a leaf from an array whose axes are the labels in order, then the draws."""
        array = np.asarray(draws, dtype=float)
        return cls(array, indexes(labels), unit(unit_text), Derivation(name, sources=tuple(sources)))

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
        return tuple(self.index)

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return self._product.draws

    @cached_property
    def array(self) -> np.ndarray:
        """The draws, label dimensions first and worlds last; read-only."""
        kept = self._product.array.view()
        kept.flags.writeable = False
        return kept

    @cached_property
    def values(self) -> xr.DataArray:
        """The draws with their labels, for whoever goes on in xarray; ``draw`` is the last dimension."""
        import xarray as xr  # a tenth of a second that no run of the chain needs

        return xr.DataArray(self.array, coords=dict(self.index), dims=(*self.dims, DRAW))

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Figure ids, standard ids and assumptions behind the estimate."""
        return self.derivation.all_sources()

    def labels(self, dim: str) -> list[Any]:
        """Return the labels along a dimension, in order."""
        return self._along(dim).tolist()

    def called(self, name: str) -> Estimate:
        """Return the same estimate under another name; the derivation stays reachable below it."""
        return Estimate(self.drawn, self.index, self.unit, Derivation(name, "called", (self.derivation,)))

    # --- arithmetic, draw by draw ---------------------------------------------------------------------------------

    def times(self, other: Estimate, *, name: str = "") -> Estimate:
        """Multiply; shared dimensions must carry the same labels, the others are spread out."""
        self._same_labels(other, set(self.dims) & set(other.dims))
        index = {**self.index, **{dim: labels for dim, labels in other.index.items() if dim not in self.index}}
        product = self._product.times(other._product)
        return self._made(product, index, self.unit * other.unit, "times", (other,), name)

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
            self._along(dim)
        index = {dim: labels for dim, labels in self.index.items() if dim not in dims}
        return self._made(self._product.summed(dims), index, self.unit, f"total over {', '.join(dims)}", (), name)

    def cumulated(self, dim: str, start: Estimate, first: Any, *, name: str = "") -> Estimate:
        """Return the running total of a flow along a dimension, from ``start`` at the label ``first``: a stock.

        ``start`` has the same unit and the other dimensions, in order.
        """
        axis = self._axis(dim)
        if start.unit != self.unit:
            raise UnitError(f"cannot cumulate {unit_name(self.unit)} of '{self.name}' from '{start.name}'")
        start._same_labels(self, set(self.dims) - {dim})
        flows = np.concatenate([np.expand_dims(start.array, axis), self.array], axis=axis)
        index = {**self.index, **indexes({dim: [first, *self.labels(dim)]})}
        return self._made(np.cumsum(flows, axis=axis), index, self.unit, f"cumulated over {dim}", (start,), name)

    def select(self, **labels: Any) -> Estimate:
        """Keep one label (the dimension goes) or a list of labels (it stays) of the named dimensions."""
        product, index = self._product, dict(self.index)
        for dim, wanted in labels.items():
            known = self.labels(dim)
            for label in wanted if isinstance(wanted, list) else [wanted]:
                if label not in known:
                    raise LabelError(f"'{self.name}' has no {dim} '{label}'; it has {', '.join(map(str, known))}")
            if isinstance(wanted, list):
                product = product.taken(dim, tuple(known.index(label) for label in wanted))
                index |= indexes({dim: wanted})
            else:
                product = product.taken(dim, known.index(wanted))
                del index[dim]
        words = ", ".join(f"{dim} {wanted}" for dim, wanted in labels.items())
        return self._made(product, index, self.unit, f"select {words}", (), "")

    def apply(
        self,
        function: Callable[..., np.ndarray],
        *others: Estimate,
        dims: Sequence[str],
        unit_text: str,
        name: str = "",
        labels: Labels | None = None,
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
        made = np.asarray(function(self.array, *(other._spread(self.index) for other in others)), dtype=float)
        given = indexes(labels or {})
        index = {dim: given[dim] if dim in given else self._along(dim) for dim in dims}
        word = getattr(function, "__name__", "function").strip("_").replace("_", " ")
        return self._made(made, index, unit(unit_text), word, others, name)

    def to(self, unit_text: str) -> Estimate:
        """Convert to a unit of the same dimension (kg to tonne, never person to household)."""
        factor = conversion_factor(self.unit, wanted := unit(unit_text))
        return self._made(self.array * factor, self.index, wanted, f"in {unit_text}", (), self.name)

    # --- what it says ---------------------------------------------------------------------------------------------

    def summary(self, mass: float = 0.8, totals: Sequence[str] = ()) -> pd.DataFrame:
        """Return ``labels, unit, lower, median, upper, mean, mass``: one row a cell, the central range of that mass.

        The total along each dimension of ``totals``, draw by draw, is one more label: "all".
        """
        return pd.DataFrame(self.columns(mass, totals))

    def columns(self, mass: float = 0.8, totals: Sequence[str] = ()) -> dict[str, Any]:
        """Return the columns of :meth:`summary` as arrays, for a table that is put together from many."""
        if not 0 < mass < 1:
            raise LabelError(f"a range of mass {mass} does not exist; give a share between 0 and 1, such as 0.8")
        tail = (1 - mass) / 2
        index = {**self.index, **indexes({dim: [*self.labels(dim), ALL] for dim in totals})}
        lower, median, upper, mean = self._product.described((tail, 0.5, 1 - tail), totals).reshape(4, -1)
        ranges = {"lower": lower, "median": median, "upper": upper, "mean": mean}
        return self._cells(index) | {"unit": unit_name(self.unit)} | ranges | {"mass": mass}

    def quantiles(self, levels: Sequence[float]) -> pd.DataFrame:
        """Return ``labels, unit, output_type, output_type_id, value``: one row a cell and level, then its mean."""
        rows = [
            ("quantile", level, values) for level, values in zip(levels, quantiles(self.array, levels), strict=True)
        ]
        rows.append(("mean", np.nan, self.array.mean(axis=-1).ravel()))
        cells = self._cells(self.index) | {"unit": unit_name(self.unit)}
        parts = [
            cells | {"output_type": kind, "output_type_id": level, "value": values} for kind, level, values in rows
        ]
        return pd.concat(map(pd.DataFrame, parts)).sort_index(kind="stable").reset_index(drop=True)

    def __repr__(self) -> str:
        sizes = ", ".join(f"{dim} {len(labels)}" for dim, labels in self.index.items()) or "one number"
        head = f"{self.name} [{unit_name(self.unit)}], {sizes}, {self.draws:,} draws, 80 % ranges"
        return "\n".join([head, self.summary().drop(columns=["unit", "mass"]).to_string(float_format="{:,.4g}".format)])

    def _repr_html_(self) -> str:
        table = self.summary().drop(columns=["mass"]).to_html(index=False, float_format="{:,.4g}".format, border=0)
        return f"<p><strong>{self.name}</strong>, 80 % ranges</p>{table}"

    # --- inside ---------------------------------------------------------------------------------------------------

    def _cells(self, index: Indexes) -> dict[str, Any]:
        """The labels of every cell as columns, in the order of the draws' leading axes; one row for a single number."""
        sizes = tuple(map(len, index.values()))
        places: Any = np.indices(sizes).reshape(len(sizes), -1) if sizes else []
        named = zip(index.items(), places, strict=True)
        cells: dict[str, Any] = {dim: labels.to_numpy().take(place) for (dim, labels), place in named}
        return cells or {"unit": [unit_name(self.unit)]}

    @property
    def _product(self) -> Product:
        return cast(Product, self.drawn)

    def _along(self, dim: str) -> pd.Index:
        if dim not in self.index:
            raise LabelError(f"'{self.name}' has no dimension '{dim}'; it has {', '.join(self.dims) or 'none'}")
        return self.index[dim]

    def _axis(self, dim: str) -> int:
        self._along(dim)
        return self.dims.index(dim)

    def _spread(self, dims: Iterable[str]) -> np.ndarray:
        """The draws with their axes in this order, and an axis of length one for a dimension that is not there."""
        return spread(self.array, self.dims, list(dims))

    def _same_labels(self, other: Estimate, dims: set[str]) -> None:
        for dim in sorted(dims):
            if self._along(dim) is other._along(dim):
                continue
            mine, theirs = self.labels(dim), other.labels(dim)
            if mine != theirs:
                raise LabelError(
                    f"'{self.name}' and '{other.name}' carry different labels on '{dim}': "
                    f"{mine[:8]} and {theirs[:8]}; select the same labels first"
                )
        if self.draws != other.draws:
            raise LabelError(f"'{self.name}' has {self.draws} draws, '{other.name}' {other.draws}; use one draw count")

    def _combined(self, other: Estimate, operation: str, function: Callable[..., np.ndarray], name: str) -> Estimate:
        if self.unit != other.unit:
            raise UnitError(
                f"cannot {operation} '{self.name}' in {unit_name(self.unit)} and '{other.name}' in "
                f"{unit_name(other.unit)}; stock and flow, person and movement stay apart"
            )
        self._same_labels(other, set(self.dims) | set(other.dims))
        array = function(self.array, other._spread(self.index))
        return self._made(array, self.index, self.unit, operation, (other,), name)

    def _made(
        self,
        drawn: np.ndarray | Product,
        index: Indexes,
        made_unit: pint.Unit,
        word: str,
        others: tuple[Estimate, ...],
        name: str,
    ) -> Estimate:
        behind = (self.derivation, *(other.derivation for other in others))
        return Estimate(drawn, index, made_unit, Derivation(name or self.name, word, behind))


def derive(
    function: Callable[..., Mapping[str, np.ndarray]],
    operands: Mapping[str, Estimate],
    results: Mapping[str, tuple[Labels, str]],
) -> dict[str, Estimate]:
    """Run a pure array function that has several results, such as a simulation, on the draws of its operands.

    Parameters
    ----------
    function : called with one array per operand by keyword (label axes first, draws last); returns arrays by name.
    operands : what goes in, all with the same number of draws.
    results : for each result its labels by dimension and its unit.
    """
    if len({each.draws for each in operands.values()}) > 1:
        raise LabelError(f"operands of {', '.join(results)} differ in their number of draws; use one draw count")
    arrays = function(**{name: each.array for name, each in operands.items()})
    word = getattr(function, "__name__", "function").strip("_").replace("_", " ")
    behind = tuple(each.derivation for each in operands.values())
    return {
        name: Estimate(np.asarray(arrays[name]), indexes(labels), unit(unit_text), Derivation(name, word, behind))
        for name, (labels, unit_text) in results.items()
    }


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
    index = {**indexes({dim: list(estimates)}), **first.index}
    product = Product.stacked([each._product for each in estimates.values()], dim)
    behind = tuple(each.derivation for each in estimates.values())
    return Estimate(product, index, first.unit, Derivation(name, f"stack along {dim}", behind))
