"""The analogues behind the ranges: which figures of earlier waves and other places the inputs of a scenario cite."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from needscast.report.blocks import Column, Group, Sentence, Table
from needscast.report.content import pick
from needscast.report.content.figures import measured, printed, register
from needscast.report.edition import shown_text, source_name
from needscast.report.values import Many, Text
from needscast.vocabulary import AREA_INPUTS, OVERALL_INPUTS, SHELTER_INPUTS

if TYPE_CHECKING:
    from needscast.chain import Results

_WORD = re.compile(r"[A-Za-z0-9_.-]*[A-Za-z0-9]")  # a figure id in a text
OF_MOVEMENT = (*AREA_INPUTS, *OVERALL_INPUTS, *SHELTER_INPUTS)


def analogues(results: Results) -> Group:
    """Tabulate the figures that the inputs about displacement cite, with what each stands behind."""
    cited = cited_for(results)
    table = register(results)
    chosen = table[table["figure_id"].isin(cited)].sort_values(["as_of", "figure_id"], kind="stable")
    if chosen.empty:
        return Group((Sentence(Text("analogues.none")),))
    rows = tuple(_row(results, row, cited[row.figure_id]) for row in pick.each(chosen))
    columns = (
        Column("figure_id", Text("table.figure")),
        Column("printed", Text("table.printed")),
        Column("measure", Text("table.what")),
        Column("area", Text("table.area")),
        Column("from", Text("table.from"), "date"),
        Column("as_of", Text("table.cut_off"), "date"),
        Column("source", Text("table.source")),
        Column("behind", Text("table.cited_for"), "remark"),
    )
    told = Text("analogues.told", {"figures": pick.count(len(rows)), "inputs": pick.count(_inputs_citing(results))})
    caption = Text("analogues.table", {"scenario": pick.title_of(results.scenario)})
    return Group((Sentence(told), Table("analogues", caption, columns, rows)))


def cited_for(results: Results) -> dict[str, list[str]]:
    """Return figure id -> the names of the inputs of this scenario whose reason cites it."""
    known = set(results.crisis.figures["figure_id"])
    cited: dict[str, list[str]] = {}
    for row in results.inputs:
        if row.name.partition("/")[0] in OF_MOVEMENT:
            for figure in dict.fromkeys(word for word in _WORD.findall(row.reason) if word in known):
                cited.setdefault(figure, []).append(row.name)
    return cited


def _inputs_citing(results: Results) -> int:
    return len({name for names in cited_for(results).values() for name in names})


def _row(results: Results, row: Any, inputs: list[str]) -> tuple[Any, ...]:
    what = dict.fromkeys(name.partition("/")[0] for name in inputs)
    return (
        row.figure_id,
        printed(row),
        measured(row),
        shown_text(results.crisis, str(row.area_printed), results.readership),
        pick.day(row.period_start),
        pick.day(row.as_of),
        source_name(results.crisis, row.source, results.readership),
        Many(tuple(pick.input_name(results.crisis, name) for name in what)),
    )
