"""Products of draws that wait: multiplied as far as somebody asks for them, and summed before they are multiplied.

People by group, zone and week times a share by group are many numbers that follow from few. A product keeps its
factors, each with the dimensions along which it varies. The sum over a dimension along which one factor varies is that
factor's sum times the others, and the sum is made once for all who ask. Where several factors vary along it, they are
multiplied and added up row by row, so that the whole of it is never there at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import chain, combinations
from math import prod

import numpy as np

from needscast.factor import Factor, Places, Rows
from needscast.quantiles import quantiles_of

FEW = 64  # cells: with so few of them there is nothing to gain by waiting


def _describe(row: np.ndarray, levels: Sequence[float], out: np.ndarray) -> None:
    """Write the quantiles and the mean of cells that nobody needs any more."""
    out[-1] = row.mean(axis=-1)
    out[:-1] = quantiles_of(row, levels)


@dataclass(frozen=True, eq=False)
class Product:
    """Factors whose product is wanted along some dimensions, summed over those that only the factors have.

    Attributes
    ----------
    sizes : length along each dimension of the product, in order.
    """

    sizes: Mapping[str, int]
    factors: tuple[Factor, ...]
    _sums: dict[Set[str], Product] = field(default_factory=dict)

    @classmethod
    def of(cls, array: np.ndarray, dims: Sequence[str]) -> Product:
        """Return draws as they are; an axis along which a view repeats itself (of stride 0) is none of its factor."""
        varies = tuple(dim for dim, step in zip(dims, array.strides[:-1], strict=True) if step)
        alone = Factor(varies, array[tuple(slice(None) if dim in varies else 0 for dim in dims)])
        return cls(dict(zip(dims, array.shape[:-1], strict=True)), (alone,))

    @classmethod
    def stacked(cls, parts: Sequence[Product], dim: str) -> Product:
        """Return products of the same dimensions along a new first one; what varies in none of them stays one place."""
        sizes = {dim: len(parts), **parts[0].sizes}
        alone = [part.factors[0] for part in parts if len(part.factors) == 1]
        if len(alone) < len(parts) or len({each.dims for each in alone}) > 1:
            return cls.of(np.stack([part.array for part in parts]), list(sizes))
        held = np.stack([each.along({}, each.dims)(()) for each in alone])
        return cls(sizes, (Factor((dim, *alone[0].dims), held),))

    @cached_property
    def array(self) -> np.ndarray:
        """All cells, label axes in order and draws last."""
        if len(self.factors) == 1:
            (alone,) = self.factors
            return np.broadcast_to(alone.along({}, list(self.sizes))(()), (*self.sizes.values(), self.draws))
        made = np.empty((*self.sizes.values(), self.draws))
        for place in np.ndindex(made.shape[:-2]):
            self._row(place, made[place])
        return made

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return max(each.given.shape[-1] for each in self.factors)

    def rows(self) -> Iterator[np.ndarray]:
        """Yield all cells in order, those along the last dimension together; the array is used again for the next."""
        *lead, last = self.sizes.values() or (1,)
        cells = np.empty((last, self.draws))
        for place in np.ndindex(*lead):
            self._row(place, cells if self.sizes else cells[0])
            yield cells

    def times(self, other: Product) -> Product:
        """Return the product with another one."""
        return Product({**self.sizes, **other.sizes}, self._beside(other) + other._beside(self))._settled()

    def taken(self, dim: str, places: Places) -> Product:
        """Return some places along a dimension."""
        sizes = dict(self.sizes)
        if isinstance(places, int):
            del sizes[dim]
        else:
            sizes[dim] = len(places)
        return Product(sizes, tuple(each.taken(dim, places) for each in self.factors))._settled()

    def summed(self, over: Collection[str]) -> Product:
        """Return the sum over some dimensions, made where one factor alone varies along them."""
        key = frozenset(over)
        if key not in self._sums:
            self._sums[key] = self._summed(key)
        return self._sums[key]

    def described(self, levels: Sequence[float], totals: Sequence[str] = ()) -> np.ndarray:
        """Return quantiles and then the mean of every cell, these numbers along the first axis.

        Each dimension of ``totals`` has one place more at its end, for the sum over it, draw by draw.
        """
        dims = list(self.sizes)
        # The sum over the first dimension is added up while its cells are made; over the last it needs all of them.
        beside = [dim for dim in dims[:1] if dim in totals and dims[-1] not in totals]
        before = [dim for dim in totals if dim not in beside]
        found = np.empty((len(levels) + 1, *(size + (dim in totals) for dim, size in self.sizes.items())))
        for summed in chain.from_iterable(combinations(before, count) for count in range(len(before) + 1)):
            inside = (-1 if dim in summed else slice(size + (dim in beside)) for dim, size in self.sizes.items())
            part = self.summed(summed)
            found[(slice(None), *inside)] = part._with_total(levels) if beside else part._described(levels)
        return found

    # --- inside -------------------------------------------------------------------------------------------------------

    def _described(self, levels: Sequence[float]) -> np.ndarray:
        """The same without totals, row by row, so that no cell is made twice and none is kept."""
        found = np.empty((len(levels) + 1, *self.sizes.values()))
        cells, done = found.reshape(len(levels) + 1, -1), 0
        for row in self.rows():
            now = slice(done, done + len(row))
            _describe(row, levels, cells[:, now])
            done = now.stop
        return found

    def _with_total(self, levels: Sequence[float]) -> np.ndarray:
        """The same with one place more along the first of several dimensions, for the sum over it."""
        first, *lead, last = self.sizes.values()
        found = np.empty((len(levels) + 1, first + 1, *lead, last))
        row, total = np.empty((last, self.draws)), np.zeros((last, self.draws))
        for place in np.ndindex(*lead):
            for each in range(first):
                self._row((each, *place), row)
                if each:
                    total += row
                else:
                    total[...] = row
                _describe(row, levels, found[(slice(None), each, *place)])
            _describe(total, levels, found[(slice(None), first, *place)])
        return found

    def _summed(self, over: Set[str]) -> Product:
        sizes = {dim: size for dim, size in self.sizes.items() if dim not in over}
        varying = Counter(dim for each in self.factors for dim in each.dims)
        alone = {dim for dim, count in varying.items() if count == 1 and dim not in sizes}
        factors = [each.summed(alone.intersection(each.dims)) for each in self.factors]
        repeated = prod(self.sizes[dim] for dim in over if dim not in varying)
        if repeated != 1:
            factors.append(Factor((), np.full(self.draws, float(repeated))))
        return Product(sizes, tuple(factors))._settled()

    def _settled(self) -> Product:
        """The same, multiplied if it is small."""
        if len(self.factors) == 1 or prod(self.sizes.values()) > FEW:
            return self
        varying = {dim: size for dim, size in self.sizes.items() if any(dim in each.dims for each in self.factors)}
        return Product(self.sizes, (Factor(tuple(varying), Product(varying, self.factors).array),))

    def _beside(self, other: Product) -> tuple[Factor, ...]:
        """The factors, or one for all of them where what is summed over here is a dimension there."""
        there = {dim for each in other.factors for dim in each.dims}
        return self.factors if there.isdisjoint(self._hidden) else Product.of(self.array, list(self.sizes)).factors

    @cached_property
    def _hidden(self) -> tuple[str, ...]:
        """Dimensions that are summed over while multiplying."""
        return tuple(dict.fromkeys(dim for each in self.factors for dim in each.dims if dim not in self.sizes))

    def _row(self, place: tuple[int, ...], out: np.ndarray) -> None:
        """Make the cells at one place into an array."""
        rows = [at(place) for at in self._outside]
        if self._hidden:
            self._add_up(place, out)
            rows = [out, *rows]
        if len(rows) == 1:
            out[...] = rows[0]
        else:
            np.multiply(rows[0], reduce(np.multiply, rows[1:]), out=out)

    def _add_up(self, place: tuple[int, ...], out: np.ndarray) -> None:
        """Multiply and add up what varies along the hidden dimensions."""
        axes = list(range(out.ndim + len(self._hidden)))
        for number, (largest, *others) in enumerate(self._inside):
            weights = reduce(np.multiply, [at(place) for at in others])
            given = largest(place), axes, weights, axes, axes[len(self._hidden) :]
            if number:
                out += np.einsum(*given)
            else:
                np.einsum(*given, out=out)

    @cached_property
    def _outside(self) -> list[Rows]:
        """The rows of the factors that vary along nothing that is summed over."""
        return [self._rows_of(each) for each in self.factors if set(self._hidden).isdisjoint(each.dims)]

    @cached_property
    def _inside(self) -> list[list[Rows]]:
        """The others, the largest first; where its places are picked, each run of neighbours by itself: no copies."""
        inside = [each for each in self.factors if not set(self._hidden).isdisjoint(each.dims)]
        parts = [sorted(inside, key=lambda each: -each.held.size)]
        for dim in self._hidden:
            parts = [[each.taken(dim, run) for each in part] for part in parts for run in part[0].runs(dim)]
        return [[self._rows_of(each, self._hidden) for each in part] for part in parts]

    def _rows_of(self, factor: Factor, hidden: Sequence[str] = ()) -> Rows:
        """The rows of a factor, with an axis for each hidden dimension before those of a row."""
        dims = list(self.sizes)
        return factor.along({dim: self.sizes[dim] for dim in dims[:-1]}, [*hidden, *dims[-1:]])
