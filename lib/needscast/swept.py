"""Cells that a function makes of those of an estimate, one label of its first dimension after the other.

Whole facilities of a zone follow from its people week by week. The tables ask for their totals over zones and over
weeks alone, so both are made in one sweep in which the cells of a zone never leave the processor's cache. Who asks for
the cells themselves gets them too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np

from needscast.derivation import Derivation
from needscast.errors import LabelError
from needscast.estimate import Estimate
from needscast.factor import Factor
from needscast.product import Product
from needscast.units import unit


def swept(given: Estimate, function: Callable[..., np.ndarray], *others: Estimate, unit_text: str) -> Estimate:
    """Apply a pure function to the cells of each label of the first of two dimensions by themselves; labels stay.

    Parameters
    ----------
    function : called with the cells of one label, shape (label of the second dimension, draw), which it may overwrite,
        and the draws of the others; returns as many cells.
    others : estimates without labels.
    unit_text : unit of the result.

    Raises
    ------
    LabelError : when the estimate has not two dimensions, or another has any.
    """
    if len(given.dims) != 2 or any(other.dims for other in others):
        raise LabelError(
            f"'{given.name}' by {given.dims} cannot be swept: two dimensions are needed, none of the others"
        )
    more = [other.array for other in others]
    cells = _Swept(cast(Product, given.drawn), lambda row: function(row, *more))
    word = getattr(function, "__name__", "function").strip("_").replace("_", " ")
    behind = (given.derivation, *(other.derivation for other in others))
    product = Product(dict(zip(given.dims, cells.shape[:-1], strict=True)), (Factor(given.dims, cells),))
    return Estimate(product, given.index, unit(unit_text), Derivation(given.name, word, behind))


@dataclass(frozen=True, eq=False)
class _Swept:
    """What a function makes of a product of two dimensions."""

    product: Product
    function: Callable[[np.ndarray], np.ndarray]

    @property
    def shape(self) -> tuple[int, ...]:
        """Length along both dimensions, and how many draws."""
        return (*self.product.sizes.values(), self.product.draws)

    @cached_property
    def cells(self) -> np.ndarray:
        """All of them."""
        found = np.empty(self.shape)
        for place, made in enumerate(self._made()):
            found[place] = made
        return found

    @cached_property
    def sums(self) -> tuple[np.ndarray, np.ndarray]:
        """The sum over the first dimension, and that over the second."""
        first, second, draws = self.shape
        over_first, over_second = np.zeros((second, draws)), np.empty((first, draws))
        for place, made in enumerate(self._made()):
            over_first += made
            made.sum(axis=0, out=over_second[place])
        return over_first, over_second

    def _made(self) -> Iterator[np.ndarray]:
        return map(self.function, self.product.rows())
