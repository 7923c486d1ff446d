"""How the doubt about the main numbers is shared out among a few causes, from the draws of a run."""

from __future__ import annotations

from collections.abc import Mapping, Set

import numpy as np
import pandas as pd

from needscast.decisions.causes import CAUSES, NOW, cause_of
from needscast.decisions.plan import Knowable
from needscast.decisions.shapley import COLUMNS, shapley_effects
from needscast.estimate import Estimate

EXPLAINED = ("displaced_next", "idp_stock_end", "cost")  # the headlines whose doubt is shared out


def causes(headlines: Mapping[str, Estimate], knowable: Knowable, codes: Set[str]) -> pd.DataFrame:
    """Return ``headline, group, share_of_variance``: Shapley effects of the causes of the main headlines.

    Only inputs that a headline rests on take part; the nowcast is one cause, because its parts move together.
    """
    frames = []
    for name in EXPLAINED:
        if name not in headlines:
            continue
        behind = {source.split(": ")[0] for source in headlines[name].sources}
        members: dict[str, list[np.ndarray]] = {cause: [] for cause in CAUSES}
        members[NOW] = list(knowable.now.values())
        for key, drawn in knowable.inputs.items():
            if key in behind:
                members[cause_of(key, codes)].append(drawn)
        groups = {cause: np.stack(drawn) for cause, drawn in members.items() if drawn}
        frames.append(shapley_effects({name: headlines[name].array}, groups))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)
