"""What to decide: how safe an order is to be, who comes first when there is too little, what to find out next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from needscast.decisions.allocation import criteria
from needscast.inputs.planned import NOW
from needscast.report.blocks import Block, Column, Group, Heading, Note, Sentence, Table
from needscast.report.content import pick
from needscast.report.edition import advised, shown_text, translated
from needscast.report.values import Amount, Day, Many, Text

if TYPE_CHECKING:
    from needscast.chain import Results

MOST_CHECKS = 5  # a decision, as pages print them
MOST_INPUTS = 4
LEAST_SHARE = 0.005  # of the loss that all knowledge would save; less is not told from chance


def decisions(results: Results) -> Group:
    """Return the named decisions: what to find out first, planning levels, and who comes first."""
    return Group((*find_out(results), *levels(results), *allocation(results)))


def next_check(results: Results) -> Sentence | None:
    """Say which field check is worth most before the order with the largest loss at stake."""
    best = _best_checks(results)
    if best.empty:
        return None
    return Sentence(_advice(results, next(pick.each(best.nlargest(1, "value")))), Text("question.find_out"))


def find_out(results: Results) -> Group:
    """Return what would be worth finding out before each named order: checks that could be made, and inputs."""
    blocks: list[Block] = [Heading(Text("decide.find_out"))]
    if not len(results.tables["decisions"]):
        return Group((*blocks, Note("missing", advised(Text("decide.none_named"), "decisions", results.readership))))
    best = _best_checks(results)
    for row in pick.each(results.tables["decisions"]):
        mine = best[(best["sector"] == row.sector) & (best["item"] == row.item)]
        item = pick.item_name(results.crisis, row.sector, row.item)
        blocks.append(
            Sentence(_advice(results, next(pick.each(mine))) if len(mine) else Text("decide.no_check", {"item": item}))
        )
    return Group((*blocks, *(table for table in (check_table(results), input_table(results)) if table.rows)))


def check_table(results: Results) -> Table:
    """Tabulate the field checks by what they are worth for each order, beside what exact knowledge would be worth."""
    table = results.tables["information"]
    exact = pick.rows(table, kind="all_of_check").set_index(["sector", "item", "name"])["value"]
    rows = tuple(
        (
            pick.item_name(results.crisis, row.sector, row.item),
            _check_name(results, row.name),
            pick.number(row.days),
            float(row.value),
            pick.number(row.value_people),
            float(exact[(row.sector, row.item, row.name)]),
        )
        for row in pick.each(_told(pick.rows(table, kind="check"), table))
    )
    columns = (
        Column("item", Text("table.item")),
        Column("check", Text("table.check")),
        Column("days", Text("table.ready_in"), "number", "day"),
        Column("value", Text("table.worth"), "money", _currency(results)),
        Column("people", Text("table.worth_people"), "people", "person"),
        Column("exact", Text("table.worth_exact"), "money", _currency(results)),
    )
    return Table(
        "field_checks",
        Text("decide.checks"),
        columns,
        rows,
        note=Text("decide.checks_note"),
        grouped=True,
        shown=MOST_CHECKS,
    )


def input_table(results: Results) -> Table:
    """Tabulate the inputs that would be worth most if they were known exactly, by order."""
    table = results.tables["information"]
    rows: list[tuple[Any, ...]] = []
    for row in pick.each(results.tables["decisions"]):
        mine = pick.rows(table, sector=row.sector, item=row.item, kind="input")
        item = pick.item_name(results.crisis, row.sector, row.item)
        for known in pick.each(_told(mine, table)):
            worth = (float(known.value), pick.number(known.value_people))
            rows.append((item, _input_name(results, known.name), *worth))
    columns = (
        Column("item", Text("table.item")),
        Column("input", Text("table.input")),
        Column("value", Text("table.worth_exact"), "money", _currency(results)),
        Column("people", Text("table.worth_people"), "people", "person"),
    )
    return Table(
        "worth_knowing",
        Text("decide.inputs"),
        columns,
        tuple(rows),
        note=Text("decide.inputs_note"),
        grouped=True,
        shown=MOST_INPUTS,
    )


def levels(results: Results) -> Group:
    """Return, for each named order, who goes without and what is left over at each planning level."""
    named = results.tables["decisions"]
    blocks: list[Block] = [Heading(Text("decide.levels"))]
    for row in pick.each(named):
        values = {
            "item": pick.item_name(results.crisis, row.sector, row.item),
            "unmet": Amount(row.cost_unmet, _currency(results)),
            "surplus": Amount(row.cost_surplus, _currency(results)),
            "by": translated(results.crisis, row.chosen_by),
            "level": Amount(row.level, "share", 2),
            "quantity": Amount(pick.in_packs(results.crisis, row.sector, row.item, row.quantity), "", 2),
            "loss": Amount(row.expected_loss, _currency(results), 2),
        }
        blocks.append(Sentence(Text("decide.costs", values)))
    return Group((*blocks, level_table(results)) if len(named) else ())


def level_table(results: Results) -> Table:
    """Tabulate order, people without, surplus and the price of the step at each level of each named order."""
    table = results.tables["planning"]
    rows: list[tuple[Any, ...]] = []
    for named in pick.each(results.tables["decisions"]):
        for row in pick.each(pick.rows(table, sector=named.sector, item=named.item)):
            item = pick.item_name(results.crisis, row.sector, row.item)
            people, step = pick.number(row.people_unserved), pick.number(row.step_cost_usd)
            quantity = pick.in_packs(results.crisis, row.sector, row.item, row.quantity)
            rows.append((item, float(row.level), quantity, people, float(row.surplus), step))
    columns = (
        Column("item", Text("table.item")),
        Column("level", Text("table.enough_in"), "percent"),
        Column("quantity", Text("table.order"), "count"),
        Column("people", Text("table.people_without"), "people", "person"),
        Column("surplus", Text("table.left_over"), "number"),
        Column("step", Text("table.step"), "money", "USD"),
    )
    return Table(
        "planning_levels",
        Text("decide.level_table"),
        columns,
        tuple(rows),
        note=Text("decide.level_note"),
        grouped=True,
    )


def allocation(results: Results) -> Group:
    """Return who comes first with what is in hand, by which criteria, and who stays without."""
    table = results.tables["allocation"]
    blocks: list[Block] = [Heading(Text("decide.allocation")), Sentence(Text("decide.without_note"))]
    for sector, item in dict.fromkeys(zip(table["sector"], table["item"], strict=True)):
        rows = pick.rows(table, sector=sector, item=item)
        first = rows.iloc[0]
        if first["illustration"]:
            blocks.append(
                Note("watermark", Text("decide.made_up", {"item": pick.item_name(results.crisis, sector, item)}))
            )
        values = {
            "item": pick.item_name(results.crisis, sector, item),
            "available": pick.count(first["available"]),
            "claims": pick.count(rows["claim"].sum()),
            "until": Day.of(first["until"]),
            "people": Amount(float(rows["people_left"].sum()), "person", 3),
        }
        blocks.append(Sentence(Text("decide.shortage", values)))
        if not first["illustration"]:
            blocks.append(Note("method", Text("decide.hand", {"why": _why(results, item)})))
        blocks.append(share_table(results, sector, item, rows))
    if len(table):
        blocks.append(criteria_table(results))
    return Group(tuple(blocks) if len(table) else ())


def _why(results: Results, item: str) -> Any:
    """Return the reason that the decision about an item gives for its numbers."""
    decided = pick.rows(results.crisis.decisions, item=item)
    return shown_text(results.crisis, decided.iloc[0]["reason"], results.readership)


def share_table(results: Results, sector: str, item: str, rows: pd.DataFrame) -> Table:
    """Tabulate by zone what is due, what is given in whole units, and what stays unserved; the columns add up."""
    name = pick.item_name(results.crisis, sector, item)
    cells: list[tuple[Any, ...]] = [
        (
            pick.area_name(results.crisis, row.area),
            float(row.weight),
            int(row.claim),
            int(row.given),
            int(row.left),
            pick.number(row.people_left),
        )
        for row in pick.each(rows)
    ]
    people = pick.number(rows["people_left"].sum(skipna=False))
    sums = tuple(int(rows[column].sum()) for column in ("claim", "given", "left"))
    cells.append((Text("table.total"), "", *sums, people))
    columns = (
        Column("zone", Text("table.zone")),
        Column("weight", Text("table.comes_first"), "number"),
        Column("claim", Text("table.due_until"), "count", adds_up=True),
        Column("given", Text("table.given"), "count", adds_up=True),
        Column("left", Text("table.unserved"), "count", adds_up=True),
        Column("people", Text("table.people_without"), "people", "person", adds_up=True),
    )
    caption = Text("decide.shares_made_up" if rows.iloc[0]["illustration"] else "decide.shares", {"item": name})
    return Table(f"share_{item}", caption, columns, tuple(cells), total=True)


def criteria_table(results: Results) -> Table:
    """Tabulate the criteria with their weights, who set them and why; zones that one is about share a row."""
    named = list(dict.fromkeys(results.tables["allocation"]["item"]))
    table = pd.concat([criteria(item, results.crisis) for item in named]).drop_duplicates()
    alike = ["criterion", "group", "weight", "chosen_by", "reason"]
    rows = tuple(
        (
            shown_text(results.crisis, row.criterion, results.readership),
            Text("decide.everywhere")
            if "" in row.area
            else Many(tuple(pick.area_name(results.crisis, area) for area in row.area)),
            pick.group_name(row.group) if row.group else Text("decide.everybody"),
            float(row.weight),
            translated(results.crisis, row.chosen_by),
            shown_text(results.crisis, row.reason, results.readership),
        )
        for row in pick.each(table.groupby(alike, sort=False)["area"].agg(list).reset_index())
    )
    columns = (
        Column("criterion", Text("table.criterion")),
        Column("zone", Text("table.zone")),
        Column("group", Text("table.group")),
        Column("weight", Text("table.comes_first"), "number"),
        Column("by", Text("table.judged_by")),
        Column("reason", Text("table.reason"), "remark"),
    )
    note = advised(Text("decide.criteria_note"), "criteria", results.readership)
    return Table("criteria", Text("decide.criteria"), columns, rows, note=note)


def in_steps(results: Results) -> dict[tuple[str, str], Amount]:
    """Return, by sector and item, what goes out now of the orders whose rest waits for a field check."""
    advised_on = {(row.sector, row.item): _advice(results, row) for row in pick.each(_best_checks(results))}
    return {each: told.values["half"] for each, told in advised_on.items() if told.key == "decide.advice_late"}


def less_now(results: Results, lines: Iterable[Any], note: Text) -> Text:
    """Return the note of a table of orders, before it which of its lines are ordered in two steps."""
    parted = in_steps(results)
    names = [pick.item_name(results.crisis, row.sector, row.item) for row in lines if (row.sector, row.item) in parted]
    if not names:
        return note
    less = Text("decide.less_now", {"items": Many(tuple(names), apart=True), "heading": Text("decide.find_out")})
    return Text("headline.then", {"first": less, "second": note})


def _advice(results: Results, row: Any) -> Text:
    values = {
        "item": pick.item_name(results.crisis, row.sector, row.item),
        "check": _check_name(results, row.name),
        "value": Amount(row.value, _currency(results), 2),
        "people": Amount(row.value_people, "person", 2),
        "change": Amount(row.order_change, "", 2),
    }
    days = pick.number(row.days)
    line = next(pick.each(pick.rows(results.tables["orders"], sector=row.sector, item=row.item)), None)
    if line is not None and line.when == "late" and days:
        half = pick.in_packs(results.crisis, row.sector, row.item, line.p50)
        sizes = {"half": Amount(float(half), "", 2), "planned": Amount(float(line.quantity), "", 2)}
        level = Amount(results.crisis.settings.planning_level, "share")
        return Text("decide.advice_late", {**values, **sizes, "level": level, "days": Amount(days, "day")})
    return (
        Text("decide.advice_days", {**values, "days": Amount(days, "day")}) if days else Text("decide.advice", values)
    )


def _best_checks(results: Results) -> pd.DataFrame:
    """The check worth most for each named order; none where no check is told from chance."""
    table = results.tables["information"]
    told = _told(pick.rows(table, kind="check"), table)
    return told.sort_values("value", ascending=False).drop_duplicates(["sector", "item"])


def _told(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """The rows whose value is told from chance, beside what knowing everything is worth."""
    most = pick.rows(table, kind="everything").set_index(["sector", "item"])["value"]
    least = [LEAST_SHARE * most[key] for key in zip(rows["sector"], rows["item"], strict=True)]
    return rows[rows["value"].to_numpy(dtype=float) > np.array(least, dtype=float)]


def _check_name(results: Results, check: str) -> Any:
    name = results.crisis.checks.set_index("check")["name"].get(check, check)
    return shown_text(results.crisis, str(name), results.readership)


def _input_name(results: Results, name: str) -> Any:
    return Text("input.nowcast") if name == NOW else pick.input_name(results.crisis, name)


def _currency(results: Results) -> str:
    return str(results.crisis.settings.currency)
