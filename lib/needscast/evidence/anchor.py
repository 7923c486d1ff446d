"""The anchor: the source whose counts the level hangs on, and the headline when its errors are twice as large."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from needscast.evidence import engine
from needscast.evidence.observe import Posterior
from needscast.evidence.prepare import Evidence

DOUBLED = 2.0
CHAINS, SETTLING, KEPT = 128, 24, 8


def anchor_doubled(
    evidence: Evidence, z: np.ndarray, anchor: str, generator: np.random.Generator
) -> dict[str, float | str]:
    """Return the headline of a posterior in which the anchor's lasting errors and noise are twice as large. [person]

    Chains are carried over from draws ``z`` of the posterior as it is. An anchor without a figure changes nothing.
    """
    rows, model, sources = evidence.rows, evidence.model, evidence.sources
    column = np.array([series[0] == anchor for series in sources.series])
    carried = (rows.source >= 0) & column[rows.source]
    said: dict[str, float | str] = {"anchor": anchor, "anchor_figures": float(len(set(rows.figure[carried])))}
    if not carried.any():
        return said
    own = np.array([name == f"source/{anchor}" or name.startswith(f"series/{anchor}/") for name in sources.factors])
    wider = Posterior(
        replace(model, bias_loading=np.where(own[:, None], DOUBLED, 1.0) * model.bias_loading),
        replace(rows, noise=np.where(carried, DOUBLED, 1.0) * rows.noise),
        *evidence.posterior.outlier,
    )
    start = z[:: max(1, len(z) // CHAINS)][:CHAINS]
    drawn = engine.moved_on(wider.log_likelihood, start, settling=SETTLING, kept=KEPT, generator=generator)
    headline = wider.world(drawn.reshape(-1, model.size)).flow.value @ model.since_onset
    low, middle, high = np.quantile(headline, (0.1, 0.5, 0.9))
    return said | {
        "anchor_doubled_p10": float(low),
        "anchor_doubled_p50": float(middle),
        "anchor_doubled_p90": float(high),
    }
