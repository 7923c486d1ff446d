"""Whether the chains agree: split R-hat and effective draws of the numbers that matter, by their ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from needscast.evidence.engine import Sample
from needscast.evidence.prepare import Evidence

RHAT_WANTED, RHAT_HOPELESS = 1.05, 1.2
EFFECTIVE_WANTED, EFFECTIVE_HOPELESS = 0.1, 0.02  # share of the draws
CHAIN_DRAWS = 256  # chains are joined side by side until they have so many draws: R-hat of tiny chains says nothing


@dataclass(frozen=True)
class Convergence:
    """The worst split R-hat and the fewest effective draws among the watched numbers.

    Attributes
    ----------
    rhat, effective : worst over what is watched; ``draws`` is how many there are.
    watched : names of what is watched, with R-hat and effective draws each.
    """

    rhat: float
    effective: float
    watched: dict[str, tuple[float, float]]
    draws: int

    @property
    def agrees(self) -> bool:
        """Whether the draws may be used without a warning."""
        return self.rhat <= RHAT_WANTED and self.effective >= EFFECTIVE_WANTED * self.draws

    @property
    def hopeless(self) -> bool:
        """Whether the chains tell different stories."""
        return self.rhat > RHAT_HOPELESS or self.effective < EFFECTIVE_HOPELESS * self.draws

    def as_dict(self, run: Sample) -> dict[str, float | str]:
        """Return what the diagnostics print."""
        worst = max(self.watched, key=lambda name: self.watched[name][0])
        return {
            "rhat_max": self.rhat,
            "rhat_worst": worst,
            "ess_min": self.effective,
            "acceptance": run.acceptance,
            "stages": float(run.stages),
            "gradient_batches": float(run.evaluations),
            "log_evidence": run.log_evidence,
            "chains": float(run.z.shape[0]),
            "converged": "yes" if self.agrees else f"warning: R-hat {self.rhat:.2f} for {worst}",
        }


def check(evidence: Evidence, run: Sample) -> Convergence:
    """Check the chains on the headline, the stocks, the ratio, the pace and the log likelihood."""
    chains, kept, size = run.z.shape
    numbers = _watched(evidence, run.z.reshape(-1, size))
    watched = {name: rhat_and_effective(values.reshape(chains, kept)) for name, values in numbers.items()}
    worst = max(r for r, _ in watched.values()), min(e for _, e in watched.values())
    return Convergence(*worst, watched, chains * kept)


def agree(evidence: Evidence, runs: Sequence[Sample]) -> bool:
    """Return whether equally large runs, independent from the prior on, say the same, each as one long chain.

    Where the figures allow two stories, chains stay in the one they came to and do not agree with each other. A run as
    a whole holds both, in the shares that the figures gave them on the way from the prior.
    """
    each = [_watched(evidence, run.z.swapaxes(0, 1).reshape(-1, run.z.shape[-1])) for run in runs]
    worst = max(rhat_and_effective(np.stack([numbers[name] for numbers in each]))[0] for name in each[0])
    return worst <= RHAT_HOPELESS


def _watched(evidence: Evidence, z: np.ndarray) -> dict[str, np.ndarray]:
    world, model = evidence.posterior.world(z), evidence.model
    flow = world.flow.value
    return {
        "displaced since the onset": flow @ model.since_onset,
        "displaced in the last week": flow[:, -1],
        "population": world.population.value.sum(axis=1),
        "displaced people": world.idp.value.sum(axis=1),
        "movement ratio": world.ratio_excess.value[:, model.wave(model.onset)],
        "share of the first zone": world.leaving.value[:, 0, 0],
        "log likelihood": evidence.posterior.log_likelihood(z)[0],
    }


def rhat_and_effective(values: np.ndarray) -> tuple[float, float]:
    """Return split R-hat and effective draws of chains x draws, on normal scores of the ranks.

    Chains are independent, so several short ones are judged as one group: R-hat compares groups of chains, and the
    effective number follows from the variance of the chains' means.
    """
    if np.ptp(values) == 0:
        return 1.0, float(values.size)
    ranks = pd.Series(values.ravel()).rank().to_numpy().reshape(values.shape)  # scipy.stats takes long to load
    scores = ndtri((ranks - 0.375) / (values.size + 0.25))
    chains, kept = scores.shape
    group = max(1, min(chains // 2, -(-CHAIN_DRAWS // kept)))
    usable = chains // group * group
    grouped = scores[:usable].reshape(usable // group, group, kept)
    half = kept // 2
    halves = [grouped[..., :half], grouped[..., half : 2 * half]] if half else [grouped]
    split = np.concatenate([each.reshape(len(each), -1) for each in halves])
    within, length = split.var(axis=1, ddof=1).mean(), split.shape[1]
    between = length * split.mean(axis=1).var(ddof=1)
    rhat = np.sqrt(((length - 1) / length * within + between / length) / within)
    of_means = scores.mean(axis=1).var(ddof=1)
    return float(rhat), float(min(scores.size, chains * scores.var() / of_means))
