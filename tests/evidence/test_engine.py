"""The engine on densities whose answer is known: a far story that holds most of the mass is found when it is given."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from needscast.evidence.engine import Chains
from needscast.evidence.moves import Around, Start, mode

NEAR, FAR = np.array([0.5, 0.0, 0.0]), np.array([6.0, 3.0, -2.0])
SHARP = 0.3  # standard deviation of either story in the likelihood
SHARES = (0.3, 0.7)  # of the posterior


def two_stories(z):
    """A log likelihood and its gradient: of prior times likelihood each story holds its share."""
    logs, slopes = [], []
    for share, middle in zip(SHARES, (NEAR, FAR), strict=True):
        held = multivariate_normal(np.zeros(3), 1 + SHARP**2).logpdf(middle)  # of the prior, by a story of this width
        logs.append(np.log(share) - held + multivariate_normal(middle, SHARP**2).logpdf(z).reshape(-1))
        slopes.append((middle - z) / SHARP**2)
    total = np.logaddexp(*logs)
    parts = [np.exp(each - total)[:, None] for each in logs]
    return total, parts[0] * slopes[0] + parts[1] * slopes[1]


def share_that_is_far(stories, seed):
    drawn = Chains(two_stories, 3, np.random.default_rng(seed), stories=stories).drawn(8).z.reshape(-1, 3)
    return np.mean(np.linalg.norm(drawn - FAR, axis=1) < np.linalg.norm(drawn - NEAR, axis=1))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_story_far_from_what_was_expected_gets_its_share_when_it_is_given(seed):
    assert share_that_is_far([FAR + 0.2], seed) == pytest.approx(SHARES[1], abs=0.1)


def test_a_given_story_that_leads_where_the_search_from_the_prior_led_changes_nothing():
    drawn = [
        Chains(lambda z: (-0.5 * (z**2).sum(1), -z), 3, np.random.default_rng(4), stories=stories).drawn(2).z
        for stories in ((), [np.ones(3)])
    ]
    np.testing.assert_array_equal(*drawn)


def test_where_chains_begin_is_a_density_whose_gradient_is_its_slope():
    start = Start(
        (Around.of(two_stories, mode(two_stories, FAR)), Around.of(two_stories, mode(two_stories, NEAR))), 0.4
    )
    z = np.random.default_rng(5).normal(size=(6, 3)) + np.array([0, 0, 0, 1, 1, 1])[:, None] * FAR
    prior = multivariate_normal(np.zeros(3)).pdf(z)
    spreads = [np.linalg.inv((each.vectors * each.precision) @ each.vectors.T) for each in start.around]
    around = sum(
        0.3 * multivariate_normal(each.middle, spread).pdf(z)
        for each, spread in zip(start.around, spreads, strict=True)
    )
    found, slope = start.beyond_prior(z)
    np.testing.assert_allclose(found, np.log((0.4 * prior + around) / prior), rtol=1e-9)
    for axis in range(3):
        side = np.eye(3)[axis] * 1e-5
        rise = (start.beyond_prior(z + side)[0] - start.beyond_prior(z - side)[0]) / 2e-5
        np.testing.assert_allclose(slope[:, axis], rise, rtol=1e-5, atol=1e-6)
