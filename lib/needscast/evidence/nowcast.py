"""The nowcast: what is true now, as one block of equal-weight draws from every figure known at the date."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from needscast.draws import Draws
from needscast.errors import NeedscastError
from needscast.estimate import Estimate
from needscast.evidence import engine, store
from needscast.evidence.anchor import anchor_doubled
from needscast.evidence.behaviour import Behaviour, shipped
from needscast.evidence.convergence import Convergence, agree, check
from needscast.evidence.diagnostics import diagnostics, warnings
from needscast.evidence.prepare import Evidence, prepare
from needscast.evidence.quantities import quantities
from needscast.evidence.standing import standing
from needscast.evidence.stories import stories

if TYPE_CHECKING:
    from needscast.inputs import Crisis

LONGER = (1, 3)  # draws kept are thinned this much; where the chains do not agree yet, they go on with the second
AT_ONCE = 512  # worlds counted together: what is made on the way stays near the processor


@dataclass(frozen=True, eq=False)
class Nowcast:
    """What is true at the reference date.

    Attributes
    ----------
    crisis_area : id of the whole area.
    reference : the date.
    estimates : population, idp_stock, newly_displaced, departed and weekly_outflow by area, displaced_flow and
        movement_flow by week, movement_ratio; draw j is the same world in all of them.
    standing : one row per figure: used or why not, its root, weight, pull, leave-one-out change and conflicts.
    diagnostics : numbers and sentences about convergence, fit, and what the data said about ratios and biases.
    """

    crisis_area: str
    reference: date
    estimates: Mapping[str, Estimate]
    standing: pd.DataFrame
    diagnostics: Mapping[str, float | str]
    _evidence: Evidence
    _z: np.ndarray

    def quantities(self) -> pd.DataFrame:
        """Return the tidy table of `needscast nowcast`: 23 quantiles and the mean of every quantity."""
        return self._quantities.copy()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know before using the numbers, in sentences; empty when there is nothing to warn of."""
        return warnings(self.diagnostics)

    @cached_property
    def _quantities(self) -> pd.DataFrame:
        return quantities(self._evidence, self._z)

    def __repr__(self) -> str:
        used = int(self.standing["used"].sum())
        return f"nowcast of {self.crisis_area} on {self.reference}: {used} of {len(self.standing)} figures used"


def nowcast(crisis: Crisis, *, draws: int, seed: int, behaviour: Behaviour | None = None) -> Nowcast:
    """Pool every figure known at the reference date into one posterior.

    Parameters
    ----------
    crisis : the register with its sources, areas and settings.
    draws, seed : size and name of the block of draws.
    behaviour : how hedges and sources behave; the shipped tables when not given.

    Raises
    ------
    NeedscastError : no usable figure, no population, an unknown hedge, or chains that do not agree.
    """
    known = behaviour or shipped()
    evidence = prepare(crisis, known)
    worlds = Draws(draws, seed)
    block = store.remembered(_key(crisis, known, worlds), lambda: _block(evidence, worlds, crisis))
    return Nowcast(
        evidence.model.areas.crisis,
        crisis.reference_date,
        _estimates(evidence, block["z"]),
        pd.DataFrame(json.loads(str(block["standing"]))),
        json.loads(str(block["diagnostics"])),
        evidence,
        block["z"],
    )


def _key(crisis: Crisis, behaviour: Behaviour, worlds: Draws) -> str:
    """Everything the posterior rests on; scenarios and sector cards are not part of it."""
    tables = [table.to_csv() for table in (crisis.figures, crisis.sources, crisis.areas)]
    return store.key("nowcast", crisis.id, crisis.reference_date, crisis.settings, behaviour, worlds, *tables)


