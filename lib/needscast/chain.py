"""The chain: inputs -> nowcast -> displacement -> needs -> demand -> decisions, stage by stage, as frozen results.

Notebooks, commands and caches call this. Memory: people by group, zone and week are the largest array (8 bytes x
groups x zones x weeks x draws) and a handful of that size live at once; each sector is reduced to table rows and
headline draws before the next begins. Scenarios are worked side by side; of one alone that is large, the sectors are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from needscast import kept, tables
from needscast.apart import side_by_side
from needscast.decisions import Knowable, causes, drivers
from needscast.demand import NOT_PUBLIC, Displaced, purchase_plan
from needscast.displacement import between_zones, simulate
from needscast.draws import Draws
from needscast.errors import NeedscastError, one_of
from needscast.estimate import Estimate
from needscast.evidence import Nowcast, nowcast
from needscast.headlines import grand_totals, movement_headlines
from needscast.inputs import Crisis, Inputs, Scenario, UncertainInput
from needscast.needs import across_sectors, out_of_line, special_groups
from needscast.sectors import BY_SECTOR, DECIDED, MASS, Worked, worked
from needscast.vocabulary import READERSHIPS

AT_ONCE = 4  # scenarios, or sectors of one; where there are as many cores, for each holds its own arrays
WORTH_COPIES = 10_000_000  # people by group, zone, week and draw, from which copies for the sectors save time
TABLES = ("displacement", "people", "demand", "costs", "gap", "drivers")  # the contract of `needscast estimate`
# what a run of the chain leaves of its arrays
REDUCED = ("tables", "headlines", "since_onset", "to_buy", "missing", "declared")
NO_SHELTER = (("displaced_in_<shelter>", "rates.csv gives no shelter_camp, shelter_rented and so on"),)
NOWCAST = "what is true now (all reported figures together)"  # the nowcast is one group among the drivers

Made = TypeVar("Made")


@dataclass(frozen=True)
class Results:
    """Everything one scenario says, reduced to tables and headline draws.

    Attributes
    ----------
    inputs : the uncertain inputs of the scenario, overrides applied.
    tables : tidy frames by name: displacement, people, demand, costs, gap, drivers, orders, across.
    headlines : scalar estimates by name; draw j is the same world in every scenario, so a difference is signal.
    since_onset : people displaced since the onset, by week from the reference date (week 0) on. [person]
    to_buy : SECTOR/item -> what is due over the horizon and not covered by known supply. [unit of the item]
    missing : what could not be computed, and why.
    declared : stage -> the sources and inputs it read; a cache keys on them.
    """

    crisis: Crisis
    scenario: Scenario
    readership: str
    draws: int
    seed: int
    nowcast: Nowcast
    inputs: Inputs
    tables: Mapping[str, pd.DataFrame]
    headlines: Mapping[str, Estimate]
    since_onset: Estimate
    to_buy: Mapping[str, Estimate]
    missing: tuple[tuple[str, str], ...]
    declared: Mapping[str, tuple[str, ...]]
    mass: float = MASS

    @property
    def used_inputs(self) -> list[UncertainInput]:
        """The uncertain inputs that some headline rests on."""
        used = {source.split(": ")[0] for each in self.headlines.values() for source in each.sources}
        return [row for row in self.inputs if row.name in used]

    @property
    def assumptions(self) -> list[UncertainInput]:
        """The inputs in use behind which stands a judgement and nothing else."""
        return [row for row in self.used_inputs if row.is_assumption]


def estimate(
    crisis: str | Path | Crisis,
    scenario: str,
    *,
    as_of: date | None = None,
    draws: int | None = None,
    seed: int | None = None,
    readership: str | None = None,
) -> Results:
    """Run the whole chain for one scenario; see :func:`estimate_all`."""
    return estimate_all(crisis, [scenario], as_of=as_of, draws=draws, seed=seed, readership=readership)[0]


def estimate_all(
    crisis: str | Path | Crisis,
    scenarios: Sequence[str] | None = None,
    *,
    as_of: date | None = None,
    draws: int | None = None,
    seed: int | None = None,
    readership: str | None = None,
) -> tuple[Results, ...]:
    """Run the chain for several scenarios (all when none is named) on one nowcast and one set of worlds.

    Parameters
    ----------
    crisis : a name under data/crises, a path to a folder or workbook, or a crisis that was read.
    as_of : nothing published later is used (law 7); the reference date of the crisis when not given.
    draws, seed, readership : those of crisis.toml when not given.

    Raises
    ------
    InputError : every problem of the folder at once.
    NeedscastError : an unknown scenario or readership, or an input that a stage needs and nobody gives.
    """
    asked = _asked(crisis, scenarios, as_of=as_of, draws=draws, seed=seed, readership=readership)
    return tuple(map(asked.results, asked.scenarios, asked.beside(asked.reduced)))


def of_each(
    work: Callable[[Results], Made], crisis: str | Path | Crisis, scenarios: Sequence[str] | None = None, **options: Any
) -> list[Made]:
    """Return what ``work`` makes of each scenario of :func:`estimate_all`, called where the scenario was run.

    So the results themselves, which are large, need not come back from the process that made them. ``options`` are
    those of :func:`estimate_all`, and so is what is raised.
    """
    asked = _asked(crisis, scenarios, **options)
    return asked.beside(lambda scenario: work(asked.results(scenario, asked.reduced(scenario))))


@dataclass(frozen=True)
class _Asked:
    """What was asked for: scenarios of a crisis, on one nowcast and one set of worlds."""

    crisis: Crisis
    scenarios: Sequence[Scenario]
    now: Nowcast
    worlds: Draws
    readership: str

    def beside(self, work: Callable[[Scenario], Made]) -> list[Made]:
        """Work on the scenarios side by side."""
        with threadpool_limits(limits=1, user_api="blas"):  # small matrices: threads would only wait for each other
            return side_by_side(work, self.scenarios, AT_ONCE)

    def reduced(self, scenario: Scenario) -> dict[str, Any]:
        """Return what a run leaves of a scenario, computed here or by another report of the same render."""

        def made() -> dict[str, Any]:
            run = run_scenario(self.crisis, scenario, self.now, self.worlds, self.readership)
            return {name: getattr(run, name) for name in REDUCED}

        return kept.kept(kept.key(self.crisis, self.worlds, scenario.id), made)

    def results(self, scenario: Scenario, reduced: Mapping[str, Any]) -> Results:
        """Return the results of a scenario from what its run left."""
        inputs, worlds = _inputs(self.crisis, scenario), self.worlds
        return Results(self.crisis, scenario, self.readership, worlds.count, worlds.seed, self.now, inputs, **reduced)


def _asked(
    crisis: str | Path | Crisis,
    scenarios: Sequence[str] | None,
    as_of: date | None = None,
    draws: int | None = None,
    seed: int | None = None,
    readership: str | None = None,
) -> _Asked:
    read = crisis if isinstance(crisis, Crisis) else kept.crisis_of(crisis, as_of)
    readership = readership or read.settings.readership
    if readership not in READERSHIPS:
        raise NeedscastError(one_of("readership", readership, READERSHIPS))
    by_id = {each.id: each for each in read.scenarios}
    for name in scenarios or []:
        if name not in by_id:
            raise NeedscastError(one_of("scenario", name, by_id))
    worlds = Draws(read.settings.draws if draws is None else draws, read.settings.seed if seed is None else seed)
    chosen = [by_id[name] for name in (scenarios or by_id)]
    return _Asked(read, chosen, nowcast_of(read, worlds), worlds, readership)


def nowcast_of(crisis: Crisis, worlds: Draws) -> Nowcast:
    """Return the nowcast of a crisis, from memory in a process that shares its results."""
    return kept.held(kept.key(crisis, worlds), lambda: nowcast(crisis, draws=worlds.count, seed=worlds.seed))


def _inputs(crisis: Crisis, scenario: Scenario) -> Inputs:
    return crisis.inputs.overridden(scenario.overrides)


def run_scenario(crisis: Crisis, scenario: Scenario, now: Nowcast, worlds: Draws, readership: str) -> Results:
    """Run displacement, needs, demand and decisions of one scenario on a nowcast."""
    inputs = _inputs(crisis, scenario)
    moved = simulate(crisis, inputs, now.estimates, worlds, scenario.hostilities)
    departed, reference = now.estimates["departed"], crisis.reference_date
    headlines, since_onset = movement_headlines(moved, now), tables.displaced_since_onset(moved, departed)
    frames = {"displacement": tables.displacement(moved, departed, reference, MASS)}
    people, arrivals, fled_share = _without_sums(moved.people), _without_sums(moved.arrivals), moved.fled_share
    lacks = NO_SHELTER if moved.shelter is None else ()
    del moved  # its other arrays and the sums of the table are large, and from here on nobody asks for them
    knowable = Knowable.of(inputs, now.estimates, worlds)
    made = _sectors(people, arrivals, fled_share, knowable, crisis, inputs, worlds)
    for each in made:
        headlines |= each.headlines
    headlines |= grand_totals(headlines)
    frames |= _by_sector(made, headlines.get("cost"), reference)
    frames |= purchase_plan(frames["orders"], [load for each in made for load in each.loads], crisis, worlds, MASS)
    frames["response"] = tables.response({each.code: each.asked for each in made}, reference, MASS)
    settled = [each.settled for each in made if each.settled is not None]
    frames |= _across_sectors(settled, people, inputs, worlds, reference)
    frames["drivers"] = _drivers(headlines, inputs, now, worlds)
    frames["causes"] = causes(headlines, knowable, {each.code for each in crisis.sectors})
    declared = {
        "nowcast": tuple(f"{name} {digest}" for name, digest in sorted(crisis.digests.items())),
        **{name: each.sources for name, each in headlines.items()},
    }
    return Results(
        crisis,
        scenario,
        readership,
        worlds.count,
        worlds.seed,
        now,
        inputs,
        frames,
        headlines,
        since_onset,
        {name: line for each in made for name, line in each.to_buy.items()},
        (
            *lacks,
            *((each.code, NOT_PUBLIC) for each in crisis.unsized),
            *(lack for each in made for lack in each.missing),
        ),
        declared,
    )


def _without_sums(made: Estimate) -> Estimate:
    """The same estimate without the sums that were made of it, which stay there for whoever asks again."""
    return Estimate(made.array, made.index, made.unit, made.derivation)


def _sectors(
    people: Estimate,
    arrivals: Estimate,
    fled_share: Estimate,
    knowable: Knowable,
    crisis: Crisis,
    inputs: Inputs,
    worlds: Draws,
) -> Sequence[Worked]:
    """Work every sector, side by side where nothing else is and there is much to do."""
    if not crisis.sectors:  # then nobody need say who loses goods
        return []
    displaced = Displaced.of(people, arrivals, fled_share, inputs, worlds)
    return side_by_side(
        lambda sector: worked(sector, people, displaced, knowable, crisis, inputs, worlds),
        crisis.sectors,
        AT_ONCE if people.array.size >= WORTH_COPIES else 1,
    )


def _by_sector(made: Sequence[Worked], cost: Estimate | None, reference: date) -> dict[str, pd.DataFrame]:
    """Return the tables that grow sector by sector, the cost of all sectors at the end of its own."""
    found = {name: [rows for each in made for rows in each.rows[name]] for name in BY_SECTOR}
    if cost is not None:
        found["costs"] += tables.cost(cost, tables.ALL, tables.ALL, reference, MASS)
    frames = {name: tables.joined(name, rows) for name, rows in found.items()}
    return frames | {
        name: tables.stacked([table for each in made for table in each.decided[name]], tables.COLUMNS[name])
        for name in DECIDED
    }


def _across_sectors(
    settled: Sequence[pd.DataFrame], people: Estimate, inputs: Inputs, worlds: Draws, reference: date
) -> dict[str, pd.DataFrame]:
    """Return sectors combined by the agencies' rule, sectors out of line, and special groups of the displaced."""
    present = tables.displaced_present(people).total("area")
    ends = present.select(week=[0, present.labels("week")[-1]])
    found = {"special": tables.special(special_groups(ends, inputs, worlds), reference, MASS)}
    if not settled:
        return found | {name: tables.stacked([], tables.COLUMNS[name]) for name in ("across", "flags")}
    requiring, settled_people = pd.concat(settled), tables.median_by_unit(people, 0)
    return {
        **found,
        "across": across_sectors(requiring, settled_people),
        "flags": out_of_line(requiring, settled_people),
    }


