"""Numbers about people: who is where, who moves, who requires a sector, by zone and week; across sectors; groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from needscast.derivation import Derivation
from needscast.errors import NeedscastError, one_of
from needscast.needs import special_groups
from needscast.report.traced.asked import Form, Traced, chosen, moved, ranged, row_of, sector_again, worlds
from needscast.report.values import Amount
from needscast.tables import ALL, displaced_present, displacement_parts

if TYPE_CHECKING:
    from needscast.chain import Results
    from needscast.estimate import Estimate
    from needscast.inputs import Sector

RULES = ("largest_sector", "independent", "cap")
_HOW = {
    "largest_sector": "the largest sector in each group and zone, summed: a lower bound",
    "independent": "everybody but those with no need, if needs fell on people independently",
    "cap": "everybody there, or the sum of the sectors if that is smaller",
}


def sector_of(results: Results, code: str) -> Sector:
    """Return the sector of a code, or raise with the nearest."""
    by_code = {each.code: each for each in results.crisis.sectors}
    if code not in by_code:
        raise NeedscastError(one_of("sector", code, by_code))
    return by_code[code]


def _requiring(results: Results, rest: str) -> Traced:
    code, area, week, group = _parts(rest, 4)
    requiring = sector_again(results, sector_of(results, code), moved(results))[0]
    return ranged(results, _cell(requiring, f"people requiring {code}", area, week, group))


def _displacement(results: Results, rest: str) -> Traced:
    quantity, area, week, group = _parts(rest, 4)
    parts = displacement_parts(moved(results), results.nowcast.estimates["departed"])
    quantity = chosen("quantity of displacement", quantity, parts)
    return ranged(results, _cell(parts[quantity], quantity.replace("_", " "), area, week, group))


def _cell(made: Estimate, title: str, area: str, week: str, group: str) -> Estimate:
    """One number of an estimate; everywhere and everybody where area and group are left out, else its first week."""
    labels: dict[str, Any] = {}
    for dim, asked in (("area", area), ("group", group)):
        if dim not in made.dims:
            continue
        known = made.labels(dim)
        label = chosen(dim, asked, dict.fromkeys([ALL, *known]), ALL)
        labels[dim] = label
        made = made.total(dim) if label == ALL and ALL not in known else made.select(**{dim: label})
    weeks = {str(each): each for each in made.labels("week")}
    labels["week"] = chosen("week", week, weeks, next(iter(weeks)))
    said = ", ".join(f"{dim} {label}" for dim, label in labels.items() if label != ALL)
    return made.select(week=weeks[labels["week"]]).called(f"{title}, {said}")


def _special(results: Results, rest: str) -> Traced:
    group, week = _parts(rest, 2)
    present = displaced_present(moved(results).people).total("area")
    found = special_groups(present, results.inputs, worlds(results))
    group = chosen("special group", group, found)
    return ranged(results, _cell(found[group], f"displaced people, {group}", "", week, ""))


def _now(results: Results, rest: str) -> Traced:
    quantity, place = _parts(rest, 2)
    known = results.nowcast.estimates
    made = known[chosen("quantity of the nowcast", quantity, known)]
    title = f"{quantity.replace('_', ' ')} now"
    for dim in made.dims:  # a zone or a week, or none
        labels = {str(each): each for each in made.labels(dim)}
        label = chosen(dim, place, [ALL, *labels], ALL)
        made, title = (made.total(dim) if label == ALL else made.select(**{dim: labels[label]})), f"{title}, {label}"
    return ranged(results, made.called(title))


def _across(results: Results, rest: str) -> Traced:
    area, rule = _parts(rest, 2)
    table = results.tables["across"]
    if table.empty:
        raise NeedscastError("no sector of this crisis counts people in need, so none are combined across sectors")
    row = row_of(table, area=chosen("area", area, table["area"], ALL))
    rule = chosen("rule", rule, RULES, RULES[0])
    name = f"people requiring assistance across sectors, {row.area}, from the medians of the sectors"
    return Traced(Amount(getattr(row, rule), "person", 3), Derivation(name, _HOW[rule], _sectors_now(results)))


def _flag(results: Results, rest: str) -> Traced:
    code, area = _parts(rest, 2)
    sector, table = sector_of(results, code), results.tables["flags"]
    flagged = table[table["sector"] == sector.code] if len(table) else table
    if flagged.empty:
        raise NeedscastError(f"{code} is in line with the other sectors everywhere: nothing is flagged")
    row = row_of(flagged, area=chosen("flagged area", area, flagged["area"]))
    how = (
        f"share of people present {row.share:.0%}, {row.level:.2f} times the usual, over {row.others:.2f} of the others"
    )
    others = [each.code for each in results.crisis.sectors if each.is_need]
    parts = tuple(results.headlines[f"requiring/{each}"].derivation for each in others)
    return Traced(Amount(row.ratio, "", 2), Derivation(f"{code} beside the other sectors in {row.area}", how, parts))


def _sectors_now(results: Results) -> tuple[Derivation, ...]:
    """Where the people who require each sector now come from."""
    needs = (each.code for each in results.crisis.sectors if each.is_need)
    return tuple(results.headlines[f"requiring/{code}"].derivation for code in needs)


def _parts(rest: str, count: int) -> list[str]:
    """The parts of a name, as many as a kind may have; those left out are blank."""
    parts = rest.split("/")
    if len(parts) > count:
        raise NeedscastError(f"'{rest}' has {len(parts)} parts; a name of this kind has at most {count}")
    return [*parts, *[""] * (count - len(parts))]


def _sectors(results: Results) -> Iterator[str]:
    yield from (each.code for each in results.crisis.sectors)


PEOPLE: dict[str, Form] = {
    "people": Form("SECTOR[/AREA/WEEK/GROUP]", "people who require a sector", _requiring, _sectors),
    "across": Form("AREA/RULE", f"across sectors, AREA or all, by {', '.join(RULES)}", _across, lambda _: [ALL]),
    "flag": Form("SECTOR/AREA", "how far a flagged sector is out of line there", _flag),
    "displacement": Form(
        "QUANTITY[/AREA/WEEK/GROUP]",
        "people and movements, such as displaced_present",
        _displacement,
        lambda results: results.tables["displacement"]["quantity"].unique(),
    ),
    "special": Form(
        "GROUP[/WEEK]",
        "displaced children, women of child-bearing age, older people ...",
        _special,
        lambda results: results.tables["special"]["special_group"].unique(),
    ),
    "now": Form(
        "QUANTITY[/AREA or WEEK]",
        "what is true now by the reported figures together",
        _now,
        lambda results: results.nowcast.estimates,
    ),
}
