"""One factor of a product of draws: along which dimensions it varies, parts of it, and its sums, each made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import groupby
from operator import getitem
from typing import Any, Protocol
from weakref import ReferenceType, ref

import numpy as np

Rows = Callable[[tuple[int, ...]], np.ndarray]  # the cells at a place along all dimensions but the last
Places = int | tuple[int, ...]  # one place along a dimension, which then goes, or several


class Cells(Protocol):
    """Draws that wait for somebody who asks."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Length along each dimension, and how many draws."""

    @property
    def cells(self) -> np.ndarray:
        """All of them."""

    @property
    def sums(self) -> Sequence[np.ndarray]:
        """The sum over each dimension."""


def spread(array: np.ndarray, dims: Sequence[str], order: Sequence[str]) -> np.ndarray:
    """Return draws with their dimensions in another order, and an axis of length one for one that they do not have."""
    moved = array.transpose([*(dims.index(dim) for dim in order if dim in dims), -1])
    return moved[tuple(slice(None) if dim in dims else None for dim in order)]


def _but(dims: Sequence[str], one: str) -> tuple[str, ...]:
    return tuple(dim for dim in dims if dim != one)


@dataclass(frozen=True, eq=False)
class Factor:
    """Draws that vary along some dimensions.

    Attributes
    ----------
    dims : names of the axes of ``given`` but its last one, which are the draws.
    given : the draws, or cells that are made when somebody asks for more than their sums.
    picked : places of ``held`` that are meant along a dimension, where they are no run of neighbours; copied when used.
    """

    dims: tuple[str, ...]
    given: np.ndarray | Cells
    picked: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    _known: dict[object, Factor] = field(default_factory=dict)  # what was taken or summed before
    # What this was taken from, along which dimension and where; a weak reference, because that one knows this one.
    _whole: tuple[ReferenceType[Factor], str, Places] | None = None

    @property
    def held(self) -> np.ndarray:
        """The draws."""
        return self.given if isinstance(self.given, np.ndarray) else self.given.cells

    def places(self, dim: str) -> Sequence[int]:
        """Return where the places along a dimension are held."""
        return self.picked[dim] if dim in self.picked else range(self.given.shape[self.dims.index(dim)])

    def taken(self, dim: str, places: Places) -> Factor:
        """Return some places along a dimension; neighbours are a view and cost nothing."""
        if dim not in self.dims:
            return self
        if (dim, places) not in self._known:
            self._known[dim, places] = self._taken(dim, places)
        return self._known[dim, places]

    def summed(self, over: Set[str]) -> Factor:
        """Return the sum over some of the dimensions, the longest first: what is left is asked for by others too."""
        for dim in sorted(over, key=lambda each: -len(self.places(each))):
            if dim not in self._known:
                self._known[dim] = self._summed(dim)
            return self._known[dim].summed(over - {dim})
        return self

    def runs(self, dim: str) -> Iterator[tuple[int, ...]]:
        """Yield the places along a dimension that are held beside each other, in the order in which they are held."""
        held = self.places(dim)
        ordered = sorted(range(len(held)), key=held.__getitem__)
        for _, run in groupby(ordered, key=lambda place: held[place] - ordered.index(place)):
            yield tuple(run)

    def along(self, lead: Mapping[str, int], order: Sequence[str]) -> Rows:
        """Return a function of a place along the leading dimensions that gives the draws there.

        Parameters
        ----------
        lead : length along each dimension that a place names.
        order : dimensions of what is given, in order; of length one where this does not vary.
        """
        held = spread(self.held, self.dims, [*lead, *order])
        where = [self.places(dim) if dim in self.dims else (0,) * size for dim, size in lead.items()]
        picked = [(axis, self.picked[dim]) for axis, dim in enumerate(order) if dim in self.picked]

        def at(place: tuple[int, ...]) -> np.ndarray:
            found = held[tuple(map(getitem, where, place))]
            for axis, places in picked:
                found = found.take(places, axis)
            return found

        return at

    def _taken(self, dim: str, places: Places) -> Factor:
        places_held, picked = self.places(dim), {each: at for each, at in self.picked.items() if each != dim}
        before: Any = (slice(None),) * self.dims.index(dim)
        whole = ref(self), dim, places
        if isinstance(places, int):
            return Factor(_but(self.dims, dim), self.held[(*before, places_held[places])], picked, _whole=whole)
        held = tuple(places_held[place] for place in places)
        start, stop = (held[0], held[-1] + 1) if held else (0, 0)
        if held == tuple(range(start, stop)):
            return Factor(self.dims, self.held[(*before, slice(start, stop))], picked, _whole=whole)
        return Factor(self.dims, self.held, {**picked, dim: held}, _whole=whole)

    def _summed(self, dim: str) -> Factor:
        if self._whole is not None and self._whole[1] != dim and (whole := self._whole[0]()) is not None:
            return whole.summed({dim}).taken(*self._whole[1:])  # the sum of the whole serves others too
        axis = self.dims.index(dim)
        if not isinstance(self.given, np.ndarray):
            return Factor(_but(self.dims, dim), self.given.sums[axis])
        held = self.held.take(self.picked[dim], axis) if dim in self.picked else self.held
        picked = {each: at for each, at in self.picked.items() if each != dim}
        return Factor(_but(self.dims, dim), held.sum(axis=axis), picked)
