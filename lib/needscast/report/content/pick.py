"""Small pickers that every section uses: a range from a row, a name from a card, rows by their labels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from needscast.inputs import each_row
from needscast.report.blocks import Column
from needscast.report.catalogues import REFERENCE, catalogue
from needscast.report.edition import PUBLIC, hidden_words, shown_text, source_name, translated
from needscast.report.numbers import bound_of, round_share
from needscast.report.values import Amount, Day, Many, Named, Range, Text
from needscast.vocabulary import GROUPS, RETURN_INPUTS

if TYPE_CHECKING:
    from needscast.chain import Results
    from needscast.inputs import Crisis, Item, UncertainInput

ALL = "all"
ASSUMPTION = "assumption"  # the source of a number that nothing but a judgement stands behind
HORIZON = "horizon"
NOWCAST = "what is true now (all reported figures together)"  # the name of the nowcast among the drivers of the chain


def rows(table: pd.DataFrame, **labels: Any) -> pd.DataFrame:
    """Return the rows of a table that carry these labels; a list means any of them."""
    kept = np.ones(len(table), bool)
    for column, wanted in labels.items():
        cells = table[column]
        kept &= (cells.isin(wanted) if isinstance(wanted, list) else cells == wanted).to_numpy(bool)
    return table[kept]


each = each_row  # as every section calls it


def range_of(row: Any, unit: str = "") -> Range:
    """Return the range of a table row (``lower, median, upper, mass, unit``)."""
    cells = row if isinstance(row, pd.Series) else row._asdict()
    lower, median, upper, mass = (float(cells[name]) for name in ("lower", "median", "upper", "mass"))
    return Range(lower, median, upper, mass, unit or str(cells["unit"]))


def range_at(table: pd.DataFrame, **labels: Any) -> Range | None:
    """Return the range of the one row with these labels, or None when there is none."""
    found = rows(table, **labels)
    return range_of(next(each(found))) if len(found) else None


def headline(results: Results, name: str) -> Range | None:
    """Return a headline as a range, or None when the run did not estimate it."""
    if name not in results.headlines:
        return None
    row = next(each(results.headlines[name].summary(results.mass)))
    return range_of(row)


def last_week(table: pd.DataFrame) -> Any:
    """Return the last week of a table, 0 of an empty one; the total over the horizon is not a week."""
    return max((week for week in table["week"].unique() if week != HORIZON), default=0)


def after_weeks(results: Results, weeks: int) -> Day:
    """Return the day so many weeks after the reference date; a stock of week n is that of this day."""
    return Day.of(pd.Timestamp(results.crisis.reference_date) + pd.Timedelta(weeks=weeks))


def after_days(results: Results, days: float) -> Day:
    """Return the day so many days after the reference date, in whole days."""
    return Day.of(pd.Timestamp(results.crisis.reference_date) + pd.Timedelta(days=int(days)))


def onset(results: Results) -> Day:
    """Return the first day of the displacement that the headline counts."""
    return Day.of(results.crisis.settings.onset)


def end_day(results: Results) -> Day:
    """Return the day on which the horizon ends."""
    return after_weeks(results, results.crisis.settings.horizon_weeks)


def today(results: Results) -> Day:
    """Return the reference date."""
    return Day.of(results.crisis.reference_date)


def mass(results: Results) -> Amount:
    """Return the mass of the ranges of a run, as a share."""
    return Amount(results.mass, "share")


def model_caption(results: Results) -> Text:
    """Return the caption of a chart of results: what band and mark are, and of which date."""
    return Text("caption.model", {"date": today(results), "mass": mass(results)})


def title_of(scenario: Any) -> Named:
    """Return the title of a scenario in the languages of its card."""
    return Named(dict(scenario.title))


def sector_name(crisis: Crisis, code: str) -> Named:
    """Return the name of a sector from its card."""
    return Named(dict(next(each.name for each in crisis.cards if each.code == code)))


def item_name(crisis: Crisis, sector: str, item: str) -> Named:
    """Return the name of an item from the card of its sector."""
    return Named(dict(item_card(crisis, sector, item).name))


def item_card(crisis: Crisis, sector: str, item: str) -> Item:
    """Return an item of a sector card."""
    return next(one for card in crisis.cards if card.code == sector for one in card.items if one.id == item)


def head_name(crisis: Crisis, name: str) -> Text:
    """Return what a headline is called; those of a sector carry its name."""
    what, _, code = name.partition("/")
    if not code:
        return Text(f"head.{what}")
    return Text(f"head.{what}_of", {"sector": sector_name(crisis, code)})


def key_of(name: str) -> str:
    """Return a headline's name as the key of a column or a table."""
    return name.replace("-", "_").replace("/", "_").lower()


