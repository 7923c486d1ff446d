"""What it costs and who pays: cost by sector and by person, people reached, money funded, and the ask that remains."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from needscast.demand.response import money_and_people
from needscast.report.blocks import Block, Column, Group, Heading, Note, Sentence, Table
from needscast.report.content import pick
from needscast.report.edition import advised
from needscast.report.numbers import step_of_the_rest
from needscast.report.values import Amount, Day, Many, Range, Text

if TYPE_CHECKING:
    from needscast.chain import Results

PUBLISHED = ("targeted", "reached", "funded")  # what only somebody else can say


def costs(results: Results) -> Group:
    """Return cost by sector, adding up, and for each person; the weight of it all; and the ask that remains."""
    blocks: list[Block] = [Heading(Text("costs.heading"))]
    table = pick.rows(results.tables["costs"], item=pick.ALL)
    if table.empty:
        return Group((*blocks, Note("missing", Text("costs.unknown"))))
    sectors = table[table["sector"] != pick.ALL].sort_values("median", ascending=False, kind="stable")
    blocks.append(cost_table(results, sectors))
    return Group((*blocks, *weight(results), *ask(results)))


def weight(results: Results) -> list[Sentence]:
    """Say what everything listed weighs, and how that differs from what has to cross, where something has."""
    tonnes = pick.headline(results, "tonnes")
    if not tonnes:
        return []
    told = Text("costs.tonnes", {"tonnes": tonnes})
    if len(results.tables["passage"]):
        told = Text("headline.then", {"first": told, "second": Text("costs.tonnes_crossing")})
    return [Sentence(told)]


def cost_table(results: Results, sectors: pd.DataFrame) -> Table:
    """Tabulate cost by sector with a total, and for each person; the averages add up, ranges do not."""
    response = results.tables["response"]
    each = pick.rows(response, quantity="per_person")
    rows: list[tuple[Any, ...]] = [
        (
            pick.sector_name(results.crisis, row.sector),
            replace(pick.range_of(row), step=_step(response, row.sector)),
            float(row.mean),
            _in_dollars(each, row.sector),
        )
        for row in pick.each(sectors)
    ]
    total = pick.headline(results, "cost")
    if total:
        whole = pick.rows(results.tables["costs"], sector=pick.ALL, item=pick.ALL).iloc[0]
        rows.append((Text("table.total"), total, float(whole["mean"]), ""))
    columns = (
        Column("sector", Text("table.sector")),
        Column("cost", Text("table.cost"), "range", "USD"),
        Column("average", Text("table.average"), "money", "USD", adds_up=True),
        Column("per_person", Text("table.per_person"), "range", "USD"),
    )
    note = Text("costs.note", {"adding": Text("table.adding")})
    return Table("cost_by_sector", Text("costs.table"), columns, tuple(rows), total=total is not None, note=note)


def ask(results: Results) -> Group:
    """Return who was targeted and reached, what is funded and what is not yet, or that nobody has published it."""
    heading, table = Heading(Text("ask.heading"), 3), results.tables["response"]
    since = {"onset": pick.onset(results)}
    known = pick.rows(table, quantity=list(PUBLISHED))
    told = [each.code for each in results.crisis.sectors if each.code in set(known["sector"])]
    if not told:
        return Group((heading, Note("missing", advised(Text("ask.unknown", since), "response", results.readership))))
    silent = [each.code for each in results.crisis.sectors if each.is_need and each.code not in told]
    blocks: list[Block] = [heading, _what_remains(results, since)]
    if silent:
        names = Many(tuple(pick.sector_name(results.crisis, code) for code in silent))
        blocks.append(Note("missing", Text("ask.silent", {"sectors": names, **since})))
    return Group((*blocks, ask_table(results, told), reach_table(results, told), each_table(results, told)))


def ask_table(results: Results, sectors: list[str]) -> Table:
    """Tabulate the money a sector needs, for those who are targeted, what is funded and what remains."""
    return _by_sector(results, sectors, "ask", "USD", ("need", "target_cost", "funded", "remaining"))


def reach_table(results: Results, sectors: list[str]) -> Table:
    """Tabulate the people who require a sector, who are targeted, who were reached and who were not."""
    return _by_sector(results, sectors, "reach", "person", ("requiring", "targeted", "reached", "not_reached"))


def each_table(results: Results, sectors: list[str]) -> Table:
    """Tabulate the cost for each person: modelled for those who require it, published for those targeted and reached.

    Where nobody published what would be compared, the cell says so.
    """
    table, kinds = results.tables["response"], PUBLISHED[:2]
    required = pick.rows(table, quantity="per_person")
    rows = []
    for code in sectors:
        paid = [pick.range_at(table, sector=code, quantity=f"funded_per_{kind}") for kind in kinds]
        cells = [
            _no_cost(results, code, kind) if each is None else each.median
            for kind, each in zip(kinds, paid, strict=True)
        ]
        rows.append((pick.sector_name(results.crisis, code), _in_dollars(required, code), *cells))
    columns = (
        Column("sector", Text("table.sector")),
        Column("per_person", Text("table.per_person"), "range", "USD"),
        *(Column(f"per_{kind}", Text(f"table.funded_per_{kind}"), "money", "USD") for kind in kinds),
    )
    note = Text("ask.each_note", {"onset": pick.onset(results)})
    if pairs := _compared(results, sectors):
        note = Text("headline.then", {"first": note, "second": Text("ask.each_pairs", {"pairs": Many(tuple(pairs))})})
    return Table("cost_for_each", Text("ask.each"), columns, tuple(rows), note=note)


def _compared(results: Results, sectors: list[str]) -> list[Text]:
    """Name the money and the people behind each published cost: of one item, so not the sums of the tables above."""
    asked = [(code, kind) for code in sectors for kind in PUBLISHED[:2]]
    found = [(code, kind, money_and_people(code, kind, results.crisis)) for code, kind in asked]
    return [
        Text(
            f"ask.each_pair_{kind}",
            {
                "item": pick.item_name(results.crisis, code, pair[0].item),
                "money": Amount(float(pair[0].quantity), pair[0].unit),
                "people": Amount(float(pair[1].quantity), pair[1].unit),
            },
        )
        for code, kind, pair in found
        if pair
    ]


def _no_cost(results: Results, code: str, kind: str) -> Text:
    """Say why there is no published cost for each person targeted or reached."""
    told = set(pick.rows(results.tables["response"], sector=code)["quantity"])
    if "funded" not in told:
        return Text("ask.no_funding")
    return Text("ask.apart" if kind in told else f"ask.nobody_{kind}")


def _by_sector(results: Results, sectors: list[str], name: str, unit: str, quantities: tuple[str, ...]) -> Table:
    table = results.tables["response"]
    found = [[_asked(table, code, quantity) for code in sectors] for quantity in quantities]
    exact = [all(each is None or each.lower == each.upper for each in cells) for cells in found]
    kinds = ["range" if not known else "people" if unit == "person" else "money" for known in exact]
    cells = [
        [each.median if each and known else each for each in column] for column, known in zip(found, exact, strict=True)
    ]
    rows = zip((pick.sector_name(results.crisis, code) for code in sectors), *cells, strict=True)
    columns = (
        Column("sector", Text("table.sector")),
        *(
            Column(quantity, Text(f"table.ask_{quantity}"), kind, unit)
            for quantity, kind in zip(quantities, kinds, strict=True)
        ),
    )
    values = {"date": pick.today(results), "onset": pick.onset(results)}
    note = Text(f"ask.{name}_note", values)
    return Table(f"{name}_by_sector", Text(f"ask.{name}", values), columns, tuple(rows), note=note)


def _asked(table: pd.DataFrame, sector: str, quantity: str) -> Range | None:
    """Return what a sector needs, was given or still lacks; what is needed and what remains carry one step."""
    found = pick.range_at(table, sector=sector, quantity=quantity)
    return replace(found, step=_step(table, sector)) if found and quantity in ("need", "remaining") else found


def _step(table: pd.DataFrame, sector: str) -> float:
    """Return the step on which need, funds and what remains of a sector add up; 0 where no funds are known."""
    need, funded, remaining = (
        pick.range_at(table, sector=sector, quantity=name) for name in ("need", "funded", "remaining")
    )
    return step_of_the_rest(need, funded.median, remaining) if need and funded and remaining else 0.0


def _what_remains(results: Results, since: dict[str, Day]) -> Block:
    """Say what is funded of the whole need, and the most that can remain."""
    table = results.tables["response"]
    values: dict[str, Any] = {
        name: pick.range_at(table, sector=pick.ALL, quantity=name) for name in ("need", "funded", "remaining")
    }
    if values["funded"] is None:
        return Note("missing", Text("ask.no_money", since))
    funded = pick.rows(table, quantity="funded")
    named = tuple(pick.sector_name(results.crisis, code) for code in funded["sector"] if code != pick.ALL)
    return Sentence(Text("ask.remaining", {**values, **since, "sectors": Many(named)}))


def _in_dollars(table: pd.DataFrame, sector: str) -> Any:
    found = pick.rows(table, sector=sector)
    return pick.range_of(next(pick.each(found)), "USD") if len(found) else None
