import numpy as np
import pytest
from scipy import stats

from needscast.evidence.likelihood import log_likelihood, student
from needscast.evidence.rows import Rows

HALF = 0.2  # half the width of a rounding interval


def rows(noise=0.1, readings=1):
    """One figure; with two readings, both equally likely."""
    return Rows(
        figures=("F",),
        targets=(),
        figure=np.zeros(readings, int),
        target=np.zeros(readings, int),
        reference=np.full(readings, -1),
        source=np.full(readings, -1),
        scale=np.zeros(readings),
        weight=np.full(readings, -np.log(readings)),
        noise=np.full(readings, noise),
        edges=np.tile([-HALF, HALF], (readings, 1)),
        jumps=np.tile([1 / (2 * HALF), -1 / (2 * HALF)], (readings, 1)),
        centre=np.zeros(readings),
    )


def test_students_function_and_density_are_those_of_scipy():
    t = np.array([-40.0, -3.1, -0.4, 0.0, 1.7, 25.0])
    below, density = student(t)
    assert below == pytest.approx(stats.t(4).cdf(t), abs=1e-14)
    assert density == pytest.approx(stats.t(4).pdf(t), rel=1e-12)


def test_a_figure_is_worth_the_mean_of_its_noise_over_the_rounding_interval():
    found, _ = log_likelihood(np.array([[0.35]]), rows(), outlier_share=0.0, outlier_sd=1.5)
    by_hand = (stats.t(4).cdf((HALF - 0.35) / 0.1) - stats.t(4).cdf((-HALF - 0.35) / 0.1)) / (2 * HALF)
    assert np.exp(found.item()) == pytest.approx(by_hand)


@pytest.mark.parametrize("middle", [-2.0, -0.25, 0.1, 0.6])
def test_the_slope_is_the_derivative(middle):
    step = 1e-6
    value, slope = log_likelihood(np.array([[middle]]), rows(), 0.03, 1.5)
    higher, _ = log_likelihood(np.array([[middle + step]]), rows(), 0.03, 1.5)
    assert slope.item() == pytest.approx((higher.item() - value.item()) / step, rel=1e-3, abs=1e-5)


def test_two_equal_readings_are_worth_as_much_as_one():
    once, _ = log_likelihood(np.array([[0.3]]), rows(), 0.03, 1.5)
    twice, slope = log_likelihood(np.array([[0.3, 0.3]]), rows(readings=2), 0.03, 1.5)
    assert twice.item() == pytest.approx(once.item())
    assert slope[0, 0] == pytest.approx(slope[0, 1])


def test_a_figure_ten_times_too_large_pulls_less_than_one_a_fifth_too_large():
    _, slope = log_likelihood(np.array([[-np.log(10)], [-np.log(1.3)]]), rows(), 0.03, 1.5)
    assert 0 < slope[0, 0] < 0.3 * slope[1, 0]
