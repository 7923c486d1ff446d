"""Where: displaced people present by zone, now and at the end of the horizon, and how the number grows."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from needscast.chain import routes as moved_between
from needscast.report.blocks import Chart, Column, Group, Heading, Note, Sentence, Table
from needscast.report.content import pick
from needscast.report.edition import PUBLIC
from needscast.report.values import Text
from needscast.vocabulary import SHELTERS

if TYPE_CHECKING:
    from needscast.chain import Results
    from needscast.inputs.boundaries import Ring

PRESENT = "displaced_present"
MOST_ROUTES = 15
FINEST = 1 / 400  # of the width of the map; finer points of a boundary cannot be seen


def where(results: Results) -> Group:
    """Return the table by zone, and the movements that come with it; map and course stand on the second page."""
    return Group((Heading(Text("where.heading")), by_zone(results), flows(results)))


def course(results: Results) -> Chart:
    """Draw people displaced since the onset by week, from the reference date on."""
    table = pick.rows(results.tables["displacement"], quantity="displaced_since_onset", area=pick.ALL)
    points = [
        {"date": pick.after_weeks(results, int(row.week)).iso, "value": pick.range_of(row)} for row in pick.each(table)
    ]
    values = {"scenario": pick.title_of(results.scenario), "date": pick.today(results)}
    return Chart(
        "fan",
        "displaced_course",
        Text("where.course", values),
        {"points": points},
        "person",
        pick.model_caption(results),
    )


def place_map(results: Results) -> Chart | None:
    """Draw displaced people present at the end of the horizon as circles, zones only; None where one alone has any.

    Zones are in the order of the crisis, so that a number on the map means the same zone in every report.
    A zone without coordinates stands in the middle of its boundary; one without either is in the table only.
    """
    zones = results.crisis.areas[results.crisis.areas["level"] == "zone"].set_index("area")
    ends = _at_end(results).set_index("area")
    places = [
        {
            "name": pick.area_name(results.crisis, zone),
            **_place(results, zone, zones.loc[zone]),
            "value": pick.range_of(ends.loc[zone]),
        }
        for zone in zones.index.intersection(ends.index, sort=False)
    ]
    placed = [place for place in places if place["latitude"] is not None and place["longitude"] is not None]
    if sum(place["value"].upper > 0 for place in placed) < 2:
        return None
    said = {"date": pick.today(results), "mass": pick.mass(results)}
    return Chart(
        "circles",
        "displaced_map",
        Text("where.map", {"end": pick.end_day(results)}),
        {
            "places": placed,
            "towns": _towns(results),
            "boundaries": _boundaries(results, zones.index),
            "around": _around(results),
        },
        "person",
        Text("where.map_bordered" if results.crisis.boundaries else "where.map_caption", said),
    )


def _around(results: Results) -> list[dict[str, Any]]:
    """Return the outlines of areas outside the crisis, such as a neighbouring country, with their names."""
    areas = results.crisis.areas
    found = {area: _boundaries(results, [area]) for area in areas.loc[areas["level"] == "outside", "area"]}
    return [{"name": pick.area_name(results.crisis, area), "rings": rings} for area, rings in found.items() if rings]


def _place(results: Results, area: str, row: Any) -> dict[str, float | None]:
    """Return where an area is: its coordinates, or the middle of its largest ring."""
    given = {"longitude": pick.number(row["longitude"]), "latitude": pick.number(row["latitude"])}
    rings = results.crisis.boundaries.get(area, ())
    if None not in given.values() or not rings:
        return given
    middles = [_middle(ring) for ring in rings]
    _, east, north = max(middles)
    return {"longitude": east, "latitude": north}


def _middle(ring: Ring) -> tuple[float, float, float]:
    """Return the area of a ring in square degrees and its centroid (the shoelace formula)."""
    first = ring[0]
    area = east = north = 0.0
    for (x, y), (right, up) in pairwise((x - first[0], y - first[1]) for x, y in ring):
        cross = x * up - right * y
        area, east, north = area + cross / 2, east + (x + right) * cross / 6, north + (y + up) * cross / 6
    return (abs(area), first[0] + east / area, first[1] + north / area) if area else (0.0, *first)


def _towns(results: Results) -> list[dict[str, Any]]:
    """Return the centres of sub-districts that have coordinates, those that most figures speak of first (law 10)."""
    areas, said = results.crisis.areas, results.crisis.figures["area"].value_counts()
    centres = areas[(areas["level"] == "subdistrict") & areas["latitude"].notna() & areas["longitude"].notna()]
    order = centres["area"].map(said).fillna(0).sort_values(ascending=False, kind="stable").index
    return [
        {"name": pick.area_name(results.crisis, row.area), "latitude": row.latitude, "longitude": row.longitude}
        for row in pick.each(centres.loc[order])
    ]


def _boundaries(results: Results, zones: Iterable[str]) -> list[list[list[float]]]:
    """Return the rings of the zones with as many points as a page can show."""
    rings = [ring for zone in zones for ring in results.crisis.boundaries.get(zone, ())]
    ends = [(min(side), max(side)) for side in zip(*(point for ring in rings for point in ring), strict=True)]
    step = max((high - low for low, high in ends), default=0.0) * FINEST
    return [_thinned(ring, step) for ring in rings]


def _thinned(ring: Ring, step: float) -> list[list[float]]:
    kept = [ring[0]]
    for point in ring[1:-1]:
        if math.dist(point, kept[-1]) >= step:
            kept.append(point)
    return [list(point) for point in (*kept, ring[-1])]


def by_zone(results: Results) -> Table:
    """Tabulate displaced people present by zone: now, at the end, and the averages that add up."""
    table = pick.rows(results.tables["displacement"], quantity=PRESENT)
    now, ends = table[table["week"] == 0].set_index("area"), _at_end(results).set_index("area")
    order = [*ends.drop(index=pick.ALL).sort_values("median", ascending=False).index, pick.ALL]
    rows = [
        (
            Text("table.total") if area == pick.ALL else pick.area_name(results.crisis, area),
            pick.range_of(now.loc[area]),
            pick.range_of(ends.loc[area]),
            float(ends.loc[area, "mean"]),
        )
        for area in order
    ]
    columns = (
        Column("area", Text("table.zone")),
        pick.range_column("now", "table.on_day", "person", date=pick.today(results)),
        pick.range_column("end", "table.on_day", "person", date=pick.end_day(results)),
        _average(results),
    )
    return Table("displaced_by_zone", Text("where.table"), columns, tuple(rows), total=True, note=Text("table.adding"))


def _average(results: Results) -> Column:
    """Make the column of averages at the end of the horizon, which add up where ranges do not."""
    label = Text("table.average_on", {"date": pick.end_day(results)})
    return Column("average", label, "people", "person", adds_up=True)


def present(results: Results) -> Table:
    """Tabulate everybody present by zone, now and at the end: zones in the path of an offensive empty."""
    table = pick.rows(results.tables["displacement"], quantity="people_present", group=pick.ALL)
    weeks = (0, results.crisis.settings.horizon_weeks)
    now, ends = (table[table["week"] == week].set_index("area") for week in weeks)
    rows = tuple(
        (
            Text("table.total") if area == pick.ALL else pick.area_name(results.crisis, area),
            pick.range_of(now.loc[area]),
            pick.range_of(ends.loc[area]),
            float(ends.loc[area, "mean"]),
        )
        for area in now.index
    )
    columns = (
        Column("area", Text("table.zone")),
        *(
            pick.range_column(f"week_{week}", "table.on_day", "person", date=pick.after_weeks(results, week))
            for week in weeks
        ),
        _average(results),
    )
    note = Text("where.present_note", {"adding": Text("table.adding")})
    return Table("people_present", Text("where.present"), columns, rows, total=True, note=note)


def shelter(results: Results) -> Group:
    """Tabulate people displaced since the onset by where they sleep: now, halfway and at the end."""
    table, last = results.tables["displacement"], results.crisis.settings.horizon_weeks
    found = [each for each in SHELTERS if len(pick.rows(table, quantity=f"displaced_in_{each}"))]
    if not found:
        return Group((Sentence(Text("where.no_shelter")),))
    weeks = sorted({0, last // 2, last})
    rows = tuple(
        (
            Text(f"shelter.{each}"),
            *(pick.range_at(table, quantity=f"displaced_in_{each}", week=week) for week in weeks),
        )
        for each in found
    )
    columns = (
        Column("shelter", Text("table.shelter")),
        *(
            pick.range_column(f"week_{week}", "table.on_day", "person", date=pick.after_weeks(results, week))
            for week in weeks
        ),
    )
    return Group(
        (Table("displaced_by_shelter", Text("where.shelter"), columns, rows, note=Text("where.shelter_note")),)
    )


def routes(results: Results) -> Group:
    """Tabulate the largest flows from zone to zone; a public edition says that they are kept back (law 10)."""
    if results.readership == PUBLIC:
        return Group((Note("caveat", Text("where.routes_kept_back")),))
    table = moved_between(results).summary(results.mass).nlargest(MOST_ROUTES, "median")
    name = partial(pick.area_name, results.crisis)
    rows = tuple((name(row.from_area), name(row.to_area), pick.range_of(row)) for row in pick.each(table))
    columns = (
        Column("from_area", Text("table.from_zone")),
        Column("to_area", Text("table.to_zone")),
        pick.range_column("displacements", "table.displacements", "arrival"),
    )
    values = {"weeks": pick.count(results.crisis.settings.horizon_weeks, "week"), "most": pick.count(len(rows))}
    shown = Table("flows_between_zones", Text("where.routes", values), columns, rows, note=Text("where.routes_note"))
    return Group((Note("warning", Text("where.routes_internal")), shown))


def flows(results: Results) -> Sentence:
    """Say how many movements and returns come with the people displaced."""
    movements, returns = pick.headline(results, "movements_next"), pick.headline(results, "returns_next")
    if movements is None or returns is None:
        return Sentence(Text("where.no_flows"))
    return Sentence(
        Text(
            "where.flows",
            {
                "movements": movements,
                "returns": returns,
                "weeks": pick.count(results.crisis.settings.horizon_weeks, "week"),
            },
        )
    )


def _at_end(results: Results) -> pd.DataFrame:
    table = pick.rows(results.tables["displacement"], quantity=PRESENT)
    return table[table["week"] == pick.last_week(table)]
