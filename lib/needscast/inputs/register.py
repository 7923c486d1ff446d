"""The register of figures, checked: dates, ranges, names, relays, and parts against their totals."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache

from needscast.errors import one_of
from needscast.inputs.corrections import EXCLUDED
from needscast.inputs.places import circle, covered_areas
from needscast.inputs.problems import Note, Problems, shown
from needscast.inputs.rows import Row, Rows, noter
from needscast.inputs.shipped import data_path
from needscast.vocabulary import STOCKS

SAME_COUNT = ("source", "measure", "unit", "coverage", "period_start", "as_of")
WHERE_FROM_OR_TO = (
    "_from",
    "_to",
)  # endings of definitions that count a part of what the plain definition counts
ROUND_FIGURE_SLACK = 1.5  # "some 300,000" may be a part's 310,000, but hardly 450,000


def check_figures(figures: Rows, sources: Rows, areas: Rows, problems: Problems) -> None:
    """Check every figure by itself, then the relays and the parts against their totals."""
    known_sources, known_areas, known_figures = sources.ids(), areas.ids(), figures.ids()
    hedges = known_hedges()
    for row in figures:
        note = noter(figures, row, problems)
        if row["area"] and row["area"] not in known_areas:
            note("area", one_of("area", row["area"], known_areas), "add the area to areas.csv or mend the name")
        if row["source"] and row["source"] not in known_sources:
            note(
                "source",
                one_of("source", row["source"], known_sources),
                "add the source to sources.csv or mend the name",
            )
        if row["upstream"] and row["upstream"] not in known_sources and row["upstream"] not in known_figures:
            note(
                "upstream",
                one_of("figure or source", row["upstream"], [*known_figures, *known_sources]),
                "name a figure_id, a source, or leave it blank",
            )
        _check_hedge(row, hedges, note)
        check_dates(row, note, forward=row["coverage"] == "forward")
        _check_values(row, note)
    _check_relays(figures, problems)
    _check_parts(figures, areas, problems)


def check_dates(row: Row, note: Note, *, forward: bool = False) -> None:
    """Check that a window ends after its start and is printed after its end; a forecast is printed before."""
    start, end, published = row.cells.get("period_start"), row["as_of"], row["published"]
    if start and end and end < start:
        note("as_of", f"'{end}' is before the start {start}", "swap or mend the two dates")
    if end and published and published < end and not forward:
        note(
            "published",
            f"'{published}' is before the cut-off {end}",
            "mend one of the dates; a plan has coverage forward",
        )


def _check_hedge(row: Row, hedges: Mapping[str, str], note: Note) -> None:
    hedge = row["hedge"]
    if hedge != hedge.lower():
        note("hedge", f"{shown(hedge)} is not in lower case", f"write {shown(hedge.lower())}")
    elif hedge and hedge not in hedges:
        note(
            "hedge",
            one_of("hedge", shown(hedge)[1:-1], hedges),
            "write it in English (environ is about, plus de more than, au moins at least); printed words go into notes",
        )


@cache
def known_hedges() -> Mapping[str, str]:
    """Return every hedge word and alias of data/evidence/hedges.csv with its kind."""
    with data_path("evidence", "hedges.csv").open(encoding="utf-8-sig", newline="") as file:
        return {
            word.strip(): row["kind"]
            for row in csv.DictReader(file)
            for word in (row["hedge"], *(row.get("aliases") or "").split(";"))
            if word.strip()
        }


def _check_values(row: Row, note: Note) -> None:
    low, value, high = row["value_low"], row["value"], row["value_high"]
    given = [number for number in (low, value, high) if number is not None]
    if not given and not row["hedge"] and not row.broken & {"value_low", "value", "value_high", "hedge"}:
        note(
            "value",
            "is blank and no hedge says a magnitude",
            "give the number, or the printed words as a hedge",
        )
    if given != sorted(given):
        note(
            "value",
            f"{', '.join(f'{number:.15g}' for number in given)} are not in order",
            "give value_low <= value <= value_high",
        )
    if row["unit"] == "percent" and any(number > 100 for number in given):
        note("value", f"{max(given):g} is more than 100 percent", "check the number or its unit")
    if row["measure"] == "share_percent" and row["unit"] not in ("percent", ""):
        note("unit", f"a share_percent in {shown(row['unit'])}", "write percent, or mend the measure")
    if row["measure"] in STOCKS and row["period_start"]:
        note(
            "period_start",
            f"'{row['period_start']}' on a stock, which has no window",
            "leave it blank, or mend the measure",
        )


def _check_relays(figures: Rows, problems: Problems) -> None:
    upstream = {row["figure_id"]: row["upstream"] for row in figures}
    for row in figures:
        loop = circle(row["figure_id"], upstream)
        if loop and row["upstream"] in upstream:
            problems.add(
                figures.file,
                row.number,
                "upstream",
                f"the relay is circular: {' from '.join(loop)}",
                "mend one of these upstreams",
            )


def _check_parts(figures: Rows, areas: Rows, problems: Problems) -> None:
    """A part may not be larger than its total of the same source, measure, definition and window."""
    inside = _larger_areas(areas)
    counts: dict[tuple, list[Row]] = {}
    for row in figures:
        if not row.cells.get(EXCLUDED):
            counts.setdefault(tuple(row[column] for column in SAME_COUNT), []).append(row)
    for rows in counts.values():
        for part in rows:
            least = _least(part)
            for total in _totals(part, rows, inside):
                if least is not None and least > _ceiling(total):
                    noter(figures, part, problems)(
                        "value",
                        f"{least:.15g} is more than its total {_most(total):.15g} "
                        f"({total['figure_id']}, row {total.number})",
                        "mend the figure, or exclude one of the two in corrections.csv with the reason",
                    )


def _totals(part: Row, rows: list[Row], inside: Mapping[str, set[str]]) -> Iterator[Row]:
    for total in rows:
        larger_area = total["area"] in inside.get(part["area"], ())
        same = total["area"] == part["area"] and total["group"] != part["group"]
        if (larger_area or same) and total["group"] in (part["group"], "all") and _counts_more(total, part):
            yield total


def _counts_more(total: Row, part: Row) -> bool:
    """People displaced from a place are some of the people displaced; other definitions differ."""
    root = part["definition"]
    for ending in WHERE_FROM_OR_TO:
        root = root.removesuffix(ending)
    return total["definition"] in (part["definition"], root)


def _least(row: Row) -> float | None:
    """The least a part can be: unknown when it is printed as a number it stays below ("up to 500")."""
    if row["value_low"] is None and known_hedges().get(row["hedge"]) == "above":
        return None
    return row["value_low"] if row["value_low"] is not None else row["value"]


def _most(row: Row) -> float:
    return next((row[column] for column in ("value_high", "value") if row[column] is not None), float("inf"))


def _ceiling(total: Row) -> float:
    """The most a total can be: its upper end, more when hedged, anything when printed as "over"."""
    kind = known_hedges().get(total["hedge"], "exact")
    if total["value_high"] is not None or kind in ("exact", "above"):
        return _most(total)
    return _most(total) * ROUND_FIGURE_SLACK if kind == "centre" else float("inf")


def _larger_areas(areas: Rows) -> dict[str, set[str]]:
    """Return for each area those it is part of: its parents, and the unions that cover one of these."""
    by_id = areas.ids()
    larger: dict[str, set[str]] = {}
    for area in by_id:
        here, above = area, set[str]()
        while (here := by_id[here]["parent"]) in by_id and here not in above | {area}:
            above.add(here)
        joined = {
            union
            for union, row in by_id.items()
            if row["level"] == "union" and ({area} | above) & set(covered_areas(row["covers"]))
        }
        crisis = {name for name, row in by_id.items() if row["level"] == "crisis" and by_id[area]["level"] == "union"}
        larger[area] = (above | joined | crisis) - {area}
    return larger
