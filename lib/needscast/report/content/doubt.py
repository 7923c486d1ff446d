"""How sure we are: drivers of the doubt, assumptions, what is missing, hidden or admitted, limits and method."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from needscast.report.blocks import Block, Chart, Column, Group, Heading, Note, Sentence, Table
from needscast.report.content import borrowed, pick
from needscast.report.content.reasons import reason
from needscast.report.edition import shown_text, source_name, translated
from needscast.report.numbers import round_share
from needscast.report.values import Amount, Many, Range, Text

if TYPE_CHECKING:
    from needscast.chain import Results
    from needscast.inputs import UncertainInput

DOUBTED = "displaced_next"  # what the first page is in doubt about
CHARTED = (DOUBTED, "cost")
TOP = 5
NAMED = 2  # inputs and causes that the first page names
MOST_INPUTS = 10  # of a list of inputs that pages print, those that move a headline most
MOST_SOURCES = 15
LEAST = 0.02  # a smaller share is not told from chance with a few thousand draws
LIMITS = ("conditional", "areas", "returns", "supply", "shares", "deaths")
METHOD = ("figures", "nowcast", "scenario", "people", "demand", "ranges")


def first(results: Results) -> Sentence | None:
    """Name the causes that share the doubt about how many more are displaced, and the inputs that move it most."""
    table = pick.rows(results.tables["drivers"], headline=DOUBTED)
    top = table[table["share_of_variance"] >= LEAST].head(NAMED)
    if top.empty:
        return None
    lines = Many(
        tuple(
            Text(
                "headline.driver",
                {
                    "input": pick.input_name(results.crisis, row.input),
                    "low": Amount(float(row.if_low), "", 2),
                    "high": Amount(float(row.if_high), "", 2),
                },
            )
            for row in pick.each(top)
        ),
        apart=True,
    )
    told = Text("headline.doubt", {"drivers": lines, "end": pick.end_day(results)})
    if causes := _causes(results):
        told = Text("headline.then", {"first": told, "second": causes})
    return Sentence(told, Text("question.doubt"))


def _causes(results: Results) -> Text | None:
    """Say which causes share the doubt, as the annex does: a cause of many inputs may outweigh the largest input."""
    table = pick.rows(results.tables["causes"], headline=DOUBTED)
    top = table[table["share_of_variance"] >= LEAST].head(NAMED)
    told = (
        Text(
            "headline.cause",
            {
                "cause": Text(f"doubt_cause.{row.group}"),
                "share": Amount(round_share(float(row.share_of_variance)), "share"),
            },
        )
        for row in pick.each(top)
    )
    return Text("headline.causes", {"causes": Many(tuple(told))}) if len(top) else None


def drivers(results: Results) -> Group:
    """Return, for each charted headline, the inputs that explain most of its doubt."""
    blocks: list[Block] = [Heading(Text("drivers.heading")), Sentence(Text("drivers.reading"))]
    charts = [driver_chart(results, name) for name in CHARTED if name in set(results.tables["drivers"]["headline"])]
    return Group((*blocks, cause_table(results), driver_table(results), *charts))


def cause_table(results: Results) -> Table:
    """Tabulate how the doubt is shared out among the causes; what the method does not split is a row of its own."""
    rows: list[tuple[object, ...]] = []
    for name, table in results.tables["causes"].groupby("headline", sort=False):
        told = [(Text(f"doubt_cause.{row.group}"), max(float(row.share_of_variance), 0.0)) for row in pick.each(table)]
        rest = ("doubt_cause.rest", max(1 - sum(share for _, share in told), 0.0))
        rows += [(Text(f"head.{name}"), *each) for each in (*told, (Text(rest[0]), rest[1])) if each[1] >= LEAST]
    columns = (
        Column("headline", Text("table.headline")),
        Column("cause", Text("table.cause")),
        Column("share", Text("table.share_parted"), "percent"),
    )
    return Table("causes", Text("doubt_cause.table"), columns, tuple(rows), note=Text("doubt_cause.note"), grouped=True)


def driver_chart(results: Results, name: str) -> Chart:
    """Draw how far each input moves one headline, in the headline's own unit, for those that explain most."""
    top = pick.rows(results.tables["drivers"], headline=name).nlargest(TOP, "share_of_variance")
    top = top[top["share_of_variance"] >= LEAST].assign(swing=lambda t: (t["if_high"] - t["if_low"]).abs())
    bars = [
        {
            "label": pick.input_name(results.crisis, row.input),
            "low": float(row.if_low),
            "high": float(row.if_high),
            "share": float(row.share_of_variance),
        }
        for row in pick.each(top.sort_values("swing", ascending=False, kind="stable"))
    ]
    made = results.headlines[name]
    return Chart(
        "tornado",
        f"drivers_{name}",
        Text("drivers.chart", {"headline": Text(f"head.{name}")}),
        {"middle": float(made.array.mean()), "bars": bars},
        str(made.unit),
        Text("caption.drivers", {"date": pick.today(results), "scenario": pick.title_of(results.scenario)}),
    )


