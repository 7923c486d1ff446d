"""How areas lie in one another: parents, zones, unions and ambiguous names, checked."""

from __future__ import annotations

from collections.abc import Mapping

from needscast.errors import one_of
from needscast.inputs.documents import Document
from needscast.inputs.problems import Problems, shown
from needscast.inputs.rows import Row, Rows, noter
from needscast.inputs.settings import Settings

MOST_ZONES = 40  # provinces of a large country; a single crisis area rarely carries evidence for more than 12
PARENTS = {"zone": ("crisis",), "subdistrict": ("zone",), "community": ("subdistrict", "zone")}


def circle(start: str, parent: Mapping[str, str]) -> list[str]:
    """Return the chain from a name back to itself through its parents, or an empty list."""
    chain, here = [start], parent.get(start, "")
    while here and here not in chain:
        chain.append(here)
        here = parent.get(here, "")
    return [*chain, start] if here == start else []


def covered_areas(covers: str) -> list[str]:
    """Return the areas named in a ``covers`` cell, without their weights."""
    return [part.partition(":")[0].strip() for part in covers.split(";") if part.strip()]


def check_areas(areas: Rows, problems: Problems) -> None:
    """Check levels, parents, the partition into zones, covers and populations."""
    by_id = areas.ids()
    parents = {area: row["parent"] for area, row in by_id.items()}
    levels = [row["level"] for row in areas]
    if levels.count("crisis") != 1:
        problems.add(
            areas.file,
            0,
            "level",
            f"{levels.count('crisis')} areas have level 'crisis'",
            "mark exactly one: the whole area",
        )
    if not 1 <= levels.count("zone") <= MOST_ZONES:
        problems.add(
            areas.file,
            0,
            "level",
            f"{levels.count('zone')} zones",
            f"give 1 to {MOST_ZONES} zones that partition the crisis area",
        )
    for row in areas:
        loop = circle(row["area"], parents)
        if loop:
            problems.add(
                areas.file,
                row.number,
                "parent",
                f"the parent is circular: {' in '.join(loop)}",
                "mend one of these parents",
            )
        else:
            _check_parent(row, by_id, areas.file, problems)
        _check_covers(row, by_id, areas.file, problems)
        _check_population(row, by_id, areas.file, problems)
    _check_sum_of_parts(areas, problems)


def _check_parent(row: Row, by_id: Mapping[str, Row], file: str, problems: Problems) -> None:
    parent, level = row["parent"], row["level"]
    if row.broken & {"parent", "level"}:
        return
    if parent and parent not in by_id:
        problems.add(file, row.number, "parent", one_of("area", parent, by_id), "name an area of this table")
    elif level in PARENTS and (not parent or by_id[parent]["level"] not in PARENTS[level]):
        message = f"a {level} lies in {shown(parent)}" if parent else f"a {level} has no parent"
        problems.add(file, row.number, "parent", message, f"name a {' or '.join(PARENTS[level])} as its parent")
    elif level in ("crisis", "outside") and parent:
        problems.add(file, row.number, "parent", f"an area of level '{level}' has no parent", "leave the cell blank")
    if level == "zone" and not row["role"] and "role" not in row.broken:
        problems.add(file, row.number, "role", "a zone has no role", "write origin, destination or both")


def _check_covers(row: Row, by_id: Mapping[str, Row], file: str, problems: Problems) -> None:
    level, covers = row["level"], row["covers"]
    if level not in ("union", "ambiguous"):
        if covers and level:
            problems.add(
                file,
                row.number,
                "covers",
                f"an area of level '{level}' covers no others",
                "leave the cell blank",
            )
        return
    names = covered_areas(covers)
    if not names:
        problems.add(
            file,
            row.number,
            "covers",
            "is blank",
            "name the areas: 'a;b' for a union, 'a:0.6;b:0.4' for an ambiguous name",
        )
    for name in names:
        known = {area for area, other in by_id.items() if level == "ambiguous" or other["level"] == "zone"}
        if name not in known - {row["area"]}:
            problems.add(
                file,
                row.number,
                "covers",
                one_of("zone" if level == "union" else "area", shown(name)[1:-1], known),
                "name areas of this table",
            )
        elif names.count(name) > 1:
            problems.add(file, row.number, "covers", f"{shown(name)} stands twice", "keep it once")
    if level == "ambiguous" and names:
        _check_weights(row, file, problems)
    elif ":" in covers:
        problems.add(file, row.number, "covers", "a union has weights", "write the zones alone: 'a;b'")


