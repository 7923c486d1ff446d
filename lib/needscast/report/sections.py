"""A page: the sections of one report about one result. Notebooks open a page and show its sections, nothing more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from needscast.errors import NeedscastError, one_of
from needscast.report.blocks import Block, Cover, Group
from needscast.report.content import (
    analogues,
    buy,
    changed_figures,
    compare,
    decide,
    demand,
    doubt,
    evidence,
    figures,
    hangs,
    headline,
    hindcast,
    money,
    needs,
    orders,
    outlook,
    pick,
    picture,
    regimes,
    supply,
    update,
    where,
)
from needscast.report.edition import PUBLIC, check_edition, translated
from needscast.report.explain import diagram
from needscast.report.values import Text

Section = Callable[..., Any]  # a block, several of them, or None when there is nothing to say

SCENARIO: Mapping[str, Section] = {
    "headline": headline.headline,
    "picture": picture.picture,
    "annexes": picture.annexes,
    "where": where.where,
    "needs": needs.needs,
    "demand": demand.demand,
    "orders": orders.orders,
    "gap": supply.gap,
    "costs": money.costs,
    "decisions": decide.decisions,
    "drivers": doubt.drivers,
    "evidence": evidence.evidence,
    "assumptions": doubt.assumptions,
    "missing": doubt.missing,
    "method": doubt.method,
    "sources": doubt.sources,
}

# Parts of sections, for notebooks that go step by step.
PARTS: Mapping[str, Section] = {
    "key_figures": headline.figures,
    "ranking": headline.needs,
    "how_many": headline.how_many,
    "course": where.course,
    "map": where.place_map,
    "zones": where.by_zone,
    "flows": where.flows,
    "regimes": regimes.regimes,
    "present": where.present,
    "shelter": where.shelter,
    "routes": where.routes,
    "outlook": outlook.alone,
    "analogues": analogues.analogues,
    "people_chart": needs.chart,
    "people": needs.by_sector,
    "people_by_group": needs.by_group,
    "people_by_zone": needs.by_zone,
    "across": needs.across,
    "agreed": needs.agreed,
    "flags": needs.flags,
    "special": needs.special,
    "demand_table": demand.by_item,
    "order_table": orders.order_tables,
    "ask": money.ask,
    "order_dates": headline.order,
    "short": headline.short,
    "find_out": decide.find_out,
    "levels": decide.levels,
    "allocation": decide.allocation,
    "doubt": doubt.first,
    "sure": headline.sure,
    "derivation": diagram,
}

EVIDENCE: Mapping[str, Section] = {
    "figure_summary": evidence.summary,
    "withheld": evidence.withheld,
    "timeline": evidence.timeline,
    "counting": evidence.counting,
    "figures_used": figures.used,
    "figures_excluded": figures.excluded,
    "excluded_by_reason": evidence.excluded_by_reason,
    "of_source": figures.of_source,
    "relays": evidence.relays,
    "conflicts": evidence.conflicts,
    "deaths": figures.deaths,
    "anchor": hangs.anchor,
    "left_out": hangs.left_out,
    "earlier": hangs.earlier,
    "relay_tree": hangs.tree,
    "told_conflicts": hangs.told_conflicts,
    "hedges": hangs.hedges,
}

COMPARISON: Mapping[str, Section] = {
    "headline": compare.headline,
    "buy": buy.buy,
    "scenarios": compare.scenarios,
    "side_by_side": compare.side_by_side,
    "outlook": outlook.mixed,
    "differences": compare.differences,
}

UPDATE: Mapping[str, Section] = {
    "headline": update.headline,
    "moved": update.moved,
    "causes": update.causes,
    "figures": changed_figures.tables,
    "inputs": update.inputs,
}

HINDCAST: Mapping[str, Section] = {
    "answer": hindcast.answer,
    "first_rows": hindcast.first_rows,
    "calibration": hindcast.calibration,
    "by_horizon": hindcast.by_horizon,
    "widths": hindcast.widths,
    "baselines": hindcast.baselines,
    "crises": hindcast.crises,
    "misses": hindcast.misses,
    "remarks": hindcast.remarks,
}


@dataclass(frozen=True)
class Page:
    """The sections that can be shown of one result, in one edition.

    Attributes
    ----------
    result : results of a scenario, a comparison, an update, or the scores of a hindcast.
    sections : name -> the content function.
    cover : what the page is about.
    crisis, earlier : whose rows a public edition is checked against; an update has an earlier crisis too.
    """

    result: Any
    sections: Mapping[str, Section]
    cover: Cover
    crisis: Any = None
    earlier: Any = None

    def show(self, section: str, **choices: Any) -> Block:
        """Return a section as blocks, checked for the edition; "cover" says what the report is about.

        Raises
        ------
        NeedscastError : for a section that the page does not have.
        EditionError : when a public edition would hold what must stay internal.
        """
        if section == "cover":
            return self.cover
        if section not in self.sections:
            raise NeedscastError(one_of("section", section, ["cover", *self.sections]))
        made = self.sections[section](self.result, **choices)
        blocks = made if isinstance(made, list | tuple | Group) else [made]
        style = made.style if isinstance(made, Group) else ""
        group = Group(tuple(block for block in blocks if block is not None), style, section, self.cover.language)
        for crisis in (self.crisis, self.earlier):
            if crisis is not None:
                check_edition([group], crisis, self.cover.readership)
        return group


def evidence_page(
    crisis: str | Path | Any,
    *,
    language: str = "en",
    as_of: date | None = None,
    draws: int | None = None,
    seed: int | None = None,
    readership: str | None = None,
) -> Page:
    """Read a crisis, nowcast it and open the page of its evidence, without any scenario; options as for the chain."""
    from needscast.evidence import nowcast
    from needscast.inputs import Crisis, read_crisis

    read = crisis if isinstance(crisis, Crisis) else read_crisis(crisis, as_of=as_of)
    settings = read.settings
    count, start = settings.draws if draws is None else draws, settings.seed if seed is None else seed
    now, where = nowcast(read, draws=count, seed=start), crisis if isinstance(crisis, str | Path) else read.id
    reported = evidence.Reported(read, now, readership or settings.readership, count, start, where)
    return Page(reported, EVIDENCE, _cover(reported, Text("title.evidence", _name(reported)), None, language), read)


def page(result: Any, *, language: str = "en") -> Page:
    """Open the page of a result: of a scenario, of a comparison or of an update."""
    if hasattr(result, "causes"):
        return _update_page(result, language)
    if hasattr(result, "differences"):
        first = result.results[0]
        # evidence and method are the same under every scenario; a comparison shows them of its first
        shared = {name: SCENARIO[name] for name in ("evidence", "missing", "method", "sources")}
        return Page(
            result,
            {**COMPARISON, **_of(lambda comparison: comparison.results[0], shared)},
            _cover(first, Text("title.comparison", _name(first)), None, language),
            first.crisis,
        )
    titles = {"scenario": pick.title_of(result.scenario)}
    return Page(
        result,
        {**SCENARIO, **PARTS, **EVIDENCE},
        _cover(result, Text("title.scenario", _name(result)), Text("title.under", titles), language),
        result.crisis,
    )


def _update_page(result: Any, language: str) -> Page:
    now = result.after
    titles = {"scenario": pick.title_of(now.scenario)}
    under = Text("title.since", {**titles, "since": pick.today(result.before)})
    if update.same_date(result):
        under = Text("title.since_inputs", titles)
    shared = {name: SCENARIO[name] for name in ("missing", "method", "sources")}
    sections = {**UPDATE, **_of(lambda update: update.after, shared)}
    cover = _cover(now, Text("title.update", _name(now)), under, language)
    return Page(result, sections, cover, now.crisis, result.before.crisis)


def listed(names: str) -> list[str] | None:
    """Turn names separated by commas into a list; "" means all of them, which the chain is told by None."""
    return [name.strip() for name in names.split(",") if name.strip()] or None


def hindcast_page(folder: str | Path = "", *, language: str = "en") -> Page:
    """Forecast the past crises of a folder blind and open the page of how good it was; "" means the shipped series."""
    from needscast.forecast import hindcast as forecast_blind
    from needscast.inputs.shipped import data_path

    made = forecast_blind(folder or data_path("hindcast"))
    return Page(made, HINDCAST, Cover(Text("title.hindcast"), "hindcast", "", "", "", PUBLIC, language))


def choices(*, as_of: str = "", draws: int = 0, seed: int = -1, readership: str = "") -> dict[str, Any]:
    """Turn the parameters of a notebook into the options of the chain; a default there means the crisis's own choice.

    Parameters
    ----------
    as_of : ``YYYY-MM-DD``, or "" for the reference date of the crisis.
    draws : number of worlds, or 0 for the number of the crisis.
    seed : any number from 0 on, or -1 for the seed of the crisis.
    readership : public or internal, or "" for that of the crisis.
    """
    if draws < 0 or seed < -1:
        raise NeedscastError(
            f"draws {draws} and seed {seed} must not be negative; 0 draws and seed -1 mean those of the crisis"
        )
    return {
        "as_of": _day(as_of, "as_of") if as_of else None,
        "draws": draws or None,
        "seed": None if seed == -1 else seed,
        "readership": readership or None,
    }


def earlier(*, since: str = "", before: str = "") -> dict[str, Any]:
    """Turn the parameters of an update's notebook into what it is compared with; "" leaves one of the two out."""
    return {"since": _day(since, "since") if since else None, "before": before or None}


def _cover(results: Any, title: Text, subtitle: Text | None, language: str) -> Cover:
    settings = results.crisis.settings
    return Cover(
        title,
        results.crisis.id,
        translated(results.crisis, settings.name),
        str(results.crisis.reference_date),
        str(settings.onset),
        results.readership,
        language,
        subtitle,
        results.draws,
        results.seed,
        bool(results.crisis.illustration),
    )


def _name(results: Any) -> dict[str, Any]:
    return {"crisis": translated(results.crisis, results.crisis.settings.name)}


def _of(chosen: Callable[[Any], Any], sections: Mapping[str, Section]) -> Mapping[str, Section]:
    """Return sections about one run as sections of a result that holds several, shown of the one that is chosen."""
    return {
        name: (lambda result, section=section, **options: section(chosen(result), **options))
        for name, section in sections.items()
    }


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NeedscastError(f"{name} '{text}' is not a date of the calendar; use YYYY-MM-DD") from None