def driver_table(results: Results) -> Table:
    """Tabulate the drivers of the charted headlines with the source of each input."""
    table = pick.rows(results.tables["drivers"], headline=list(CHARTED))
    table = table[table["share_of_variance"] >= LEAST]
    known = {each.name: each for each in results.used_inputs}
    rows = tuple(
        (
            Text(f"head.{row.headline}"),
            pick.input_name(results.crisis, row.input),
            float(row.share_of_variance),
            Text(f"direction.{row.direction or 'group'}"),
            float(row.if_low),
            float(row.if_high),
            pick.cited(results, known[row.input]) if row.input in known else Text("drivers.reported"),
        )
        for row in pick.each(table)
    )
    columns = (
        Column("headline", Text("table.headline")),
        Column("input", Text("table.input")),
        Column("share", Text("table.share"), "percent"),
        Column("direction", Text("table.direction")),
        Column("if_low", Text("table.if_low"), "number"),
        Column("if_high", Text("table.if_high"), "number"),
        Column("source", Text("table.source")),
    )
    return Table("drivers", Text("drivers.table"), columns, rows, grouped=True)


def assumptions(results: Results) -> Group:
    """Return what share of the inputs is assumed, the list of assumptions, and what the scenario changes."""
    used, assumed = results.used_inputs, results.assumptions
    values = {
        "assumed": pick.count(len(assumed)),
        "inputs": pick.count(len(used)),
        "share": Amount(len(assumed) / max(len(used), 1), "share", 2),
    }
    far = borrowed.replace_first(results)
    blocks = (
        Heading(Text("assumptions.heading")),
        Sentence(Text("assumptions.share", values)),
        *([far] if far else []),
        _inputs(results, results.scenario.overrides, "scenario_inputs", "assumptions.scenario"),
        _inputs(results, assumed, "assumptions", "assumptions.table"),
    )
    return Group(blocks)


def missing(results: Results) -> Group:
    """Return what could not be computed, what is hidden as too young, and what was admitted all the same."""
    blocks: list[Block] = [Heading(Text("missing.heading"))]
    rows = tuple((_missing_thing(results, what), reason(why)) for what, why in results.missing)
    columns = (Column("what", Text("table.what")), Column("reason", Text("table.reason")))
    if rows:
        blocks.append(Table("missing", Text("missing.table"), columns, rows))
    blocks += [hidden(results), *admitted(results)]
    return Group(tuple(blocks))


def hidden(results: Results) -> Sentence:
    """Say how many input rows are younger than the reference date and were not used; of none, what became of them."""
    crisis = results.crisis
    values = {"rows": pick.count(len(crisis.hidden)), "date": pick.today(results)}
    none = "all_used" if crisis.admitted else "none_hidden"
    return Sentence(Text(f"missing.{'hidden' if len(crisis.hidden) else none}", values))


def admitted(results: Results) -> list[Block]:
    """List the inputs that are younger than the reference date and were admitted by name, each with its reason."""
    crisis = results.crisis
    rows = tuple((pick.input_name(crisis, str(name)), translated(crisis, str(why))) for name, why in crisis.admitted)
    columns = (Column("input", Text("table.input")), Column("reason", Text("table.reason")))
    return [Table("admitted", Text("missing.admitted"), columns, rows)] if rows else []


