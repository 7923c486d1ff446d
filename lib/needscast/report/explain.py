"""Where a number comes from: its value, the tree of what it was made of, and its sources, as text and as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import pandas as pd

from needscast.report.blocks import Chart
from needscast.report.edition import PUBLIC, hidden_words
from needscast.report.traced import ABOUT_ITEMS, ABOUT_THE_REST, Traced, traced
from needscast.report.tree import Line, as_text, lines_of
from needscast.report.values import Text
from needscast.report.words import Words
from needscast.tables import ALL

if TYPE_CHECKING:
    from needscast.chain import Results
    from needscast.inputs import Crisis

KEPT_BACK = "kept back in this edition"
MORE = " \N{HORIZONTAL ELLIPSIS}"  # goes on below, in the text
MOST_LINES = 24  # of a picture: what fits a page; the text has all of them


def explain(results: Results, quantity: str, *, language: str = "en") -> str:
    """Return how a number came about: its value, a tree of operations, and figure ids, standards and assumptions.

    Parameters
    ----------
    quantity : a headline of the run, or any other name that :func:`names` lists.

    Raises
    ------
    NeedscastError : for what the run does not have, with the nearest names.
    """
    found, words = traced(results, quantity), Words(language)
    said = f"{quantity} = {words.say(found.value)}"
    head = f"{said}, scenario {results.scenario.id}, as of {results.crisis.reference_date}"
    tree = as_text(_shown(results, line) for line in lines_of(found.derivation))
    return "\n".join([head, "preliminary, model-based", "", *tree, "", "Sources", *_sources(results, found)])


def names(results: Results) -> str:
    """Return what can be asked about a run: its headlines, and the kinds of number with what each can be about."""
    crisis = results.crisis
    codes = {each.code for each in crisis.sectors}
    heads = dict.fromkeys(
        f"{name.partition('/')[0]}/SECTOR" if name.partition("/")[2] in codes else name for name in results.headlines
    )
    lines = [f"What can be explained of {crisis.id}, scenario {results.scenario.id}", "", "HEADLINE"]
    lines += [f"  {name}" for name in heads]
    for title, forms in (("About an item", ABOUT_ITEMS), ("About people, money and doubt", ABOUT_THE_REST)):
        lines += ["", title]
        for kind, form in forms.items():
            lines.append(f"  {f'{kind}/{form.shape}':<44} {form.meaning}")
            own = [name for name in map(str, form.about(results)) if name not in {"", *codes}]
            lines += [f"    {'':<44} {', '.join(own)}"] if own else []
    every = {
        "SECTOR": codes,
        "ITEM": [f"{sector.code}/{item.id}" for sector in crisis.sectors for item in sector.items],
        "AREA": [ALL, *crisis.zones],
        "WEEK": [f"0 (the reference date) to {crisis.settings.horizon_weeks}"],
    }
    return "\n".join([*lines, "", *(f"{what}: {', '.join(sorted(known))}" for what, known in every.items())])


def diagram(results: Results, quantity: str = "") -> Chart:
    """Return the same tree as a picture: its first steps, as deep as a page holds, coloured by what they rest on.

    Parameters
    ----------
    quantity : any name; "" means the order that costs most, or the people displaced next where nothing is ordered.
    """
    quantity = quantity or _costliest(results.tables["orders"])
    found = traced(results, quantity)
    lines = tuple(_shown(results, line) for line in lines_of(found.derivation))
    deepest = max(depth for depth in range(MOST_LINES) if sum(each.depth <= depth for each in lines) <= MOST_LINES)
    shown: list[dict[str, Any]] = [
        {
            "label": line.text + (MORE if below and below.depth > line.depth == deepest else ""),
            "note": line.note,
            "kind": line.kind,
            "depth": line.depth,
        }
        for line, below in zip_longest(lines, lines[1:])
        if line.depth <= deepest
    ]
    shown[0]["note"] = found.value
    title = Text("derivation.title", {"quantity": quantity, "value": found.value})
    caption = Text("derivation.caption", {"scenario": results.scenario.id, "date": str(results.crisis.reference_date)})
    return Chart("tree", "derivation", title, {"lines": shown}, "", caption)


def _costliest(orders: pd.DataFrame) -> str:
    costs = pd.to_numeric(orders["cost_usd"]) if len(orders) else pd.Series(dtype=float)
    if costs.notna().sum() == 0:
        return "displaced_next"
    row = orders.iloc[int(costs.fillna(0.0).to_numpy().argmax())]
    return f"order/{row['sector']}/{row['item']}"


def _sources(results: Results, found: Traced) -> Iterator[str]:
    """Every source at the bottom: a reported figure as printed, an input with its range, or a standard."""
    crisis, hide = results.crisis, _hider(results)
    figures = {str(row["figure_id"]): row for row in crisis.figures.to_dict("records")}
    inputs = {row.name: row for row in results.inputs}
    for source in found.derivation.all_sources():
        name = source.split(": ")[0]
        if source in figures:
            text = _figure(figures[source], crisis)
            open_ = results.readership != PUBLIC or figures[source]["sensitivity"] == "public"
            yield f"  {source}: {text if open_ and (hide is None or hide.may_show(text)) else KEPT_BACK}"
        elif name in inputs:
            row = inputs[name]
            bounds = row.range
            text = f"{bounds.low:g} to {bounds.high:g}, best {bounds.best:g} {bounds.unit} ({bounds.mass:.0%}); "
            text += f"{row.source}, {row.published or 'undated'}; {row.reason}"
            yield f"  {name}: {text if hide is None or hide.may_show(text) else KEPT_BACK}"
        else:
            yield f"  {source if hide is None or hide.may_show(source) else f'{name}: {KEPT_BACK}'}"


def _shown(results: Results, line: Line) -> Line:
    """A line as the edition may show it."""
    hide = _hider(results)
    if hide is None:
        return line
    text, note = (part if hide.may_show(part) else KEPT_BACK for part in (line.text, line.note))
    return replace(line, text=text, note=note)


def _hider(results: Results) -> Any:
    return hidden_words(results.crisis) if results.readership == PUBLIC else None


def _figure(row: Mapping[Any, Any], crisis: Crisis) -> str:
    names = crisis.sources.set_index("source")["name"].to_dict()
    number = row["value"] if row["value"] == row["value"] else "in words"
    printed = f"{number:,.0f}" if isinstance(number, float) else str(number)
    said = f"{row['hedge']} {printed}".strip()
    who = names.get(str(row["source"]), row["source"])
    return f"{said} ({row['unit']}), {row['area_printed']}, {who}, published {row['published']:%Y-%m-%d}; {row['url']}"