def _block(evidence: Evidence, worlds: Draws, crisis: Crisis) -> dict[str, np.ndarray]:
    """Sample the posterior once, and say how every figure stands to it.

    The draws are shuffled by a key of their own, independent of every named stream. Matrices are small: one thread is
    faster than several that wait for each other, and gives the same bytes anywhere.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        drawn, convergence, run = _drawn(evidence, worlds)
        shuffle = worlds.generator("nowcast/order")
        # Twice: the first is the stream of that name, and chains have an order.
        z = drawn[shuffle.permutation(shuffle.permutation(len(drawn)))[: worlds.count]]
        anchored = anchor_doubled(evidence, drawn, crisis.settings.anchor_source, worlds.generator("nowcast/anchor"))
        table, fit = standing(evidence, z, crisis.figures["figure_id"].tolist())
        said = diagnostics(evidence, z, fit, worlds.generator("nowcast/check"))
    words = {"standing": table.to_dict("list"), "diagnostics": {**convergence.as_dict(run), **anchored, **said}}
    return {"z": z, **{name: np.array(json.dumps(each)) for name, each in words.items()}}


def _drawn(evidence: Evidence, worlds: Draws) -> tuple[np.ndarray, Convergence, engine.Sample]:
    """Return at least as many draws as wanted; of two runs where the chains of one tell different stories."""
    run, convergence = _run(evidence, worlds, "nowcast/chains")
    if convergence.hopeless:
        again, second = _run(evidence, worlds, "nowcast/chains again")
        if second.hopeless and not agree(evidence, (run, again)):
            raise NeedscastError(
                f"the chains of the nowcast do not agree (R-hat {second.rhat:.2f}, {second.effective:.0f} "
                "effective draws): the figures may fall into groups that contradict each other; look at the largest "
                "and smallest figures, and exclude by a correction what is not about this crisis"
            )
        run = replace(run, z=np.concatenate([run.z, again.z]))
        convergence = check(evidence, run)
    return run.z.reshape(-1, run.z.shape[-1]), convergence, run


def _run(evidence: Evidence, worlds: Draws, name: str) -> tuple[engine.Sample, Convergence]:
    """Return chains that came from the prior on, longer ones when short ones do not agree, and how they agree."""
    posterior = evidence.posterior
    told = stories(posterior)
    chains = engine.Chains(posterior.log_likelihood, posterior.size, worlds.generator(name), stories=told)
    for thin in LONGER:
        run = chains.drawn(max(8, -(-worlds.count // engine.CHAINS)), thin)
        convergence = check(evidence, run)
        if convergence.agrees:
            break
    return run, convergence


def _estimates(evidence: Evidence, z: np.ndarray) -> dict[str, Estimate]:
    """Return what the simulation starts from, and the flows behind it."""
    parts = [_amounts(evidence, z[first : first + AT_ONCE]) for first in range(0, len(z), AT_ONCE)]
    area = {"area": list(evidence.model.areas.zones)}
    week = {"week": [monday.isoformat() for monday in evidence.model.weeks.mondays]}
    used = sorted(evidence.rows.figures)

    def leaf(name: str, labels: dict, unit: str) -> Estimate:
        amounts = np.concatenate([part[name] for part in parts])
        return Estimate.of(amounts.T, labels, unit, name, sources=used)

    return {
        "population": leaf("population", area, "person"),
        "idp_stock": leaf("idp_stock", area, "person"),
        "newly_displaced": leaf("newly_displaced", area, "person"),
        "departed": leaf("departed", area, "person"),
        "weekly_outflow": leaf("weekly_outflow", area, "person"),
        "displaced_flow": leaf("displaced_flow", week, "person"),
        "movement_flow": leaf("movement_flow", week, "movement"),
        "movement_ratio": leaf("movement_ratio", {}, "movement / person"),
    }


def _amounts(evidence: Evidence, z: np.ndarray) -> dict[str, np.ndarray]:
    """Return the same of some worlds as arrays, each with a row for every world."""
    model, world = evidence.model, evidence.posterior.world(z)
    flow, since = world.flow.value, model.since_onset
    epochs = np.eye(world.leaving.value.shape[1])[model.epoch_of_week]  # weeks x epochs

    def left(share: np.ndarray) -> np.ndarray:
        """People who left each zone, of some share of every week."""
        return np.einsum("be,bez->bz", flow @ (share[:, None] * epochs), world.leaving.value)

    last = model.weeks.overlap(model.weeks.reference - timedelta(days=13), model.weeks.reference)
    ratio = model.ratio(world, model.onset, model.weeks.reference)
    whole = flow * model.weeks.overlap(model.weeks.first, model.weeks.reference)  # the last week may be short
    return {
        "population": world.population.value,
        "idp_stock": world.idp.value,
        "newly_displaced": world.newly.value,
        "departed": left(since) * (world.departed_total.value[:, 0] / (flow @ since))[:, None],
        "weekly_outflow": left(last / 2),
        "displaced_flow": whole,
        "movement_flow": whole * ratio[:, None],
        "movement_ratio": ratio,
    }
