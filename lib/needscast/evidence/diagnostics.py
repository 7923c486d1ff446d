"""What the data said: contraction of ratios and biases, and whether the register looks like the model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from needscast.evidence.model import RATIO_BY_WAVE, RATIO_EXCESS
from needscast.evidence.prepare import Evidence
from needscast.evidence.standing import Fit

UNLIKELY = 0.01  # a register that fits the model worse than 99 of 100 simulated ones is warned of
VAGUE = 10.0  # a range whose ends differ by this factor says next to nothing


def diagnostics(evidence: Evidence, z: np.ndarray, fit: Fit, generator: np.random.Generator) -> dict[str, float | str]:
    """Return numbers and sentences by name.

    contraction/... is 1 - posterior sd / prior sd: 0 means that the figures said nothing. check_p is the share of
    simulated registers that fit the model worse than the real one; near 0 the register does not look like the model.
    """
    low, middle, high = np.quantile(fit.headline, (0.1, 0.5, 0.9))
    said: dict[str, float | str] = {
        "headline_p10": float(low),
        "headline_p50": float(middle),
        "headline_p90": float(high),
        "pareto_k_max": float(fit.pareto_k.max()),
        "pareto_k_above_07": float((fit.pareto_k > 0.7).sum()),
    }
    said |= _contraction(evidence, z)
    said["check_p"], said["check_worst_figures"] = _predictive(evidence, z, generator)
    return said


def warnings(said: Mapping[str, float | str]) -> tuple[str, ...]:
    """Return in sentences what to warn of: chains that disagree, figures unlike the model, a vague headline."""
    found = []
    if said["converged"] != "yes":
        found.append(
            f"the chains agree only roughly (R-hat {said['rhat_max']:.2f} for {said['rhat_worst']}); read every range "
            "as approximate, and run again with another seed to see how far it moves"
        )
    if float(said["check_p"]) < UNLIKELY:
        found.append(
            f"the figures contradict each other or the model more than chance allows; those furthest out are "
            f"{said['check_worst_figures']}; look at their unit, area and window, and correct what is wrong"
        )
    if float(said["headline_p90"]) > VAGUE * float(said["headline_p10"]):
        found.append(
            "the figures hardly say how many were displaced since the onset: the ends of the 80 % range differ by "
            f"more than a factor of {VAGUE:.0f}; that range is mostly prior"
        )
    if not said["anchor_figures"]:
        found.append(
            f"the anchor source '{said['anchor']}' has no figure in use; the level hangs on all the other sources alike"
        )
    return tuple(found)


def _contraction(evidence: Evidence, z: np.ndarray) -> dict[str, float]:
    model = evidence.model
    world = evidence.posterior.world(z)
    excess = np.log(world.ratio_excess.value[:, model.wave(model.onset)])
    found = {"contraction/movement_ratio": 1 - excess.std() / np.hypot(RATIO_EXCESS[1], RATIO_BY_WAVE)}
    for name in ("household", "population", "level", "new_to_stock", "before"):
        found[f"contraction/{name}"] = 1 - z[:, model.slices[name]].std()
    errors = z[:, model.slices["errors"]]
    for column, factor in enumerate(evidence.sources.factors):
        if not factor.startswith("series/"):
            found[f"contraction/{factor}"] = 1 - errors[:, column].std()
    for column, series in enumerate(evidence.sources.series):
        prior = np.sqrt((model.bias_loading[:, column] ** 2).sum())
        if prior > 0:
            found[f"bias_sd_ratio/{'/'.join(series)}"] = world.bias.value[:, column].std() / prior
    return {name: float(value) for name, value in found.items()}


def _predictive(evidence: Evidence, z: np.ndarray, generator: np.random.Generator) -> tuple[float, str]:
    """Compare each figure's place in its own predictive distribution with what a register of the model would show."""
    rows = evidence.rows
    middle = evidence.posterior.middle(z[:: max(1, len(z) // 512)])[:, rows.first] - rows.centre[rows.first]
    level = np.cumsum(rows.jumps[rows.first], axis=1)[:, :-1]
    edges = rows.edges[rows.first]
    variance = (level * (edges[:, 1:] ** 3 - edges[:, :-1] ** 3) / 3).sum(axis=1) - rows.centre[rows.first] ** 2
    spread = np.sqrt(np.maximum(variance, 0.0) + 2 * rows.noise[rows.first] ** 2)  # Student-t with 4: variance is twice
    score = middle / spread
    distance = np.abs(score)
    worst = np.argsort(-np.median(distance, axis=0))[:3]
    simulated = np.abs(generator.standard_t(4, size=distance.shape) / np.sqrt(2))
    capped = np.minimum(distance, 3.0).mean(axis=1), np.minimum(simulated, 3.0).mean(axis=1)
    return float((capped[1] >= capped[0]).mean()), ", ".join(rows.figures[k] for k in worst)
