"""The first page: how many people, where, what they need, what will be short, how sure we are and why not surer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from needscast.report.blocks import Group, Heading, KeyFigure, Note, Sentence
from needscast.report.content import borrowed, decide, doubt, pick, stated, supply, transport
from needscast.report.content.evidence import relayed
from needscast.report.content.orders import SOON, by_when, least_dispensable
from needscast.report.content.warned import warned
from needscast.report.edition import shown_text, translated
from needscast.report.numbers import round_range
from needscast.report.values import Amount, Day, Many, Range, Text

if TYPE_CHECKING:
    from needscast.chain import Results

TOP = 3
FIRST = 3  # goods to order that are named
KEY_FIGURES = ("displaced_since_onset", "displaced_next", "cost")


def headline(results: Results) -> Group:
    """Return the answer that is read in a minute."""
    answers = [
        how_many(results),
        where(results),
        needs(results),
        stated.first(results),
        short(results),
        *order(results),
        unfunded(results),
        sure(results),
        doubt.first(results),
        decide.next_check(results),
    ]
    blocks = [
        Note("caveat", Text("note.preliminary", {"mass": pick.mass(results)})),
        *illustration(results),
        figures(results),
        story(results),
        Heading(Text("headline.heading"), 2),
        Group(tuple(each for each in answers if each), "answers"),
    ]
    return Group(tuple(blocks))


def story(results: Results) -> Sentence:
    """Return what the scenario assumes, in the words of its card."""
    told = narrative(results)
    weight = results.scenario.weight
    judged = Text("weight.nobody")
    if weight is not None:
        how = pick.likelihood(weight)
        if results.readership != "public":
            how = Text("weight.number", {"weight": Amount(weight, "share")})
        by = translated(results.crisis, results.scenario.weight_by)
        judged = Text("weight.judged", {"how": how, "by": by})
    return Sentence(
        Text(
            "headline.story",
            {"scenario": pick.title_of(results.scenario), "narrative": told, "weight": judged},
        )
    )


def narrative(results: Results) -> str | Text:
    """Return the words of the card, or how many of its numbers were not known on the reference date."""
    withheld = results.scenario.withheld
    if withheld:
        return Text("headline.not_yet", {"rows": pick.count(withheld), "date": pick.today(results)})
    return shown_text(results.crisis, results.scenario.narrative, results.readership)


def illustration(results: Results) -> list[Note]:
    """Return the watermark of a run that used an invented figure."""
    return [Note("watermark", Text("note.illustration"))] if results.crisis.illustration else []


def figures(results: Results) -> Group:
    """Return the key figures: displaced until now, displaced next, most people in one sector, cost."""
    onset, weeks = Day.of(results.crisis.settings.onset), pick.count(results.crisis.settings.horizon_weeks, "week")
    cards = [
        KeyFigure(
            Text(f"key.{name}", {"onset": onset, "weeks": weeks}),
            value,
            Text(f"key.{name}_note", {"date": pick.today(results), "weeks": weeks}),
        )
        for name in KEY_FIGURES
        if (value := pick.headline(results, name)) is not None
    ]
    ranked = sectors_by_people(results)
    if ranked:
        code, people = ranked[0]
        cards.insert(
            2,
            KeyFigure(
                Text("key.requiring", {"sector": pick.sector_name(results.crisis, code)}),
                people,
                Text("key.requiring_note", {"date": pick.end_day(results)}),
            ),
        )
    return Group(tuple(cards), "figures")


def how_many(results: Results) -> Sentence | None:
    """Say how many people are displaced and how many more the scenario displaces."""
    now, following = pick.headline(results, "displaced_since_onset"), pick.headline(results, "displaced_next")
    if now is None or following is None:
        return None
    values = {
        "now": now,
        "next": following,
        "onset": Day.of(results.crisis.settings.onset),
        "date": pick.today(results),
        "end": pick.end_day(results),
        "all": pick.headline(results, "idp_stock"),
    }
    return Sentence(Text("headline.how_many", values), Text("question.how_many"))


def where(results: Results) -> Sentence | None:
    """Name the zones with the most displaced people today, and the one with the most when the horizon ends."""
    table = pick.rows(results.tables["displacement"], quantity="displaced_present")
    table = table[table["area"] != pick.ALL]
    if not (table["upper"] > 0).any():
        return None
    values = {
        "now": _places(results, table, 0, TOP),
        "places": _places(results, table, pick.last_week(table), 1),
        "date": pick.today(results),
        "end": pick.end_day(results),
        "mass": pick.mass(results),
    }
    return Sentence(Text("headline.where", values), Text("question.where"))


def _places(results: Results, table: pd.DataFrame, week: int, most: int) -> Many:
    found = table[table["week"] == week].nlargest(most, "median")
    told = (
        Text("headline.place", {"area": pick.area_name(results.crisis, row.area), "people": pick.range_of(row)})
        for row in pick.each(found)
    )
    return Many(tuple(told), apart=True)


def sectors_by_people(results: Results) -> list[tuple[str, Range]]:
    """Return sectors with the people requiring assistance at the end of the horizon, most people first."""
    needs = [each.code for each in results.crisis.sectors if each.is_need]
    found = {code: pick.headline(results, f"requiring_end/{code}") for code in needs}
    return sorted(((code, people) for code, people in found.items() if people), key=lambda pair: -pair[1].median)


def needs(results: Results) -> Sentence | None:
    """Rank the sectors by the people who require assistance, and name those of which nobody can say it yet."""
    ranked, unknown = sectors_by_people(results)[:TOP], _unsized(results)
    if not ranked:
        return Sentence(unknown, Text("question.needs")) if unknown else None
    lines = Many(
        tuple(
            Text("headline.need", {"sector": pick.sector_name(results.crisis, code), "people": people})
            for code, people in ranked
        )
    )
    text = Text("headline.needs", {"end": pick.end_day(results), "needs": lines, "mass": pick.mass(results)})
    text = Text("headline.then", {"first": text, "second": unknown}) if unknown else text
    return Sentence(text, Text("question.needs"))


def _unsized(results: Results) -> Text | None:
    crisis = results.crisis
    names = tuple(pick.sector_name(crisis, each.code) for each in crisis.unsized if each.is_need)
    return Text("headline.needs_unknown", {"sectors": Many(names), "date": pick.today(results)}) if names else None


def short(results: Results) -> Sentence | None:
    """Say what runs out when, or that it is not known because no stock is; None where nothing is needed."""
    gap, orders, label = results.tables["gap"], results.tables["orders"], Text("question.short")
    if orders.empty:
        return None
    if gap.empty:
        text = Text("headline.short_unknown", {"items": pick.count(len(orders))})
        for known in (supply.allotted(results), _crossing(results), _not_reached(results)):
            text = Text("headline.then", {"first": text, "second": known}) if known else text
        return Sentence(text, label)
    runs_out = results.tables["stock_out"]
    first = runs_out[runs_out["middle"].notna()].sort_values("middle", kind="stable").head(TOP)
    unknown = pick.count((~orders["supply_known"].astype(bool)).sum())
    if first.empty:
        return Sentence(Text("headline.short_none", {"unknown": unknown}), label)
    lines = Many(
        tuple(
            Text(
                "headline.short_item",
                {
                    "item": pick.item_name(results.crisis, row.sector, row.item),
                    "date": Day.of(row.middle),
                    "mass": pick.mass(results),
                    **{
                        end: Day.of(day) if (day := pick.day(getattr(row, end))) else Text("stock_out.beyond")
                        for end in ("early", "late")
                    },
                },
            )
            for row in pick.each(first)
        )
    )
    return Sentence(Text("headline.short", {"items": lines, "unknown": unknown}), label)


def _crossing(results: Results) -> Text | None:
    """Say how many of the trucks that are needed the crossings let through, and what needs most of them."""
    totals, lines = results.tables.get("crossing", pd.DataFrame()), results.tables.get("passage", pd.DataFrame())
    if results.crisis.crossings.empty or totals.empty or not lines["needed"].sum():
        return None
    largest, load, _ = transport.largest_load(lines)
    values = {
        "capacity": pick.range_at(totals, quantity="capacity"),
        "needed": Amount(float(lines["needed"].sum()), "truck", transport.DIGITS),
        "item": pick.item_name(results.crisis, largest.sector, largest.item),
        "load": Amount(load, "", transport.DIGITS),
        "end": pick.end_day(results),
    }
    return Text("headline.short_crossing", values) if values["capacity"] else None


def _not_reached(results: Results) -> Text | None:
    """Say how many people no published response has reached, by sector where somebody published it."""
    table = pick.rows(results.tables["response"], quantity="not_reached")
    named = [each.code for each in results.crisis.sectors]
    table = table[table["sector"].isin(named) & (table["median"] > 0)].nlargest(TOP, "median")
    told = (
        Text("headline.need", {"sector": pick.sector_name(results.crisis, row.sector), "people": pick.range_of(row)})
        for row in pick.each(table)
    )
    return Text("headline.short_reached", {"sectors": Many(tuple(told))}) if len(table) else None


def unfunded(results: Results) -> Sentence | None:
    """Say how much of the cost nobody is known to pay for; None where nobody published what is funded."""
    table = results.tables["response"]
    values: dict[str, Any] = {name: pick.range_at(table, sector=pick.ALL, quantity=name) for name in ("need", "funded")}
    if any(value is None for value in values.values()):
        return None
    told = set(pick.rows(table, quantity="funded")["sector"])
    named = (pick.sector_name(results.crisis, each.code) for each in results.crisis.sectors if each.code in told)
    values["sectors"] = Many(tuple(named))
    return Sentence(Text("headline.unfunded", values), Text("question.unfunded"))


def order(results: Results) -> list[Sentence]:
    """Say what should have been ordered already and what to order next, from the median lead times."""
    orders = results.tables["orders"]
    orders = orders[orders["in_cost_total"].astype(bool)]  # a substitute is ordered in place of something listed
    dated = (
        orders[orders["order_by"].notna()]
        .assign(when=lambda t: pd.to_datetime(t["order_by"]))
        .sort_values("when", kind="stable")
    )
    if dated.empty:
        return []
    reference, label = pd.Timestamp(results.crisis.reference_date), Text("question.order")
    late, coming = dated[dated["when"] <= reference], dated[dated["when"] > reference].head(TOP)
    values = {"late": pick.count(len(late)), "items": pick.count(len(dated)), "date": pick.today(results)}
    if coming.empty:
        ranked = by_when(results)
        parted = decide.in_steps(results)
        soon = pick.count((ranked["act"].isin(SOON)).sum())
        names = Many(
            tuple(_waiting(results, row, parted) for row in pick.each(least_dispensable(ranked, FIRST))), apart=True
        )
        key = "headline.order_all" if len(late) == len(dated) else "headline.order_late"
        return [Sentence(Text(key, {**values, "soon": soon, "names": names}), label)]
    lines = Many(
        tuple(
            Text(
                "headline.order_item",
                {"item": pick.item_name(results.crisis, row.sector, row.item), "date": Day.of(row.when)},
            )
            for row in pick.each(coming)
        )
    )
    return [Sentence(Text("headline.order", {**values, "next": lines}), label)]


def _waiting(results: Results, row: Any, parted: Mapping[tuple[str, str], Amount]) -> Text:
    """Say of a line that is late how much to order, for whom, and when it can be there, if that is known."""
    ordered = Amount(float(row.quantity), row.unit, 2)  # tables have it to the pack
    quantity: Amount | Text = ordered
    if (row.sector, row.item) in parted:
        now = replace(parted[row.sector, row.item], unit=row.unit)
        quantity = Text("headline.in_steps", {"now": now, "all": replace(ordered, unit="")})
    values = {
        "item": pick.item_name(results.crisis, row.sector, row.item),
        "quantity": quantity,
        "people": Amount(row.people, "person", 3),  # as its table has it
    }
    if pick.day(row.earliest):
        return Text("headline.order_waiting", {**values, "date": Day.of(row.earliest)})
    return Text("headline.order_waiting_never", values)


def sure(results: Results) -> Sentence:
    """Say what the nowcast warns of, and how much evidence and how many assumptions the results rest on."""
    standing = results.nowcast.standing
    values = {
        "used": pick.count(standing["used"].sum()),
        "figures": pick.count(len(standing)),
        "relays": pick.count(relayed(standing)),
        "assumed": pick.count(len(results.assumptions)),
        "inputs": pick.count(len(results.used_inputs)),
    }
    text = Text("headline.sure", values)
    for before in (_width(results), *reversed(warned(results))):
        text = Text("headline.then", {"first": before, "second": text}) if before else text
    if then := borrowed.sure(results):
        text = Text("headline.then", {"first": text, "second": then})
    return Sentence(text, Text("question.sure"))


def _width(results: Results) -> Text | None:
    """Say how many times their low ends the high ends are, as they are printed; None where a low end is no one."""
    told = {"now": pick.headline(results, "displaced_since_onset"), "next": pick.headline(results, "displaced_next")}
    ends = {name: round_range(each) for name, each in told.items() if each}
    if len(ends) < len(told) or any(lower <= 0 for lower, _, _ in ends.values()):
        return None
    return Text("headline.sure_width", {name: Amount(high / low, "", 2) for name, (low, _, high) in ends.items()})
