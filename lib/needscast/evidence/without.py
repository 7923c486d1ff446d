"""The headline as it was before, and as it would be without a source: what an estimate hangs on, by leaving it out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from needscast.draws import Draws
from needscast.errors import NeedscastError
from needscast.evidence import engine, store
from needscast.evidence.nowcast import nowcast
from needscast.evidence.observe import Posterior

if TYPE_CHECKING:
    from needscast.evidence.nowcast import Nowcast

MASS = 0.8
ENDS = (0.1, 0.5, 0.9)
CHAINS, SETTLING, KEPT = 128, 24, 8
MOST_SOURCES = 6  # the weightiest; leaving out others changes next to nothing
DRAWS = 1024  # of a nowcast on an earlier date
WITHOUT_COLUMNS = ("source", "figures", "weight", "lower", "median", "upper", "mass")
EARLIER_COLUMNS = (
    "as_of",
    "figures",
    "used",
    "lower",
    "median",
    "upper",
    "now_lower",
    "now_median",
    "now_upper",
    "mass",
)


def without_sources(now: Nowcast, *, most: int = MOST_SOURCES) -> pd.DataFrame:
    """Return the headline without each of the weightiest sources, and without all that goes back to it. [person]

    Columns ``source, figures`` (used, whose error is the source's), ``weight`` (their share in what all figures tell
    about the headline), ``lower, median, upper, mass``. Chains are carried over from the draws of the nowcast.
    """
    evidence = now._evidence
    origin = pd.Series([evidence.roots.origin[figure] for figure in evidence.rows.figures])
    weight = now.standing.set_index("figure_id")["weight"].loc[list(evidence.rows.figures)]
    by_source = pd.Series(weight.to_numpy()).groupby(origin).agg(["size", "sum"]).sort_values("sum", ascending=False)
    rows = []
    for source, (count, share) in by_source.head(most).iterrows():
        lower, median, upper = _without(now, (origin != source).to_numpy(), str(source))
        rows.append((source, int(count), float(share), lower, median, upper, MASS))
    return pd.DataFrame(rows, columns=list(WITHOUT_COLUMNS))


def earlier(where: str | Path, now: Nowcast, dates: Iterable[date], *, seed: int) -> pd.DataFrame:
    """Return the headline as it would have been on earlier dates, beside what is now said about the same days. [person]

    Parameters
    ----------
    where : name or path of the crisis that ``now`` is of; it is read again as it was known on each date.
    dates : from the onset on, before the reference date; others, and days with no usable figure yet, are left out.

    Returns
    -------
    ``as_of, figures`` (published by then), ``used, lower, median, upper`` (then), ``now_lower, now_median, now_upper``
    (of the same day, from today's figures), ``mass``.
    """
    from needscast.inputs import read_crisis

    model, rows = now._evidence.model, []
    flow = now._evidence.posterior.world(now._z).flow.value
    for day in sorted(day for day in dates if model.onset <= day < now.reference):
        then = read_crisis(where, as_of=day)
        try:
            found = nowcast(then, draws=DRAWS, seed=seed)
        except NeedscastError:  # nothing to go by on that day yet
            continue
        said = [float(found.diagnostics[f"headline_{name}"]) for name in ("p10", "p50", "p90")]
        since = np.quantile(flow @ model.weeks.overlap(model.onset, day), ENDS)
        rows.append((day, len(then.figures), int(found.standing["used"].sum()), *said, *since.tolist(), MASS))
    return pd.DataFrame(rows, columns=list(EARLIER_COLUMNS))


def _without(now: Nowcast, kept: np.ndarray, source: str) -> tuple[float, float, float]:
    evidence, content = now._evidence, hashlib.blake2b(now._z.tobytes(), digest_size=20).hexdigest()
    name = store.key("without", source, content, evidence.rows.figures)
    ends = store.remembered(name, lambda: {"ends": np.quantile(_headline(now, kept, source), ENDS)})["ends"]
    return float(ends[0]), float(ends[1]), float(ends[2])


def _headline(now: Nowcast, kept: np.ndarray, source: str) -> np.ndarray:
    evidence, model = now._evidence, now._evidence.model
    generator = Draws(len(now._z), 0).generator(f"nowcast/without/{source}")
    start = now._z[:: max(1, len(now._z) // CHAINS)][:CHAINS]
    if not kept.any():  # nothing is left but what was known before any figure
        z = generator.standard_normal((CHAINS * KEPT, model.size))
    else:
        fewer = Posterior(model, evidence.rows.only(kept), *evidence.posterior.outlier)
        with threadpool_limits(limits=1, user_api="blas"):
            z = engine.moved_on(fewer.log_likelihood, start, settling=SETTLING, kept=KEPT, generator=generator)
    return model.world(model.leaves(z.reshape(-1, model.size))).flow.value @ model.since_onset
