"""Stocks, pipeline and response against the sector cards: known items, their units, dates and ranges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from needscast.errors import one_of
from needscast.inputs.problems import Note, Problems, shown
from needscast.inputs.register import check_dates
from needscast.inputs.rows import Row, Rows, noter
from needscast.inputs.sectors import Sector

SECTOR = "sector"  # column of stocks and pipeline that says whose card the item is on
PLANNED = ("targeted", "required")  # kinds of response printed before their period ends


@dataclass(frozen=True)
class Catalogue:
    """The items of all sector cards, found by id or by ``CODE/id``."""

    sectors: Mapping[str, Sector]

    @classmethod
    def of(cls, sectors: Iterable[Sector]) -> Catalogue:
        """Collect the items of the cards."""
        return cls({sector.code: sector for sector in sectors})

    def find(self, name: str) -> list[tuple[str, str, str]]:
        """Return code, id and unit of every item a name may mean."""
        return [
            (sector.code, item.id, item.unit)
            for sector in self.sectors.values()
            for item in sector.items
            if name in (item.id, f"{sector.code}/{item.id}")
        ]

    def the_one(self, row: Row, note: Note, *, judge: bool) -> tuple[str, str, str] | None:
        """Return code, id and unit of the item that a row names; note it and return None when it is none or several.

        Parameters
        ----------
        judge : false while a sector card is unreadable: an unknown item may then be one of its own.
        """
        found = self.find(row["item"]) if row["item"] else []
        if len(found) > 1:
            note("item", f"{shown(row['item'])} is an item of {len(found)} cards", "write it as CODE/item")
        elif row["item"] and not found and judge:
            note("item", one_of("item", row["item"], self.names()), "name an item of a sector card")
        return found[0] if len(found) == 1 else None

    def names(self) -> list[str]:
        """Return the ids of all items."""
        return [item.id for sector in self.sectors.values() for item in sector.items]


def resolved(
    rows: Rows, catalogue: Catalogue, areas: Iterable[str], today: date | None, problems: Problems, *, judge: bool
) -> Rows:
    """Return stocks or pipeline with the sector of each item in a column of its own, checked.

    Parameters
    ----------
    today : the reference date: what was to arrive before it at the latest is held, lost or late, and must be said so.
    judge : false while a sector card is unreadable: an unknown item may then be one of its own.
    """
    known = set(areas)
    made = []
    for row in rows:
        note = noter(rows, row, problems)
        found = catalogue.the_one(row, note, judge=judge)
        made_up = "delete the row, which is made up; else " if row.cells.get("illustration") == "yes" else ""
        if row["area"] and row["area"] not in known:
            note("area", one_of("area", row["area"], known), f"{made_up}add the area to areas.csv or mend the name")
        code, item, unit = found or ("", row["item"], row["unit"])
        if row["unit"] and row["unit"] != unit:
            note(
                "unit",
                f"{shown(row['unit'])} but {item} is counted in {shown(unit)}",
                f"convert the quantity to {unit}",
            )
        _check_order(row, note)
        last = row.cells.get("arrival_late")
        if today and last and last < today:
            remedy = f"{made_up}book it in stocks.csv if it came, or give the new date if it is late"
            note("arrival_late", f"'{last}' is before the reference date {today}", remedy)
        made.append(Row(row.number, {**row.cells, "item": item, SECTOR: code}, row.broken))
    return Rows(rows.table, rows.file, tuple(made))


def _check_order(row: Row, note: Note) -> None:
    if "as_of" in row.cells:
        check_dates(row, note)
    for columns in (
        ("quantity_low", "quantity", "quantity_high"),
        ("arrival_early", "arrival", "arrival_late"),
    ):
        values = [row.cells[column] for column in columns if row.cells.get(column) is not None]
        if values != sorted(values):
            note(columns[1], f"{', '.join(map(str, values))} are not in order", f"give {' <= '.join(columns)}")
    check_mass(row, note)


def check_mass(row: Row, note: Note) -> None:
    """Check that the mass of a range leaves something outside and something inside."""
    if row.cells.get("mass") in (0, 1):
        note("mass", f"'{row['mass']:g}' is not between 0 and 1", "write 0.8 for an 80 % range")


def _check_gap(rows: Rows, problems: Problems) -> None:
    """Nobody can be given more than is required in the same units and time: the gap would be negative."""
    required: dict[tuple[object, ...], Row] = {}
    for row in rows:
        if row["kind"] == "required":
            required[_about(row)] = row
    for row in rows:
        whole = required.get(_about(row))
        if row["kind"] not in ("reached", "funded") or whole is None or None in (row["quantity"], whole["quantity"]):
            continue
        if row["quantity"] > whole["quantity"]:
            noter(rows, row, problems)(
                "quantity",
                f"{row['quantity']:g} {row['kind']} is more than the {whole['quantity']:g} required "
                f"(row {whole.number}): the gap would be negative",
                "correct one of the two, or give each its own period",
            )


def _about(row: Row) -> tuple[object, ...]:
    return tuple(row[name] for name in ("sector", "item", "unit", "period_start", "as_of"))


def check_response(rows: Rows, catalogue: Catalogue, currency: str, problems: Problems, *, judge: bool) -> None:
    """Check sectors, items, units and dates of the response, and that no gap is negative."""
    _check_gap(rows, problems)
    for row in rows:
        note = noter(rows, row, problems)
        check_dates(row, note, forward=row["kind"] in PLANNED)
        sector = catalogue.sectors.get(row["sector"])
        if sector is None:
            if row["sector"] and judge:
                note(
                    "sector",
                    one_of("sector", row["sector"], catalogue.sectors),
                    "use the code of a sector card",
                )
            continue
        items = {item.id: item.unit for item in sector.items}
        if row["item"] and row["item"] not in items:
            note(
                "item",
                one_of("item", row["item"], items),
                "name an item of this sector's card, or leave it blank",
            )
        units = ["person", "household", currency, *([items[row["item"]]] if row["item"] in items else [])]
        if row["unit"] and row["unit"] not in units:
            note("unit", one_of("unit", row["unit"], units), "count people, households, the item or money")
