"""Across sectors: how many people require at least one kind of assistance, without adding sectors up.

The agencies take the largest sector figure in each unit (group and area) and sum the units: a lower bound, because
people with different single needs are missed. It is done on one agreed figure per unit, here the median; a maximum
taken inside every draw would be pushed up by chance. Independence of the needs and the population cap stand beside.

Reference: IASC, Humanitarian Population Figures, April 2016; OCHA, people in need guidance (15,000 + 10,000 + 5,000
in a district of 15,000 people is 15,000).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from needscast.errors import NeedscastError


def across_sectors(requiring: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Combine sector figures that have been settled per unit.

    Parameters
    ----------
    requiring : columns sector, group, area, people: one settled figure per sector and unit. [person]
    population : columns group, area, people: who is there. [person]

    Returns
    -------
    One row per area, and one for "all": ``largest_sector`` (the agencies' rule, a lower bound given the figures),
    ``independent`` (if needs fell on people independently) and ``cap`` (everybody there, or the plain sum if smaller).

    Raises
    ------
    NeedscastError : when a unit has figures and no population, or more people requiring than present.
    """
    units = requiring.merge(population.rename(columns={"people": "present"}), on=["group", "area"], how="left")
    lost = units[units["present"].isna()]
    if len(lost):
        where = lost[["group", "area"]].drop_duplicates().to_records(index=False).tolist()
        raise NeedscastError(
            f"no population for {where[:5]}; give one row for each group and area with a sector figure"
        )
    over = units[units["people"] > units["present"] * (1 + 1e-9)]
    if len(over):
        row = over.iloc[0]
        raise NeedscastError(
            f"{row['sector']} has {row['people']:,.0f} people requiring assistance among "
            f"{row['present']:,.0f} present ({row['group']}, {row['area']}); lower the share"
        )
    by_unit = _combined(units)
    by_area = by_unit.drop(columns="group").groupby("area", sort=False).sum().reset_index()
    total = by_area.drop(columns="area").sum().to_frame().T.assign(area="all")
    return pd.concat([by_area, total], ignore_index=True)


def _combined(units: pd.DataFrame) -> pd.DataFrame:
    """One row for each group and area, its sectors combined in the three ways."""
    present = units["present"]
    without = 1 - (units["people"] / present.where(present > 0, 1)).where(present > 0, 0.0)
    cells = units.assign(without=without).groupby(["group", "area"], sort=False)
    found = cells.agg(
        largest_sector=("people", "max"),
        together=("people", "sum"),
        without=("without", "prod"),
        present=("present", "first"),
    )
    found["independent"] = found["present"] * (1 - found["without"])
    found["cap"] = np.minimum(found["present"], found["together"])
    return found[["largest_sector", "independent", "cap"]].reset_index()
