import numpy as np
import pytest
from scipy import sparse

from needscast.evidence import gradient
from needscast.evidence.gradient import Traced, gradients, join, mix

STEP = 1e-6
MATRIX = sparse.csr_matrix(np.array([[1.0, 0, 2], [0, -1, 0.5]]))
OPERATIONS = {
    "add": lambda x, y: x + y + 2.0,
    "subtract": lambda x, y: 1.0 - (x - y),
    "multiply": lambda x, y: x * y * 3.0,
    "divide": lambda x, y: (x / y) / x.sum(axis=1),
    "multiply one column with two": lambda x, y: x.sum(axis=1) * y,
    "times a matrix": lambda x, y: x @ np.array([[1.0, 2], [0, -1]]) * y,
    "columns": lambda x, y: x[np.array([1, 0])] * y,
    "reshape": lambda x, y: (x * y).reshape(2, 1).sum(axis=2).reshape(2),
    "exponential": lambda x, y: gradient.exp(x * y),
    "logarithm": lambda x, y: gradient.log(x) * y,
    "logistic": lambda x, y: gradient.logistic(x - y),
    "shares": lambda x, y: gradient.shares(x) * y,
    "join": lambda x, y: join([x, y * y]),
    "mix": lambda x, y: mix(x * y, MATRIX, MATRIX.T.tocsr()),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_gradients_agree_with_finite_differences(name):
    generator = np.random.default_rng(5)
    x, y = generator.uniform(0.3, 1.5, (2, 3, 2))
    made = OPERATIONS[name](Traced(x), Traced(y))
    weight = generator.standard_normal(made.value.shape)
    leaf = Traced(x)
    gradients(OPERATIONS[name](leaf, Traced(y)), weight)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += STEP
        down[place] -= STEP
        above = (OPERATIONS[name](Traced(up), Traced(y)).value * weight).sum()
        below = (OPERATIONS[name](Traced(down), Traced(y)).value * weight).sum()
        assert leaf.gradient[place] == pytest.approx((above - below) / (2 * STEP), rel=1e-5, abs=1e-7)