def area_name(crisis: Crisis, area: str) -> Any:
    """Return the name of an area; the id itself when areas.csv does not know it."""
    found = _area_names(crisis).get(area)
    return area if found is None else translated(crisis, found)


@lru_cache(maxsize=4)
def _area_names(crisis: Crisis) -> dict[str, str]:
    return dict(zip(crisis.areas["area"], map(str, crisis.areas["name"]), strict=True))


def group_name(group: str) -> Text:
    """Return the name of a population group."""
    return Text(f"group.{group}" if group in (*GROUPS, ALL) else "group.other", {"group": group})


def input_name(crisis: Crisis, name: str) -> Any:
    """Return what an uncertain input is, in words; an input that only its card knows keeps the card's name."""
    if name == NOWCAST:
        return Text("input.nowcast")
    sectors = {each.code: each for each in crisis.cards}
    code, _, rest = name.partition("/")
    if code not in sectors:
        return _somewhere(crisis, _of_crisis(crisis, code), rest)
    item, _, what = rest.partition("/")
    of_item = what.partition("/")[0]  # a norm names its phase too
    if item in {each.id for each in sectors[code].items} and of_item in OF_ITEM:
        return Text(f"input.{of_item}", {"item": item_name(crisis, code, item)})
    return _somewhere(crisis, _of_card(crisis, sectors[code], item), what)


def _of_crisis(crisis: Crisis, name: str) -> Any:
    """Return what an input of the crisis is: by the catalogue, as a share of people, or in words of the folder."""
    if name in KNOWN_INPUTS:
        return Text(f"input.{name}")
    who = name.removeprefix("share_")
    if who != name and f"special.{who}" in catalogue(REFERENCE):
        return Text("input.share_of", {"who": Text(f"special.{who}")})
    return translated(crisis, plain(name))


def _of_card(crisis: Crisis, card: Any, name: str) -> Text:
    """Return what an input of a sector card is: who requires the sector, or the name that the card gives it."""
    sector = sector_name(crisis, card.code)
    groups = next((each.groups for each in card.requires if each.input == name), ())
    if groups:
        return Text("input.requires", {"sector": sector, "who": Many(tuple(group_name(each) for each in groups))})
    told = card.input_names.get(name)
    return Text("input.of_sector", {"sector": sector, "what": Named(dict(told)) if told else plain(name)})


def _somewhere(crisis: Crisis, what: Any, rest: str) -> Any:
    """Say for which area and group an input is, where it is not for all of them."""
    parts = [group_name(part) if part in GROUPS else area_name(crisis, part) for part in rest.split("/") if part]
    return Text("input.somewhere", {"what": what, "where": Many(tuple(parts))}) if parts else what


OF_ITEM = ("price", "lead_time_days", "norm", "specification")
KNOWN_INPUTS = (
    "pace_multiplier",
    "pace_decay",
    "truce_pace_share",
    "pressure_weeks",
    "offensive_hazard",
    "offensive_delay_weeks",
    "offensive_weeks",
    "truce_weeks",
    "onward_hazard",
    "return_hazard",
    "return_start_week",
    "destination_weight",
    "destination_capacity",
    "crowding",
    "shelter_camp",
    "shelter_host_family",
    "shelter_rented",
    "shelter_unfinished",
    "shelter_open_ground",
    "crossing_share",
    "birth_rate",
    "death_rate",
    "household_size",
    "goods_lost_share",
    "movement_ratio_growth",
    "population",
    "backlog_unserved_share",
    *RETURN_INPUTS,
)


