"""From a crisis to a posterior: read the register, find the roots, lay out rows, set up the model."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from needscast.draws import Range
from needscast.errors import NeedscastError
from needscast.evidence.area import Areas
from needscast.evidence.before import displaced_before
from needscast.evidence.behaviour import Behaviour
from needscast.evidence.counted import POPULATION
from needscast.evidence.item import Item, items_of
from needscast.evidence.model import Model
from needscast.evidence.observe import Posterior
from needscast.evidence.parts import totals_of_parts
from needscast.evidence.relay import Roots, find_roots
from needscast.evidence.rows import Rows, rows_of
from needscast.evidence.source import Sources, series_of, shared_errors
from needscast.evidence.window import Weeks

if TYPE_CHECKING:
    from needscast.inputs import Crisis, UncertainInput

ANY_HOUSEHOLD = Range(3.5, 5.2, 7.5, 0.8, "person / household")  # where a crisis gives no household size
FIGURE_AS_POPULATION = 0.35  # where only figures give the population: 80 % within a factor of 1 + this


@dataclass(frozen=True)
class Evidence:
    """A register made ready.

    Attributes
    ----------
    items : usable figures; ``reasons`` says of every other figure why it is not used.
    roots, totals, sources, rows, model : see their classes.
    posterior : what the engine draws from.
    """

    items: list[Item]
    reasons: dict[str, str]
    roots: Roots
    totals: dict[str, str]
    sources: Sources
    rows: Rows
    model: Model
    posterior: Posterior


def prepare(crisis: Crisis, behaviour: Behaviour) -> Evidence:
    """Make a crisis' register ready.

    Raises
    ------
    NeedscastError : when no figure is usable or nothing tells how many people there are.
    """
    areas, reference = Areas.of(crisis.areas), crisis.reference_date
    items, reasons = items_of(crisis.figures, areas, behaviour, reference)
    if not items:
        raise NeedscastError(
            f"{crisis.id}: none of {len(crisis.figures)} figures known on {reference} is evidence of displacement, "
            "displaced people or population in the area; add one to figures.csv"
        )
    table = crisis.sources
    types = dict(zip(table["source"], table["type"], strict=True))
    roots = find_roots(items, types, behaviour)
    totals = totals_of_parts(roots.kept, roots.origin)
    lengths = Counter(series_of(item, roots.origin[item.id]) for item in roots.kept)
    sources = shared_errors(lengths, table, behaviour)
    reliability = dict(zip(table["source"], table["reliability"], strict=True))
    rows = rows_of(roots.kept, totals, roots.origin, sources, reliability, types, areas, behaviour, reference)
    starts = [item.counted.start for item in roots.kept]
    onset = min(crisis.settings.onset, reference)
    population, household = _population(crisis, areas, items), _range(crisis.settings.household_size) or ANY_HOUSEHOLD
    model = Model(
        weeks=Weeks.covering([*starts, onset], reference),
        areas=areas,
        onset=onset,
        population=population,
        household=household,
        bias_median=sources.median,
        bias_loading=sources.loading,
        before=displaced_before(roots.kept, areas, population.best, household.best),
    )
    outliers = behaviour.grade("outlier_share"), behaviour.grade("outlier_sd")
    return Evidence(items, reasons, roots, totals, sources, rows, model, Posterior(model, rows, *outliers))


def _range(given: UncertainInput | None) -> Range | None:
    return None if given is None else given.range


def _population(crisis: Crisis, areas: Areas, items: list[Item]) -> Range:
    """Return everybody in the area: from the settings, the table of areas, or, wide, from the largest figure."""
    given = _range(crisis.settings.population)
    if given is not None:
        return given
    if np.isfinite(areas.population).all():
        low, best, high = areas.population.sum(axis=0)
        return Range(low, best, high, 0.8, "person")
    printed = [
        item.steps.scale for item in items if item.counted.kind == POPULATION and isinstance(item.printed, float)
    ]
    if not printed:
        raise NeedscastError(
            f"{crisis.id}: nothing known on {crisis.reference_date} says how many people live in the area; "
            "give [population] in crisis.toml or populations of all zones in areas.csv"
        )
    best, factor = max(printed), 1 + FIGURE_AS_POPULATION
    return Range(best / factor, best, best * factor, 0.8, "person")
