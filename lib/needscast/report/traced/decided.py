"""Numbers to decide by: when a stock runs out, planning levels, who is given how much, what to find out."""

from __future__ import annotations

from typing import Any

from needscast.decisions import Knowable, allocation, date_drivers, information, levels
from needscast.decisions.allocation import criteria
from needscast.derivation import Derivation
from needscast.errors import NeedscastError
from needscast.inputs.planned import NOW
from needscast.report.traced.asked import AskedItem, Form, Traced, chosen, leaf, records, row_of, worlds
from needscast.report.values import Amount, Day, Text

EVERYTHING, CHECK = "everything", "check"


# --- when a stock runs out --------------------------------------------------------------------------------------------


def _stock_out(asked: AskedItem) -> Traced:
    lack = "stock-out date: what is held is not known; give a row of stocks.csv"
    out, results = asked.known(asked.line.stock_out, lack), asked.results
    if asked.rest:
        return _moves_the_day(asked, out.day.derivation, "/".join(asked.rest))
    row = row_of(results.tables["stock_out"], sector=asked.sector.code, item=asked.line.item.id)
    days = {name: getattr(row, name) for name in ("early", "middle", "late")}
    said: dict[str, Any] = {
        name: Text("stock_out.beyond") if day is None or day != day else Day.of(day) for name, day in days.items()
    }
    return Traced(Text("derivation.days", {**said, "mass": Amount(results.mass, "share")}), out.day.derivation)


def _moves_the_day(asked: AskedItem, day: Derivation, name: str) -> Traced:
    table = date_drivers(asked.line, asked.sector.code, _knowable(asked), asked.results.crisis, worlds(asked.results))
    row = row_of(table, input=chosen("input behind that day", name, table["input"]))
    title = f"share of the doubt about the day that goes once {name} is known"
    return Traced(Amount(row.share_of_variance, "share", 2), Derivation(title, "first-order effect", (day,)))


# --- planning levels --------------------------------------------------------------------------------------------------


def _level(column: str, title: str, unit: str = "") -> Any:
    def find(asked: AskedItem) -> Traced:
        columns = levels(asked.line, asked.results.crisis)
        known = [f"{level:.0%}".rstrip("%") for level in columns["level"]]
        level = chosen("planning level, in percent,", asked.rest[0] if asked.rest else "", known)
        value = float(columns[column][known.index(level)])
        value = asked.known(value, "price or people of one unit")
        enough = leaf(f"enough in {level}%", "planning level that was asked for")
        parts = [asked.uncovered, enough, *([asked.norm] if unit == "person" else [])]
        made = Derivation(
            f"{asked.thing}, {title} at P{level}", "quantile" if column == "quantity" else "mean", tuple(parts)
        )
        return Traced(Amount(value, unit or asked.line.item.unit, 3), made)

    return find


# --- too little for everybody -----------------------------------------------------------------------------------------


def _shared(column: str, title: str) -> Any:
    def find(asked: AskedItem) -> Traced:
        crisis, item = asked.results.crisis, asked.line.item
        table = allocation(asked.line, asked.sector.code, asked.requiring, crisis)
        shares = {row["area"]: row for row in records(table)}
        if not shares:
            raise NeedscastError(f"nothing is shared out of {item.id}; decisions.csv names no number to share out")
        area = chosen("area of an allocation", asked.rest[0] if asked.rest else "", shares)
        row, decided = shares[area], _decided(asked)
        parts = (
            asked.line.due.select(area=area).total("week", name=f"{asked.thing} due in {area}").derivation,
            leaf(f"{row['available']:,} in hand", f"decisions.csv: {decided['source']}; {decided['reason']}"),
            *_criteria(asked, area),
        )
        how = f"{row['claim']:,} due until {row['until']}, times weight {row['weight']:.3g}, in whole units"
        if column == "left":
            how = f"{row['claim']:,} due until {row['until']}, less {row['given']:,} given"
        made = Derivation(f"{asked.thing} {title} {area}", how, parts)
        return Traced(Amount(float(row[column]), item.unit), made)

    return find


def _criteria(asked: AskedItem, area: str) -> list[Derivation]:
    return [
        leaf(f"{each['criterion']}: weight {each['weight']:g}", f"priorities.csv: {each['reason']}")
        for each in records(criteria(asked.line.item.id, asked.results.crisis))
        if each["area"] in ("", area)
    ]


# --- what to find out -------------------------------------------------------------------------------------------------


def _worth(asked: AskedItem) -> Traced:
    crisis = asked.results.crisis
    decided = asked.known(_decided(asked), "decision behind it; name it in decisions.csv")
    table = information(asked.line, asked.sector.code, _knowable(asked), crisis, worlds(asked.results))
    table = table[table["kind"] != "all_of_check"]
    name = chosen("field check or input", "/".join(asked.rest), table["name"], EVERYTHING)
    row = row_of(table, name=name)
    costs = f"{decided['cost_unmet']:g} for one too few, {decided['cost_surplus']:g} for one too many"
    parts = [asked.uncovered, leaf(costs, f"decisions.csv: {decided['source']}; {decided['reason']}")]
    if row.kind == CHECK:
        check = row_of(crisis.checks, check=name)
        measured = f"{name}: measures {check.measures.replace(';', ', ')}, {check.scale} error {check.error:g}"
        parts.append(leaf(measured, f"checks.csv: {check.source}; {check.reason}"))
    elif row.kind == "input" and name != NOW:
        parts.append(asked.results.inputs.draw(name, worlds(asked.results)).derivation)
    how = "loss of the best order without it, less the loss with it"
    value = Amount(row.value, crisis.settings.currency, 2)
    return Traced(value, Derivation(f"worth of knowing {name} before ordering {asked.thing}", how, tuple(parts)))


def _decided(asked: AskedItem) -> Any:
    decisions = asked.results.crisis.decisions
    return next(iter(records(decisions[decisions["item"] == asked.line.item.id])), None)


def _knowable(asked: AskedItem) -> Knowable:
    return Knowable.of(asked.results.inputs, asked.results.nowcast.estimates, worlds(asked.results))


DECIDED: dict[str, Form] = {
    "stock_out": Form(
        "ITEM[/INPUT]", "the day its known stock runs out, or what an input adds to the doubt", _stock_out
    ),
    "level": Form(
        "ITEM/PERCENT", "the quantity that is enough in so many worlds: 50, 80, 95", _level("quantity", "order")
    ),
    "unserved": Form(
        "ITEM/PERCENT", "people without at that level", _level("people_unserved", "people without", "person")
    ),
    "surplus": Form("ITEM/PERCENT", "what is left over at that level", _level("surplus", "left over")),
    "step": Form(
        "ITEM/PERCENT", "the price of the step up to that level", _level("step_cost_usd", "price of the step", "USD")
    ),
    "allocation": Form("ITEM/AREA", "what a zone is given of too little", _shared("given", "to")),
    "left": Form("ITEM/AREA", "what it then lacks", _shared("left", "unserved in")),
    "worth": Form("ITEM[/CHECK or INPUT]", "what knowing it is worth before ordering", _worth),
}
