"""What the data said: contraction of ratios and biases, and whether the register looks like the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from needscast.evidence.model import RATIO_BY_WAVE, RATIO_EXCESS
from needscast.evidence.prepare import Evidence
from needscast.evidence.standing import Fit
from needscast.evidence.stories import Two, two_stories

UNLIKELY = 0.01  # a register that fits the model worse than 99 of 100 simulated ones is warned of
RECENT_DAYS = 14  # before the reference date: what is new
FAR = 3.0  # spreads between a figure and what the estimate makes of it, beyond which it counts as wrong
STORIES = {"idp_stock": "displaced people", "displaced_since_onset": "people displaced since the onset"}
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
    distance = _distance(evidence, z)
    said["check_p"], said["check_worst_figures"] = _predictive(evidence, distance, generator)
    said["newest_far"] = ", ".join(_newest_far(evidence, np.median(distance, axis=0)))
    displaced = {"idp_stock": evidence.posterior.world(z).idp.value.sum(axis=1), "displaced_since_onset": fit.headline}
    for name, drawn in displaced.items():
        if told := two_stories(drawn):
            said |= {f"{name}/{key}": value for key, value in vars(told).items()}
    return said


def warnings(said: Mapping[str, float | str]) -> tuple[str, ...]:
    """Return in sentences what to warn of: chains that disagree, figures unlike the model, a vague headline."""
    found = [_of_two(told, called) for name, called in STORIES.items() if (told := stories_told(said, name))]
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
    if said["newest_far"]:
        found.append(
            f"the newest word of its source lies far from the estimate: {said['newest_far']}; the model takes it for "
            "an error. If it tells of something new, a front that opened or people who went home, the estimate is "
            "behind the events: wait for a second source, or say so in the report"
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


def stories_told(said: Mapping[str, float | str], name: str) -> Two | None:
    """Return the two stories that the diagnostics tell of displaced people or of people displaced since the onset."""
    keys = [field.name for field in fields(Two)]
    return Two(*(float(said[f"{name}/{key}"]) for key in keys)) if f"{name}/{keys[0]}" in said else None


def _of_two(told: Two, called: str) -> str:
    return (
        f"the figures tell two stories of {called} that lie far apart: {told.low_p10:,.0f} to {told.low_p90:,.0f} (in "
        f"{told.low_share:.0%} of the worlds) or {told.high_p10:,.0f} to {told.high_p90:,.0f}; find out which of them "
        "holds before anybody plans by the middle"
    )


def _contraction(evidence: Evidence, z: np.ndarray) -> dict[str, float]:
    model = evidence.model
    world = evidence.posterior.world(z)
    excess = np.log(world.ratio_excess.value[:, model.wave(model.onset)])
    found = {"contraction/movement_ratio": 1 - excess.std() / np.hypot(RATIO_EXCESS[1], RATIO_BY_WAVE)}
    for name in ("household", "population", "level", "again", "before"):
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


def _distance(evidence: Evidence, z: np.ndarray) -> np.ndarray:
    """Return how many of its spreads each figure lies from what it would be in a world, worlds x figures."""
    rows = evidence.rows
    middle = evidence.posterior.middle(z[:: max(1, len(z) // 512)])[:, rows.first] - rows.centre[rows.first]
    level = np.cumsum(rows.jumps[rows.first], axis=1)[:, :-1]
    edges = rows.edges[rows.first]
    variance = (level * (edges[:, 1:] ** 3 - edges[:, :-1] ** 3) / 3).sum(axis=1) - rows.centre[rows.first] ** 2
    spread = np.sqrt(np.maximum(variance, 0.0) + 2 * rows.noise[rows.first] ** 2)  # Student-t with 4: variance is twice
    return np.abs(middle / spread)


def _predictive(evidence: Evidence, distance: np.ndarray, generator: np.random.Generator) -> tuple[float, str]:
    """Compare each figure's place in its own predictive distribution with what a register of the model would show."""
    worst = np.argsort(-np.median(distance, axis=0))[:3]
    simulated = np.abs(generator.standard_t(4, size=distance.shape) / np.sqrt(2))
    capped = np.minimum(distance, 3.0).mean(axis=1), np.minimum(simulated, 3.0).mean(axis=1)
    return float((capped[1] >= capped[0]).mean()), ", ".join(evidence.rows.figures[k] for k in worst)


def _newest_far(evidence: Evidence, distance: np.ndarray) -> list[str]:
    """Return the figures that are the newest of their source and kind and lie far from the estimate."""
    newest: dict[tuple[str, str], int] = {}
    for k, item in enumerate(evidence.roots.kept):
        series = (evidence.roots.origin[item.id], item.counted.kind)
        if series not in newest or evidence.roots.kept[newest[series]].counted.end <= item.counted.end:
            newest[series] = k
    reference = evidence.model.weeks.reference
    recent = [k for k in newest.values() if (reference - evidence.roots.kept[k].counted.end).days <= RECENT_DAYS]
    return [evidence.rows.figures[k] for k in sorted(recent) if distance[k] > FAR]
