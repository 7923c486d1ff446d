"""Arrays that remember how they were made, so that the likelihood is written forwards and its gradient follows.

A small reverse-mode differentiator for batches: every array has the worlds (chains) along its first axis. It knows
just the operations that the model needs; a known-value test compares each with finite differences.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

import numpy as np
from scipy import sparse

Pull = Callable[[np.ndarray], np.ndarray]


class Traced:
    """An array with the operations that led to it.

    Attributes
    ----------
    value : the array; worlds along the first axis.
    parents : pairs of (the traced operand, function that takes the gradient of the result to that of the operand).
    """

    __slots__ = ("born", "gradient", "parents", "value")
    _births = count()
    __array_priority__ = 100  # numpy arrays on the left hand side leave the operation to this class

    def __init__(self, value: np.ndarray, parents: tuple[tuple[Traced, Pull], ...] = ()) -> None:
        self.value, self.parents, self.born = value, parents, next(Traced._births)
        self.gradient: np.ndarray | None = None

    def __add__(self, other: Traced | np.ndarray | float) -> Traced:
        if isinstance(other, Traced):
            value = self.value + other.value
            return Traced(value, ((self, _to(self.value, value)), (other, _to(other.value, value))))
        value = self.value + other
        return Traced(value, ((self, _to(self.value, value)),))

    __radd__ = __add__

    def __neg__(self) -> Traced:
        return Traced(-self.value, ((self, np.negative),))

    def __sub__(self, other: Traced | np.ndarray | float) -> Traced:
        if not isinstance(other, Traced):
            return self + (-other)
        value = self.value - other.value
        right = _to(other.value, value)
        return Traced(value, ((self, _to(self.value, value)), (other, lambda g: -right(g))))

    def __rsub__(self, other: np.ndarray | float) -> Traced:
        value = other - self.value
        fit = _to(self.value, value)
        return Traced(value, ((self, lambda g: -fit(g)),))

    def __mul__(self, other: Traced | np.ndarray | float) -> Traced:
        if not isinstance(other, Traced):
            value = self.value * other
            fit = _to(self.value, value)
            return Traced(value, ((self, lambda g: fit(g * other)),))
        a, b = self.value, other.value
        value = a * b
        left, right = _to(a, value), _to(b, value)
        return Traced(value, ((self, lambda g: left(g * b)), (other, lambda g: right(g * a))))

    __rmul__ = __mul__

    def __truediv__(self, other: Traced) -> Traced:
        a, b = self.value, other.value
        value = a / b
        left, right = _to(a, value), _to(b, value)
        return Traced(value, ((self, lambda g: left(g / b)), (other, lambda g: right(-g * value / b))))

    def __matmul__(self, matrix: np.ndarray) -> Traced:
        """Multiply the last axis with a constant matrix."""
        return Traced(self.value @ matrix, ((self, lambda g: g @ matrix.T),))

    def __getitem__(self, index: slice | np.ndarray) -> Traced:
        """Take some of the columns, each at most once."""
        shape = self.value.shape

        def back(gradient: np.ndarray) -> np.ndarray:
            full = np.zeros(shape)
            full[:, index] = gradient
            return full

        return Traced(self.value[:, index], ((self, back),))

    def reshape(self, *shape: int) -> Traced:
        """Give every world's numbers another shape."""
        worlds, old = len(self.value), self.value.shape
        return Traced(self.value.reshape(worlds, *shape), ((self, lambda g: g.reshape(old)),))

    def sum(self, axis: int) -> Traced:
        """Sum over one axis and keep it with length one."""
        shape = self.value.shape
        return Traced(self.value.sum(axis=axis, keepdims=True), ((self, lambda g: np.broadcast_to(g, shape)),))


def exp(x: Traced) -> Traced:
    """Exponential."""
    value = np.exp(x.value)
    return Traced(value, ((x, lambda g: g * value),))


def log(x: Traced) -> Traced:
    """Natural logarithm."""
    return Traced(np.log(x.value), ((x, lambda g: g / x.value),))


def logistic(x: Traced) -> Traced:
    """Share between 0 and 1 from a number on the logit scale."""
    value = 1 / (1 + np.exp(-x.value))
    return Traced(value, ((x, lambda g: g * value * (1 - value)),))


def shares(x: Traced) -> Traced:
    """Positive shares that add to one along the last axis."""
    value = np.exp(x.value - x.value.max(axis=-1, keepdims=True))
    value /= value.sum(axis=-1, keepdims=True)
    return Traced(value, ((x, lambda g: value * (g - (g * value).sum(axis=-1, keepdims=True))),))


def join(parts: list[Traced]) -> Traced:
    """Put arrays side by side along the second axis."""
    ends = np.cumsum([0, *(part.value.shape[1] for part in parts)])
    pulls = tuple((part, lambda g, a=a, b=b: g[:, a:b]) for part, a, b in zip(parts, ends[:-1], ends[1:], strict=True))
    return Traced(np.concatenate([part.value for part in parts], axis=1), pulls)


def mix(x: Traced, matrix: sparse.csr_matrix, across: sparse.csr_matrix) -> Traced:
    """Multiply the columns with a sparse matrix (columns x result columns); ``across`` is its transpose."""
    value = np.ascontiguousarray((across @ x.value.T).T)
    return Traced(value, ((x, lambda g: np.ascontiguousarray((matrix @ g.T).T)),))


def gradients(result: Traced, start: np.ndarray) -> None:
    """Set ``gradient`` on everything that ``result`` was made from; ``start`` is the gradient of the result itself."""
    result.gradient = start
    waiting = [(-result.born, result)]
    while waiting:  # what was made last goes first: nothing made later can be an operand of it
        node = heappop(waiting)[1]
        assert node.gradient is not None
        for parent, pull in node.parents:
            pulled = pull(node.gradient)
            if parent.gradient is None:
                parent.gradient = pulled
                heappush(waiting, (-parent.born, parent))
            else:
                parent.gradient = parent.gradient + pulled


def _to(operand: np.ndarray, result: np.ndarray) -> Pull:
    """Return the function that sums a gradient of a result down to the shape of an operand that was broadcast to it."""
    shape, extra = operand.shape, result.ndim - operand.ndim
    if shape == result.shape:
        return _as_it_is
    axes = (*range(extra), *(i + extra for i, size in enumerate(shape) if size == 1))
    return lambda gradient: gradient.sum(axis=axes, keepdims=True).reshape(shape)


def _as_it_is(gradient: np.ndarray) -> np.ndarray:
    return gradient
