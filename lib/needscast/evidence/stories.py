"""Stories: for the chains to begin from, and in what they drew.

For the chains: the newest figures are right, or all are, however far they are from each other.

Where most displaced people went home in a month, many old high counts and a few new low ones allow two stories: that
people returned, which is rare, or that the new counts are wrong. Particles that begin in the prior hardly ever hold the
first one, however much likelier it is in the end. Which story is told, and how often, the posterior decides.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from needscast.evidence.moves import mode
from needscast.evidence.observe import Posterior

STRETCHES = (16.0, 4.0, 1.0)  # of the errors of figures, in turn: the search begins with rough ones
OLD_WEEKS = 4.0  # of the newest-first story: age beyond the newest figure from which the stretch is whole
STEPS = 60  # of the search at each stretch: enough to come near, and the engine goes on from there
NEVER = 1e-12  # share of figures that are wrong by a factor
# Draws tell two stories when their logs part into two groups whose means are so many standard deviations of a group
# apart (the halves of a normal distribution are 2.7), and the smaller group has so large a share.
FAR_APART, LEAST_SHARE = 4.0, 0.05


@dataclass(frozen=True)
class Two:
    """Two stories that draws tell.

    Attributes
    ----------
    low_p10, ..., high_p90 : ends and middle of the 80 % range of either. [unit of the draws]
    low_share : of the draws that tell the lower one.
    """

    low_p10: float
    low_p50: float
    low_p90: float
    high_p10: float
    high_p50: float
    high_p90: float
    low_share: float


def two_stories(drawn: np.ndarray) -> Two | None:
    """Return the two stories that draws of an amount tell; None where they tell one."""
    logs = np.sort(np.log(np.maximum(drawn, 1.0)))
    count, least = len(logs), max(2, int(np.ceil(LEAST_SHARE * len(drawn))))
    splits = np.arange(least, count - least + 1)
    if not len(splits):
        return None
    below = np.cumsum(logs)[splits - 1]
    between = splits * (count - splits) * np.square((logs.sum() - below) / (count - splits) - below / splits)
    low, high = np.split(logs, [splits[np.argmax(between)]])
    within = np.sqrt((low.var() + high.var()) / 2)
    if not high.mean() - low.mean() > FAR_APART * within:
        return None
    ends, names = (0.1, 0.5, 0.9), [each.name for each in fields(Two)]
    numbers = [float(end) for group in (low, high) for end in np.exp(np.quantile(group, ends))]
    return Two(**dict(zip(names, [*numbers, len(low) / count], strict=True)))


def stories(posterior: Posterior) -> list[np.ndarray]:
    """Return places from which likely worlds are found, in standard normal numbers: newest first, and all alike."""
    days = np.array([target.end.toordinal() for target in posterior.rows.targets])[posterior.rows.target]
    age = np.minimum(1.0, (days.max() - days) / 7 / OLD_WEEKS)
    return [_taken_at_their_word(posterior, stretched) for stretched in (age, np.ones_like(age))]


def _taken_at_their_word(posterior: Posterior, stretched: np.ndarray) -> np.ndarray:
    rows, z = posterior.rows, np.zeros(posterior.size)
    for stretch in STRETCHES:
        trusting = replace(rows, noise=rows.noise * stretch**stretched)
        z = mode(Posterior(posterior.model, trusting, NEVER, posterior.outlier[1]).log_likelihood, z, STEPS)
    return z
