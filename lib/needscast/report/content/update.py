"""What changed since an earlier date or version: every headline that moved, by how much, and what moved it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from needscast.report.blocks import Block, Chart, Column, Group, Heading, Note, Sentence, Table
from needscast.report.content import changed_figures, moves, pick
from needscast.report.content.headline import illustration
from needscast.report.values import Many, Range, Text
from needscast.update.mixture import COUNTED, POPULATION

if TYPE_CHECKING:
    from needscast.inputs import UncertainInput
    from needscast.update import InputChange, Update

MAIN = ("displaced_since_onset", "displaced_next", "idp_stock_end", "cost", "tonnes")
PEOPLE = "requiring_end"
CHARTED = ("displaced_since_onset", "displaced_next")
MOST_COLUMNS = 6  # of parts, beside each other on a page
_INPUT = Column("input", Text("table.input"))


def headline(update: Update) -> Group:
    """Return the answer: what moved, by how much, what moved it, and the steps of the main numbers as charts."""
    blocks: list[Block] = [
        Note("caveat", Text("note.preliminary", {"mass": pick.mass(update.after)})),
        *illustration(update.after),
        Heading(Text("update.heading")),
        Group(tuple(_answers(update)), "answers"),
    ]
    steps = Group(tuple(chart(update, name) for name in CHARTED if name in _names(update)), "pair")
    return Group((*blocks, steps))


def moved(update: Update) -> Group:
    """Return every headline before and now, and whether its change is more than chance."""
    groups = list(dict.fromkeys(["main", *(_group(name) for name in _names(update))]))
    ordered = sorted(pick.each(update.moves), key=lambda row: groups.index(_group(row.headline)))
    rows = tuple(
        (
            Text(f"head_group.{_group(row.headline)}"),
            _in_group(update, row.headline),
            move.before,
            move.now,
            move.in_cell(),
            Text("table.yes" if move.beyond_chance else "table.no"),
        )
        for row in ordered
        for move in [moves.move_in(update, row)]
    )
    columns = (
        Column("group", Text("table.group")),
        Column("headline", Text("table.headline")),
        Column("before", _then(update, "table.on_day"), "range"),
        Column("now", _now(update, "update.now"), "range"),
        Column("change", Text("update.change")),
        Column("beyond_chance", Text("update.beyond_chance")),
    )
    table = Table("moved", Text("update.moved"), columns, rows, note=Text("update.chance"), grouped=True)
    return Group((Heading(Text("update.moved_heading")), table, *_not_compared(update)))


def causes(update: Update) -> Group:
    """Return the part of each cause in each change; the parts of a number add up to its change."""
    codes = [sector.code for sector in update.after.crisis.sectors]
    wanted = {
        "main": MAIN,
        "people": [f"requiring_end/{code}" for code in codes],
        "costs": [f"cost/{c}" for c in codes],
    }
    tables = []
    for part, names in wanted.items():
        known = [name for name in names if name in _names(update)]
        for first in range(0, len(known), MOST_COLUMNS):
            tables.append(_parts(update, part, known[first : first + MOST_COLUMNS], first // MOST_COLUMNS + 1))
    notes = [Note("method", Text(f"cause.{cause}_note")) for cause in update.causes]
    reading = Sentence(Text("update.adds_up"))
    return Group((Heading(Text("update.causes_heading")), reading, *tables, *notes))


def inputs(update: Update) -> Group:
    """Return every rate, share, price or standard whose number changed, with the numbers that rest on it."""
    rows = tuple(_input_row(update, change) for change in update.inputs)
    columns = (
        _INPUT,
        Column("cause", Text("update.counted_under")),
        Column("before", _then(update, "table.on_day"), "range"),
        Column("now", _now(update, "update.now"), "range"),
        Column("source", Text("table.source"), "remark"),
        Column("published", Text("table.published"), "date"),
        Column("behind", Text("update.behind"), "remark"),
    )
    table = Table("inputs_changed", Text("update.inputs"), columns, rows, note=Text("update.inputs_note"))
    return Group((Heading(Text("update.inputs_heading")), table))


def chart(update: Update, name: str) -> Chart:
    """Draw the way of one headline from its earlier range to the present one, a step a cause."""
    move, today = moves.move_of(update, name), pick.today(update.after)
    steps = [
        {"label": Text(f"cause.{part.cause}"), "change": part.exact, "said": move.said(part)}
        for part in move.parts
        if part.exact
    ]
    return Chart(
        "steps",
        f"update_{name}",
        Text("update.chart", {"headline": head_name(update, name)}),
        {
            "start": {"label": _then(update, "update.as_of"), "value": move.before},
            "steps": steps,
            "end": {"label": _now(update, "update.as_of"), "value": move.now},
        },
        move.now.unit,
        Text("update.caption", {"date": today, "mass": pick.mass(update.after)}),
    )


def head_name(update: Update, name: str) -> Text:
    """Return what a headline is called; those of a sector carry its name."""
    return pick.head_name(update.after.crisis, name)


def _answers(update: Update) -> list[Sentence]:
    made = []
    for name in CHARTED:
        if name in _names(update):
            move = moves.move_of(update, name)
            values = {
                "before": move.before,
                "now": move.now,
                "earlier": _then(update, "update.known_then"),
                "today": _now(update, "update.known_now"),
                "change": move.said(move.whole),
                "causes": move.told(),
            }
            key = "update.answer" if move.beyond_chance else "update.answer_chance"
            made.append(Sentence(Text(key, values), Text(f"update.question_{name}")))
    return [*made, changed_figures.weightiest(update)]


def _parts(update: Update, part: str, names: list[str], number: int) -> Table:
    """Lay out the parts of some headlines, a row a cause and a column a headline, with the whole change below."""
    found = [moves.move_of(update, name) for name in names]
    columns = [Column("cause", Text("update.cause"))]
    for name, move in zip(names, found, strict=True):
        label, grain = _short_name(update, name), (move.now.step, move.whole.printed)
        columns.append(Column(pick.key_of(name), label, "number", move.now.unit, True, *grain))
    by_cause = zip(update.causes, *(move.parts for move in found), strict=True)
    rows = [(Text(f"cause.{cause}"), *(part.exact for part in parts)) for cause, *parts in by_cause]
    whole = (Text("update.whole"), *(math.fsum(part.exact for part in move.parts) for move in found))
    caption = Text(f"update.parts_{part}", {"end": pick.end_day(update.after)})
    if number > 1:
        caption = Text("needs.continued", {"title": caption})
    name = f"parts_{part}" if number == 1 else f"parts_{part}_{number}"
    return Table(name, caption, tuple(columns), (*rows, whole), total=True)


def _group(name: str) -> str:
    """Return under what a headline stands in the table of all: its quantity for those of a sector, else "main"."""
    what, _, code = name.partition("/")
    return what if code else "main"


def _in_group(update: Update, name: str) -> Any:
    _, _, code = name.partition("/")
    return pick.sector_name(update.after.crisis, code) if code else head_name(update, name)


def _short_name(update: Update, name: str) -> Text:
    what, _, code = name.partition("/")
    label = pick.sector_name(update.after.crisis, code) if code else Text(f"head.{what}")
    return Text("table.titled", {"title": label})


def _input_row(update: Update, change: InputChange) -> tuple[Any, ...]:
    standing = change.after or change.before
    return (
        pick.input_name(update.after.crisis, change.name),
        Text(f"cause.{change.cause}"),
        _estimated_before(update, change.name) if change.before is None else _range(change.before),
        _range(change.after),
        pick.source_or_author(update.after if change.after else update.before, standing) if standing else None,
        pick.day(standing.published) if standing else None,
        _behind(update, change.name),
    )


def _behind(update: Update, name: str) -> Any:
    """Name the numbers that rest on an input, among those of the tables of causes, or none; sectors stand together."""
    headlines = {**update.before.headlines, **update.after.headlines}
    names = [each for each in _names(update) if each in MAIN or each.startswith(f"{PEOPLE}/")]
    counts = name.split("/")[0] in COUNTED
    found = [each for each in names if counts or name in {at.split(": ")[0] for at in headlines[each].sources}]
    if len(found) == len(names) > 1:
        return Text("update.behind_everything")
    told: list[Any] = [head_name(update, each) for each in found if each in MAIN]
    sectors = [each.partition("/")[2] for each in found if each not in MAIN]
    if sectors:
        whole = len(sectors) == sum(each not in MAIN for each in names) > 1
        named = Many(tuple(pick.sector_name(update.after.crisis, code) for code in sectors))
        values = {"head": Text(f"head_group.{PEOPLE}"), **({} if whole else {"sectors": named})}
        told.append(Text("update.behind_all" if whole else "update.behind_sectors", values))
    return Many(tuple(told)) if told else _sized(update, name)


def _sized(update: Update, name: str) -> Any:
    """Name the items whose quantity rests on an input that no total of the tables above does; blank without any."""
    code, own = name.split("/")[0], "/".join(name.split("/")[:2])
    cards = [card for card in update.after.crisis.sectors if card.code == code]
    sized = [
        pick.item_name(update.after.crisis, code, item.id)
        for card in cards
        for item in card.items
        if own in card.names_of(item)
    ]
    return Text("update.behind_items", {"items": Many(tuple(sized), apart=True)}) if sized else ""


def _not_compared(update: Update) -> list[Sentence]:
    names = [head_name(update, name) for name in (*update.appeared, *update.gone)]
    return [Sentence(Text("update.not_compared", {"headlines": Many(tuple(names))}))] if names else []


def _range(row: UncertainInput | None) -> Any:
    if row is None:
        return Text("update.not_known_yet")
    bounds = row.range
    return Range(bounds.low, bounds.best, bounds.high, bounds.mass, bounds.unit)


def _estimated_before(update: Update, name: str) -> Any:
    """Return what the earlier run estimated where an area had no population of its own; else that nothing was used."""
    base, _, area = name.partition("/")
    if base != POPULATION or not area:
        return _range(None)
    table = update.before.nowcast.estimates["population"].summary(update.before.mass)
    return pick.range_at(table, area=area) or _range(None)


def _then(update: Update, key: str) -> Text:
    """Name the earlier run: by its date in a phrase, or as the earlier inputs where both are of one date."""
    return Text("update.earlier_inputs") if same_date(update) else Text(key, {"date": pick.today(update.before)})


def _now(update: Update, key: str) -> Text:
    return Text("update.these_inputs") if same_date(update) else Text(key, {"date": pick.today(update.after)})


def same_date(update: Update) -> bool:
    """Whether only the inputs differ and not the date, so that a date would not tell the two runs apart."""
    return bool(update.before.crisis.reference_date == update.after.crisis.reference_date)


def _names(update: Update) -> list[str]:
    return [str(name) for name in pd.unique(update.moves["headline"])]