def _check_weights(row: Row, file: str, problems: Problems) -> None:
    weights = []
    for part in filter(str.strip, row["covers"].split(";")):
        try:
            weights.append(float(part.partition(":")[2]))
        except ValueError:
            weights.append(float("nan"))
    if not (all(0 < weight <= 1 for weight in weights) and abs(sum(weights) - 1) < 1e-6):
        problems.add(
            file,
            row.number,
            "covers",
            f"the weights of {shown(row['covers'])} are not shares that add up to 1",
            "write them as 'a:0.6;b:0.4'",
        )


def _check_population(row: Row, by_id: Mapping[str, Row], file: str, problems: Problems) -> None:
    columns = ("population_low", "population", "population_high")
    low, best, high = (row[column] for column in columns)
    given = [value is not None for value in (low, best, high)]
    if row.broken & {*columns, "date", "source"} or not any(given):
        return
    for column in (*columns, "source", "date"):
        if row[column] in (None, ""):
            problems.add(
                file,
                row.number,
                column,
                "is blank although a population is given",
                "give low, median and high with source and date (or undated)",
            )
    if all(given) and not low <= best <= high:
        problems.add(
            file,
            row.number,
            "population",
            f"{low:.0f}, {best:.0f}, {high:.0f} are not in order",
            "give low <= median <= high",
        )
    parent = by_id.get(row["parent"])
    most = parent["population_high"] if parent else None
    if best is not None and most is not None and best > most:
        problems.add(
            file,
            row.number,
            "population",
            f"{best:.0f} is more than the {most:.0f} at most of {row['parent']}",
            "a part cannot be larger than its total: mend one of the two",
        )


def check_whole(areas: Rows, settings: Settings, document: Document, problems: Problems) -> None:
    """Check that crisis.toml and areas.csv count the same people: everybody in the modelled area."""
    told = settings.population
    if told is None:
        return
    for level, who in (("crisis", "the whole area of areas.csv holds"), ("zone", "the zones of areas.csv hold")):
        ranges = [
            (row["population_low"], row["population_high"]) for row in areas if row["level"] == level and not row.broken
        ]
        if not ranges or any(None in ends for ends in ranges):
            continue
        least, most = (sum(ends) for ends in zip(*ranges, strict=True))
        if told.range.high < least or told.range.low > most:
            document.note(
                problems,
                ("population",),
                f"{told.range.low:,.0f} to {told.range.high:,.0f} people, but {who} {least:,.0f} to {most:,.0f}",
                "mend one of the two: both are everybody in the modelled area",
            )
        return  # whether zones agree with the whole area is checked within areas.csv


def _check_sum_of_parts(areas: Rows, problems: Problems) -> None:
    """Areas of one parent do not overlap: even at their lowest they may not hold more people than it has at most."""
    for total in areas:
        inside = [row for row in areas if row["parent"] == total["area"] != row["area"]]
        lows = [row["population_low"] for row in inside if row["population_low"] is not None]
        least = sum(lows)
        if len(lows) > 1 and total["population_high"] is not None and least > total["population_high"]:
            noter(areas, total, problems)(
                "population_high",
                f"{total['population_high']:.0f} is less than the {least:.0f} at least of its parts",
                "the parts cannot be larger than their total: mend one of them",
            )
