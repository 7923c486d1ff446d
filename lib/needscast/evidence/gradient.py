"""Arrays that remember how they were made, so that the likelihood is written forwards and its gradient follows.

A small reverse-mode differentiator for batches: every array has the worlds (chains) along its first axis. It knows
just the operations that the model needs; a known-value test compares each with finite differences.
"""

from __future__ import annotations

from collections.abc import Callable
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
            return Traced(value, ((self, _to(self.value)), (other, _to(other.value))))
        return Traced(self.value + other, ((self, _to(self.value)),))

    __radd__ = __add__

    def __neg__(self) -> Traced:
        return Traced(-self.value, ((self, np.negative),))

    def __sub__(self, other: Traced | np.ndarray | float) -> Traced:
        return self + (-other)

    def __rsub__(self, other: np.ndarray | float) -> Traced:
        return (-self) + other

    def __mul__(self, other: Traced | np.ndarray | float) -> Traced:
        if not isinstance(other, Traced):
            fit = _to(self.value)
            return Traced(self.value * other, ((self, lambda g: fit(g * other)),))
        left, right = _to(self.value), _to(other.value)
        a, b = self.value, other.value
        return Traced(a * b, ((self, lambda g: left(g * b)), (other, lambda g: right(g * a))))

    __rmul__ = __mul__

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
    found = {result.born: result}
    stack = [result]
    while stack:
        for parent, _ in stack.pop().parents:
            if parent.born not in found:
                found[parent.born] = parent
                stack.append(parent)
    result.gradient = start
    for born in sorted(found, reverse=True):  # what was made later cannot be an operand of what was made before
        node = found[born]
        if node.gradient is None:
            continue
        for parent, pull in node.parents:
            pulled = pull(node.gradient)
            parent.gradient = pulled if parent.gradient is None else parent.gradient + pulled


def _to(operand: np.ndarray) -> Pull:
    """Return the function that sums a gradient down to the shape of a broadcast operand."""
    shape = operand.shape

    def fit(gradient: np.ndarray) -> np.ndarray:
        if gradient.shape == shape:
            return gradient
        axes = tuple(range(gradient.ndim - len(shape))) + tuple(
            i + gradient.ndim - len(shape) for i, size in enumerate(shape) if size == 1
        )
        return gradient.sum(axis=axes, keepdims=True).reshape(shape)

    return fit
