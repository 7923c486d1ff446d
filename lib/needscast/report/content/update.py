"""What changed since an earlier date or version: every headline that moved, by how much, and what moved it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from needscast.report.blocks import Block, Chart, Column, Group, Heading, Note, Sentence, Table
from needscast.report.charts.steps import DIGITS, said
from needscast.report.content import figures, pick
from needscast.report.content.headline import illustration
from needscast.report.edition import shown_figures, source_name
from needscast.report.numbers import digits_above, step_of
from needscast.report.values import Amount, Day, Many, Range, Text

if TYPE_CHECKING:
    from needscast.inputs import UncertainInput
    from needscast.update import InputChange, Update

MAIN = ("displaced_since_onset", "displaced_next", "idp_stock_end", "cost", "tonnes")
PEOPLE = "requiring_end"
CHARTED = ("displaced_since_onset", "displaced_next")
TOP = 3
MOST_FIGURES = 12  # new ones that pages print, the weightiest
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
    moves = sorted(pick.each(update.moves), key=lambda row: groups.index(_group(row.headline)))
    rows = tuple(
        (
            Text(f"head_group.{_group(row.headline)}"),
            _in_group(update, row.headline),
            _before(row),
            pick.range_of(row),
            _change(row),
            Text("table.yes" if abs(row.change) > row.chance else "table.no"),
        )
        for row in moves
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


def new_figures(update: Update) -> Group:
    """Return the figures that are new, each with its weight, and those that were corrected or withdrawn."""
    shown: list[Block] = [Heading(Text("update.figures_heading")), _counted(update)]
    register = figures.register(update.after)
    for kind, further in (
        ("new", ("weight", "without", "reason")),
        ("corrected", ("weight", "reason")),
    ):
        chosen = register[register["figure_id"].isin(_figures(update, kind))]
        if len(chosen):
            table = chosen.sort_values(["weight", "as_of"], ascending=False, kind="stable")
            note = Text("evidence.used_note") if kind == "new" else None
            made = figures.laid_out(update.after, table, f"figures_{kind}", Text(f"update.{kind}"), further, note)
            shown.append(replace(made, shown=MOST_FIGURES))
    gone = figures.register(update.before)
    gone = gone[gone["figure_id"].isin(_figures(update, "withdrawn"))]
    if len(gone):
        shown.append(figures.laid_out(update.before, gone, "figures_withdrawn", Text("update.withdrawn"), ("weight",)))
    return Group(tuple(shown))


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
    row = next(pick.each(pick.rows(update.moves, headline=name)))
    today = pick.today(update.after)
    parts = pick.rows(update.parts, headline=name)
    steps = [{"label": Text(f"cause.{part.cause}"), "change": float(part.change)} for part in pick.each(parts)]
    return Chart(
        "steps",
        f"update_{name}",
        Text("update.chart", {"headline": head_name(update, name)}),
        {
            "start": {"label": _then(update, "update.as_of"), "value": _before(row)},
            "steps": [step for step in steps if step["change"]],
            "end": {"label": _now(update, "update.as_of"), "value": pick.range_of(row)},
        },
        row.unit,
        Text("update.caption", {"date": today, "mass": pick.mass(update.after)}),
    )


def head_name(update: Update, name: str) -> Text:
    """Return what a headline is called; those of a sector carry its name."""
    return pick.head_name(update.after.crisis, name)


def _answers(update: Update) -> list[Sentence]:
    made = []
    for name in CHARTED:
        if name in _names(update):
            row = next(pick.each(pick.rows(update.moves, headline=name)))
            values = {
                "before": _before(row),
                "now": pick.range_of(row),
                "earlier": _then(update, "update.known_then"),
                "today": _now(update, "update.known_now"),
                "change": said(row.change, row.unit),
                "causes": _told(update, name, row),
            }
            key = "update.answer" if abs(row.change) > row.chance else "update.answer_chance"
            made.append(Sentence(Text(key, values), Text(f"update.question_{name}")))
    return [*made, *_weightiest(update)]


def _told(update: Update, name: str, row: Any) -> Any:
    parts = pick.rows(update.parts, headline=name).assign(size=lambda table: table["change"].abs())
    largest = parts[parts["size"] > 0].nlargest(TOP, "size")
    told = [
        Text("update.part", {"cause": Text(f"cause.{part.cause}"), "change": said(part.change, row.unit)})
        for part in pick.each(largest)
    ]
    return Many(tuple(told)) if told else Text("update.nothing")


def _weightiest(update: Update) -> list[Sentence]:
    """Name the new and corrected figures without which the main number would differ most."""
    register = figures.register(update.after)
    new, corrected = _figures(update, "new"), _figures(update, "corrected")
    used = register[register["figure_id"].isin([*new, *corrected]) & register["used"]]
    standing = update.after.nowcast.standing  # counts those kept to the internal edition too, and names none
    carrying = int(standing.loc[standing["figure_id"].isin([*new, *corrected]), "used"].fillna(False).sum())
    top = used.assign(size=used["leave_one_out"].abs()).nlargest(TOP, "size")
    lines = [
        Text(
            "update.figure",
            {
                "source": source_name(update.after.crisis, row.source, update.after.readership),
                "printed": figures.printed(row),
                "date": Day.of(row.as_of),
                "change": _without(row.leave_one_out),
            },
        )
        for row in pick.each(top[top["size"] > 0])
    ]
    values = {"new": pick.count(len(new)), "corrected": pick.count(len(corrected)), "used": pick.count(carrying)}
    if not lines:
        return [Sentence(Text("update.figures_few", values), Text("update.question_figures"))]
    return [
        Sentence(
            Text("update.figures_told", {**values, "figures": Many(tuple(lines))}), Text("update.question_figures")
        )
    ]


def _without(share: float) -> Text:
    """Say how the main number would differ without a figure."""
    key = "update.without_higher" if share > 0 else "update.without_lower"
    return Text(key, {"share": Amount(abs(float(share)), "share", 1)})


def _counted(update: Update) -> Sentence:
    shown = [
        set(shown_figures(results.crisis, results.readership)["figure_id"]) for results in (update.before, update.after)
    ]
    hidden = sum(key not in shown[0] | shown[1] for key in update.figures["figure_id"])
    values = {key: pick.count(len(_figures(update, key))) for key in ("new", "corrected", "withdrawn")}
    if not hidden:
        return Sentence(Text("update.counted_all_shown", values))
    return Sentence(Text("update.counted", {**values, "hidden": pick.count(hidden)}))


def _parts(update: Update, part: str, names: Iterable[str], number: int) -> Table:
    """Lay out the parts of some headlines, a row a cause and a column a headline, with the whole change below."""
    changes = {name: pick.rows(update.parts, headline=name).set_index("cause")["change"] for name in names}
    columns = [Column("cause", Text("update.cause"))]
    for name in changes:
        unit = str(pick.rows(update.moves, headline=name)["unit"].iloc[0])
        label = _short_name(update, name)
        columns.append(Column(pick.key_of(name), label, "number", unit, adds_up=True))
    rows = [
        (Text(f"cause.{cause}"), *(float(by_cause[cause]) for by_cause in changes.values())) for cause in update.causes
    ]
    whole = (Text("update.whole"), *(float(by_cause.sum()) for by_cause in changes.values()))
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
        _range(change.before),
        _range(change.after),
        pick.source_or_author(update.after if change.after else update.before, standing) if standing else None,
        pick.day(standing.published) if standing else None,
        _behind(update, change.name),
    )


def _behind(update: Update, name: str) -> Any:
    """Name the numbers that rest on an input, among those of the tables of causes, or none; sectors stand together."""
    headlines = {**update.before.headlines, **update.after.headlines}
    names = [each for each in _names(update) if each in MAIN or each.startswith(f"{PEOPLE}/")]
    found = [each for each in names if name in {source.split(": ")[0] for source in headlines[each].sources}]
    told: list[Any] = [head_name(update, each) for each in found if each in MAIN]
    sectors = [each.partition("/")[2] for each in found if each not in MAIN]
    if sectors:
        whole = len(sectors) == sum(each not in MAIN for each in names) > 1
        named = Many(tuple(pick.sector_name(update.after.crisis, code) for code in sectors))
        values = {"head": Text(f"head_group.{PEOPLE}"), **({} if whole else {"sectors": named})}
        told.append(Text("update.behind_all" if whole else "update.behind_sectors", values))
    return Many(tuple(told)) if told else ""


def _not_compared(update: Update) -> list[Sentence]:
    names = [head_name(update, name) for name in (*update.appeared, *update.gone)]
    return [Sentence(Text("update.not_compared", {"headlines": Many(tuple(names))}))] if names else []


def _range(row: UncertainInput | None) -> Any:
    if row is None:
        return Text("update.not_known_yet")
    bounds = row.range
    return Range(bounds.low, bounds.best, bounds.high, bounds.mass, bounds.unit)


def _before(row: Any) -> Range:
    return Range(row.before_lower, row.before_median, row.before_upper, row.mass, row.unit)


def _change(row: Any) -> Text:
    """Tell a change as closely as both ranges beside it are printed."""
    step = max(step_of(each.lower, each.median, each.upper) for each in (_before(row), pick.range_of(row)))
    digits = digits_above(row.change, step)
    if not digits:
        return Text("update.hardly", {"step": Amount(step, row.unit, 1)})
    return said(row.change, row.unit, min(digits, DIGITS))


def _then(update: Update, key: str) -> Text:
    """Name the earlier run: by its date in a phrase, or as the earlier inputs where both are of one date."""
    return Text("update.earlier_inputs") if same_date(update) else Text(key, {"date": pick.today(update.before)})


def _now(update: Update, key: str) -> Text:
    return Text("update.these_inputs") if same_date(update) else Text(key, {"date": pick.today(update.after)})


def same_date(update: Update) -> bool:
    """Whether only the inputs differ and not the date, so that a date would not tell the two runs apart."""
    return bool(update.before.crisis.reference_date == update.after.crisis.reference_date)


def _figures(update: Update, kind: str) -> list[str]:
    return [str(key) for key in pick.rows(update.figures, change=kind)["figure_id"]]


def _names(update: Update) -> list[str]:
    return [str(name) for name in pd.unique(update.moves["headline"])]
