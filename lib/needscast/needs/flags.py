"""Flags: a sector that is out of line with the others in a zone, for somebody to look at; it changes no number.

A sector's share of the people present in a zone is set against its share in the whole area. Where the other sectors
are at their usual share and one is a third above or below its own, either that sector knows something or it is wrong.

Reference: JIAF 2.0 technical manual, 2023 (implausible gaps between sectors are flagged and settled by people).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

OUT_OF_LINE = 1.3  # factor away from the other sectors' median; a choice of ours
COLUMNS = ["area", "sector", "share", "level", "others", "ratio"]


def out_of_line(requiring: pd.DataFrame, population: pd.DataFrame, *, factor: float = OUT_OF_LINE) -> pd.DataFrame:
    """Return the sectors and zones that are out of line, the furthest first.

    Parameters
    ----------
    requiring : columns sector, group, area, people: one settled figure per sector and unit. [person]
    population : columns group, area, people: who is there. [person]
    factor : how far from the other sectors a relative level may be.

    Returns
    -------
    Columns area, sector, share (of the people present), level (share over the sector's share in the whole area),
    others (median level of the other sectors) and ratio (level over others).
    """
    if requiring["sector"].nunique() < 2:
        return pd.DataFrame(columns=COLUMNS)
    present = population.groupby("area")["people"].sum()
    people = requiring.pivot_table(index="area", columns="sector", values="people", aggfunc="sum", fill_value=0.0)
    shares = people.div(present.loc[people.index], axis=0)
    levels = shares / (people.sum() / present.loc[people.index].sum())
    rows = []
    for area, level, share in zip(levels.index, levels.to_numpy(), shares.to_numpy(), strict=True):
        for place, sector in enumerate(levels.columns):
            others = float(np.median(np.delete(level, place)))
            ratio = float(level[place]) / others if others > 0 else np.nan
            if ratio > factor or ratio < 1 / factor:
                rows.append((area, sector, float(share[place]), float(level[place]), others, ratio))
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values("ratio", key=lambda ratio: -np.abs(np.log(np.maximum(ratio, 1e-9))), kind="stable")