def method(results: Results) -> Group:
    """Return limits and method in plain words, with what makes the numbers again."""
    made = {
        "draws": pick.count(results.draws),
        "seed": str(results.seed),
        "mass": pick.mass(results),
    }
    return Group(
        (
            Heading(Text("limits.heading")),
            *(Note("method", Text(f"limits.{key}")) for key in LIMITS),
            Heading(Text("method.heading")),
            *(Note("method", Text(f"method.{key}", made)) for key in METHOD),
            Note("method", Text("method.again", made)),
        )
    )


def sources(results: Results) -> Group:
    """Return who reported the figures and where rates, standards and prices come from."""
    return Group(
        (
            Heading(Text("sources.heading")),
            reporters(results),
            _inputs(
                results,
                [row for row in results.used_inputs if not row.is_assumption],
                "inputs",
                "sources.inputs",
            ),
        )
    )


def reporters(results: Results) -> Table:
    """Tabulate the sources of figures: what they count and how many of their figures carry the estimate."""
    crisis, standing = results.crisis, results.nowcast.standing
    joined = crisis.figures[["figure_id", "source"]].merge(standing[["figure_id", "used"]], on="figure_id", how="left")
    counted = (
        joined.groupby("source", sort=False)["used"]
        .agg(["size", "sum"])
        .sort_values("size", ascending=False, kind="stable")
        .join(crisis.sources.set_index("source"), how="inner")
        .reset_index()
    )
    rows = tuple(
        (
            source_name(crisis, row.source, results.readership),
            Text(f"source_type.{row.type}"),
            shown_text(crisis, str(row.counts).replace("_", " "), results.readership),
            int(row.size),
            int(row.sum),
        )
        for row in pick.each(counted)
    )
    columns = (
        Column("source", Text("table.source")),
        Column("type", Text("table.type")),
        Column("counts", Text("table.counts")),
        Column("figures", Text("table.figures"), "number"),
        Column("used", Text("table.used_figures"), "number"),
    )
    return Table("reporters", Text("sources.reporters"), columns, rows, shown=MOST_SOURCES)


def _inputs(results: Results, inputs: Iterable[UncertainInput], name: str, caption: str) -> Table:
    """Lay out uncertain inputs, one a row: range, source, date, confidence, and why; what moves most comes first."""
    drivers = results.tables["drivers"]
    charted = drivers[drivers["headline"].isin(CHARTED)]  # most of one small sector may be next to nothing of the whole
    moves = charted.groupby("input")["share_of_variance"].max().to_dict()
    rows = []
    for row in sorted(inputs, key=lambda each: -moves.get(each.name, 0.0)):
        bounds = row.range
        ranged = Range(bounds.low, bounds.best, bounds.high, bounds.mass, bounds.unit)
        rows.append(
            (
                pick.input_name(results.crisis, row.name),
                ranged,
                Text("confidence." + row.confidence),
                pick.source_or_author(results, row),
                pick.day(row.published),
                shown_text(results.crisis, row.reason, results.readership),
            )
        )
    columns = (
        Column("input", Text("table.input")),
        Column("range", Text("table.range"), "range"),
        Column("confidence", Text("table.confidence")),
        Column("source", Text("table.source")),
        Column("published", Text("table.published"), "date"),
        Column("reason", Text("table.reason"), "remark"),
    )
    return Table(name, Text(caption), columns, tuple(rows), note=Text("sources.as_written"), shown=MOST_INPUTS)


def _missing_thing(results: Results, what: str) -> object:
    sectors = {each.code: each for each in results.crisis.sectors}
    code, _, item = what.partition("/")
    if what in {each.code for each in results.crisis.cards}:
        return pick.sector_name(results.crisis, what)
    if code in sectors and item in {each.id for each in sectors[code].items}:
        return pick.item_name(results.crisis, code, item)
    item, _, part = item.partition("/")
    if code in sectors and item in {each.id for each in sectors[code].items} and part in ("tonnes", "cost"):
        return Text(f"missing.{part}", {"item": pick.item_name(results.crisis, code, item)})
    return what
