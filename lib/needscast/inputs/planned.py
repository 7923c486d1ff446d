"""Crossings, decisions, priorities and field checks against the rest of the folder."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from needscast.errors import one_of
from needscast.inputs.problems import Problems
from needscast.inputs.rows import Row, Rows, noter
from needscast.inputs.supply import SECTOR, Catalogue, check_mass

NOW = "now/"  # what is true now: the quantities of the nowcast, by zone
NOW_QUANTITIES = ("population", "idp_stock", "newly_displaced", "departed", "weekly_outflow")


def with_items(rows: Rows, catalogue: Catalogue, areas: Iterable[str], problems: Problems, *, judge: bool) -> Rows:
    """Return decisions or priorities with the sector of each item in a column of its own, checked."""
    known, made = set(areas), []
    for row in rows:
        note = noter(rows, row, problems)
        found = catalogue.the_one(row, note, judge=judge)
        if row.cells.get("area") and row["area"] not in known:
            note("area", one_of("zone", row["area"], known), "name a zone of areas.csv, or leave it blank")
        if row.cells.get("cost_unmet") == 0 and row.cells.get("cost_surplus") == 0:
            note("cost_unmet", "both costs are 0, so any order is as good as any other", "say what too few would cost")
        code, item, _ = found or ("", row["item"], "")
        made.append(Row(row.number, {**row.cells, "item": item, SECTOR: code}, row.broken))
    return Rows(rows.table, rows.file, tuple(made))


def check_crossings(rows: Rows, problems: Problems) -> None:
    """Check that each crossing opens before it closes, once at a time, and that its capacity is in order."""
    windows: dict[str, list[Row]] = {}
    for row in rows:
        note = noter(rows, row, problems)
        if row["opens"] and row["closes"] and row["closes"] < row["opens"]:
            note("closes", f"'{row['closes']}' is before it opens on {row['opens']}", "swap or mend the two dates")
        values = [row[column] for column in ("trucks_low", "trucks", "trucks_high") if row[column] is not None]
        if len(values) not in (0, 3):
            note("trucks", "gives only a part of the range", "give trucks_low, trucks and trucks_high, or none")
        elif values != sorted(values):
            note(
                "trucks", f"{', '.join(f'{each:g}' for each in values)} are not in order", "give low <= median <= high"
            )
        check_mass(row, note)
        windows.setdefault(row["crossing"], []).append(row)
    for same in windows.values():
        dated = sorted((row for row in same if row["opens"]), key=lambda row: row["opens"])
        for before, after in zip(dated, dated[1:], strict=False):
            if before["closes"] is None or before["closes"] >= after["opens"]:
                message = f"'{after['opens']}' is inside the window of row {before.number}"
                noter(rows, after, problems)("opens", message, "give windows that do not overlap")


def check_stated(rows: Rows, codes: Iterable[str], areas: Iterable[str], problems: Problems) -> None:
    """Check that what people say they need names a known sector and area, and was asked before it was counted."""
    known, places = list(codes), list(areas)
    for row in rows:
        note = noter(rows, row, problems)
        if row["sector"] and row["sector"] not in known:
            note("sector", one_of("sector", row["sector"], known), "use the code of a sector card, or leave it blank")
        if row["area"] and row["area"] not in places:
            note("area", one_of("area", row["area"], places), "name an area of areas.csv, or leave it blank")
        if row["period_start"] and row["as_of"] and row["period_start"] > row["as_of"]:
            note(
                "period_start", f"'{row['period_start']}' is after as_of '{row['as_of']}'", "swap or mend the two dates"
            )


def check_checks(rows: Rows, inputs: Iterable[str], zones: Iterable[str], problems: Problems, *, judge: bool) -> None:
    """Check that every field check measures something that is there."""
    known, places = [*inputs, *(NOW + name for name in NOW_QUANTITIES)], list(zones)
    for row in rows:
        note = noter(rows, row, problems)
        for pattern in measured(row["measures"]):
            wanted = pattern if not pattern.startswith(NOW) else "/".join(pattern.split("/")[:2])
            if judge and not any(fnmatchcase(name, wanted) for name in known):
                note("measures", one_of("input", pattern, known), f"name an input, or {NOW}quantity/zone")
            elif pattern.startswith(NOW):
                zone = pattern.removeprefix(wanted).removeprefix("/")
                if zone and not any(fnmatchcase(name, zone) for name in places):
                    note("measures", one_of("zone", zone, places), f"write {wanted}/zone with a zone of areas.csv")
        if row["scale"] == "share" and row["error"] is not None and row["error"] >= 1:
            note("error", f"'{row['error']:g}' is no error of a share", "write 0.05 for five percentage points")


def measured(text: str) -> tuple[str, ...]:
    """Return the inputs that a field check would measure, as patterns of names."""
    return tuple(part.strip() for part in text.split(";") if part.strip())
