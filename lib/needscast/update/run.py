"""The update of a scenario: an earlier and a later run of it, every headline that moved, and the part of each cause."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from needscast.chain import MASS, Results, run_scenario
from needscast.draws import Draws
from needscast.errors import NeedscastError, one_of
from needscast.evidence import nowcast
from needscast.inputs import Crisis, Inputs, Scenario, UncertainInput, read_crisis
from needscast.inputs.uncertain import split_name
from needscast.update.mixture import (
    COUNTED,
    SCENARIO,
    TIME,
    causes_between,
    changed_cause,
    changed_figures,
    changed_inputs,
    mixed_scenario,
    mixture,
)
from needscast.update.parts import decompose
from needscast.vocabulary import READERSHIPS

_RANGE = ("lower", "median", "upper")
A_WEEK = timedelta(weeks=1)  # how far back an update looks when nobody says
_CHANCE_ERRORS = 2.0  # a change of fewer standard errors than this is not told from chance
_MEDIAN_ERROR = float(np.sqrt(np.pi / 2))  # standard error of a median over that of a mean, of a normal spread


@dataclass(frozen=True)
class InputChange:
    """An uncertain input whose number changed.

    ``before`` or ``after`` is the more general input where that stood in for it, and None where nothing did.
    """

    name: str
    cause: str
    before: UncertainInput | None
    after: UncertainInput | None


@dataclass(frozen=True, eq=False)
class Update:
    """Two runs of one scenario in the same streams of worlds.

    Attributes
    ----------
    causes : what differs between the two, in the order in which it was let in; time passes first.
    moves : headline, unit, mass, before_lower, before_median, before_upper, lower, median, upper, change (of the
        median), chance (a smaller change is not told from the chance of sampling).
    parts : headline, cause, unit, change: the part of the cause; the parts of a headline add up to its change.
    figures : figure_id, change: new, corrected or withdrawn.
    inputs : the uncertain inputs whose numbers changed, those of the scenario among them.
    appeared, gone : headlines that only the later, or only the earlier run has.
    """

    before: Results
    after: Results
    causes: tuple[str, ...]
    moves: pd.DataFrame
    parts: pd.DataFrame
    figures: pd.DataFrame
    inputs: tuple[InputChange, ...]
    appeared: tuple[str, ...]
    gone: tuple[str, ...]


def update(
    crisis: str | Path | Crisis,
    scenario: str = "",
    *,
    since: date | None = None,
    before: str | Path | Crisis | None = None,
    as_of: date | None = None,
    draws: int | None = None,
    seed: int | None = None,
    readership: str | None = None,
) -> Update:
    """Run a scenario as it was known earlier and as it is known now, and share the change out among its causes.

    Parameters
    ----------
    crisis, as_of, draws, seed, readership : as for :func:`needscast.chain.estimate`.
    scenario : a card of both; "" means the one that assumes least (fewest overrides), nearest to what was reported.
    since : the earlier date; nothing published after it is used in the earlier run. A week before the reference date
        when neither it nor ``before`` is given.
    before : an earlier version of the crisis, when its inputs changed and not only the date.

    Raises
    ------
    NeedscastError : an earlier date that is not earlier, a scenario that not both versions have, other zones.
    """
    later = crisis if isinstance(crisis, Crisis) else read_crisis(crisis, as_of=as_of)
    earlier = _earlier(crisis, before, since, later)
    readership = readership or later.settings.readership
    if readership not in READERSHIPS:
        raise NeedscastError(one_of("readership", readership, READERSHIPS))
    old, new = _scenario(earlier, later, scenario)
    worlds = Draws(later.settings.draws if draws is None else draws, later.settings.seed if seed is None else seed)
    causes = causes_between(earlier, later, (old, new))
    known = {
        frozenset[str](): _run(earlier, old, worlds, readership),
        frozenset(causes): _run(later, new, worlds, readership),
    }

    def measure(acted: Set[str]) -> dict[str, float]:
        key = frozenset(acted)
        if key not in known:
            between = mixture(earlier, later, key)
            known[key] = _run(between, mixed_scenario(old, new, between, key), worlds, readership)
        return {name: _summary(known[key], name)["median"] for name in known[key].headlines}

    parts = decompose(measure, causes, first=[TIME] if TIME in causes else [])
    runs = known[frozenset()], known[frozenset(causes)]
    return Update(
        *runs,
        tuple(causes),
        _moves(*runs, list(parts)),
        _parts(parts, runs[1]),
        changed_figures(earlier, later),
        _changes(earlier, later, old, new),
        tuple(name for name in runs[1].headlines if name not in parts),
        tuple(name for name in runs[0].headlines if name not in parts),
    )


def _earlier(crisis: Any, before: Any, since: date | None, later: Crisis) -> Crisis:
    if isinstance(before, Crisis):
        return before
    if before is None and isinstance(crisis, Crisis):
        raise NeedscastError("a crisis that was read cannot be read again; give its name or path, or the earlier one")
    if since is None and before is None:
        since = later.reference_date - A_WEEK
    earlier = read_crisis(crisis if before is None else before, as_of=since)
    if earlier.reference_date > later.reference_date or (
        before is None and earlier.reference_date == later.reference_date
    ):
        raise NeedscastError(
            f"the earlier date {earlier.reference_date} is not before {later.reference_date}; give an earlier one"
        )
    return earlier


def _scenario(earlier: Crisis, later: Crisis, name: str) -> tuple[Scenario, Scenario]:
    old, new = ({each.id: each for each in crisis.scenarios} for crisis in (earlier, later))
    both = [key for key in new if key in old]
    if name and name not in both:
        raise NeedscastError(one_of("scenario of both versions", name, both))
    if not both:
        raise NeedscastError(f"no scenario stands in both versions: {', '.join(old)} before and {', '.join(new)} after")
    chosen = name or min(both, key=lambda key: len(new[key].overrides))
    return old[chosen], new[chosen]


def _run(crisis: Crisis, scenario: Scenario, worlds: Draws, readership: str) -> Results:
    return run_scenario(crisis, scenario, nowcast(crisis, draws=worlds.count, seed=worlds.seed), worlds, readership)


def _summary(results: Results, headline: str) -> dict[str, Any]:
    return dict(results.headlines[headline].summary(MASS).iloc[0])


def _moves(before: Results, after: Results, headlines: list[str]) -> pd.DataFrame:
    rows = []
    for name in headlines:
        old, new = _summary(before, name), _summary(after, name)
        change = new["median"] - old["median"]
        chance = _CHANCE_ERRORS * float(np.hypot(_median_error(before, old), _median_error(after, new)))
        ends = {f"before_{end}": old[end] for end in _RANGE} | {end: new[end] for end in _RANGE}
        rows.append({"headline": name, "unit": new["unit"], "mass": MASS, **ends, "change": change, "chance": chance})
    columns = ["headline", "unit", "mass", *(f"before_{end}" for end in _RANGE), *_RANGE, "change", "chance"]
    return pd.DataFrame(rows, columns=columns)


def _median_error(results: Results, summary: dict[str, Any]) -> float:
    """Return the standard error of a median, from the width of the range and the effective draws of the nowcast."""
    spread = (summary["upper"] - summary["lower"]) / (2 * ndtri((1 + MASS) / 2))
    effective = float(results.nowcast.diagnostics.get("ess_min", results.draws))
    return float(_MEDIAN_ERROR * spread / np.sqrt(max(effective, 1.0)))


def _parts(parts: dict[str, dict[str, float]], after: Results) -> pd.DataFrame:
    rows = [
        {"headline": name, "cause": cause, "unit": _summary(after, name)["unit"], "change": change}
        for name, by_cause in parts.items()
        for cause, change in by_cause.items()
    ]
    return pd.DataFrame(rows, columns=["headline", "cause", "unit", "change"])


def _changes(earlier: Crisis, later: Crisis, old: Scenario, new: Scenario) -> tuple[InputChange, ...]:
    """Return the inputs as the scenario uses them before and after; what it overrides counts as its own change."""
    overridden = {row.name for scenario in (old, new) for row in scenario.overrides}
    runs = earlier.inputs.overridden(old.overrides), later.inputs.overridden(new.overrides)
    return tuple(
        InputChange(
            name,
            SCENARIO if name in overridden else changed_cause(name, earlier, later),
            *(_in_use(inputs, name) for inputs in runs),
        )
        for name in changed_inputs(*runs)
    )


def _in_use(inputs: Inputs, name: str) -> UncertainInput | None:
    """Return what stands for an input; the population of all is none of an area."""
    base, area, group = split_name(name, inputs.by_name)
    if base in COUNTED:
        return inputs.by_name.get(name)
    return inputs.find(base, area, group) if inputs.has(base, area, group) else None
