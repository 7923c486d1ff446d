"""The headlines of a scenario: scalar estimates by name, about people on the move and about each sector."""

from __future__ import annotations

from collections.abc import Mapping

from needscast import tables
from needscast.demand import SectorDemand
from needscast.displacement import Displacement
from needscast.estimate import Estimate
from needscast.evidence import Nowcast
from needscast.inputs import Sector


def movement_headlines(moved: Displacement, now: Nowcast) -> dict[str, Estimate]:
    """Return the numbers about people on the move: now, within the horizon, and at its end."""
    since = tables.displaced_since_onset(moved, now.estimates["departed"])
    present = tables.displaced_present(moved.people).total("area")
    last = since.labels("week")[-1]
    return {
        "displaced_since_onset": since.select(week=0).called("people displaced since the onset"),
        "displaced_since_onset_end": since.select(week=last).called(
            "people displaced since the onset, end of the horizon"
        ),
        "displaced_next": moved.displaced_people.total(
            ["area", "week"], name="people newly displaced within the horizon"
        ),
        "movements_next": moved.departures.total(["area", "week"], name="movements within the horizon"),
        "returns_next": moved.returns.total(["area", "week"], name="return movements within the horizon"),
        "idp_stock": present.select(week=0).called("displaced people present"),
        "idp_stock_end": present.select(week=last).called("displaced people present, end of the horizon"),
        "population": moved.people.total(["group", "area"]).select(week=0).called("people present"),
    }


def sector_headlines(sector: Sector, requiring: Estimate, demanded: SectorDemand) -> dict[str, Estimate]:
    """Return the sector's people now and at the end of the horizon, and its cost and weight where they are known."""
    everybody, code = requiring.total(["group", "area"]), sector.code
    last = everybody.labels("week")[-1]
    found = {
        f"requiring/{code}": everybody.select(week=0).called(f"requiring assistance now, {code}"),
        f"requiring_end/{code}": everybody.select(week=last).called(
            f"requiring assistance, end of the horizon, {code}"
        ),
        f"cost/{code}": demanded.total("cost", f"cost, {code}"),
        f"tonnes/{code}": demanded.total("tonnes", f"weight, {code}"),
    }
    return {name: each for name, each in found.items() if each is not None}


def grand_totals(headlines: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """Return cost and weight over all sectors: money and tonnes add up, people requiring assistance do not."""
    totals = {}
    for what in ("cost", "tonnes"):
        parts = [each for name, each in headlines.items() if name.startswith(f"{what}/")]
        if parts:
            total = parts[0]
            for part in parts[1:]:
                total = total.plus(part, name=f"{what}, all sectors")
            totals[what] = total.called(f"{what}, all sectors")
    return totals
