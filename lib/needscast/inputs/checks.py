"""Everything in a crisis folder compared with everything else; a contradiction is a problem."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from needscast.errors import one_of
from needscast.inputs.asof import DatedInput
from needscast.inputs.boundaries import by_area
from needscast.inputs.cards import SectorCard, read_card
from needscast.inputs.corrections import corrected
from needscast.inputs.documents import read_document
from needscast.inputs.files import decoded, digest, read_bytes, read_csv
from needscast.inputs.folder import Folder
from needscast.inputs.gather import (
    base_shares,
    card_inputs,
    card_names,
    check_units,
    population_inputs,
    rate_inputs,
    settings_inputs,
)
from needscast.inputs.limits import check_limits
from needscast.inputs.names import Checked, Texts, by_language, check_names
from needscast.inputs.places import check_areas, check_whole
from needscast.inputs.planned import check_checks, check_crossings, check_stated, with_items
from needscast.inputs.problems import Problems
from needscast.inputs.register import check_figures
from needscast.inputs.rows import Rows, read_rows
from needscast.inputs.scenarios import ScenarioCard, read_scenario
from needscast.inputs.settings import Settings, read_settings
from needscast.inputs.shipped import data_path
from needscast.inputs.supply import Catalogue, check_response, resolved
from needscast.inputs.tables import TABLES


def checked(folder: Folder, problems: Problems) -> Checked | None:
    """Check a folder; use the result only when no problem was found. None when its settings are unreadable."""
    settings = read_settings(folder.settings, problems) if folder.settings else None
    digests = dict(folder.digests)
    cards = _cards(folder, settings, digests, problems)
    tables = dict(folder.tables)
    areas = tables["areas"]
    check_areas(areas, problems)
    tables["figures"] = corrected(tables["figures"], tables["corrections"], problems)
    check_figures(tables["figures"], tables["sources"], areas, problems)
    _check_supply(tables, cards, settings, problems)
    left_out = _left_out(folder, cards)
    inputs = _inputs(folder, settings, cards, left_out, problems)
    named = (one.value.name for one in inputs)
    zones = [row["area"] for row in areas if row["level"] == "zone"]
    check_checks(tables["checks"], named, zones, problems, judge=settings is not None and all(cards.values()))
    if settings and folder.settings:
        check_whole(areas, settings, folder.settings, problems)
    scenarios = tuple(filter(None, (read_scenario(name, card, problems) for name, card in folder.scenarios.items())))
    _check_overrides(cards, inputs, scenarios, problems)
    if not folder.scenarios:
        remedy = "add scenarios/<id>.toml, or rows on the sheet scenarios"
        problems.add("scenarios", 0, "", "there is no scenario", remedy)
    if settings is None:
        return None
    ordered = sorted(scenarios, key=lambda card: (card.scenario.order, card.scenario.id))
    readable = tuple(card for card in cards.values() if card)
    shapes = by_area(folder.boundaries, areas, problems)
    told = _told_of_cards(digests, problems)
    found = Checked(settings, tables, readable, tuple(ordered), inputs, digests, shapes, told)
    check_names(found, folder, left_out, judge=all(cards.values()), problems=problems)
    return found


def _check_overrides(
    cards: Mapping[str, SectorCard | None],
    inputs: Sequence[DatedInput],
    scenarios: Sequence[ScenarioCard],
    problems: Problems,
) -> None:
    """Check the limits between shares again under each scenario that overrides one of them."""
    limits = [limit for card in cards.values() if card for limit in card.limits]
    for scenario in scenarios:
        places = ((one.value, one.input, *scenario.document.place(one.path)) for one in scenario.overrides)
        given = [DatedInput(*place) for place in places]
        names = {one.value.name for one in given}
        touched = [limit for limit in limits if names & limit.names(limits)]
        check_limits(touched, [*inputs, *given], problems)


def _cards(
    folder: Folder, settings: Settings | None, digests: dict[str, str], problems: Problems
) -> dict[str, SectorCard | None]:
    """Return the sector cards in use by code, in their order; None for one that cannot be read.

    A card of the crisis's own stands above a shipped one of the same code. ``digests`` gets those of shipped cards.
    """
    shipped = {path.stem: path for path in sorted(data_path("sectors").glob("*.toml"))}
    known = shipped.keys() | folder.sectors.keys()
    cards: dict[str, SectorCard | None] = {}
    for code in (settings.sectors if settings else ()) or sorted(known):
        document = folder.sectors.get(code)
        if code not in known and folder.settings:
            folder.settings.note(problems, ("sectors",), one_of("sector", code, known), "use the code of a sector card")
        elif document is None and code in shipped:
            file, text = _shipped_card(shipped[code], digests, problems)
            document = read_document(text, file, problems) if text is not None else None
        cards[code] = read_card(code, document, problems) if document else None
    return dict(sorted(cards.items(), key=lambda pair: (pair[1].sector.order if pair[1] else 0, pair[0])))


def _left_out(folder: Folder, used: Collection[str]) -> list[SectorCard]:
    """Return the readable cards that ``sectors`` leaves out: what a rate or an admission says of them may stay.

    Their own mistakes are told once they are in use.
    """
    cards = [read_card(code, document, Problems()) for code, document in folder.sectors.items() if code not in used]
    for path in sorted(data_path("sectors").glob("*.toml")):
        if path.stem not in used and path.stem not in folder.sectors:
            file, text = _shipped_card(path, {}, Problems())
            cards.append(_idle_card(path.stem, file, text) if text is not None else None)
    return [card for card in cards if card]


@lru_cache(maxsize=64)
def _idle_card(code: str, file: str, text: str) -> SectorCard | None:
    """Read a card that is not in use: nobody is told its mistakes, so that a process reads the same text once."""
    document = read_document(text, file, Problems())
    return read_card(code, document, Problems()) if document else None


def _shipped_card(path: Path, digests: dict[str, str], problems: Problems) -> tuple[str, str | None]:
    """Return name and text of a shipped card, None for one that is unreadable; ``digests`` gets its digest."""
    file = f"data/sectors/{path.name}"
    content = read_bytes(path, file, problems)
    if content is None:
        return file, None
    digests[file] = digest(content)
    return file, decoded(content, file, problems)


def _told_of_cards(digests: dict[str, str], problems: Problems) -> Texts:
    """Return what shipped cards say in further languages, which lies beside them; ``digests`` gets its digest."""
    file = "data/sectors/names.csv"
    content = read_bytes(data_path("sectors", "names.csv"), file, problems)
    if content is None:
        return {}
    digests[file] = digest(content)
    raw = read_csv(content, TABLES["names"], file, problems)
    return by_language(read_rows(raw, TABLES["names"], problems)) if raw else {}


def _check_supply(
    tables: dict[str, Rows],
    cards: Mapping[str, SectorCard | None],
    settings: Settings | None,
    problems: Problems,
) -> None:
    catalogue = Catalogue.of(card.sector for card in cards.values() if card)
    judge = all(cards.values())
    today = settings.reference_date if settings else None
    for kind in ("stocks", "pipeline"):
        tables[kind] = resolved(tables[kind], catalogue, tables["areas"].ids(), today, problems, judge=judge)
    zones = [row["area"] for row in tables["areas"] if row["level"] == "zone"]
    for kind in ("decisions", "priorities"):
        tables[kind] = with_items(tables[kind], catalogue, zones, problems, judge=judge)
    check_crossings(tables["crossings"], problems)
    check_stated(tables["stated_priorities"], cards, tables["areas"].ids(), problems)
    check_response(tables["response"], catalogue, settings.currency if settings else "USD", problems, judge=judge)


def _inputs(
    folder: Folder,
    settings: Settings | None,
    cards: Mapping[str, SectorCard | None],
    left_out: Sequence[SectorCard],
    problems: Problems,
) -> tuple[DatedInput, ...]:
    readable = [card for card in cards.values() if card]
    areas = folder.tables["areas"]
    zones = [row["area"] for row in areas if row["level"] == "zone"]
    codes = {code: card is not None for code, card in cards.items()}
    inputs = card_inputs(readable) + population_inputs(areas)
    if settings and folder.settings:
        inputs += settings_inputs(settings, folder.settings)
    known = [*readable, *left_out]
    rates = rate_inputs(folder.tables["rates"], zones, card_names(known), base_shares(known), codes, problems)
    idle = {card.sector.code for card in left_out}
    inputs += [one for one in rates if one.base.partition("/")[0] not in idle]
    check_units(inputs, problems)
    check_limits((limit for card in readable for limit in card.limits), inputs, problems)
    return tuple(inputs)