def routes(results: Results) -> Estimate:
    """Return displacements from zone to zone over the horizon, for internal use only (law 10). [arrival]

    They are simulated anew, so that no result, table or cache of a public report ever holds them.

    Raises
    ------
    NeedscastError : when the results are those of a public edition.
    """
    if results.readership != "internal":
        raise NeedscastError("flows from zone to zone predict routes of flight; ask for readership 'internal'")
    worlds = Draws(results.draws, results.seed)
    now, regimes = results.nowcast.estimates, results.scenario.hostilities
    return between_zones(results.crisis, results.inputs, now, worlds, regimes)


def _drivers(headlines: Mapping[str, Estimate], inputs: Inputs, now: Nowcast, worlds: Draws) -> pd.DataFrame:
    drawn = {row.name: worlds.sample(row.name, row.range) for row in inputs if not row.range.is_constant}
    blocks = [each.array.reshape(-1, worlds.count) for each in now.estimates.values() if "week" not in each.dims]
    drawn[NOWCAST] = np.concatenate(blocks)
    behind = {name: {NOWCAST, *(each.split(": ")[0] for each in said.sources)} for name, said in headlines.items()}
    table = drivers({name: each.array for name, each in headlines.items()}, drawn, behind)
    origin = {row.name: row.citation for row in inputs}
    return table.assign(source=table["input"].map(origin).fillna("reported figures"))
