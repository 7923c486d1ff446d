"""How the doubt about the main numbers is shared out among a few causes, from the draws of a run."""

from __future__ import annotations

from collections.abc import Mapping, Set

import numpy as np
import pandas as pd

from needscast.decisions.causes import CAUSES, NOW, cause_of
from needscast.decisions.drivers import linear_summaries
from needscast.decisions.plan import Knowable
from needscast.decisions.shapley import COLUMNS, shapley_effects
from needscast.estimate import Estimate

EXPLAINED = ("displaced_next", "idp_stock_end", "cost")  # the headlines whose doubt is shared out


def causes(headlines: Mapping[str, Estimate], knowable: Knowable, codes: Set[str]) -> pd.DataFrame:
    """Return ``headline, group, share_of_variance``: Shapley effects of the causes of the main headlines.

    Only inputs that a headline rests on take part; the nowcast is one cause, because its parts move together.
    """
    named = [name for name in EXPLAINED if name in headlines]
    frames = []
    for name, said_now in zip(named, _said_now(knowable, [headlines[name].array for name in named]), strict=True):
        behind = {source.split(": ")[0] for source in headlines[name].sources}
        members: dict[str, list[np.ndarray]] = {cause: [] for cause in CAUSES}
        members[NOW] = said_now
        for key, drawn in knowable.inputs.items():
            if key in behind:
                members[cause_of(key, codes)].append(drawn)
        groups = {cause: np.stack(drawn) for cause, drawn in members.items() if drawn}
        frames.append(shapley_effects({name: headlines[name].array}, groups))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)


def _said_now(knowable: Knowable, outcomes: list[np.ndarray]) -> list[list[np.ndarray]]:
    """What the nowcast, whose numbers are many, says best of each outcome: one number for each, made together."""
    if not knowable.now or not outcomes:
        return [[] for _ in outcomes]
    return [[each] for each in linear_summaries(np.stack(list(knowable.now.values())), np.stack(outcomes))]