def cited(results: Results, row: Any) -> Any:
    """Return where a number comes from, with its date: a source of the register by its name, or an assumption."""
    source = Text("sources.assumption") if row.source == ASSUMPTION else None
    named = source or source_name(results.crisis, row.source, results.readership)
    if isinstance(named, str) and results.readership == PUBLIC and not hidden_words(results.crisis).may_show(named):
        named = Text("edition.text_kept_back")
    return dated(named, row.published)


def dated(source: Any, published: Any) -> Text:
    """Return a source with the day it was published, where that is known."""
    known = day(published)
    return Text("sources.dated", {"source": source, "date": Day(known) if known else Text("sources.undated")})


def source_or_author(results: Results, row: UncertainInput) -> Any:
    """Return where an input comes from: a source of the register by its name, or who assumed it."""
    if row.is_assumption and row.author not in ("", ASSUMPTION):
        return shown_text(results.crisis, row.author, results.readership)
    if row.source == ASSUMPTION:
        return Text("sources.assumption")
    named = source_name(results.crisis, row.source, results.readership)
    return shown_text(results.crisis, named, results.readership) if isinstance(named, str) else named


def range_column(key: str, label: str, unit: str, **values: Any) -> Column:
    """Make a column of ranges."""
    return Column(key, Text(label, values), "range", unit)


def number(value: Any) -> float | None:
    """Return a number for a cell; missing stays missing."""
    return (
        None if value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NaT else float(value)
    )


def lead_time(value: Any) -> int | None:
    """Return a lead time in whole days, of which one that has begun is one, as dates count them; missing stays so."""
    known = number(value)
    return None if known is None else math.ceil(known)


def day(value: Any) -> str | None:
    """Return an ISO day for a cell; missing stays missing."""
    return None if value is None or pd.isna(value) or value == "" else str(value)[:10]


def count(value: float, unit: str = "") -> Amount:
    """Return a count that is known exactly; with its unit it takes the plural of the language."""
    return Amount(float(value), unit)


def probability(share: float, *, said: bool = False) -> Amount | Text:
    """Return a share of the worlds as tables print it, or in words for a sentence: never as certain."""
    bound = bound_of(share)
    if bound is None:
        return Amount(round_share(share), "share")
    key, near = bound
    return Text(f"format.{key}{'_said' if said else ''}", {"number": Amount(near, "share")})


def likelihood(weight: float | None) -> Text:
    """Return a judged weight of a scenario in words, which is how a public edition prints it."""
    if weight is None or math.isnan(weight):
        return Text("weight.none")
    words: Mapping[str, float] = {
        "weight.remote": 0.1,
        "weight.less_likely": 0.25,
        "weight.possible": 0.45,
        "weight.likely": 0.65,
    }
    return Text(next((key for key, below in words.items() if weight < below), "weight.very_likely"))


def in_packs(crisis: Crisis, sector: str, item: str, quantity: float) -> float:
    """Return a quantity to order in whole packs, as the purchase plan rounds it: the same number wherever it stands."""
    pack = item_card(crisis, sector, item).pack
    return math.ceil(float(quantity) / pack - 1e-9) * pack


def noun(kind: str, name: str) -> Any:
    """Return what one of something is called; a card's own unit or basis, which no catalogue has, as it is written."""
    key = f"{kind}.{name.replace(' ', '_')}"
    return Text(key) if key in catalogue(REFERENCE) else plain(name)


def plain(name: str) -> str:
    """Return an identifier as words."""
    return name.replace("_", " ").replace("/", " ").strip()
