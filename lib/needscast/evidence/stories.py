"""Stories for the chains to begin from: the newest figures are right, or all are, however far they are from each other.

Where most displaced people went home in a month, many old high counts and a few new low ones allow two stories: that
people returned, which is rare, or that the new counts are wrong. Particles that begin in the prior hardly ever hold the
first one, however much likelier it is in the end. Which story is told, and how often, the posterior decides.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from needscast.evidence.moves import mode
from needscast.evidence.observe import Posterior

STRETCHES = (16.0, 4.0, 1.0)  # of the errors of figures, in turn: the search begins with rough ones
OLD_WEEKS = 4.0  # of the newest-first story: age beyond the newest figure from which the stretch is whole
NEVER = 1e-12  # share of figures that are wrong by a factor


def stories(posterior: Posterior) -> list[np.ndarray]:
    """Return places from which likely worlds are found, in standard normal numbers: newest first, and all alike."""
    days = np.array([target.end.toordinal() for target in posterior.rows.targets])[posterior.rows.target]
    age = np.minimum(1.0, (days.max() - days) / 7 / OLD_WEEKS)
    return [_taken_at_their_word(posterior, stretched) for stretched in (age, np.ones_like(age))]


def _taken_at_their_word(posterior: Posterior, stretched: np.ndarray) -> np.ndarray:
    rows, z = posterior.rows, np.zeros(posterior.size)
    for stretch in STRETCHES:
        trusting = replace(rows, noise=rows.noise * stretch**stretched)
        z = mode(Posterior(posterior.model, trusting, NEVER, posterior.outlier[1]).log_likelihood, z)
    return z
