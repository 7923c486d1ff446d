"""The figures of an update: those that are new, corrected or withdrawn, and how far the main number hangs on them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from needscast.report.blocks import Block, Group, Heading, Sentence
from needscast.report.content import figures, pick
from needscast.report.edition import shown_figures, source_name
from needscast.report.numbers import round_share
from needscast.report.values import Amount, Day, Many, Text

if TYPE_CHECKING:
    from needscast.update import Update

TOP = 3
MOST = 12  # new ones that pages print, the weightiest


def tables(update: Update) -> Group:
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
            shown.append(replace(made, shown=MOST))
    gone = figures.register(update.before)
    gone = gone[gone["figure_id"].isin(_figures(update, "withdrawn"))]
    if len(gone):
        shown.append(figures.laid_out(update.before, gone, "figures_withdrawn", Text("update.withdrawn"), ("weight",)))
    return Group(tuple(shown))


def weightiest(update: Update) -> Sentence:
    """Count the new and corrected figures, and name those without which the main number would differ most."""
    register = figures.register(update.after)
    new, corrected = _figures(update, "new"), _figures(update, "corrected")
    used, carrying = (
        table[table["figure_id"].isin([*new, *corrected]) & _carries(table)]
        for table in (register, update.after.nowcast.standing)
    )
    values = {
        "new": pick.count(len(new)),
        "corrected": pick.count(len(corrected)),
        "used": _with_hidden(len(carrying), len(carrying) - len(used)),
    }
    top = used.assign(size=used["leave_one_out"].abs()).nlargest(TOP, "size")
    top = top[top["size"] > 0]
    if top.empty:
        return Sentence(Text("update.figures_few", values), Text("update.question_figures"))
    named = [_without_figure(update, row) for row in pick.each(top)]
    return Sentence(
        Text("update.figures_told", {**values, "figures": Many(tuple(named))}), Text("update.question_figures")
    )


def _carries(table: pd.DataFrame) -> pd.Series:
    """Return which figures carry weight as tables print it: one that only says how its total is shared out has 0 %."""
    return table["weight"].fillna(0.0).map(round_share) > 0


def _with_hidden(carrying: int, hidden: int) -> Any:
    """Return how many figures carry weight, and how many of them only the internal edition names."""
    if not hidden:
        return pick.count(carrying)
    return Text("update.carrying_hidden", {"used": pick.count(carrying), "hidden": pick.count(hidden)})


def _without_figure(update: Update, row: Any) -> Text:
    """Say how the main number would differ without a figure, and whose it is."""
    values = {
        "printed": figures.printed(row),
        "date": Day.of(row.as_of),
        "change": _without(row.leave_one_out),
        "source": source_name(update.after.crisis, str(row.source), update.after.readership),
    }
    return Text("update.figure", values)


def _without(share: float) -> Text:
    """Say how the main number would differ without a figure, as closely as the table of figures does."""
    key = "update.without_higher" if share > 0 else "update.without_lower"
    return Text(key, {"share": Amount(round_share(abs(float(share))), "share")})


def _counted(update: Update) -> Sentence:
    shown = [
        set(shown_figures(results.crisis, results.readership)["figure_id"]) for results in (update.before, update.after)
    ]
    hidden = sum(key not in shown[0] | shown[1] for key in update.figures["figure_id"])
    values = {key: pick.count(len(_figures(update, key))) for key in ("new", "corrected", "withdrawn")}
    if not hidden:
        return Sentence(Text("update.counted_all_shown", values))
    return Sentence(Text("update.counted", {**values, "hidden": pick.count(hidden)}))


def _figures(update: Update, kind: str) -> list[str]:
    return [str(key) for key in pick.rows(update.figures, change=kind)["figure_id"]]
